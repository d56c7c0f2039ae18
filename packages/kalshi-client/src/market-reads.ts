import { type Ticker, Timestamp } from '@kalshi-mm/core';
import { type GetEvents, getEvent, getEvents } from './endpoints/events.ts';
import {
  type GetMarkets,
  type GetTrades,
  getMarket,
  getMarkets,
  getOrderBook,
  getOrderBooks,
  getTrades,
  type TickerBook,
} from './endpoints/markets.ts';
import { getSeries } from './endpoints/series.ts';
import { lists, pagesOf } from './pages.ts';
import type { RestReader } from './rest-reader.ts';
import type { WireEvent } from './wire-event.ts';
import type { WireMarket } from './wire-market.ts';
import type { OrderBook } from './wire-order-book.ts';
import type { WireSeries } from './wire-series.ts';
import { type Trade, toTrade } from './wire-trade.ts';

/** Filters of `GET /markets`; the exchange refuses some combinations of time filters with a status. */
export interface MarketsQuery {
  readonly status?: 'unopened' | 'open' | 'paused' | 'closed' | 'settled';
  readonly seriesTicker?: string;
  readonly eventTicker?: string;
  readonly tickers?: readonly Ticker[];
  readonly minCloseMs?: Timestamp;
  readonly maxCloseMs?: Timestamp;
  /** Whole combos are left out unless asked for. @default false */
  readonly includeCombos?: boolean;
}

export interface EventsQuery {
  readonly status?: 'unopened' | 'open' | 'closed' | 'settled';
  readonly seriesTicker?: string;
  readonly withMarkets?: boolean;
}

/** Public data. Lists come page by page. */
export interface MarketReads {
  markets(query?: MarketsQuery): AsyncIterable<readonly WireMarket[]>;
  market(ticker: Ticker): Promise<WireMarket>;
  /** @param depth levels per side; all when absent */
  orderBook(ticker: Ticker, depth?: number): Promise<OrderBook>;
  /** Whole books; at most 100 markets in one request. Markets that do not exist are left out. */
  orderBooks(tickers: readonly Ticker[]): Promise<readonly TickerBook[]>;
  /** Newest first. */
  trades(query?: { ticker?: Ticker; sinceMs?: number }): AsyncIterable<readonly Trade[]>;
  events(query?: EventsQuery): AsyncIterable<readonly WireEvent[]>;
  event(eventTicker: string): Promise<WireEvent>;
  series(seriesTicker: string): Promise<WireSeries>;
}

export function createMarketReads(http: RestReader): MarketReads {
  return {
    markets(query = {}) {
      const filters: GetMarkets = {
        limit: 1000,
        status: query.status,
        series_ticker: query.seriesTicker,
        event_ticker: query.eventTicker,
        tickers: query.tickers === undefined ? undefined : [...query.tickers],
        min_close_ts: query.minCloseMs,
        max_close_ts: query.maxCloseMs,
        mve_filter: query.includeCombos === true ? undefined : 'exclude',
      };
      return lists(pagesOf(getMarkets, http, filters), (page) => page.markets);
    },
    market: (ticker) => getMarket(http, ticker),
    orderBook: (ticker, depth) => getOrderBook(http, ticker, { depth }),
    orderBooks: (tickers) => getOrderBooks(http, tickers),
    trades(query = {}) {
      const filters: GetTrades = { limit: 1000, ticker: query.ticker, min_ts: since(query.sinceMs) };
      return lists(pagesOf(getTrades, http, filters), (page) => page.trades.map(toTrade));
    },
    events(query = {}) {
      const filters: GetEvents = {
        limit: 200,
        status: query.status,
        series_ticker: query.seriesTicker,
        with_nested_markets: query.withMarkets,
      };
      return lists(pagesOf(getEvents, http, filters), (page) => page.events);
    },
    event: (eventTicker) => getEvent(http, eventTicker),
    series: (seriesTicker) => getSeries(http, seriesTicker),
  };
}

/** A lower bound, which may come from a subtraction. */
export function since(ms: number | undefined): Timestamp | undefined {
  return ms === undefined ? undefined : Timestamp.of(Math.max(0, Math.floor(ms)));
}
