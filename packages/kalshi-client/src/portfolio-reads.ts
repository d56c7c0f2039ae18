import type { Count, Fill, OrderId, OrderReport, Ticker } from '@kalshi-mm/core';
import { seconds } from './market-reads.ts';
import { pages } from './pages.ts';
import { type RestReader, segment } from './rest-reader.ts';
import { orderAnswer, ordersPage, queuePositionsAnswer } from './wire-order.ts';
import {
  type Balance,
  balanceAnswer,
  fillsPage,
  type MarketPosition,
  positionsPage,
  type Settlement,
  settlementsPage,
} from './wire-portfolio.ts';

export interface OrdersQuery {
  readonly ticker?: Ticker;
  readonly status?: 'resting' | 'canceled' | 'executed';
  readonly sinceMs?: number;
}

export interface QueuePosition {
  readonly orderId: OrderId;
  /** Contracts that match before ours. */
  readonly ahead: Count;
}

/** The account's own data. Reads lag writes: compare with `userDataTimestamp`. Lists come page by page. */
export interface PortfolioReads {
  balance(): Promise<Balance>;
  /** @param query `openOnly` leaves out markets without a position */
  positions(query?: { ticker?: Ticker; openOnly?: boolean }): AsyncIterable<readonly MarketPosition[]>;
  fills(query?: { ticker?: Ticker; orderId?: OrderId; sinceMs?: number }): AsyncIterable<readonly Fill[]>;
  settlements(query?: { ticker?: Ticker; sinceMs?: number }): AsyncIterable<readonly Settlement[]>;
  orders(query?: OrdersQuery): AsyncIterable<readonly OrderReport[]>;
  order(orderId: OrderId): Promise<OrderReport>;
  queuePositions(tickers: readonly Ticker[]): Promise<readonly QueuePosition[]>;
}

export function createPortfolioReads(rest: RestReader): PortfolioReads {
  return {
    balance: () => rest.get('/portfolio/balance', balanceAnswer),
    positions(query = {}) {
      const filters = {
        limit: LIMIT,
        ticker: query.ticker,
        count_filter: query.openOnly === true ? 'position' : undefined,
      };
      return pages('GET /portfolio/positions', async (cursor) => {
        const page = await rest.get('/portfolio/positions', positionsPage, { ...filters, cursor });
        return { items: page.market_positions, cursor: page.cursor };
      });
    },
    fills(query = {}) {
      const filters = {
        limit: LIMIT,
        ticker: query.ticker,
        order_id: query.orderId,
        min_ts: seconds(query.sinceMs),
      };
      return pages('GET /portfolio/fills', async (cursor) => {
        const page = await rest.get('/portfolio/fills', fillsPage, { ...filters, cursor });
        return { items: page.fills, cursor: page.cursor };
      });
    },
    settlements(query = {}) {
      const filters = { limit: LIMIT, ticker: query.ticker, min_ts: seconds(query.sinceMs) };
      return pages('GET /portfolio/settlements', async (cursor) => {
        const page = await rest.get('/portfolio/settlements', settlementsPage, { ...filters, cursor });
        return { items: page.settlements, cursor: page.cursor };
      });
    },
    orders(query = {}) {
      const filters = {
        limit: LIMIT,
        ticker: query.ticker,
        status: query.status,
        min_ts: seconds(query.sinceMs),
      };
      return pages('GET /portfolio/orders', async (cursor) => {
        const page = await rest.get('/portfolio/orders', ordersPage, { ...filters, cursor });
        return { items: page.orders, cursor: page.cursor };
      });
    },
    async order(orderId) {
      return (await rest.get(`/portfolio/orders/${segment(orderId)}`, orderAnswer)).order;
    },
    async queuePositions(tickers) {
      const answer = await rest.get('/portfolio/orders/queue_positions', queuePositionsAnswer, {
        market_tickers: tickers.join(','),
      });
      return answer.queue_positions ?? [];
    },
  };
}

/** Allowed by the specification of every portfolio list. */
const LIMIT = 1000;
