import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPath } from '@kalshi-mm/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { createBookReplay } from '../book-replay.ts';
import { openTape } from '../file/open-tape.ts';
import { RowFlag, RowKind, rowAt, Spot, type TapeRow } from '../row.ts';
import { importDataset } from './import-dataset.ts';
import { splitCsv } from './read-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'tables-'));
const out = join(folder, 'out.tape');
afterAll(() => rmSync(folder, { recursive: true }));

const K = RowKind;
/** Dataset, part, rows of each kind, markets, and what the labels must say. Numbers of rows are those of the source. */
const cases: [string, string | undefined, Record<number, number>, number, string][] = [
  [
    'kalshi-rest-ws-2026-08',
    'stream',
    { [K.delta]: 245, [K.clear]: 12, [K.level]: 1114, [K.connected]: 12 },
    12,
    'full stream sizes local',
  ],
  [
    'kalshi-rest-ws-2026-08',
    'candles',
    {
      [K.candleTrade]: 230,
      [K.candleBid]: 192,
      [K.candleAsk]: 192,
      [K.candleVolume]: 48,
      [K.candleInterest]: 48,
    },
    3,
    'none candles - exchange',
  ],
  [
    'kalshi-polled-books-2026-07',
    'orderbook_depth',
    { [K.clear]: 3938, [K.level]: 124_191 },
    2086,
    'full polled sizes local',
  ],
  [
    'kalshi-polled-books-2026-07',
    'weather_books',
    { [K.clear]: 533, [K.level]: 21_684 },
    533,
    'full polled sizes local',
  ],
  [
    'kalshi-polled-books-2026-07',
    'econ_prints',
    { [K.tickerBid]: 9252, [K.tickerAsk]: 9252 },
    267,
    'top polled - local',
  ],
  [
    'kalshi-polled-books-2026-07',
    'crypto_hourly',
    { [K.tickerBid]: 18_512, [K.tickerAsk]: 18_512, [K.spot]: 110 },
    14_269,
    'top polled - local',
  ],
  [
    'kalshi-polled-books-2026-07',
    'sports_pairs',
    { [K.tickerBid]: 6326, [K.tickerAsk]: 6326 },
    755,
    'top polled - local',
  ],
  [
    'kalshi-crypto15m-top-of-book',
    undefined,
    { [K.trade]: 215, [K.tickerBid]: 38_364, [K.tickerAsk]: 38_364, [K.spot]: 33_115 },
    450,
    'top polled - local',
  ],
  [
    'kalshi-nba-nfl-polls',
    undefined,
    { [K.tickerBid]: 28_908, [K.tickerAsk]: 28_908 },
    669,
    'top polled - local',
  ],
  [
    'kalshi-nba-ticks-2025-11-22',
    undefined,
    {
      [K.tickerBid]: 11_442,
      [K.tickerAsk]: 11_442,
      [K.tickerLast]: 11_442,
      [K.tickerVolume]: 11_442,
      [K.tickerInterest]: 11_442,
    },
    2,
    'top stream - exchange',
  ],
  [
    'kalshi-market-list-2026-07',
    undefined,
    {
      [K.tickerBid]: 16_657,
      [K.tickerAsk]: 16_657,
      [K.tickerLast]: 16_657,
      [K.tickerVolume]: 16_657,
      [K.tickerInterest]: 16_657,
    },
    1188,
    'top polled sizes local',
  ],
  ['kalshi-kxinx-trades', undefined, { [K.trade]: 34_789 }, 291, 'none stream - exchange'],
  [
    'kalshi-mlb-candles-2026-06-30',
    undefined,
    { [K.candleTrade]: 3154, [K.candleBid]: 1577, [K.candleAsk]: 1577, [K.candleVolume]: 1577 },
    8,
    'none candles - exchange',
  ],
  ['btcusd-1s-2026-07-24', undefined, { [K.spot]: 78_515 }, 0, 'none stream - local'],
];

/** Imports a dataset and reads the tape back. */
async function imported(name: string, options: { part?: string; ticker?: string } = {}) {
  await importDataset(dataPath(name)!, out, options);
  const tape = openTape(out);
  const rows: TapeRow[] = [];
  for (const block of tape.blocks()) for (let i = 0; i < block.rows; i++) rows.push(rowAt(block, i));
  tape.close();
  return { header: tape.header, rows };
}

