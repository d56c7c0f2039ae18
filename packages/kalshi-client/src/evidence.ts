import {
  type ClientOrderId,
  type Clock,
  MmError,
  type OrderId,
  type OrderReport,
  type Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import { ExchangeRequestError } from './exchange-error.ts';
import type { ExchangeReads } from './exchange-reads.ts';
import type { PortfolioReads } from './portfolio-reads.ts';

/** The reads that resolve an unknown outcome. */
export type EvidenceSource = Pick<ExchangeReads, 'userDataTimestamp'> &
  Pick<PortfolioReads, 'orders' | 'order' | 'fills'>;

/** When a read that does not show an effect counts as proof that there is none. */
export interface Freshness {
  /** The account's data must be this much newer than the end of the attempt: clocks differ. @default 2000 */
  readonly marginMs: number;
  /** Used instead while the exchange does not say how old its data is. @default 15000 */
  readonly blindMarginMs: number;
}

/** Reads the account to find out what became of a request. */
export interface Evidence {
  /** Whether a read begun after this call shows everything that was done up to `endedMs`. */
  isFresh(endedMs: Timestamp): Promise<boolean>;
  /** Null when the exchange does not know the order. */
  order(orderId: OrderId): Promise<OrderReport | null>;
  /**
   * Looks through all orders of a market, and through the orders behind its fills, for our name of one.
   *
   * @param sinceMs how far back to look; everything when null
   */
  find(ticker: Ticker, clientOrderId: ClientOrderId, sinceMs: number | null): Promise<OrderReport | null>;
}

export function createEvidence(source: EvidenceSource, clock: Clock, freshness: Freshness): Evidence {
  const order = async (orderId: OrderId): Promise<OrderReport | null> => {
    try {
      return await source.order(orderId);
    } catch (error) {
      if (error instanceof ExchangeRequestError && error.exchange.status === 404) return null;
      throw error;
    }
  };
  return {
    order,
    async isFresh(endedMs) {
      try {
        return (await source.userDataTimestamp()) >= endedMs + freshness.marginMs;
      } catch (error) {
        if (!(error instanceof MmError)) throw error;
        return clock.now() >= endedMs + freshness.blindMarginMs;
      }
    },
    async find(ticker, clientOrderId, sinceMs) {
      const since = sinceMs === null ? {} : { sinceMs };
      const listed = new Set<OrderId>();
      for await (const page of source.orders({ ticker, ...since })) {
        for (const report of page) {
          if (report.clientOrderId === clientOrderId) return report;
          listed.add(report.orderId);
        }
      }
      // A fill may be visible before its order is.
      for await (const page of source.fills({ ticker, ...since })) {
        for (const { orderId } of page) {
          if (listed.has(orderId)) continue;
          listed.add(orderId);
          const report = await order(orderId);
          if (report?.clientOrderId === clientOrderId) return report;
        }
      }
      return null;
    },
  };
}
