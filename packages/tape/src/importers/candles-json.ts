import { Count, Price, WireError } from '@kalshi-mm/core';
import { object } from '../json-fields.ts';
import { integer } from './frame-rows.ts';
import { type CandlePrices, candleRows, int32 } from './poll-rows.ts';
import type { Table } from './table.ts';

/** Candles as the exchange's REST side prints them, live (`close_dollars`) or historical (`close`). */
export function readCandles(list: unknown, market: number, table: Table, path: string): void {
  if (!Array.isArray(list)) throw new WireError(path, 'a list of candles', list);
  list.forEach((entry: unknown, i) => {
    const at = `${path}[${i}]`;
    const candle = object(entry, at);
    const endMs = integer(candle.end_period_ts, `${at}.end_period_ts`) * 1_000;
    const count = (key: string): number =>
      int32(Count.parse(candle[`${key}_fp`] ?? candle[key], `${at}.${key}`), `${at}.${key}`);
    table.add(
      candleRows(
        { recvMs: endMs, exchangeMs: endMs, market },
        {
          trade: prices(candle.price, `${at}.price`),
          bid: prices(candle.yes_bid, `${at}.yes_bid`),
          ask: prices(candle.yes_ask, `${at}.yes_ask`),
          volume: count('volume'),
          openInterest: count('open_interest'),
        },
      ),
    );
  });
}

/** A minute without a trade has no prices of trades. */
function prices(value: unknown, path: string): CandlePrices {
  const from = object(value, path);
  const found: { [part: string]: number } = {};
  for (const part of ['open', 'high', 'low', 'close', 'mean']) {
    const text = from[`${part}_dollars`] ?? from[part];
    if (text !== undefined && text !== null) found[part] = Price.parse(text, `${path}.${part}`);
  }
  return found;
}
