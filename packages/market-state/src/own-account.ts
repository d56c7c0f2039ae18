import {
  type ClientOrderId,
  Count,
  type Event,
  type Fill,
  Holding,
  type OrderReport,
  type PlaceOrder,
  type Position,
  type Ticker,
} from '@kalshi-mm/core';
import type { OwnResting } from './without-own.ts';

export interface OwnOrder extends OwnResting {
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
}

/**
 * Own orders, fills and positions, folded from events: for screens, tools and research. The engine keeps its own books,
 * which also know what is under way; this fold knows what the exchange has said.
 */
export class OwnAccount {
  readonly #orders = new Map<ClientOrderId, OwnOrder>();
  readonly #holdings = new Map<Ticker, Holding>();
  readonly #reported = new Map<Ticker, Position>();
  readonly #fills: Fill[] = [];
  readonly #seen = new Set<string>();
  readonly #capacity: number;

  /** @param capacity fills that are kept, and recognised when they come again */
  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** Resting orders of a market, as the exchange has confirmed them. */
  ordersIn(ticker: Ticker): readonly OwnOrder[] {
    return [...this.#orders.values()].filter((order) => order.ticker === ticker && order.remaining > 0);
  }

  /** By our fills. */
  holding(ticker: Ticker): Holding {
    return this.#holdings.get(ticker) ?? Holding.EMPTY;
  }

  /** By the exchange's last word; null before it. */
  reportedPosition(ticker: Ticker): Position | null {
    return this.#reported.get(ticker) ?? null;
  }

  /** Oldest first. */
  get fills(): readonly Fill[] {
    return this.#fills;
  }

  /** Makes side and price of an order known, which no later event repeats. It rests from `order.accepted` on. */
  sent(order: Pick<PlaceOrder, 'clientOrderId' | 'ticker' | 'side' | 'price'>): void {
    const { clientOrderId, ticker, side, price } = order;
    this.#orders.set(clientOrderId, { clientOrderId, ticker, side, price, remaining: Count.ZERO });
  }

  absorb(event: Event): void {
    switch (event.type) {
      case 'order.accepted':
        if (event.remaining === 0) this.#orders.delete(event.clientOrderId);
        else this.#change(event.clientOrderId, { remaining: event.remaining });
        return;
      case 'order.amended':
        this.#change(event.clientOrderId, { price: event.price, remaining: event.remaining });
        return;
      case 'order.canceled':
      case 'order.expired':
      case 'order.rejected':
        this.#orders.delete(event.clientOrderId);
        return;
      case 'orders.reported':
        if (event.complete) this.#orders.clear();
        for (const report of event.orders) this.#report(report);
        return;
      case 'order.filled':
        this.#fill(event.fill);
        return;
      case 'position.reported':
        this.#reported.set(event.ticker, event.position);
        return;
      case 'market.settled': {
        const held = this.#holdings.get(event.ticker);
        if (held === undefined) return;
        this.#holdings.set(event.ticker, Holding.afterSettlement(held, event.settlementPrice));
        return;
      }
      default:
        return;
    }
  }

  #change(id: ClientOrderId, change: Partial<OwnOrder>): void {
    const order = this.#orders.get(id);
    if (order !== undefined) this.#orders.set(id, { ...order, ...change });
  }

  #report({ clientOrderId, ticker, side, price, status, remaining }: OrderReport): void {
    if (status === 'resting') {
      this.#orders.set(clientOrderId, { clientOrderId, ticker, side, price, remaining });
    } else this.#orders.delete(clientOrderId);
  }

  #fill(fill: Fill): void {
    const key = `${fill.fillId} ${fill.orderId}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#fills.push(fill);
    if (this.#fills.length > this.#capacity) {
      const oldest = this.#fills.shift()!;
      this.#seen.delete(`${oldest.fillId} ${oldest.orderId}`);
    }
    const { ticker, side, price, count, fee, clientOrderId } = fill;
    this.#holdings.set(ticker, Holding.afterFill(this.holding(ticker), side, price, count, fee));
    const order = clientOrderId === null ? undefined : this.#orders.get(clientOrderId);
    if (order === undefined) return;
    const remaining = Count.of(Math.max(0, order.remaining - count));
    if (remaining === 0) this.#orders.delete(order.clientOrderId);
    else this.#orders.set(order.clientOrderId, { ...order, remaining });
  }
}
