import { FeeSchedule, type Market, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';

/** A cent-grid market that is open from 0 to 1,000,000 ms; tests change what they care about. */
export function sampleMarket(change: Partial<Market> = {}): Market {
  return {
    ticker: Ticker.of('KXTEST-1'),
    eventTicker: 'KXTEST',
    seriesTicker: 'KXTEST',
    category: 'test',
    title: 'Test',
    status: 'active',
    openMs: Timestamp.of(0),
    closeMs: Timestamp.of(1_000_000),
    grid: PriceGrid.cent(),
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex: 0,
    strikeType: null,
    floorStrike: null,
    result: null,
    settlementPrice: null,
    settledMs: null,
    ...change,
  };
}
