import type { Price, PriceGrid, Side } from '@kalshi-mm/core';
import type { OrderBook } from '@kalshi-mm/market-state';
import type { ExchangeFill, UserId } from './exchange-api.ts';
import type { RestingOrder } from './incentives/score-side.ts';
import type { Order } from './order.ts';

/** How orders meet in one market. The exchange owns rules, money and life cycle; an engine owns the queue. */
export interface MarketEngine {
  /** What the public sees. */
  readonly book: OrderBook;
  /** False while a recording has not said what the book is. */
  readonly bookKnown: boolean;
  /** Whether an order would trade at once. */
  crosses(side: Side, price: Price): boolean;
  /** How much of `count` an incoming order could match, and whether it would meet an order of the same user first. */
  probe(
    ownerId: UserId,
    side: Side,
    price: Price,
    count: number,
  ): { readonly fillable: number; readonly meetsOwn: boolean };
  /** Matches an incoming order as far as it goes. @returns `self-trade` when it has to stop at its user's own order */
  take(order: Order): 'done' | 'self-trade';
  /** Puts what remains at the back of its price level. */
  rest(order: Order): void;
  /** Takes a resting order out; its remaining count is untouched. */
  remove(order: Order): void;
  /** Takes `by` contracts out of the book for an order that keeps its place; its remaining count is the caller's. */
  reduce(order: Order, by: number): void;
  /** Goes over to another grid; everything that rests is on it. Null: the grid is a recording's and stays. */
  readonly regrid: ((grid: PriceGrid) => void) | null;
  /** Contracts in front of a resting order at its price. */
  ahead(order: Order): number;
  /** Trading goes on after a pause. */
  resume(): void;
  /** One side, best price first, then oldest first; recorded size is nobody's. Walk it before anything changes. */
  restingOrders(side: Side): Iterable<RestingOrder>;
}

/** What an engine tells the exchange. */
export interface EngineHost {
  /** False during a pause: what is recorded then goes on, but meets no order. */
  mayMatch(): boolean;
  /** A level of the public book has changed; `cause` is the order behind it, if it is a user's. */
  bookChanged(side: Side, price: Price, delta: number, cause: Order | null): void;
  /** The public book is new as a whole. */
  bookReplaced(): void;
  /** A match has happened and the book is already changed. A null party is the recorded market. */
  matched(
    price: Price,
    count: number,
    taker: Order | null,
    maker: Order | null,
    cause: ExchangeFill['cause'],
    /** False when a recorded trade, printed by itself, is what matched. */
    printed: boolean,
  ): void;
  /** A resting order must go because its user's incoming order has met it. */
  selfTradeCanceled(order: Order): void;
}
