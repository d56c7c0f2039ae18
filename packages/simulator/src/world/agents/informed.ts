import { Price, PriceGrid, type Random } from '@kalshi-mm/core';
import type { Act } from './agent.ts';
import type { MarketDesk } from './market-desk.ts';
import type { InformedTraders } from './population.ts';

/** Takes everything that stands on the wrong side of the fair value by more than the taker's fee and an edge. */
export function informed(traits: InformedTraders, desk: MarketDesk, userId: string, random: Random): Act {
  return () => {
    const { book, grid, fairCents } = desk;
    if (fairCents === null) return;
    const fair = fairCents * 100;
    const edge = 100 * traits.edgeCents + 0.07 * fair * (1 - fair / Price.ONE);
    const count = 100 * (Math.ceil(traits.contracts / 5) + random.integer(traits.contracts));
    const ask = book.bestAsk();
    const bid = book.bestBid();
    if (ask !== Price.NO_ASK && ask < fair - edge) {
      const limit = PriceGrid.floor(grid, fair - edge);
      if (limit !== null) desk.take(userId, 'bid', limit, count);
    } else if (bid !== Price.NO_BID && bid > fair + edge) {
      const limit = PriceGrid.ceil(grid, fair + edge);
      if (limit !== null) desk.take(userId, 'ask', limit, count);
    }
  };
}
