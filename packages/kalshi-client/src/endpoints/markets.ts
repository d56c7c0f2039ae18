import * as z from 'zod';
import { encode, page, request, toCommas, toRepeated, toSeconds } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { type MarketsPage, marketAnswer, marketsPage, type WireMarket } from '../wire-market.ts';
import { type OrderBook, orderBookAnswer, orderBooksAnswer } from '../wire-order-book.ts';
import { type TradesPage, tradesPage } from '../wire-trade.ts';

/**
 * The exchange allows `created` times with `unopened`, `open` or no status, `close` times with `closed` or none,
 * `settled` times with `settled` or none; `min_updated_ts` excludes every other filter but `mve_filter: 'exclude'`.
 */
const marketsQuery = request({
  ...page,
  status: z.enum(['unopened', 'open', 'paused', 'closed', 'settled']).optional(),
  event_ticker: z.string().optional(),
  series_ticker: z.string().optional(),
  tickers: toCommas.optional(),
  min_created_ts: toSeconds.optional(),
  max_created_ts: toSeconds.optional(),
  min_close_ts: toSeconds.optional(),
  max_close_ts: toSeconds.optional(),
  min_settled_ts: toSeconds.optional(),
  max_settled_ts: toSeconds.optional(),
  /** Changes of anything but trading. */
  min_updated_ts: toSeconds.optional(),
  /** Combos flood the list unless excluded. */
  mve_filter: z.enum(['only', 'exclude']).optional(),
});

export type GetMarkets = z.input<typeof marketsQuery>;

/** One page of markets, 1,000 at most. Cached by the exchange for some 15 s: never quote from it. */
export function getMarkets(http: RestReader, query: GetMarkets = {}): Promise<MarketsPage> {
  return http.get(route`/markets`, marketsPage, encode(marketsQuery, query, 'GET /markets'));
}

/** A market; an archived one is only in the historical tier. */
export async function getMarket(http: RestReader, ticker: string): Promise<WireMarket> {
  return (await http.get(route`/markets/${ticker}`, marketAnswer)).market;
}

const bookQuery = request({ depth: z.int().min(0).max(100).optional() });

export type GetOrderBook = z.input<typeof bookQuery>;

/** A book in YES prices, best level first; `depth` levels a side, all when 0 or absent. */
export function getOrderBook(http: RestReader, ticker: string, query: GetOrderBook = {}): Promise<OrderBook> {
  return http.get(
    route`/markets/${ticker}/orderbook`,
    orderBookAnswer,
    encode(bookQuery, query, 'GET /markets/{ticker}/orderbook'),
  );
}

const booksQuery = request({ tickers: toRepeated.min(1).max(100) });

export interface TickerBook {
  readonly ticker: string;
  readonly book: OrderBook;
}

/** Whole books of up to 100 markets. */
export async function getOrderBooks(
  http: RestReader,
  tickers: readonly string[],
): Promise<readonly TickerBook[]> {
  const query = encode(booksQuery, { tickers: [...tickers] }, 'GET /markets/orderbooks');
  return (await http.get(route`/markets/orderbooks`, orderBooksAnswer, query)).orderbooks;
}

const tradesQuery = request({
  ...page,
  ticker: z.string().optional(),
  min_ts: toSeconds.optional(),
  max_ts: toSeconds.optional(),
  is_block_trade: z.boolean().optional(),
});

export type GetTrades = z.input<typeof tradesQuery>;

/** Public trades, newest first: one for each maker matched. */
export function getTrades(http: RestReader, query: GetTrades = {}): Promise<TradesPage> {
  return http.get(route`/markets/trades`, tradesPage, encode(tradesQuery, query, 'GET /markets/trades'));
}
