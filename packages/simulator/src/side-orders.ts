import type { Order } from './order.ts';

/** One account's resting orders of one side in one market: best price first, then by priority. */
export class SideOrders {
  readonly #isBid: boolean;
  readonly #levels = new Map<number, Level>();
  /** Prices with orders, best first. */
  readonly #prices: number[] = [];

  constructor(side: 'bid' | 'ask') {
    this.#isBid = side === 'bid';
  }

  add(order: Order): void {
    let level = this.#levels.get(order.price);
    if (level === undefined) {
      level = { orders: new Set(), lastPriority: 0 };
      this.#levels.set(order.price, level);
      this.#prices.splice(this.#place(order.price), 0, order.price);
    }
    level.orders.add(order);
    if (order.priority >= level.lastPriority) level.lastPriority = order.priority;
    else level.orders = new Set([...level.orders].sort((a, b) => a.priority - b.priority));
  }

  /** @returns whether it was there */
  remove(order: Order): boolean {
    const level = this.#levels.get(order.price);
    if (level?.orders.delete(order) !== true) return false;
    if (level.orders.size === 0) {
      this.#levels.delete(order.price);
      this.#prices.splice(this.#place(order.price), 1);
    }
    return true;
  }

  *[Symbol.iterator](): Generator<Order> {
    for (const price of this.#prices) yield* this.#levels.get(price)!.orders;
  }

  /** Where a price is, or belongs. */
  #place(price: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBid ? this.#prices[middle]! > price : this.#prices[middle]! < price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Level {
  /** By priority. */
  orders: Set<Order>;
  lastPriority: number;
}
