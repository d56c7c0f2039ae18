import { Count, type Market, Price, type PriceGrid, type Timestamp } from '@kalshi-mm/core';
import type { Exchange, MarketFacts } from '@kalshi-mm/simulator';
import { isoTime } from './iso-time.ts';

/** When a market was listed, and when anything but trading last changed it. */
export interface MarketTimes {
  readonly createdMs: Timestamp;
  readonly updatedMs: Timestamp;
}

/** A market as `GET /markets` shows it, with its live quotes and figures. */
export function marketJson(
  exchange: Exchange,
  market: Market,
  times: MarketTimes,
  facts: MarketFacts | null = null,
) {
  const { ticker } = market;
  const book = exchange.book(ticker);
  const bid = book.bestBid();
  const ask = book.bestAsk();
  const figures = exchange.statistics(ticker);
  return {
    ticker,
    event_ticker: market.eventTicker,
    market_type: 'binary',
    title: market.title,
    yes_sub_title: market.subTitle ?? market.title,
    no_sub_title: facts?.noSubTitle ?? market.subTitle ?? market.title,
    status: market.status,
    result: market.result ?? '',
    ...timesJson(market, times, facts),
    yes_bid_dollars: Price.format(bid),
    yes_ask_dollars: Price.format(ask),
    no_bid_dollars: Price.format(Price.complement(ask)),
    no_ask_dollars: Price.format(Price.complement(bid)),
    yes_bid_size_fp: Count.format(book.countAt('bid', bid)),
    yes_ask_size_fp: Count.format(book.countAt('ask', ask)),
    last_price_dollars: Price.format(figures.lastPrice ?? Price.NO_BID),
    previous_price_dollars: '0.0000',
    previous_yes_bid_dollars: '0.0000',
    previous_yes_ask_dollars: '0.0000',
    volume_fp: Count.format(figures.volume),
    volume_24h_fp: Count.format(figures.volume24h),
    open_interest_fp: Count.format(figures.openInterest),
    notional_value_dollars: '1.0000',
    can_close_early: true,
    expiration_value: facts?.expirationValue ?? '',
    rules_primary: facts?.rules ?? '',
    rules_secondary: '',
    ...gridJson(market.grid),
    ...strikeJson(market),
    ...settlementValueJson(market),
    exchange_index: market.exchangeIndex,
  };
}

/** `price_level_structure` and `price_ranges`; the ranges are the truth, the name is decoration. */
export function gridJson(grid: PriceGrid) {
  const price_ranges = grid.ranges.map(({ start, end, step }) => ({
    start: Price.format(start),
    end: Price.format(end),
    step: Price.format(step as Price),
  }));
  const steps = grid.ranges.map((range) => `${range.start}+${range.step}`).join();
  return { price_level_structure: STRUCTURES[steps] ?? '', price_ranges };
}

/** `strike_type`, `floor_strike` and `cap_strike` where known; strikes are JSON numbers on the wire. */
export function strikeJson(market: Market) {
  const floor = strikeOf(market.floorStrike);
  const cap = strikeOf(market.capStrike);
  return {
    ...(market.strikeType === null ? {} : { strike_type: market.strikeType }),
    ...(floor === null ? {} : { floor_strike: floor }),
    ...(cap === null ? {} : { cap_strike: cap }),
  };
}

function strikeOf(text: string | null | undefined): number | null {
  const strike = text === null || text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(strike) ? strike : null;
}

const STRUCTURES: Readonly<Record<string, string>> = {
  '0+100': 'linear_cent',
  '0+10': 'deci_cent',
  '0+10,1000+100,9000+10': 'tapered_deci_cent',
  '0+1': 'center_centi_edge_centi_cent',
};

function timesJson(market: Market, { createdMs, updatedMs }: MarketTimes, facts: MarketFacts | null) {
  const close = isoTime(market.closeMs);
  const occurrence = facts?.occurrenceMs ?? null;
  return {
    created_time: isoTime(createdMs),
    updated_time: isoTime(updatedMs),
    open_time: isoTime(market.openMs),
    close_time: close,
    expected_expiration_time: facts === null ? close : isoTime(facts.expectedExpirationMs),
    latest_expiration_time: facts === null ? close : isoTime(facts.latestExpirationMs),
    ...(occurrence === null ? {} : { occurrence_datetime: isoTime(occurrence) }),
    settlement_timer_seconds: facts === null ? 1 : Math.round(facts.settlementTimerMs / 1_000),
  };
}

function settlementValueJson(market: Market) {
  return {
    ...(market.settlementPrice === null
      ? {}
      : { settlement_value_dollars: Price.format(market.settlementPrice) }),
    ...(market.settledMs === null ? {} : { settlement_ts: isoTime(market.settledMs) }),
  };
}
