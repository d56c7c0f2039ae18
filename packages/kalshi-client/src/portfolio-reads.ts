import { type Count, type Fill, OrderId, type OrderReport, type Ticker } from '@kalshi-mm/core';
import { type GetOrders, getOrder, getOrders, getQueuePositions } from './endpoints/orders.ts';
import {
  type GetFills,
  type GetPositions,
  type GetSettlements,
  getBalance,
  getFills,
  getPositions,
  getSettlements,
} from './endpoints/portfolio.ts';
import { since } from './market-reads.ts';
import { lists, pagesOf } from './pages.ts';
import type { RestReader } from './rest-reader.ts';
import { toOrderReport } from './wire-order.ts';
import {
  type Balance,
  type MarketPosition,
  type Settlement,
  toBalance,
  toFill,
  toMarketPosition,
  toSettlement,
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

export function createPortfolioReads(http: RestReader): PortfolioReads {
  return {
    balance: async () => toBalance(await getBalance(http)),
    positions(query = {}) {
      const filters: GetPositions = {
        limit: LIMIT,
        ticker: query.ticker,
        count_filter: query.openOnly === true ? 'position' : undefined,
      };
      return lists(pagesOf(getPositions, http, filters), (page) =>
        page.market_positions.map(toMarketPosition),
      );
    },
    fills(query = {}) {
      const filters: GetFills = {
        limit: LIMIT,
        ticker: query.ticker,
        order_id: query.orderId,
        min_ts: since(query.sinceMs),
      };
      return lists(pagesOf(getFills, http, filters), (page) => page.fills.map(toFill));
    },
    settlements(query = {}) {
      const filters: GetSettlements = { limit: LIMIT, ticker: query.ticker, min_ts: since(query.sinceMs) };
      return lists(pagesOf(getSettlements, http, filters), (page) => page.settlements.map(toSettlement));
    },
    orders(query = {}) {
      const filters: GetOrders = {
        limit: LIMIT,
        ticker: query.ticker,
        status: query.status,
        min_ts: since(query.sinceMs),
      };
      return lists(pagesOf(getOrders, http, filters), (page) => page.orders.map(toOrderReport));
    },
    order: async (orderId) => toOrderReport(await getOrder(http, orderId)),
    async queuePositions(tickers) {
      const positions = await getQueuePositions(http, { market_tickers: [...tickers] });
      return positions.map((one) => ({ orderId: OrderId.of(one.order_id), ahead: one.queue_position_fp }));
    },
  };
}

/** Allowed by the specification of every portfolio list. */
const LIMIT = 1000;
