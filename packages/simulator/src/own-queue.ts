import type { Side } from '@kalshi-mm/core';
import type { Order } from './order.ts';

/**
 * The users' orders on one side of a recorded market, best price first, then oldest first. They are few beside the
 * recorded ones, so a plain sorted list serves.
 */
export class OwnQueue {
  readonly orders: Order[] = [];

  add(order: Order): void {
    let at = this.orders.length;
    while (at > 0 && better(order.side, order.price, this.orders[at - 1]!.price)) at--;
    this.orders.splice(at, 0, order);
    order.queued = true;
  }

  remove(order: Order): boolean {
    const at = this.orders.indexOf(order);
    if (at < 0) return false;
    this.orders.splice(at, 1);
    order.queued = false;
    return true;
  }

  first(price: number): Order | null {
    for (const order of this.orders) if (order.price === price) return order;
    return null;
  }

  /** A copy, safe to walk while orders leave. */
  at(price: number): readonly Order[] {
    return this.first(price) === null ? NONE : this.orders.filter((order) => order.price === price);
  }

  betterThan(side: Side, price: number): readonly Order[] {
    const best = this.orders[0];
    if (best === undefined || !better(side, best.price, price)) return NONE;
    return this.orders.filter((order) => better(side, order.price, price));
  }

  atOrBetterThan(side: Side, price: number): readonly Order[] {
    const best = this.orders[0];
    if (best === undefined || better(side, price, best.price)) return NONE;
    return this.orders.filter((order) => !better(side, price, order.price));
  }

  total(price: number): number {
    let sum = 0;
    for (const order of this.orders) if (order.price === price) sum += order.remaining;
    return sum;
  }
}

const NONE: readonly Order[] = [];

function better(side: Side, price: number, than: number): boolean {
  return side === 'bid' ? price > than : price < than;
}