describe('recordings that are no streams (need ../shared/data)', () => {
  it.skipIf(dataPath('btcusd-1s-2026-07-24') === null).each(cases)(
    '%s %s: every row, with honest labels',
    async (name, part, kinds, markets, labels) => {
      const { header, rows } = await imported(name, part === undefined ? {} : { part });
      const found: Record<number, number> = {};
      for (const { kind } of rows) found[kind] = (found[kind] ?? 0) + 1;
      expect(found).toEqual(kinds);
      expect(header.markets).toHaveLength(markets);
      const { depth, cadence, sizes, receiveClock, trades, spot } = header.labels;
      expect(`${depth} ${cadence} ${sizes ? 'sizes' : '-'} ${receiveClock}`).toBe(labels);
      expect(trades).toBe(name === 'kalshi-kxinx-trades');
      expect(spot).toBe(kinds[K.spot] !== undefined);
      expect(header.warnings.length).toBeGreaterThan(0);
      const replay = createBookReplay(header);
      for (const row of rows) replay.applyValues(row.kind, row.market, row.side, row.price, row.count);
      expect(replay.misfits).toBe(0);
    },
  );

  it.skipIf(dataPath('kalshi-crypto15m-top-of-book') === null)('keep the values of the source', async () => {
    const crypto = await imported('kalshi-crypto15m-top-of-book');
    const first = crypto.rows.findIndex(
      ({ kind, market }) =>
        kind === K.tickerBid && crypto.header.markets[market]!.ticker === 'KXETH15M-26AUG170145-45',
    );
    const at = { recvMs: 1_786_945_083_973, exchangeMs: Number.NaN, flags: RowFlag.noSize, count: 0 };
    expect(crypto.rows[first]).toMatchObject({ ...at, side: 0, price: 930 });
    expect(crypto.rows[first + 1]).toMatchObject({ ...at, kind: K.tickerAsk, side: 1, price: 940 });
    expect(crypto.rows[first + 2]).toMatchObject({ kind: K.spot, market: crypto.header.markets.length + 2 });
    const { price, count } = crypto.rows[first + 2]!;
    expect(Spot.join(price, count)).toBe(1_897_375_000);
    expect(crypto.header.instruments[2]).toEqual({ symbol: 'ETH-USD', source: 'unnamed' });

    const hourly = await imported('kalshi-polled-books-2026-07', { part: 'crypto_hourly' });
    expect(hourly.header.markets.filter(({ result }) => result !== null)).toHaveLength(12_504);
    expect(hourly.rows.find(({ kind }) => kind === K.tickerAsk)).toMatchObject({ price: 100 });

    const trades = await imported('kalshi-kxinx-trades', { ticker: 'KXINXU-26FEB09H1600-T6999.9999' });
    expect(trades.rows.at(-1)).toMatchObject({
      exchangeMs: 1_770_668_787_985,
      side: 0,
      price: 300,
      count: 3200,
    });
    expect(trades.header.markets).toHaveLength(1);
  });

  it.skipIf(dataPath('kalshi-btc15m-ws') === null)('hold spot prices beside the market', async () => {
    const ticker = 'KXBTC15M-26MAY110830-30';
    const { header, rows } = await imported('kalshi-btc15m-ws', { ticker });
    expect(header.instruments).toEqual([{ symbol: 'BTC-USD', source: 'coinbase' }]);
    const spot = rows.find(({ kind }) => kind === K.spot)!;
    expect(spot).toMatchObject({ recvMs: 1_778_501_851_152.553, exchangeMs: 1_778_501_851_018, market: 1 });
    expect(Spot.join(spot.price, spot.count)).toBe(81_117_210_000);
  });

  it.skipIf(dataPath('kalshi-polled-books-2026-07') === null)('ask which part is meant', async () => {
    const dir = dataPath('kalshi-polled-books-2026-07')!;
    const message = /Choose one of orderbook_depth, weather_books, econ_prints, crypto_hourly, sports_pairs/;
    for (const options of [{}, { part: 'everything' }]) {
      await expect(importDataset(dir, out, options)).rejects.toMatchObject({
        code: 'unknown-part',
        message: expect.stringMatching(message),
      });
    }
  });
});

describe('a malformed table', () => {
  const files: [string, Record<string, string>, string][] = [
    ['a price', { 'BTCUSD-prices-1.csv.gz': '' }, 'cannot be unpacked'],
    ['a line', { 'KXETH15M.raw_snapshots.jsonl.gz': '' }, 'cannot be unpacked'],
    ['a field', { 'games.csv': 'game_code,ml_ticker\n' }, 'games.csv:1 has no column ml_result'],
  ];
  it.each(files)('is refused with its place: %s', async (_what, content, message) => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    for (const [name, text] of Object.entries(content)) writeFileSync(join(dir, name), text);
    await expect(importDataset(dir, out)).rejects.toThrow(message);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('names the line and the field', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    writeFileSync(
      join(dir, 'games.csv'),
      'game_code,ml_ticker,ml_result,tot_ticker,tot_result,market_close_utc\nG,A,yes,B,no,2026-07-01T01:54:31Z\n',
    );
    const head = 'ts,price_close,price_mean,volume,ask_close,bid_close\n';
    writeFileSync(join(dir, 'candles_G_ML.csv'), `${head}1782858900,0.49,0.48,1.00,0.49,0.48\n`);
    writeFileSync(join(dir, 'candles_G_TOT.csv'), `${head}1782858900,0.49,0.48,1.00,0.49005,0.48\n`);
    await expect(importDataset(dir, out)).rejects.toThrow(
      'candles_G_TOT.csv:2: ask_close: expected a multiple of 0.0001, found "0.49005"',
    );
  });

  it('reads quoted fields', () => {
    expect(splitCsv('a,"b, ""c""",,d')).toEqual(['a', 'b, "c"', '', 'd']);
    expect(splitCsv('a,,')).toEqual(['a', '', '']);
  });
});
