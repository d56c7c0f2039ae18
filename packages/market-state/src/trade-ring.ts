import type { Count, Price, Side, Timestamp } from '@kalshi-mm/core';

/** The last trades of a market in preallocated columns. */
export class TradeRing {
  readonly #atMs: Float64Array;
  readonly #price: Int16Array;
  readonly #count: Int32Array;
  readonly #takerBuys: Uint8Array;
  #next = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#atMs = new Float64Array(capacity);
    this.#price = new Int16Array(capacity);
    this.#count = new Int32Array(capacity);
    this.#takerBuys = new Uint8Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  push(atMs: Timestamp, price: Price, count: Count, takerSide: Side): void {
    const at = this.#next;
    this.#atMs[at] = atMs;
    this.#price[at] = price;
    this.#count[at] = count;
    this.#takerBuys[at] = takerSide === 'bid' ? 1 : 0;
    this.#next = at + 1 === this.#atMs.length ? 0 : at + 1;
    if (this.#size < this.#atMs.length) this.#size++;
  }

  /** Calls `visit` for each trade, newest first, until it returns false. */
  forEachNewest(
    visit: (atMs: Timestamp, price: Price, count: Count, takerSide: Side) => boolean | undefined,
  ): void {
    const capacity = this.#atMs.length;
    for (let i = 1; i <= this.#size; i++) {
      const at = (this.#next - i + capacity) % capacity;
      const more = visit(
        this.#atMs[at]! as Timestamp,
        this.#price[at]! as Price,
        this.#count[at]! as Count,
        this.#takerBuys[at] === 1 ? 'bid' : 'ask',
      );
      if (more === false) return;
    }
  }
}
