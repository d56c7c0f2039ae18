import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WireError } from '@kalshi-mm/core';
import type { DatasetFormat } from './dataset.ts';
import { microDollars } from './poll-rows.ts';
import { eachCsvRow } from './read-table.ts';
import { createTable } from './table.ts';

/** Bitcoin in dollars once a second, for one day; no market. */
export const btcusd: DatasetFormat = {
  name: 'btcusd-1s-2026-07-24',
  contents: 'BTCUSD-prices-<day>.csv.gz',
  recognise: (dir) => readdirSync(dir).some((name) => FILE.test(name)),
  async open(dir, ticker) {
    const names = readdirSync(dir)
      .filter((name) => FILE.test(name))
      .sort();
    const table = createTable();
    for (const name of names) {
      eachCsvRow(join(dir, name), ['feed_ts_ms', 'value', 'recv_ms'], (line) => {
        const ms = (key: string): number => {
          const value = Number(line[key]);
          if (!Number.isSafeInteger(value)) throw new WireError(key, 'milliseconds', line[key]);
          return value;
        };
        const instrument = { symbol: 'BTC-USD', source: 'chainlink' };
        table.spot(instrument, ms('recv_ms'), ms('feed_ts_ms'), microDollars(line.value, 'value'));
      });
    }
    return table.finish({
      source: 'btcusd-1s-2026-07-24',
      labels: {
        trades: false,
        depth: 'none',
        sizes: false,
        receiveClock: 'local',
        exchangeClock: true,
        ticker: false,
      },
      path: join(dir, names[0]!),
      ticker,
      warnings: [
        'Prices of one instrument and no market; digits behind the sixth are cut.',
        'The exchange time of a row is the time of the feed.',
      ],
    });
  },
};

const FILE = /^BTCUSD-prices-.*\.csv\.gz$/;
