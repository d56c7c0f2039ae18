import { type Price, PriceGrid } from '@kalshi-mm/core';

export interface PlacementInput {
  readonly grid: PriceGrid;
  /** Best prices of the market without our own orders; bestBid < bestAsk. */
  readonly bestBid: Price;
  readonly bestAsk: Price;
  /** The model's quotes, in cents, bid < ask. */
  readonly bidCents: number;
  readonly askCents: number;
  /** Ticks by which each side is moved outwards, at least 0. */
  readonly widenTicks: number;
  /** Widening stops where the total spread would pass this, in units of $0.0001. */
  readonly maxWidenedSpread: number;
}

/** Where to quote; null when the side has no tradable price. */
export interface Placement {
  readonly bid: Price | null;
  readonly ask: Price | null;
}

/**
 * Puts model quotes onto the market's grid, in integers: bid floored and ask ceiled, then widened, then kept at most
 * one tick better than the touch and at least one tick short of crossing it. Bid and ask only ever move outwards, so
 * that bid < ask survives.
 */
export function placeQuotes(input: PlacementInput): Placement {
  const { grid, bestBid, bestAsk } = input;
  let bid = PriceGrid.floor(grid, units(input.bidCents));
  let ask = PriceGrid.ceil(grid, units(input.askCents));

  const ticks = allowedTicks(input, bid, ask);
  if (bid !== null) bid = PriceGrid.shift(grid, bid, -ticks);
  if (ask !== null) ask = PriceGrid.shift(grid, ask, ticks);

  // One tick better than the touch where there is room, else at the touch.
  const highestBid = lower(PriceGrid.next(grid, bestBid), PriceGrid.previous(grid, bestAsk));
  const lowestAsk = higher(PriceGrid.previous(grid, bestAsk), PriceGrid.next(grid, bestBid));
  return {
    bid: bid === null || highestBid === null ? null : lower(bid, highestBid),
    ask: ask === null || lowestAsk === null ? null : higher(ask, lowestAsk),
  };
}

function allowedTicks(input: PlacementInput, bid: Price | null, ask: Price | null): number {
  if (bid === null || ask === null) return input.widenTicks;
  let ticks = input.widenTicks;
  while (ticks > 0) {
    const widened = PriceGrid.shift(input.grid, ask, ticks) - PriceGrid.shift(input.grid, bid, -ticks);
    if (widened <= input.maxWidenedSpread) break;
    ticks -= 1;
  }
  return ticks;
}

/** Cents to price units; the dust of binary arithmetic must not cost a whole tick. */
function units(cents: number): number {
  return Math.round(cents * 1e8) / 1e6;
}

function lower(a: Price | null, b: Price | null): Price | null {
  return a === null || b === null ? null : a < b ? a : b;
}

function higher(a: Price | null, b: Price | null): Price | null {
  return a === null || b === null ? null : a > b ? a : b;
}
