import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Market, Timestamp, WireError } from '@kalshi-mm/core';
import { oneOf, text } from '../json-fields.ts';
import type { DatasetFormat } from './dataset.ts';
import { candleRows, floatCount, floatPrice } from './poll-rows.ts';
import { eachCsvRow } from './read-table.ts';
import { ASSUMED_TERMS, createTable, resultFacts } from './table.ts';

/** One-minute candles of baseball markets: close and mean of the trades, closing bid and ask, volume. */
export const mlbCandles: DatasetFormat = {
  name: 'kalshi-mlb-candles-2026-06-30',
  contents: 'games.csv and candles_<game>_<ML|TOT>.csv',
  recognise: (dir) => existsSync(join(dir, 'games.csv')) && !existsSync(join(dir, 'events')),
  async open(dir, ticker) {
    const table = createTable();
    const games: { readonly path: string; readonly ticker: string; readonly facts: Partial<Market> }[] = [];
    const columns = ['game_code', 'ml_ticker', 'ml_result', 'tot_ticker', 'tot_result', 'market_close_utc'];
    eachCsvRow(join(dir, 'games.csv'), columns, (line) => {
      for (const kind of ['ml', 'tot']) {
        games.push({
          path: join(dir, `candles_${line.game_code}_${kind.toUpperCase()}.csv`),
          ticker: text(line[`${kind}_ticker`], `${kind}_ticker`),
          facts: {
            category: 'sports',
            closeMs: Timestamp.parseIso(line.market_close_utc, 'market_close_utc'),
            ...resultFacts(oneOf(['yes', 'no'], line[`${kind}_result`], `${kind}_result`)),
          },
        });
      }
    });
    for (const game of games) {
      const market = table.market(game.ticker, game.facts);
      const wanted = ['ts', 'price_close', 'price_mean', 'volume', 'ask_close', 'bid_close'];
      eachCsvRow(game.path, wanted, (line) => {
        const endMs = Number(line.ts) * 1_000;
        if (!Number.isSafeInteger(endMs)) throw new WireError('ts', 'Unix seconds', line.ts);
        const price = (key: string): { [part: string]: number } =>
          line[key] === '' ? {} : { [key.split('_')[1]!]: floatPrice(line[key], key) };
        table.add(
          candleRows(
            { recvMs: endMs, exchangeMs: endMs, market },
            {
              trade: { ...price('price_close'), ...price('price_mean') },
              bid: price('bid_close'),
              ask: price('ask_close'),
              volume: floatCount(line.volume, 'volume'),
            },
          ),
        );
      });
    }
    return table.finish({
      source: 'kalshi-mlb-candles-2026-06-30',
      labels: CANDLES,
      path: join(dir, 'games.csv'),
      ticker,
      warnings: [
        CANDLE_TIMES,
        'The mean price of a minute is rounded to 0.0001 dollar; play by play is left out.',
        'Open times are not in the recording: they are those of the first candle.',
        ASSUMED_TERMS,
      ],
    });
  },
};

/** What candles can tell. */
export const CANDLES = {
  trades: false,
  depth: 'none',
  cadence: 'candles',
  sizes: false,
  receiveClock: 'exchange',
  exchangeClock: true,
  ticker: false,
} as const;

export const CANDLE_TIMES =
  'Candles: a row stands at the end of its period, and the order within is not known.';
