import { Count, Price } from '@kalshi-mm/core';
import type { Candle, Spread } from '../records/candle-recorder.ts';

/** A candle of a market in the live tier. */
export function candleJson(candle: Candle) {
  const { trades, previous } = candle;
  return {
    end_period_ts: candle.endTs,
    yes_bid: suffixed(candle.bid),
    yes_ask: suffixed(candle.ask),
    price: {
      ...(trades === null
        ? {}
        : {
            ...suffixed(trades),
            mean_dollars: Price.format(meanOf(candle)),
            min_dollars: Price.format(trades.low),
            max_dollars: Price.format(trades.high),
          }),
      ...(previous === null ? {} : { previous_dollars: Price.format(previous) }),
    },
    volume_fp: Count.format(candle.volume),
    open_interest_fp: Count.format(candle.openInterest),
  };
}

/** The same in the historical tier, where names carry no units. */
export function historicalCandleJson(candle: Candle) {
  const { trades, previous } = candle;
  const nothing = { open: null, low: null, high: null, close: null };
  return {
    end_period_ts: candle.endTs,
    yes_bid: plain(candle.bid),
    yes_ask: plain(candle.ask),
    price: {
      ...(trades === null ? nothing : plain(trades)),
      mean: trades === null ? null : Price.format(meanOf(candle)),
      previous: previous === null ? null : Price.format(previous),
    },
    volume: Count.format(candle.volume),
    open_interest: Count.format(candle.openInterest),
  };
}

function meanOf(candle: Candle): Price {
  return Price.of(Math.round(candle.notional / candle.volume));
}

function suffixed({ open, low, high, close }: Spread) {
  return {
    open_dollars: Price.format(open),
    low_dollars: Price.format(low),
    high_dollars: Price.format(high),
    close_dollars: Price.format(close),
  };
}

function plain({ open, low, high, close }: Spread) {
  return {
    open: Price.format(open),
    low: Price.format(low),
    high: Price.format(high),
    close: Price.format(close),
  };
}
