import { type BookLevel, type Count, Price } from '@kalshi-mm/core';
import * as z from 'zod';
import { count, id, optional, price, wire } from './wire-fields.ts';

const levels = optional(z.array(z.tuple([price, count])));

const envelope = {
  orderbook_fp: optional(wire({ yes_dollars: levels, no_dollars: levels })),
  orderbook: optional(z.strictObject({})),
};

/**
 * `GET /markets/{ticker}/orderbook`. An empty book comes in several forms, `{"orderbook":{}}` among them; a wrong
 * envelope must not look like one.
 */
export const orderBookAnswer = wire(envelope).transform(toOrderBook);

/** `GET /markets/orderbooks`. */
export const orderBooksAnswer = wire({
  orderbooks: z.array(
    wire({ ticker: id, ...envelope }).transform((entry, context) => ({
      ticker: entry.ticker,
      book: toOrderBook(entry, context),
    })),
  ),
});

/** A book in YES prices, best level first on both sides. */
export interface OrderBook {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

type WireLevels = readonly (readonly [Price, Count])[];

interface Envelope {
  readonly orderbook_fp: {
    readonly yes_dollars: WireLevels | null;
    readonly no_dollars: WireLevels | null;
  } | null;
  readonly orderbook: object | null;
}

/** The exchange lists bids of both outcomes; a bid for NO at p is an ask for YES at 1 − p. Order is not trusted. */
function toOrderBook(entry: Envelope, context: z.RefinementCtx): OrderBook {
  if (entry.orderbook_fp === null && entry.orderbook === null) {
    context.addIssue({ code: 'custom', path: ['orderbook_fp'], message: 'the book' });
    return z.NEVER;
  }
  const yes = entry.orderbook_fp?.yes_dollars ?? [];
  const no = entry.orderbook_fp?.no_dollars ?? [];
  const bids = yes.map(([at, size]) => ({ price: at, count: size }));
  const asks = no.map(([at, size]) => ({ price: Price.complement(at), count: size }));
  return {
    bids: bids.sort((a, b) => b.price - a.price),
    asks: asks.sort((a, b) => a.price - b.price),
  };
}
