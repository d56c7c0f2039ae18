import { type Market, Ticker, Timestamp } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';

/** A cent-grid market that is open from 0 to 1,000,000 ms; tests change what they care about. */
export function sampleMarket(change: Partial<Market> = {}): Market {
  return aMarket({
    ticker: Ticker.of('KXTEST-1'),
    openMs: Timestamp.of(0),
    closeMs: Timestamp.of(1_000_000),
    ...change,
  });
}
