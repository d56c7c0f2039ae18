import type { Clock, EventSink, Ticker } from '@kalshi-mm/core';
import type { RestReads } from './rest-reads.ts';

/** A change that is not told completely: read the market over REST. */
export interface MarketNotice {
  readonly kind: 'activated' | 'close_date_updated';
  readonly ticker: Ticker;
  readonly eventTicker: string;
}

export interface RestFeedOptions {
  readonly reads: RestReads;
  /** Stamps events. */
  readonly clock: Clock;
  readonly sink: EventSink;
  /** From the start of one round of books to the start of the next, ms of wall time. @default 1000 */
  readonly booksEveryMs?: number;
  /** Between two reads of the listing (status, volume), ms of wall time. @default 5000 */
  readonly marketsEveryMs?: number;
  /** Least time between the starts of two requests, ms of wall time: the feed's share of the read budget. @default 100 */
  readonly spacingMs?: number;
  /** Reads the own account: its orders, fills and positions are not part of market data. */
  readonly readAccount?: () => Promise<void>;
  /** Between the starts of two reads of the account, ms of wall time. @default 3000 */
  readonly accountEveryMs?: number;
  readonly onNotice?: (notice: MarketNotice) => void;
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

const nothing = (): void => {};

export function withDefaults(options: RestFeedOptions): Required<RestFeedOptions> {
  return {
    booksEveryMs: 1_000,
    marketsEveryMs: 5_000,
    spacingMs: 100,
    readAccount: async () => {},
    accountEveryMs: 3_000,
    onNotice: nothing,
    log: nothing,
    ...options,
  };
}
