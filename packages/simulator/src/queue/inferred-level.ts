/** Where in a level's queue a cancel happened, in units of 0.01 contract. */
export interface QueueCancel {
  /** In front of the canceled order. */
  readonly front: number;
  readonly count: number;
  /** At the level before the cancel, the canceled order included. */
  readonly total: number;
  /** How far `front` may be off. */
  readonly slack: number;
}

export type CancelOutcome =
  /** One resting order has this size. */
  | QueueCancel
  /** Several have it, or the part of the level whose orders nobody saw arrive may hold it. */
  | 'ambiguous'
  /** It came out of the part of the level whose orders nobody saw arrive. */
  | 'hidden'
  /** No order has this size: a decrease, or the inference was wrong. The level is not known any more. */
  | 'unexplained';

export interface InferredOrder {
  /** What is left of it. */
  size: number;
  /** How many contracts more or less may be in front of it than the orders before it say. */
  slack: number;
}

/**
 * The orders of one price level, inferred from the changes of its sum: every rise is an order that joins the back,
 * every trade takes from the front, every other fall is the cancel of an order of that size.
 */
export class InferredLevel {
  /** In front of all orders: contracts of which nobody knows in which orders they are. */
  #hidden = 0;
  readonly #orders: InferredOrder[] = [];
  #total = 0;

  /** @param count what a snapshot showed */
  constructor(count = 0) {
    this.#hidden = count;
    this.#total = count;
  }

  get total(): number {
    return this.#total;
  }

  add(count: number): InferredOrder {
    const order = { size: count, slack: 0 };
    this.#orders.push(order);
    this.#total += count;
    return order;
  }

  /** What is in front of an order, and how far that may be off; null when it has left. */
  placeOf(order: InferredOrder): { readonly front: number; readonly slack: number } | null {
    const at = this.#orders.indexOf(order);
    return at < 0 ? null : { front: this.#frontOf(at), slack: order.slack };
  }

  /** A trade with one maker. @returns whether the inferred first order can have been that maker; null when hidden */
  trade(count: number): boolean | null {
    this.#total -= count;
    let left = count - Math.min(count, this.#hidden);
    const known = this.#hidden === 0;
    this.#hidden -= count - left;
    const first = this.#orders[0];
    const fits = known ? first !== undefined && left <= first.size : null;
    while (left > 0 && this.#orders.length > 0) {
      const order = this.#orders[0]!;
      const taken = Math.min(left, order.size);
      order.size -= taken;
      left -= taken;
      if (order.size === 0) this.#orders.shift();
    }
    return fits;
  }

  cancel(count: number): CancelOutcome {
    const total = this.#total;
    const candidates: number[] = [];
    for (let i = 0; i < this.#orders.length; i++) if (this.#orders[i]!.size === count) candidates.push(i);
    this.#total -= count;
    const mayBeHidden = this.#hidden >= count;
    if (candidates.length === 0) {
      if (mayBeHidden) {
        this.#hidden -= count;
        return 'hidden';
      }
      this.#forget();
      return 'unexplained';
    }
    if (candidates.length > 1 || mayBeHidden) {
      this.#removeOneOf(candidates, mayBeHidden);
      return 'ambiguous';
    }
    const at = candidates[0]!;
    const { slack } = this.#orders[at]!;
    const front = this.#frontOf(at);
    this.#orders.splice(at, 1);
    return { front, count, total, slack };
  }

  #frontOf(at: number): number {
    let front = this.#hidden;
    for (let i = 0; i < at; i++) front += this.#orders[i]!.size;
    return front;
  }

  /** The newest goes; what stays may stand elsewhere by as much as the choice matters. */
  #removeOneOf(candidates: readonly number[], mayBeHidden: boolean): void {
    const newest = candidates[candidates.length - 1]!;
    const { size } = this.#orders[newest]!;
    const from = mayBeHidden ? 0 : candidates[0]!;
    for (let i = from; i < newest; i++) {
      const order = this.#orders[i]!;
      if (order.size !== size) order.slack += size;
    }
    for (let k = 0; k + 1 < candidates.length; k++) {
      const at = candidates[k]!;
      this.#orders[at]!.slack += this.#frontOf(candidates[k + 1]!) - this.#frontOf(at);
    }
    this.#orders.splice(newest, 1);
  }

  #forget(): void {
    this.#hidden = Math.max(0, this.#total);
    this.#orders.length = 0;
  }
}
