import { Price, PriceGrid, type Random, type Side } from '@kalshi-mm/core';
import type { Act } from './agent.ts';
import type { MarketDesk } from './market-desk.ts';
import type { NoiseTraders } from './population.ts';

/** Takes at the touch, or waits at it or a little behind it, on either side alike. */
export function noise(traits: NoiseTraders, desk: MarketDesk, userId: string, random: Random): Act {
  return () => {
    const { book, grid } = desk;
    const waits = random.next() < traits.restingShare;
    const side: Side = random.next() < 0.5 ? 'bid' : 'ask';
    const count = noiseCount(traits.contracts, random);
    const touch = (side === 'bid') === waits ? book.bestBid() : book.bestAsk();
    if (!Price.isTradable(touch)) return;
    const sign = side === 'bid' ? 1 : -1;
    if (!waits) {
      desk.take(userId, side, PriceGrid.shift(grid, touch, 2 * sign), count);
      return;
    }
    const price = PriceGrid.shift(grid, touch, -sign * random.integer(4));
    const lifeMs = Math.ceil(random.exponential(traits.restingMs)) + 1000;
    desk.rest(userId, side, price, count, desk.nowMs + lifeMs);
  };
}

/** Mostly a few whole contracts, now and then a fraction, now and then many; in units of 0.01. */
function noiseCount(contracts: number, random: Random): number {
  const kind = random.next();
  if (kind < 0.15) return 1 + random.integer(30 * contracts);
  if (kind > 0.98) return 100 * (contracts + random.integer(contracts));
  return 100 * (1 + random.integer(Math.ceil(contracts / 3)));
}
