import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../json-fields.ts';
import type { DatasetFormat } from './dataset.ts';
import { integer } from './frame-rows.ts';
import { floatCount, floatPrice, interestRow, lastRow, quoteRows, volumeRow } from './poll-rows.ts';
import { eachJsonLine } from './read-table.ts';
import { ASSUMED_TERMS, ASSUMED_TIMES, createTable, NO_SIZES, POLLED } from './table.ts';

/** The ticker channel of one game, both sides, with times in whole seconds. */
export const nbaTicks: DatasetFormat = {
  name: 'kalshi-nba-ticks-2025-11-22',
  contents: '<ticker>.jsonl.gz and nba_markets_*.csv',
  recognise: (dir) => readdirSync(dir).some((name) => /^nba_markets_.*\.csv$/.test(name)),
  async open(dir, ticker) {
    const names = readdirSync(dir)
      .filter((name) => name.endsWith('.jsonl.gz'))
      .sort();
    const table = createTable();
    for (const name of names) {
      eachJsonLine(join(dir, name), (line) => {
        const recvMs = integer(line.kalshi_ts, 'kalshi_ts') * 1_000;
        const market = table.market(text(line.market_ticker, 'market_ticker'), { category: 'sports' });
        const at = { recvMs, exchangeMs: recvMs, market };
        const bid = floatPrice(line.yes_bid_prob, 'yes_bid_prob');
        table.add([
          ...quoteRows(at, bid, floatPrice(line.yes_ask_prob, 'yes_ask_prob')),
          lastRow(at, floatPrice(line.price_prob, 'price_prob')),
          volumeRow(at, floatCount(line.volume, 'volume')),
          interestRow(at, floatCount(line.open_interest, 'open_interest')),
        ]);
      });
    }
    return table.finish({
      source: 'kalshi-nba-ticks-2025-11-22',
      labels: { ...POLLED, cadence: 'stream', receiveClock: 'exchange', exchangeClock: true },
      path: join(dir, names[0]!),
      ticker,
      warnings: [
        NO_SIZES,
        'Times are whole seconds of the exchange; no receive time was recorded.',
        ASSUMED_TERMS,
        ASSUMED_TIMES,
      ],
    });
  },
};
