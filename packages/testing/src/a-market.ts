import { FeeSchedule, type Market, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';

/** A market for tests: whole cents, taker fees, open from 1,000,000 ms for an hour. */
export function aMarket(changes: Partial<Market> = {}): Market {
  return {
    ticker: Ticker.of('KXTEST-26NOV20-A'),
    eventTicker: 'KXTEST-26NOV20',
    seriesTicker: 'KXTEST',
    category: 'economic',
    title: 'A test market',
    status: 'active',
    openMs: Timestamp.of(1_000_000),
    closeMs: Timestamp.of(4_600_000),
    grid: PriceGrid.cent(),
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex: 0,
    strikeType: null,
    floorStrike: null,
    result: null,
    settlementPrice: null,
    settledMs: null,
    ...changes,
  };
}
