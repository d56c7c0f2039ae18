import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { oneOf, text } from '../json-fields.ts';
import { TAPERED_GRID } from './btc15m.ts';
import type { DatasetFormat } from './dataset.ts';
import { floatCount, floatPrice, microDollars, printedTrade, quoteRows, timeOf } from './poll-rows.ts';
import { eachJsonLine } from './read-table.ts';
import { ASSUMED_TIMES, createTable, NO_SIZES, POLLED, UNKNOWN_BETWEEN } from './table.ts';

/** Fifteen-minute crypto markets: best bid and ask about once a second, spot prices, and a few trades. */
export const crypto15m: DatasetFormat = {
  name: 'kalshi-crypto15m-top-of-book',
  contents: '<series>.raw_snapshots.jsonl.gz and <series>.trades.jsonl',
  recognise: (dir) => readdirSync(dir).some((name) => name.endsWith('.raw_snapshots.jsonl.gz')),
  async open(dir, ticker) {
    const names = readdirSync(dir).sort();
    const table = createTable();
    const snapshots = names.filter((name) => name.endsWith('.raw_snapshots.jsonl.gz'));
    for (const name of snapshots) {
      const coin = /^KX([A-Z]+)15M\./.exec(name)?.[1] ?? 'UNKNOWN';
      eachJsonLine(join(dir, name), (line) => {
        const recvMs = secondsAt(line.ts);
        const market = table.market(text(line.ticker, 'ticker'), FACTS);
        const price = (key: string): number | null =>
          line[key] === null ? null : floatPrice(line[key], key);
        table.add(quoteRows({ recvMs, exchangeMs: Number.NaN, market }, price('yb'), price('ya')));
        if (line.spot_ok === 1 && typeof line.spot === 'number') {
          const instrument = { symbol: `${coin}-USD`, source: 'unnamed' };
          table.spot(instrument, recvMs, Number.NaN, microDollars(line.spot, 'spot'));
        } else {
          table.count('spot prices were stale and are left out.');
        }
      });
    }
    for (const name of names.filter((entry) => entry.endsWith('.trades.jsonl'))) {
      eachJsonLine(join(dir, name), (line) => {
        const at = {
          recvMs: secondsAt(line.ts),
          exchangeMs: timeOf(line.created_time, 'created_time'),
          market: table.market(text(line.ticker, 'ticker'), FACTS),
        };
        const taker = oneOf(['yes', 'no'], line.taker_side, 'taker_side') === 'yes' ? 0 : 1;
        const count = floatCount(line.count, 'count');
        table.add([printedTrade(at, floatPrice(line.yes_price, 'yes_price'), count, taker)]);
      });
    }
    return table.finish({
      source: 'kalshi-crypto15m-top-of-book',
      labels: POLLED,
      path: join(dir, snapshots[0]!),
      ticker,
      warnings: [
        UNKNOWN_BETWEEN,
        NO_SIZES,
        'Trades cover the last minutes only: their rows are there, and the label says that there are none.',
        'Total depths and counts of trades per minute have no place on a tape and are left out.',
        'Price grid and fees are not in the recording: 0.0010 below 0.10 and above 0.90, else 0.0100, and the quadratic fee are assumed.',
        ASSUMED_TIMES,
      ],
    });
  },
};

const FACTS = { category: 'crypto', grid: TAPERED_GRID };

/** Unix seconds with a fraction, in milliseconds. */
const secondsAt = (value: unknown): number => Math.floor(Number(value) * 1_000);
