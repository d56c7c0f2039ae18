import type { Count, Money, Outcome, Position, Price, Side, Ticker, Timestamp } from '@kalshi-mm/core';

/** Decoded frames: numbers are integers in core's units, names are ours. */
export type Frame =
  | SnapshotFrame
  | DeltaFrame
  | TradeFrame
  | TickerFrame
  | FillFrame
  | UserOrderFrame
  | PositionFrame
  | LifecycleFrame
  | EventFrame
  | SubscribedFrame
  | AckFrame
  | ErrorFrame
  | UnknownFrame;

interface Sequenced {
  readonly sid: number;
  readonly seq: number;
}

interface MaybeSequenced {
  readonly sid: number;
  readonly seq: number | null;
}

export interface WireLevel {
  readonly price: Price;
  readonly count: Count;
}

/** Both sides as sent: whether NO levels are in YES prices depends on the subscription. */
export interface SnapshotFrame extends Sequenced {
  readonly type: 'orderbook_snapshot';
  readonly ticker: Ticker;
  readonly yes: readonly WireLevel[];
  readonly no: readonly WireLevel[];
}

export interface DeltaFrame extends Sequenced {
  readonly type: 'orderbook_delta';
  readonly ticker: Ticker;
  readonly outcome: Outcome;
  /** As sent, see `SnapshotFrame`. */
  readonly price: Price;
  readonly delta: number;
  readonly exchangeMs: Timestamp | null;
}

export interface TradeFrame extends MaybeSequenced {
  readonly type: 'trade';
  readonly ticker: Ticker;
  readonly price: Price;
  readonly count: Count;
  readonly takerSide: Side;
  /** Negotiated outside the book. */
  readonly block: boolean;
  readonly exchangeMs: Timestamp | null;
}

export interface TickerFrame extends MaybeSequenced {
  readonly type: 'ticker';
  readonly ticker: Ticker;
  readonly bid: Price;
  readonly ask: Price;
  readonly lastPrice: Price | null;
  readonly volume: Count;
  readonly openInterest: Count;
}

export interface FillFrame extends MaybeSequenced {
  readonly type: 'fill';
  readonly tradeId: string;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly fee: Money;
  readonly taker: boolean;
  readonly exchangeMs: Timestamp;
}

export interface UserOrderFrame extends MaybeSequenced {
  readonly type: 'user_order';
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly ticker: Ticker;
  readonly status: string;
  readonly filled: Count;
  readonly remaining: Count;
  readonly lastUpdateReason: string | null;
}

export interface PositionFrame extends MaybeSequenced {
  readonly type: 'market_position';
  readonly ticker: Ticker;
  readonly position: Position;
  readonly cost: Money | null;
  readonly feesPaid: Money;
  readonly realizedPnl: Money;
}

export interface LifecycleFrame extends MaybeSequenced {
  readonly type: 'market_lifecycle_v2';
  /** `event_type` as sent: `created`, `activated`, `deactivated`, `determined`, … */
  readonly eventType: string;
  readonly ticker: Ticker;
  /** Of `determined`. */
  readonly result: string | null;
  readonly settlementValue: Price | null;
}

/** Something about a whole event changed: its listing or its fees. */
export interface EventFrame extends MaybeSequenced {
  readonly type: 'event_lifecycle' | 'event_fee_update';
  readonly eventTicker: string;
}

export interface SubscribedFrame {
  readonly type: 'subscribed';
  readonly id: number | null;
  readonly channel: string;
  readonly sid: number;
}

export type AckFrame = Ack<'ok'> | Ack<'unsubscribed'>;

interface Ack<Type extends string> {
  readonly type: Type;
  readonly id: number | null;
  readonly sid: number | null;
  readonly seq: number | null;
}

export interface ErrorFrame {
  readonly type: 'error';
  readonly id: number | null;
  readonly sid: number | null;
  readonly seq: number | null;
  readonly code: number;
  readonly message: string;
  /** Markets that the error is about. */
  readonly tickers: readonly Ticker[];
}

export interface UnknownFrame {
  readonly type: 'unknown';
  readonly wireType: string;
  readonly sid: number | null;
  readonly seq: number | null;
}
