import { type BookLevel, type Count, Price } from '@kalshi-mm/core';
import { z } from 'zod';
import { count, optional, price } from './wire-fields.ts';

const levels = optional(z.array(z.tuple([price, count])));

/**
 * `GET /markets/{ticker}/orderbook`. An empty book comes in several forms, `{"orderbook":{}}` among them; a wrong
 * envelope must not look like one.
 */
export const orderBookAnswer = z
  .object({
    orderbook_fp: optional(z.object({ yes_dollars: levels, no_dollars: levels })),
    orderbook: optional(z.strictObject({})),
  })
  .transform((wire, context): OrderBook => {
    if (wire.orderbook_fp === null && wire.orderbook === null) {
      context.addIssue({ code: 'custom', path: ['orderbook_fp'], message: 'the book' });
      return z.NEVER;
    }
    return toOrderBook(wire.orderbook_fp?.yes_dollars ?? [], wire.orderbook_fp?.no_dollars ?? []);
  });

/** A book in YES prices, best level first on both sides. */
export interface OrderBook {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

type WireLevels = readonly (readonly [Price, Count])[];

/** The exchange lists bids of both outcomes; a bid for NO at p is an ask for YES at 1 − p. Order is not trusted. */
function toOrderBook(yes: WireLevels, no: WireLevels): OrderBook {
  const bids = yes.map(([at, size]) => ({ price: at, count: size }));
  const asks = no.map(([at, size]) => ({ price: Price.complement(at), count: size }));
  return {
    bids: bids.sort((a, b) => b.price - a.price),
    asks: asks.sort((a, b) => a.price - b.price),
  };
}
