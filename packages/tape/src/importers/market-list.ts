import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Count, MARKET_STATUSES, Price, Timestamp, WireError } from '@kalshi-mm/core';
import { object, oneOf, text } from '../json-fields.ts';
import { decodeGrid } from '../market-codec.ts';
import type { DatasetFormat } from './dataset.ts';
import { int32, interestRow, lastRow, quoteRows, volumeRow } from './poll-rows.ts';
import { eachJsonLine } from './read-table.ts';
import { createTable, POLLED, UNKNOWN_BETWEEN } from './table.ts';

/** Passes over `GET /markets`, about every half hour: best prices with their sizes, volume, open interest. */
export const marketList: DatasetFormat = {
  name: 'kalshi-market-list-2026-07',
  contents: '<pass>.jsonl.gz with market records',
  recognise: (dir) => readdirSync(dir).some((name) => PASS.test(name)),
  async open(dir, ticker) {
    const names = readdirSync(dir)
      .filter((name) => PASS.test(name))
      .sort();
    const table = createTable();
    for (const name of names) {
      eachJsonLine(join(dir, name), (line) => {
        const from = object(line.market, 'market');
        const path = (key: string): string => `market.${key}`;
        const price = (key: string): number => Price.parse(from[key], path(key));
        const count = (key: string): number => int32(Count.parse(from[key], path(key)), path(key));
        const market = table.market(text(from.ticker, path('ticker')), {
          category: 'sports',
          eventTicker: text(from.event_ticker, path('event_ticker')),
          title: text(from.title, path('title')),
          status: oneOf(MARKET_STATUSES, from.status, path('status')),
          openMs: Timestamp.parseIso(from.open_time, path('open_time')),
          closeMs: Timestamp.parseIso(from.close_time, path('close_time')),
          grid: decodeGrid(from.price_ranges, path('price_ranges')),
          strikeType: text(from.strike_type, path('strike_type')),
        });
        const at = { recvMs: passTime(line.capture_id), exchangeMs: Number.NaN, market };
        const sizes = { bid: count('yes_bid_size_fp'), ask: count('yes_ask_size_fp') };
        table.add([
          ...quoteRows(at, price('yes_bid_dollars'), price('yes_ask_dollars'), sizes),
          lastRow(at, price('last_price_dollars')),
          volumeRow(at, count('volume_fp')),
          interestRow(at, count('open_interest_fp')),
        ]);
      });
    }
    return table.finish({
      source: 'kalshi-market-list-2026-07',
      labels: { ...POLLED, sizes: true },
      path: join(dir, names[0]!),
      ticker,
      warnings: [
        UNKNOWN_BETWEEN,
        'The receive time is that of the pass, to the second; a pass takes a while, and answers may be cached.',
        'Fees are not in the recording: the quadratic fee is assumed.',
      ],
    });
  },
};

const PASS = /^\d{8}T\d{6}Z\.jsonl\.gz$/;

/** `20260709T201837Z` in milliseconds. */
function passTime(value: unknown): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(value));
  if (parts === null) throw new WireError('capture_id', 'a time such as 20260709T201837Z', value);
  const [, year, month, day, hour, minute, second] = parts;
  return Timestamp.parseIso(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`, 'capture_id');
}
