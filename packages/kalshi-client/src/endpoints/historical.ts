import * as z from 'zod';
import { encode, page, request, toCommas, toSeconds, toSubaccount } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { count, id, isoTime, money, optional, price, secondsTime, wire } from '../wire-fields.ts';
import { type MarketsPage, marketAnswer, marketsPage, type WireMarket } from '../wire-market.ts';
import { type OrdersPage, ordersPage } from '../wire-order.ts';
import { type FillsPage, fillsPage, type PositionsPage, positionsPage } from '../wire-portfolio.ts';
import { type TradesPage, tradesPage } from '../wire-trade.ts';

const cutoffAnswer = wire({
  market_settled_ts: isoTime,
  trades_created_ts: isoTime,
  orders_updated_ts: isoTime,
  market_positions_last_updated_ts: optional(isoTime),
});

export type HistoricalCutoff = z.output<typeof cutoffAnswer>;

/** What is older than these moments is in the historical tier only. Each moves by itself. */
export function getHistoricalCutoff(http: RestReader): Promise<HistoricalCutoff> {
  return http.get(route`/historical/cutoff`, cutoffAnswer);
}

const marketsQuery = request({
  ...page,
  tickers: toCommas.optional(),
  event_ticker: z.string().optional(),
  series_ticker: z.string().optional(),
  mve_filter: z.enum(['only', 'exclude']).optional(),
});

export type GetHistoricalMarkets = z.input<typeof marketsQuery>;

export function getHistoricalMarkets(
  http: RestReader,
  query: GetHistoricalMarkets = {},
): Promise<MarketsPage> {
  const filters = encode(marketsQuery, query, 'GET /historical/markets');
  return http.get(route`/historical/markets`, marketsPage, filters);
}

export async function getHistoricalMarket(http: RestReader, ticker: string): Promise<WireMarket> {
  return (await http.get(route`/historical/markets/${ticker}`, marketAnswer)).market;
}

const quoteRange = wire({ open: price, low: price, high: price, close: price });

const candle = wire({
  end_period_ts: secondsTime,
  yes_bid: quoteRange,
  yes_ask: quoteRange,
  /** Null: nothing was traded in the period. */
  price: wire({
    open: optional(price),
    low: optional(price),
    high: optional(price),
    close: optional(price),
    mean: optional(money),
    previous: optional(price),
  }),
  volume: count,
  open_interest: count,
});

const candlesQuery = request({
  start_ts: toSeconds,
  end_ts: toSeconds,
  /** Minutes. */
  period_interval: z.union([z.literal(1), z.literal(60), z.literal(1440)]),
});

export type GetHistoricalCandlesticks = z.input<typeof candlesQuery>;

const candlesAnswer = wire({ ticker: id, candlesticks: z.array(candle) });

export type HistoricalCandlesticks = z.output<typeof candlesAnswer>;

/** Candles of an archived market; the fields have no suffix here. */
export function getHistoricalCandlesticks(
  http: RestReader,
  ticker: string,
  query: GetHistoricalCandlesticks,
): Promise<HistoricalCandlesticks> {
  const filters = encode(candlesQuery, query, 'GET /historical/markets/{ticker}/candlesticks');
  return http.get(route`/historical/markets/${ticker}/candlesticks`, candlesAnswer, filters);
}

const span = {
  ...page,
  ticker: z.string().optional(),
  min_ts: toSeconds.optional(),
  max_ts: toSeconds.optional(),
};

const tradesQuery = request({ ...span, is_block_trade: z.boolean().optional() });

export type GetHistoricalTrades = z.input<typeof tradesQuery>;

export function getHistoricalTrades(http: RestReader, query: GetHistoricalTrades = {}): Promise<TradesPage> {
  const filters = encode(tradesQuery, query, 'GET /historical/trades');
  return http.get(route`/historical/trades`, tradesPage, filters);
}

const accountQuery = request({ ...span, subaccount: toSubaccount.optional() });

export type GetHistoricalFills = z.input<typeof accountQuery>;

export function getHistoricalFills(http: RestReader, query: GetHistoricalFills = {}): Promise<FillsPage> {
  const filters = encode(accountQuery, query, 'GET /historical/fills');
  return http.get(route`/historical/fills`, fillsPage, filters);
}

export type GetHistoricalOrders = z.input<typeof accountQuery>;

export function getHistoricalOrders(http: RestReader, query: GetHistoricalOrders = {}): Promise<OrdersPage> {
  const filters = encode(accountQuery, query, 'GET /historical/orders');
  return http.get(route`/historical/orders`, ordersPage, filters);
}

const positionsQuery = request({
  ...page,
  ticker: z.string().optional(),
  event_ticker: z.string().optional(),
  subaccount: toSubaccount.optional(),
});

export type GetHistoricalPositions = z.input<typeof positionsQuery>;

export function getHistoricalPositions(
  http: RestReader,
  query: GetHistoricalPositions = {},
): Promise<PositionsPage> {
  const filters = encode(positionsQuery, query, 'GET /historical/positions');
  return http.get(route`/historical/positions`, positionsPage, filters);
}
