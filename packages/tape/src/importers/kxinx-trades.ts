import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { oneOf, text } from '../json-fields.ts';
import type { DatasetFormat } from './dataset.ts';
import { floatCount, floatPrice, printedTrade, timeOf } from './poll-rows.ts';
import { eachCsvRow } from './read-table.ts';
import { ASSUMED_TERMS, ASSUMED_TIMES, createTable } from './table.ts';

/** Public trades of S&P 500 markets, near their close. */
export const kxinxTrades: DatasetFormat = {
  name: 'kalshi-kxinx-trades',
  contents: 'kxinx_trades.csv.gz and kxinxu_trades.csv.gz',
  recognise: (dir) => existsSync(join(dir, 'kxinx_trades.csv.gz')),
  async open(dir, ticker) {
    const names = readdirSync(dir)
      .filter((name) => name.endsWith('_trades.csv.gz'))
      .sort();
    const table = createTable();
    for (const name of names) {
      const columns = ['ticker', 'contract_desc', 'ts', 'price', 'quantity', 'direction'];
      eachCsvRow(join(dir, name), columns, (line) => {
        const recvMs = timeOf(line.ts, 'ts');
        const market = table.market(text(line.ticker, 'ticker'), {
          category: 'financials',
          title: text(line.contract_desc, 'contract_desc'),
        });
        const taker = oneOf(['yes_taker', 'no_taker'], line.direction, 'direction') === 'yes_taker' ? 0 : 1;
        const count = floatCount(line.quantity, 'quantity');
        const at = { recvMs, exchangeMs: recvMs, market };
        table.add([printedTrade(at, floatPrice(line.price, 'price'), count, taker)]);
      });
    }
    return table.finish({
      source: 'kalshi-kxinx-trades',
      labels: {
        trades: true,
        depth: 'none',
        sizes: false,
        receiveClock: 'exchange',
        exchangeClock: true,
        ticker: false,
      },
      path: join(dir, names[0]!),
      ticker,
      warnings: [
        'Trades only: what rested in the book is not known. No receive time was recorded: the exchange time stands in.',
        ASSUMED_TERMS,
        ASSUMED_TIMES,
      ],
    });
  },
};
