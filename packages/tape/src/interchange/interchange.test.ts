import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Ticker } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTapeWriter } from '../file/create-tape-writer.ts';
import { RowKind, Spot, type TapeRow } from '../row.ts';
import { arbitraryRows } from '../rows.test-support.ts';
import { exportTape } from './export-tape.ts';
import { importCsv } from './import-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'interchange-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'a.tape');
const labels = {
  trades: true,
  depth: 'full',
  receiveClock: 'local',
  exchangeClock: true,
  ticker: true,
} as const;
const markets = ['A-1', 'B,"2"'].map((name) => ({ ...aMarket(), ticker: Ticker.of(name) }));
const instruments = [
  { symbol: 'BTC-USD', source: 'one' },
  { symbol: 'BTC-USD', source: 'two' },
];

function writeTape(rows: readonly TapeRow[]): void {
  const writer = createTapeWriter(path, { source: 'test', labels, markets, instruments, receiveUnit: 'us' });
  for (const row of rows) writer.append(row);
  writer.close(['a warning']);
}

/** Rows as a tape has them: spot prices are positive and their lower part below a cent. */
const rowsOf = (rows: readonly TapeRow[]): TapeRow[] =>
  rows.map((row) =>
    row.kind === RowKind.spot ? { ...row, ...Spot.split(Math.abs(row.count) * 100 + row.price + 1) } : row,
  );

describe('a tape as a table of text', () => {
  it('comes back byte by byte', async () => {
    const csv = join(folder, 'a.csv');
    await fc.assert(
      fc.asyncProperty(arbitraryRows('us', 2), async (rows) => {
        writeTape(rowsOf(rows));
        const before = readFileSync(path);
        const done = await exportTape(path, csv, { format: 'csv' });
        expect(done).toEqual({ file: csv, header: `${csv}.json`, rows: rows.length });
        const report = await importCsv(csv, path);
        expect(report).toMatchObject({ rows: rows.length, warnings: ['a warning'] });
        expect(readFileSync(path).equals(before)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  const row: TapeRow = {
    recvMs: 1_790_000_000_000.25,
    exchangeMs: Number.NaN,
    seq: 7,
    kind: RowKind.delta,
    market: 1,
    side: 1,
    flags: 0,
    price: 4700,
    count: -250,
  };

  it('reads well, in dollars and contracts', async () => {
    writeTape([
      row,
      { ...row, kind: RowKind.spot, market: 3, seq: Number.NaN, ...Spot.split(81_117_210_005) },
    ]);
    const csv = join(folder, 'b.csv');
    await exportTape(path, csv, { format: 'csv' });
    expect(readFileSync(csv, 'utf8').split('\n').slice(1)).toEqual([
      '1790000000000250,,7,delta,"B,""2""",ask,0,0.4700,-2.50',
      '1790000000000250,,,spot,two:BTC-USD,ask,0,81117.210005,',
      '',
    ]);
  });

  it.each([
    ['4700', '0.47005', 'price: expected'],
    ['kind', 'delta,A-9', 'name: expected a market or instrument of the header'],
    ['columns', '', 'has other columns'],
  ])('names the line and column of a wrong %s', async (what, wrong, message) => {
    writeTape([row]);
    const csv = join(folder, 'c.csv');
    await exportTape(path, csv, { format: 'csv' });
    const text = readFileSync(csv, 'utf8');
    const changed =
      what === '4700'
        ? text.replace('0.4700', wrong)
        : what === 'kind'
          ? text.replace('delta,"B,""2"""', wrong)
          : text.replace('recv_us', 'time');
    writeFileSync(csv, changed);
    await expect(importCsv(csv, join(folder, 'd.tape'))).rejects.toThrow(message);
    expect(readdirSync(folder).filter((name) => name.startsWith('d.tape'))).toEqual([]);
  });
});

describe('a tape as Parquet', () => {
  it('is read by DuckDB, exact to the last digit', async () => {
    const rows = fc.sample(arbitraryRows('us', 2), { numRuns: 1, seed: 3 })[0]!;
    writeTape(rowsOf(rows));
    const file = join(folder, 'a.parquet');
    await exportTape(path, file, { format: 'parquet' });
    const csv = join(folder, 'e.csv');
    await exportTape(path, csv, { format: 'csv' });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(
      `SELECT recv_us, exchange_ms, seq, kind, name, side, flags, price::VARCHAR, count::VARCHAR FROM '${file}'`,
    );
    const table = readFileSync(csv, 'utf8').trim().split('\n').slice(1);
    const found = read
      .getRows()
      .map(([recv, exchange, seq, kind, , , , price, count]) => [
        `${recv},${exchange ?? ''},${seq ?? ''},${kind}`,
        Number(price),
        count === null ? '' : count,
      ]);
    const expected = table.map((line) => {
      const [recv, exchange, seq, kind] = line.split(',');
      const [price, count] = line.split(',').slice(-2);
      return [`${recv},${exchange},${seq},${kind}`, Number(price), count];
    });
    expect(found).toEqual(expected);
    expect(readdirSync(folder).filter((name) => /partial|\d\.csv$/.test(name))).toEqual([]);
    connection.closeSync();
  });
});
