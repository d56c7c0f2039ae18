import {
  type FeeSchedule,
  formatDecimal,
  MARKET_RESULTS,
  MARKET_STATUSES,
  type Market,
  Price,
  PriceGrid,
  parseDecimal,
  Ticker,
  Timestamp,
  WireError,
} from '@kalshi-mm/core';
import { object, oneOf, text } from './json-fields.ts';

/** A market as it stands in a tape's header: readable, with decimals and times as text. */
export function encodeMarket(market: Market): Record<string, unknown> {
  return {
    ticker: market.ticker,
    eventTicker: market.eventTicker,
    seriesTicker: market.seriesTicker,
    category: market.category,
    title: market.title,
    ...(market.subTitle === undefined ? {} : { subTitle: market.subTitle }),
    status: market.status,
    openTime: Timestamp.formatIso(market.openMs),
    closeTime: Timestamp.formatIso(market.closeMs),
    priceRanges: market.grid.ranges.map((range) => ({
      start: Price.format(range.start),
      end: Price.format(range.end),
      step: formatDecimal(range.step, 4),
    })),
    fees: { type: market.fees.type, multiplier: formatDecimal(market.fees.multiplierMicros, 6) },
    exchangeIndex: market.exchangeIndex,
    strikeType: market.strikeType,
    floorStrike: market.floorStrike,
    ...(market.capStrike == null ? {} : { capStrike: market.capStrike }),
    result: market.result,
    settlementPrice: market.settlementPrice === null ? null : Price.format(market.settlementPrice),
    settledTime: market.settledMs === null ? null : Timestamp.formatIso(market.settledMs),
  };
}

/** @throws WireError naming the field below `path` */
export function decodeMarket(value: unknown, path: string): Market {
  const from = object(value, path);
  const at = (key: string): string => `${path}.${key}`;
  const exchangeIndex = from.exchangeIndex;
  if (!Number.isInteger(exchangeIndex)) throw new WireError(at('exchangeIndex'), 'an integer', exchangeIndex);
  return {
    ticker: Ticker.of(text(from.ticker, at('ticker'))),
    eventTicker: text(from.eventTicker, at('eventTicker')),
    seriesTicker: text(from.seriesTicker, at('seriesTicker')),
    category: text(from.category, at('category')),
    title: text(from.title, at('title')),
    ...(from.subTitle === undefined ? {} : { subTitle: text(from.subTitle, at('subTitle')) }),
    status: oneOf(MARKET_STATUSES, from.status, at('status')),
    openMs: Timestamp.parseIso(from.openTime, at('openTime')),
    closeMs: Timestamp.parseIso(from.closeTime, at('closeTime')),
    grid: decodeGrid(from.priceRanges, at('priceRanges')),
    fees: decodeFees(from.fees, at('fees')),
    exchangeIndex: exchangeIndex as number,
    strikeType: orNull(from.strikeType, at('strikeType'), text),
    floorStrike: orNull(from.floorStrike, at('floorStrike'), text),
    ...(from.capStrike === undefined ? {} : { capStrike: text(from.capStrike, at('capStrike')) }),
    result: orNull(from.result, at('result'), (result, where) => oneOf(MARKET_RESULTS, result, where)),
    settlementPrice: orNull(from.settlementPrice, at('settlementPrice'), Price.parse),
    settledMs: orNull(from.settledTime, at('settledTime'), Timestamp.parseIso),
  };
}

/** Reads `[{ start, end, step }]` in dollars, as the exchange's `price_ranges` are written. @throws WireError */
export function decodeGrid(value: unknown, path: string): PriceGrid {
  if (!Array.isArray(value)) throw new WireError(path, 'a list of price ranges', value);
  return PriceGrid.of(
    value.map((entry: unknown, i) => {
      const range = object(entry, `${path}[${i}]`);
      return {
        start: Price.parse(range.start, `${path}[${i}].start`),
        end: Price.parse(range.end, `${path}[${i}].end`),
        step: parseDecimal(range.step, 4, `${path}[${i}].step`),
      };
    }),
  );
}

function orNull<T>(value: unknown, path: string, read: (value: unknown, path: string) => T): T | null {
  return value === null ? null : read(value, path);
}

function decodeFees(value: unknown, path: string): FeeSchedule {
  const fees = object(value, path);
  return {
    type: text(fees.type, `${path}.type`),
    multiplierMicros: parseDecimal(fees.multiplier, 6, `${path}.multiplier`),
  };
}
