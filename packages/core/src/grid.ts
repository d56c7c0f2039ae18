import { MmError, WireError } from './errors.ts';
import { Price } from './price.ts';

/** One row of a market's `price_ranges`: prices `start + k × step` up to and including `end`. */
export interface PriceRange {
  readonly start: Price;
  readonly end: Price;
  readonly step: number;
}

/**
 * The tradable prices of a market, in ascending order. Read from `price_ranges`, never from the structure's name.
 * Grids of equal ranges are the same object, so that their tables are shared by all markets.
 */
export interface PriceGrid {
  readonly ranges: readonly PriceRange[];
  /** Number of tradable prices. */
  readonly size: number;
  /** Tradable prices by index. */
  readonly prices: Int16Array;
  /** Index of a price, −1 when it is not on the grid; length 10,001. */
  readonly indexByPrice: Int16Array;
}

const cache = new Map<string, PriceGrid>();

export const PriceGrid = {
  /** @throws WireError on an empty or malformed list */
  of(ranges: readonly PriceRange[]): PriceGrid {
    const key = ranges.map((r) => `${r.start}:${r.end}:${r.step}`).join();
    const known = cache.get(key);
    if (known !== undefined) return known;
    const grid = build(ranges);
    cache.set(key, grid);
    return grid;
  },
  /** Every whole cent. */
  cent: (): PriceGrid => PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 100 }]),
  /** Every 0.0001 dollar: the finest grid of the exchange, for sources that do not tell theirs. */
  finest: (): PriceGrid => PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 1 }]),
  isOnGrid: (grid: PriceGrid, price: number): boolean => (grid.indexByPrice[price] ?? -1) >= 0,
  /** Highest tradable price not above `units`; null when there is none. Bids floor. */
  floor(grid: PriceGrid, units: number): Price | null {
    for (let p = Math.min(9_999, Math.floor(units)); p >= 1; p--) {
      if (grid.indexByPrice[p]! >= 0) return p as Price;
    }
    return null;
  },
  /** Lowest tradable price not below `units`; null when there is none. Asks ceil. */
  ceil(grid: PriceGrid, units: number): Price | null {
    for (let p = Math.max(1, Math.ceil(units)); p <= 9_999; p++) {
      if (grid.indexByPrice[p]! >= 0) return p as Price;
    }
    return null;
  },
  /** The next tradable price above `price`. */
  next: (grid: PriceGrid, price: Price): Price | null => PriceGrid.ceil(grid, price + 1),
  /** The next tradable price below `price`. */
  previous: (grid: PriceGrid, price: Price): Price | null => PriceGrid.floor(grid, price - 1),
  /** Moves `ticks` grid points up (positive) or down; stops at the ends of the grid. */
  shift(grid: PriceGrid, price: Price, ticks: number): Price {
    const index = grid.indexByPrice[price]!;
    if (index < 0) throw new MmError('off-grid', `Price ${Price.format(price)} is not on the market's grid`);
    const target = Math.max(0, Math.min(grid.size - 1, index + ticks));
    return grid.prices[target] as Price;
  },
} as const;

function build(ranges: readonly PriceRange[]): PriceGrid {
  if (ranges.length === 0) throw new WireError('price_ranges', 'at least one range', ranges);
  const indexByPrice = new Int16Array(10_001).fill(-1);
  for (const { start, end, step } of ranges) {
    if (!Number.isInteger(step) || step < 1 || end < start) {
      throw new WireError('price_ranges', 'start ≤ end and a step of at least 0.0001', { start, end, step });
    }
    for (let p: number = start; p <= end; p += step) if (p >= 1 && p <= 9_999) indexByPrice[p] = 0;
  }
  const prices: number[] = [];
  for (let p = 1; p <= 9_999; p++) if (indexByPrice[p] === 0) indexByPrice[p] = prices.push(p) - 1;
  if (prices.length === 0) throw new WireError('price_ranges', 'at least one tradable price', ranges);
  const grid = { ranges, size: prices.length, prices: Int16Array.from(prices), indexByPrice };
  // The tables follow from the ranges: audits and headers print the ranges alone.
  Object.defineProperty(grid, 'prices', { enumerable: false });
  Object.defineProperty(grid, 'indexByPrice', { enumerable: false });
  return grid;
}
