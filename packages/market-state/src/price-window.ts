import type { Price, Timestamp } from '@kalshi-mm/core';

/** What a window holds; prices in units of $0.0001. */
export interface PriceRangeSeen {
  readonly first: Price;
  readonly last: Price;
  readonly low: Price;
  readonly high: Price;
}

/** Prices of the last `windowMs`, `capacity` at most: the oldest make room. Memory is fixed from the start. */
export class PriceWindow {
  readonly #windowMs: number;
  readonly #atMs: Float64Array;
  readonly #price: Int16Array;
  #next = 0;
  #size = 0;

  constructor(windowMs: number, capacity: number) {
    this.#windowMs = windowMs;
    this.#atMs = new Float64Array(capacity);
    this.#price = new Int16Array(capacity);
  }

  /** @param atMs not before the last */
  push(atMs: Timestamp, price: Price): void {
    this.#atMs[this.#next] = atMs;
    this.#price[this.#next] = price;
    this.#next = (this.#next + 1) % this.#atMs.length;
    if (this.#size < this.#atMs.length) this.#size++;
  }

  /** Null when nothing was seen within the window before `nowMs`. */
  range(nowMs: Timestamp): PriceRangeSeen | null {
    let range: { first: number; last: number; low: number; high: number } | null = null;
    const capacity = this.#atMs.length;
    for (let back = 1; back <= this.#size; back++) {
      const at = (this.#next - back + capacity) % capacity;
      if (this.#atMs[at]! < nowMs - this.#windowMs) break;
      const price = this.#price[at]!;
      range ??= { first: price, last: price, low: price, high: price };
      range.first = price;
      range.low = Math.min(range.low, price);
      range.high = Math.max(range.high, price);
    }
    return range as PriceRangeSeen | null;
  }
}
