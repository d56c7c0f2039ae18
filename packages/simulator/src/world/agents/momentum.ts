import { Price, PriceGrid, type Random } from '@kalshi-mm/core';
import type { Act } from './agent.ts';
import type { MarketDesk } from './market-desk.ts';
import type { MomentumTraders } from './population.ts';

/** Compares the middle of the book with a slow average of what it was, and takes in the direction of the move. */
export function momentum(traits: MomentumTraders, desk: MarketDesk, userId: string, random: Random): Act {
  let average = Number.NaN;
  return () => {
    const { book, grid } = desk;
    const count = 100 * (1 + random.integer(traits.contracts));
    const bid = book.bestBid();
    const ask = book.bestAsk();
    if (!Price.isTradable(bid) || !Price.isTradable(ask)) return;
    const middle = (bid + ask) / 2;
    if (Number.isNaN(average)) average = middle;
    const move = middle - average;
    average += MEMORY * move;
    if (Math.abs(move) < 100 * traits.thresholdCents) return;
    if (move > 0) desk.take(userId, 'bid', PriceGrid.shift(grid, ask, 1), count);
    else desk.take(userId, 'ask', PriceGrid.shift(grid, bid, -1), count);
  };
}

/** How much of a move one look takes in. */
const MEMORY = 0.3;
