import {
  Count,
  MARKET_RESULTS,
  MARKET_STATUSES,
  type Market,
  type MarketActivity,
  type MarketResult,
  type MarketStatus,
  PriceGrid,
  Ticker,
  WireError,
} from '@kalshi-mm/core';
import { effectiveFees } from './effective-fees.ts';
import type { WireEvent } from './wire-event.ts';
import type { WireMarket } from './wire-market.ts';
import { UNKNOWN_SHARD } from './wire-order.ts';
import type { WireSeries } from './wire-series.ts';

/**
 * Joins a listed market with its event and series: a market object names neither its series nor its fees.
 * The event's fee overrides win over the series. A status that is not known yet reads as `inactive`, so that
 * nothing trades on it; an absent shard as −1.
 *
 * @throws WireError when the three do not belong together
 */
export function toMarket(
  market: WireMarket,
  event: WireEvent,
  series: Pick<WireSeries, 'ticker' | 'category' | 'fee_type' | 'fee_multiplier'>,
): Market {
  if (event.event_ticker !== market.event_ticker) {
    throw new WireError(`market ${market.ticker}: event_ticker`, event.event_ticker, market.event_ticker);
  }
  if (series.ticker !== event.series_ticker) {
    throw new WireError(`event ${event.event_ticker}: series_ticker`, series.ticker, event.series_ticker);
  }
  return {
    ticker: Ticker.of(market.ticker),
    eventTicker: market.event_ticker,
    seriesTicker: event.series_ticker,
    category: (series.category ?? event.category ?? 'unknown').toLowerCase(),
    title: market.title ?? market.yes_sub_title ?? event.title,
    status: STATUSES.has(market.status) ? (market.status as MarketStatus) : 'inactive',
    openMs: market.open_time,
    closeMs: market.close_time,
    grid: PriceGrid.of(market.price_ranges),
    fees: effectiveFees(series, event),
    exchangeIndex: market.exchange_index ?? event.exchange_index ?? UNKNOWN_SHARD,
    strikeType: market.strike_type,
    floorStrike: market.floor_strike,
    result: RESULTS.has(market.result) ? (market.result as MarketResult) : null,
    settlementPrice: market.settlement_value_dollars,
    settledMs: market.settlement_ts,
  };
}

/** The listing's own measure of how busy the market is. */
export function toActivity(market: WireMarket): MarketActivity {
  return {
    ticker: Ticker.of(market.ticker),
    volume24hContracts: Count.toContracts(market.volume_24h_fp),
    openInterestContracts: Count.toContracts(market.open_interest_fp),
    bid: market.yes_bid_dollars,
    ask: market.yes_ask_dollars,
    lastPrice: market.last_price_dollars,
    notionalPerContract: market.notional_value_dollars,
  };
}

const STATUSES: ReadonlySet<string> = new Set(MARKET_STATUSES);
const RESULTS: ReadonlySet<string> = new Set(MARKET_RESULTS);
