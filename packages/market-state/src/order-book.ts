import { type BookLevel, type BookView, Count, MmError, Price, PriceGrid, type Side } from '@kalshi-mm/core';

/**
 * One market's book as a dense ladder over its price grid: a delta and a read of the best price cost O(1) in the
 * usual case and allocate nothing. YES prices on both sides; the NO side arrives already mirrored.
 */
export class OrderBook implements BookView {
  #grid: PriceGrid;
  /** Counts by price index: the bids, and behind them the asks. */
  #counts: Int32Array;
  /** Index of the best bid; −1 when empty. */
  #bestBid = -1;
  /** Index of the best ask; `grid.size` when empty. */
  #bestAsk: number;
  /** Counts the moves of the best bid or ask price by `change`. */
  touchMoves = 0;

  constructor(grid: PriceGrid) {
    this.#grid = grid;
    this.#counts = new Int32Array(2 * grid.size);
    this.#bestAsk = grid.size;
  }

  get grid(): PriceGrid {
    return this.#grid;
  }

  bestBid(): Price {
    return this.#bestBid < 0 ? Price.NO_BID : (this.#grid.prices[this.#bestBid]! as Price);
  }

  bestAsk(): Price {
    return this.#bestAsk === this.#grid.size ? Price.NO_ASK : (this.#grid.prices[this.#bestAsk]! as Price);
  }

  countAt(side: Side, price: Price): Count {
    const index = this.#grid.indexByPrice[price]!;
    if (index < 0) return Count.ZERO;
    return this.#counts[side === 'bid' ? index : this.#grid.size + index]! as Count;
  }

  /**
   * Adds a signed count to a level.
   *
   * @returns the level's new count, or −1 when the delta cannot belong to this book (off the grid, or below zero):
   * the book is then untouched and no longer in step with its source
   */
  change(side: Side, price: Price, delta: number): number {
    const index = this.#grid.indexByPrice[price]!;
    // An off-grid or impossible price has index −1 or undefined; `!(>= 0)` catches both.
    if (!(index >= 0)) return -1;
    if (side === 'bid') {
      const count = this.#counts[index]! + delta;
      if (count < 0 || count > MAX_COUNT) return -1;
      this.#counts[index] = count;
      if (index >= this.#bestBid) this.#moveBid(count > 0 ? index : this.#scanBid(index));
      return count;
    }
    const at = this.#grid.size + index;
    const count = this.#counts[at]! + delta;
    if (count < 0 || count > MAX_COUNT) return -1;
    this.#counts[at] = count;
    if (index <= this.#bestAsk) this.#moveAsk(count > 0 ? index : this.#scanAsk(index));
    return count;
  }

  /** Replaces everything. @throws MmError `off-grid` for a level that is not on the grid; the book is then empty */
  replace(bids: readonly BookLevel[], asks: readonly BookLevel[]): void {
    this.clear();
    for (const level of bids) this.#set('bid', level);
    for (const level of asks) this.#set('ask', level);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#bestBid = -1;
    this.#bestAsk = this.#grid.size;
  }

  /** Moves the book onto another grid; levels that are not on it are dropped and returned. */
  regrid(grid: PriceGrid): readonly { side: Side; price: Price; count: Count }[] {
    if (grid === this.#grid) return [];
    const dropped: { side: Side; price: Price; count: Count }[] = [];
    const kept: { side: Side; price: Price; count: Count }[] = [];
    for (const side of ['bid', 'ask'] as const) {
      this.forEachLevel(side, (price, count) => {
        (PriceGrid.isOnGrid(grid, price) ? kept : dropped).push({ side, price, count });
        return true;
      });
    }
    this.#grid = grid;
    this.#counts = new Int32Array(2 * grid.size);
    this.#bestBid = -1;
    this.#bestAsk = grid.size;
    for (const { side, price, count } of kept) this.#set(side, { price, count });
    return dropped;
  }

  forEachLevel(side: Side, visit: (price: Price, count: Count) => boolean | undefined): void {
    const { prices, size } = this.#grid;
    if (side === 'bid') {
      for (let i = this.#bestBid; i >= 0; i--) {
        const count = this.#counts[i]!;
        if (count > 0 && visit(prices[i]! as Price, count as Count) === false) return;
      }
      return;
    }
    for (let i = this.#bestAsk; i < size; i++) {
      const count = this.#counts[size + i]!;
      if (count > 0 && visit(prices[i]! as Price, count as Count) === false) return;
    }
  }

  total(side: Side): Count {
    const from = side === 'bid' ? 0 : this.#grid.size;
    let sum = 0;
    for (let i = 0; i < this.#grid.size; i++) sum += this.#counts[from + i]!;
    return sum as Count;
  }

  #set(side: Side, level: BookLevel): void {
    if (this.change(side, level.price, level.count) < 0) {
      this.clear();
      throw new MmError(
        'off-grid',
        `Book level ${level.price} × ${level.count} does not fit the market's grid`,
        {
          recovery: 'reconcile',
        },
      );
    }
  }

  #moveBid(index: number): void {
    if (index === this.#bestBid) return;
    this.#bestBid = index;
    this.touchMoves++;
  }

  #moveAsk(index: number): void {
    if (index === this.#bestAsk) return;
    this.#bestAsk = index;
    this.touchMoves++;
  }

  #scanBid(from: number): number {
    let i = from - 1;
    while (i >= 0 && this.#counts[i] === 0) i--;
    return i;
  }

  #scanAsk(from: number): number {
    const size = this.#grid.size;
    let i = from + 1;
    while (i < size && this.#counts[size + i] === 0) i++;
    return i;
  }
}

/** Levels are 32-bit: 21 million contracts at one price. */
const MAX_COUNT = 0x7fffffff;
