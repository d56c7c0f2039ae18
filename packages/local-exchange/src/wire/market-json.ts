import { Count, type Market, Price, type PriceGrid, type Timestamp } from '@kalshi-mm/core';
import type { Exchange } from '@kalshi-mm/simulator';
import { isoTime } from './iso-time.ts';

/** A market as `GET /markets` shows it, with its live quotes and figures. */
export function marketJson(exchange: Exchange, market: Market, updatedMs: Timestamp) {
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
    yes_sub_title: market.title,
    no_sub_title: market.title,
    status: market.status,
    result: market.result ?? '',
    ...timesJson(market, updatedMs),
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
    expiration_value: '',
    rules_primary: '',
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

/** `strike_type` and `floor_strike` where known; the strike is a JSON number on the wire. */
export function strikeJson(market: Market) {
  const floor = market.floorStrike === null ? Number.NaN : Number(market.floorStrike);
  return {
    ...(market.strikeType === null ? {} : { strike_type: market.strikeType }),
    ...(Number.isFinite(floor) ? { floor_strike: floor } : {}),
  };
}

const STRUCTURES: Readonly<Record<string, string>> = {
  '0+100': 'linear_cent',
  '0+10': 'deci_cent',
  '0+10,1000+100,9000+10': 'tapered_deci_cent',
  '0+1': 'center_centi_edge_centi_cent',
};

function timesJson(market: Market, updatedMs: Timestamp) {
  const open = isoTime(market.openMs);
  const close = isoTime(market.closeMs);
  return {
    created_time: open,
    updated_time: isoTime(updatedMs),
    open_time: open,
    close_time: close,
    expected_expiration_time: close,
    latest_expiration_time: close,
    settlement_timer_seconds: 1,
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
