import type { AuditRecord, Price, Ticker } from '@kalshi-mm/core';
import type { Store } from './store.ts';

/** Best prices that a decision last saw in a market; what positions are marked with. */
export interface Touch {
  readonly bid: Price;
  readonly ask: Price;
}

/** What every projection works with. */
export interface Projection {
  readonly store: Store;
  readonly account: string;
  readonly record: AuditRecord;
  /** By market, for the account; lives as long as the program, so it is empty after a restart. */
  readonly touches: Map<Ticker, Touch>;
}
