import {
  type BookView,
  Count,
  type OrderId,
  type Price,
  type PriceGrid,
  type Side,
  type Ticker,
  type TimeInForce,
  type Timestamp,
} from '@kalshi-mm/core';
import type { ExchangeState } from '../../exchange-state.ts';
import { cancel, place } from '../../order-entry.ts';
import { refuseTrading } from '../../order-rules.ts';

/** One market as its inhabitants see it, and where they hand in their orders. */
export class MarketDesk {
  readonly ticker: Ticker;
  readonly #state: ExchangeState;
  readonly #fair: () => number | null;

  /** @param fair cents; null while nobody can say */
  constructor(state: ExchangeState, ticker: Ticker, fair: () => number | null) {
    this.#state = state;
    this.ticker = ticker;
    this.#fair = fair;
  }

  /** What one YES contract is worth, in cents; null while nobody can say. */
  get fairCents(): number | null {
    return this.#fair();
  }

  get nowMs(): Timestamp {
    return this.#state.nowMs;
  }

  get grid(): PriceGrid {
    return this.#listed.market.grid;
  }

  get book(): BookView {
    return this.#listed.engine.book;
  }

  /** Whether an order would be heard. */
  get isTrading(): boolean {
    const { market, engine } = this.#listed;
    return (
      market.status === 'active' &&
      engine.bookKnown &&
      refuseTrading(this.#state, market.exchangeIndex) === null
    );
  }

  /** The market has closed; its inhabitants move out. */
  get isOver(): boolean {
    const status = this.#state.markets.get(this.ticker)?.market.status;
    return status !== 'initialized' && status !== 'active' && status !== 'inactive';
  }

  /** Contracts that an agent holds here, signed. */
  position(userId: string): number {
    return (this.#state.accounts.get(userId)?.holdings.get(this.ticker)?.position ?? 0) / Count.ONE;
  }

  /** Immediate or cancel. @param count in units of 0.01 contract */
  take(userId: string, side: Side, price: Price, count: number): void {
    this.#send(userId, side, price, count, 'immediate-or-cancel', null);
  }

  /** Post-only. @returns the order, if it was accepted */
  rest(
    userId: string,
    side: Side,
    price: Price,
    count: number,
    expirationMs: number | null = null,
  ): OrderId | null {
    return this.#send(userId, side, price, count, 'good-till-canceled', expirationMs);
  }

  isResting(orderId: OrderId): boolean {
    return this.#state.orders.get(orderId)?.status === 'resting';
  }

  cancel(userId: string, orderId: OrderId): void {
    cancel(this.#state, userId, orderId);
  }

  get #listed() {
    return this.#state.markets.get(this.ticker)!;
  }

  #send(
    userId: string,
    side: Side,
    price: Price,
    count: number,
    timeInForce: TimeInForce,
    expirationMs: number | null,
  ): OrderId | null {
    const rests = timeInForce === 'good-till-canceled';
    const placed = place(this.#state, userId, {
      ticker: this.ticker,
      side,
      price,
      count: Count.of(count),
      timeInForce,
      selfTradePrevention: rests ? 'taker-at-cross' : 'maker',
      clientOrderId: null,
      postOnly: rests,
      reduceOnly: false,
      cancelOnPause: false,
      expirationMs: expirationMs as Timestamp | null,
    });
    return placed.ok && placed.value.order.status === 'resting' ? placed.value.order.orderId : null;
  }
}
