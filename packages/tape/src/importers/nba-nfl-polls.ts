import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../json-fields.ts';
import type { DatasetFormat } from './dataset.ts';
import { floatPrice, quoteRows, timeOf } from './poll-rows.ts';
import { eachCsvRow } from './read-table.ts';
import { ASSUMED_TERMS, ASSUMED_TIMES, createTable, NO_SIZES, POLLED, UNKNOWN_BETWEEN } from './table.ts';

/** Best bid and ask of sports markets, polled every 20 seconds to every few minutes. */
export const nbaNflPolls: DatasetFormat = {
  name: 'kalshi-nba-nfl-polls',
  contents: 'kalshi_*.csv.gz with "timestamp", "ticker", "yes_bid" and "yes_ask" columns',
  recognise: (dir) => readdirSync(dir).some((name) => /^kalshi_n\w+_[\d-]+\.csv\.gz$/.test(name)),
  async open(dir, ticker) {
    const names = readdirSync(dir)
      .filter((name) => /^kalshi_.*\.csv\.gz$/.test(name))
      .sort();
    const table = createTable();
    for (const name of names) {
      eachCsvRow(join(dir, name), ['timestamp', 'ticker', 'title', 'yes_bid', 'yes_ask'], (line) => {
        const market = table.market(text(line.ticker, 'ticker'), { category: 'sports', title: line.title! });
        const price = (key: string): number | null => (line[key] === '' ? null : floatPrice(line[key], key));
        const at = { recvMs: timeOf(line.timestamp, 'timestamp'), exchangeMs: Number.NaN, market };
        table.add(quoteRows(at, price('yes_bid'), price('yes_ask')));
      });
    }
    return table.finish({
      source: 'kalshi-nba-nfl-polls',
      labels: POLLED,
      path: join(dir, names[0]!),
      ticker,
      warnings: [
        UNKNOWN_BETWEEN,
        NO_SIZES,
        'Volumes are of 24 hours and moving, liquidity is in dollars: both are left out, and so are the lines of bookmakers.',
        ASSUMED_TERMS,
        ASSUMED_TIMES,
      ],
    });
  },
};
