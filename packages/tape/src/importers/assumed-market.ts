import { FeeSchedule, type Market, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';

/**
 * A market of which the source tells no more than its name and some `facts`: whole cents, the quadratic fee, and
 * the names of event and series that its ticker consists of. The importer warns of what it assumed.
 */
export function assumedMarket(
  ticker: string,
  firstMs: number,
  lastMs: number,
  facts: Partial<Market> = {},
): Market {
  const dash = ticker.lastIndexOf('-');
  const eventTicker = dash < 0 ? ticker : ticker.slice(0, dash);
  return {
    ticker: Ticker.of(ticker),
    eventTicker,
    seriesTicker: eventTicker.split('-', 1)[0]!,
    category: 'unknown',
    title: ticker,
    status: 'active',
    openMs: Timestamp.of(Math.floor(firstMs)),
    closeMs: Timestamp.of(Math.ceil(lastMs)),
    grid: PriceGrid.cent(),
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex: 0,
    strikeType: null,
    floorStrike: null,
    result: null,
    settlementPrice: null,
    settledMs: null,
    ...facts,
  };
}
