import { Price, PriceGrid, type Random, type Side } from '@kalshi-mm/core';
import type { Act } from './agent.ts';
import type { MarketDesk } from './market-desk.ts';
import type { Whales } from './population.ts';

/** Sweeps through several levels at once, or lays a wall one or two ticks behind the touch. */
export function whale(traits: Whales, desk: MarketDesk, userId: string, random: Random): Act {
  return () => {
    const { book, grid } = desk;
    const side: Side = random.next() < 0.5 ? 'bid' : 'ask';
    const waits = random.next() < traits.restingShare;
    const count = 100 * (Math.ceil(traits.contracts / 2) + random.integer(traits.contracts));
    const steps = 1 + random.integer(traits.sweepLevels);
    const touch = (side === 'bid') === waits ? book.bestBid() : book.bestAsk();
    if (!Price.isTradable(touch)) return;
    const sign = side === 'bid' ? 1 : -1;
    if (waits) {
      const lifeMs = Math.ceil(random.exponential(traits.restingMs)) + 1000;
      const price = PriceGrid.shift(grid, touch, -sign * (1 + (steps % 2)));
      desk.rest(userId, side, price, count, desk.nowMs + lifeMs);
      return;
    }
    let limit: Price = touch;
    let left = steps;
    book.forEachLevel(side === 'bid' ? 'ask' : 'bid', (price) => {
      limit = price;
      return --left > 0;
    });
    desk.take(userId, side, limit, count);
  };
}
