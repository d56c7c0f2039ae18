import { Count, type OrderId, type Price, PriceGrid, type Random, type Side } from '@kalshi-mm/core';
import type { Act } from './agent.ts';
import type { MarketDesk } from './market-desk.ts';
import type { MakerAgents } from './population.ts';

/** Keeps some levels a side around a slightly wrong opinion, shaded by what it holds. */
export function maker(traits: MakerAgents, desk: MarketDesk, userId: string, random: Random): Act {
  const { halfSpreadCents: half, contracts, levels } = traits;
  const quotes: Quote[] = [];
  for (const side of ['bid', 'ask'] as const) {
    for (let level = 0; level < levels; level++) quotes.push({ side, level, orderId: null, price: 0 });
  }
  let errorCents = 0;
  return () => {
    const { grid, fairCents } = desk;
    if (fairCents === null) return;
    errorCents = 0.97 * errorCents + 0.08 * random.normal();
    const shade = Math.max(-3, Math.min(3, (-2 * desk.position(userId)) / (10 * contracts)));
    const center = fairCents + errorCents + shade;
    let moved = 0;
    // Cancels first, so that a moving quote never meets the maker's own other side.
    for (const quote of quotes) {
      const away = half + quote.level * (1 + half);
      const price =
        (quote.side === 'bid'
          ? PriceGrid.floor(grid, 100 * (center - away))
          : PriceGrid.ceil(grid, 100 * (center + away))) ?? 0;
      const rests = quote.orderId !== null && desk.isResting(quote.orderId);
      if (rests && quote.price === price) continue;
      if (rests) desk.cancel(userId, quote.orderId!);
      quote.orderId = null;
      quote.price = price;
      if (price > 0) moved++;
    }
    if (moved === 0) return;
    for (const quote of quotes) {
      if (quote.orderId !== null || quote.price === 0) continue;
      const size = Math.max(1, Math.round(contracts * (0.5 + random.next())));
      quote.orderId = desk.rest(userId, quote.side, quote.price as Price, size * Count.ONE);
    }
  };
}

interface Quote {
  readonly side: Side;
  readonly level: number;
  orderId: OrderId | null;
  /** 0: the grid has none. */
  price: number;
}
