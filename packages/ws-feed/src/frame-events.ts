import {
  type BookChanged,
  type BookLevel,
  type BookReplaced,
  ClientOrderId,
  type Event,
  FillId,
  type MarketResult,
  type MarketSettled,
  OrderId,
  Price,
  type Side,
  Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import type {
  DeltaFrame,
  FillFrame,
  LifecycleFrame,
  PositionFrame,
  SnapshotFrame,
  TickerFrame,
  TradeFrame,
  UserOrderFrame,
  WireLevel,
} from './frames.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The one object that all book changes of a feed are told through. */
export function createBookChanged(): Mutable<BookChanged> {
  return {
    type: 'book.changed',
    ticker: Ticker.of(''),
    side: 'bid',
    price: Price.NO_BID,
    delta: 0,
    exchangeMs: null,
    atMs: 0 as Timestamp,
  };
}

export function fillBookChanged(
  event: Mutable<BookChanged>,
  frame: DeltaFrame,
  inYesPrices: boolean,
  atMs: Timestamp,
): BookChanged {
  const yes = frame.outcome === 'yes';
  event.ticker = frame.ticker;
  event.side = yes ? 'bid' : 'ask';
  event.price = yes || inYesPrices ? frame.price : Price.complement(frame.price);
  event.delta = frame.delta;
  event.exchangeMs = frame.exchangeMs;
  event.atMs = atMs;
  return event;
}

/**
 * Best level first on both sides.
 *
 * @returns null if the book is crossed: the NO side is not in the prices that were asked for
 */
export function bookReplaced(
  frame: SnapshotFrame,
  inYesPrices: boolean,
  atMs: Timestamp,
): BookReplaced | null {
  const bids = toLevels(frame.yes, true).sort((a, b) => b.price - a.price);
  const asks = toLevels(frame.no, inYesPrices).sort((a, b) => a.price - b.price);
  const bid = bids[0];
  const ask = asks[0];
  if (bid !== undefined && ask !== undefined && bid.price > ask.price) return null;
  return { type: 'book.replaced', ticker: frame.ticker, bids, asks, atMs };
}

function toLevels(levels: readonly WireLevel[], inYesPrices: boolean): BookLevel[] {
  return levels
    .filter((level) => level.count > 0)
    .map(({ price, count }) => ({ price: inYesPrices ? price : Price.complement(price), count }));
}

export function tradePrinted(frame: TradeFrame, tradeId: string | undefined, atMs: Timestamp): Event {
  return {
    type: 'trade.printed',
    ticker: frame.ticker,
    price: frame.price,
    count: frame.count,
    takerSide: frame.takerSide,
    exchangeMs: frame.exchangeMs,
    tradeId,
    atMs,
  };
}

export function tickerChanged(frame: TickerFrame, atMs: Timestamp): Event {
  const { ticker, bid, ask, lastPrice, volume, openInterest } = frame;
  return { type: 'ticker.changed', ticker, bid, ask, lastPrice, volume, openInterest, atMs };
}

export function orderFilled(frame: FillFrame, atMs: Timestamp): Event {
  return {
    type: 'order.filled',
    atMs,
    fill: {
      fillId: FillId.of(frame.tradeId),
      orderId: OrderId.of(frame.orderId),
      clientOrderId: frame.clientOrderId === null ? null : ClientOrderId.of(frame.clientOrderId),
      ticker: frame.ticker,
      side: frame.side satisfies Side,
      price: frame.price,
      count: frame.count,
      fee: frame.fee,
      role: frame.taker ? 'taker' : 'maker',
      exchangeMs: frame.exchangeMs,
    },
  };
}

/** `last_update_reason` of a canceled order → reason of `order.canceled`. */
const CANCEL_REASONS: Readonly<Record<string, string>> = {
  Decrease: 'requested',
  CloseCancel: 'close',
  HaltCancel: 'pause',
  SelfTradeCancel: 'self-trade',
  MarginCancel: 'margin',
  PostOnlyCrossCancel: 'post-only-cross',
  ReduceOnlyCancel: 'reduce-only',
};

/**
 * @returns null when there is nothing to tell: an executed order (its fills tell), an order that was not placed with
 * a client order id, or a status that is not documented
 */
export function orderChanged(frame: UserOrderFrame, atMs: Timestamp): Event | null {
  if (frame.clientOrderId === null) return null;
  const order = {
    clientOrderId: ClientOrderId.of(frame.clientOrderId),
    orderId: OrderId.of(frame.orderId),
    ticker: frame.ticker,
    atMs,
  };
  if (frame.status === 'resting') {
    return { type: 'order.accepted', ...order, remaining: frame.remaining, filled: frame.filled };
  }
  if (frame.status !== 'canceled') return null;
  const { filled } = frame;
  if (frame.lastUpdateReason === 'ExpiryCancel') return { type: 'order.expired', ...order, filled };
  const reason = CANCEL_REASONS[frame.lastUpdateReason ?? ''] ?? 'unknown';
  return { type: 'order.canceled', ...order, reason, filled };
}

export function positionReported(frame: PositionFrame, atMs: Timestamp): Event {
  const { ticker, position, cost, feesPaid, realizedPnl } = frame;
  return { type: 'position.reported', ticker, position, cost, feesPaid, realizedPnl, atMs };
}

/** Result and payout of a `determined` frame; null while the payout of a scalar result is not known. */
export function settlementOf(
  frame: LifecycleFrame,
): Pick<MarketSettled, 'result' | 'settlementPrice'> | null {
  const result: MarketResult = frame.result === 'yes' || frame.result === 'no' ? frame.result : 'scalar';
  const implied = result === 'yes' ? Price.ONE : result === 'no' ? Price.NO_BID : null;
  const settlementPrice = frame.settlementValue ?? implied;
  return settlementPrice === null ? null : { result, settlementPrice };
}
