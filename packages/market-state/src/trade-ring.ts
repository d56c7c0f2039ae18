import type { Count, Price, Side, Timestamp } from '@kalshi-mm/core';

/** The last trades of a market in columns, which are made when the first trade comes. */
export class TradeRing {
  readonly #capacity: number;
  #columns: Columns | null = null;
  #next = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  push(atMs: Timestamp, price: Price, count: Count, takerSide: Side): void {
    this.#columns ??= createColumns(this.#capacity);
    const columns = this.#columns;
    const at = this.#next;
    columns.atMs[at] = atMs;
    columns.price[at] = price;
    columns.count[at] = count;
    columns.takerBuys[at] = takerSide === 'bid' ? 1 : 0;
    this.#next = at + 1 === this.#capacity ? 0 : at + 1;
    if (this.#size < this.#capacity) this.#size++;
  }

  /** Calls `visit` for each trade, newest first, until it returns false. */
  forEachNewest(
    visit: (atMs: Timestamp, price: Price, count: Count, takerSide: Side) => boolean | undefined,
  ): void {
    const capacity = this.#capacity;
    const columns = this.#columns;
    if (columns === null) return;
    for (let i = 1; i <= this.#size; i++) {
      const at = (this.#next - i + capacity) % capacity;
      const more = visit(
        columns.atMs[at]! as Timestamp,
        columns.price[at]! as Price,
        columns.count[at]! as Count,
        columns.takerBuys[at] === 1 ? 'bid' : 'ask',
      );
      if (more === false) return;
    }
  }
}

interface Columns {
  readonly atMs: Float64Array;
  readonly price: Int16Array;
  /** A trade may be larger than 32 bits can tell. */
  readonly count: Float64Array;
  readonly takerBuys: Uint8Array;
}

function createColumns(capacity: number): Columns {
  return {
    atMs: new Float64Array(capacity),
    price: new Int16Array(capacity),
    count: new Float64Array(capacity),
    takerBuys: new Uint8Array(capacity),
  };
}
