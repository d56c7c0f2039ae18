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
  | EventListedFrame
  | EventFeeFrame
  | OrderGroupFrame
  | RfqFrame
  | QuoteFrame
  | QuoteExecutedFrame
  | PriceFrame
  | PriceNamesFrame
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

/** The life of a market. What its kind does not tell is null; `metadata` is `additional_metadata` as sent. */
export interface LifecycleFrame extends MaybeSequenced {
  readonly type: 'market_lifecycle_v2' | 'multivariate_market_lifecycle';
  /**
   * As sent: `created`, `activated`, `deactivated`, `close_date_updated`, `determined`, `settled`,
   * `price_level_structure_updated`, `metadata_updated`, or one that is newer than this package.
   */
  readonly eventType: string;
  readonly ticker: Ticker;
  readonly exchangeIndex: number | null;
  readonly openMs: Timestamp | null;
  readonly closeMs: Timestamp | null;
  readonly determinedMs: Timestamp | null;
  readonly settledMs: Timestamp | null;
  readonly result: string | null;
  readonly settlementValue: Price | null;
  readonly priceStructure: string | null;
  readonly priceRanges: readonly WirePriceRange[] | null;
  readonly strikeType: string | null;
  /** In the unit of the strike, not a price of the market. */
  readonly floorStrike: number | null;
  readonly capStrike: number | null;
  readonly yesSubTitle: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

export interface WirePriceRange {
  readonly start: Price;
  readonly end: Price;
  readonly step: Price;
}

export interface EventListedFrame extends MaybeSequenced {
  readonly type: 'event_lifecycle';
  readonly eventTicker: string;
  readonly exchangeIndex: number | null;
  readonly title: string | null;
  readonly subtitle: string | null;
  readonly collateralReturnType: string | null;
  readonly seriesTicker: string | null;
  readonly strikeMs: Timestamp | null;
  readonly strikePeriod: string | null;
}

/** Fees of an event from now on; null: those of its series again. */
export interface EventFeeFrame extends MaybeSequenced {
  readonly type: 'event_fee_update';
  readonly eventTicker: string;
  readonly feeType: string | null;
  readonly feeMultiplier: number | null;
}

export interface OrderGroupFrame extends MaybeSequenced {
  readonly type: 'order_group_updates';
  /** As sent: `created`, `triggered`, `reset`, `deleted`, `limit_updated`. */
  readonly eventType: string;
  readonly orderGroupId: string;
  /** Of `created` and `limit_updated`. */
  readonly limit: Count | null;
  readonly exchangeMs: Timestamp | null;
}

/** Somebody asks for a quote, or no longer. */
export interface RfqFrame extends MaybeSequenced {
  readonly type: 'rfq_created' | 'rfq_deleted';
  readonly rfqId: string;
  readonly creatorId: string | null;
  readonly ticker: Ticker;
  readonly eventTicker: string | null;
  readonly contracts: Count | null;
  readonly targetCost: Money | null;
  readonly collectionTicker: string | null;
}

export interface QuoteFrame extends MaybeSequenced {
  readonly type: 'quote_created' | 'quote_accepted';
  readonly quoteId: string;
  readonly rfqId: string;
  readonly creatorId: string | null;
  readonly ticker: Ticker;
  readonly eventTicker: string | null;
  /** Zero: no quote on this side. */
  readonly yesBid: Price;
  /** In NO prices, as sent. */
  readonly noBid: Price;
  readonly yesContracts: Count | null;
  readonly noContracts: Count | null;
  readonly targetCost: Money | null;
  /** Of `quote_accepted`. */
  readonly acceptedSide: Outcome | null;
  readonly acceptedContracts: Count | null;
}

export interface QuoteExecutedFrame extends MaybeSequenced {
  readonly type: 'quote_executed';
  readonly quoteId: string;
  readonly rfqId: string;
  readonly quoteCreatorId: string | null;
  readonly rfqCreatorId: string | null;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly ticker: Ticker;
  readonly subaccount: number | null;
}

/** A reference price. Values are integers of 1e-8 dollar. */
export interface PriceFrame extends MaybeSequenced {
  readonly type: 'cfbenchmarks_value' | 'cfbenchmarks_value_5hz' | 'pyth_value';
  /** Id of the index or ticker of the underlying. */
  readonly name: string;
  readonly value: number;
  /** Time of the value by its source. */
  readonly sourceMs: Timestamp;
  /** When the exchange had it. */
  readonly receivedMs: Timestamp;
  /** Mean of the minute before this value, which is not in it. */
  readonly average60s: PriceAverage | null;
  /** In the last minute before a quarter of an hour: what its markets settle on, as far as it is known. */
  readonly settlementAverage: PriceAverage | null;
}

export interface PriceAverage {
  /** 1e-8 dollar. */
  readonly value: number;
  /** Values that are in it. */
  readonly size: number;
  readonly startMs: Timestamp;
  /** Exclusive. */
  readonly endMs: Timestamp;
}

/** The prices that a channel has, as an answer. */
export interface PriceNamesFrame {
  readonly type:
    | 'cfbenchmarks_value_indexlist'
    | 'cfbenchmarks_value_5hz_indexlist'
    | 'pyth_value_underlying_list';
  readonly id: number | null;
  readonly sid: number | null;
  readonly seq: number | null;
  readonly names: readonly string[];
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
  /** Of the answer to `list_subscriptions`. */
  readonly subscriptions: readonly SubscriptionListing[] | null;
}

export interface SubscriptionListing {
  /** Wire name. */
  readonly channel: string;
  readonly sid: number;
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
