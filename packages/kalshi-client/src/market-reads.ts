import type { Ticker, Timestamp } from '@kalshi-mm/core';
import { pages } from './pages.ts';
import { type RestReader, segment } from './rest-reader.ts';
import { eventAnswer, eventsPage, type WireEvent } from './wire-event.ts';
import { marketAnswer, marketsPage, type WireMarket } from './wire-market.ts';
import { type OrderBook, orderBookAnswer } from './wire-order-book.ts';
import { seriesAnswer, type WireSeries } from './wire-series.ts';
import { type Trade, tradesPage } from './wire-trade.ts';

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
  /** Newest first. */
  trades(query?: { ticker?: Ticker; sinceMs?: number }): AsyncIterable<readonly Trade[]>;
  events(query?: EventsQuery): AsyncIterable<readonly WireEvent[]>;
  event(eventTicker: string): Promise<WireEvent>;
  series(seriesTicker: string): Promise<WireSeries>;
}

export function createMarketReads(rest: RestReader): MarketReads {
  return {
    markets(query = {}) {
      const filters = {
        limit: 1000,
        status: query.status,
        series_ticker: query.seriesTicker,
        event_ticker: query.eventTicker,
        tickers: query.tickers?.join(','),
        min_close_ts: seconds(query.minCloseMs),
        max_close_ts: seconds(query.maxCloseMs),
        mve_filter: query.includeCombos === true ? undefined : 'exclude',
      };
      return pages('GET /markets', async (cursor) => {
        const page = await rest.get('/markets', marketsPage, { ...filters, cursor });
        return { items: page.markets, cursor: page.cursor };
      });
    },
    async market(ticker) {
      return (await rest.get(`/markets/${segment(ticker)}`, marketAnswer)).market;
    },
    orderBook: (ticker, depth) =>
      rest.get(`/markets/${segment(ticker)}/orderbook`, orderBookAnswer, { depth }),
    trades(query = {}) {
      const filters = { limit: 1000, ticker: query.ticker, min_ts: seconds(query.sinceMs) };
      return pages('GET /markets/trades', async (cursor) => {
        const page = await rest.get('/markets/trades', tradesPage, { ...filters, cursor });
        return { items: page.trades, cursor: page.cursor };
      });
    },
    events(query = {}) {
      const filters = {
        limit: 200,
        status: query.status,
        series_ticker: query.seriesTicker,
        with_nested_markets: query.withMarkets,
      };
      return pages('GET /events', async (cursor) => {
        const page = await rest.get('/events', eventsPage, { ...filters, cursor });
        return { items: page.events, cursor: page.cursor };
      });
    },
    async event(eventTicker) {
      return (await rest.get(`/events/${segment(eventTicker)}`, eventAnswer)).event;
    },
    async series(seriesTicker) {
      return (await rest.get(`/series/${segment(seriesTicker)}`, seriesAnswer)).series;
    },
  };
}

/** Query filters are whole seconds; the cut is downwards, so that a lower bound never loses anything. */
export function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1000);
}
