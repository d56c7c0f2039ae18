import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MmError, Ticker } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTapeWriter } from '../file/create-tape-writer.ts';
import { RowKind, Spot, type TapeRow } from '../row.ts';
import { arbitraryRows } from '../rows.test-support.ts';
import { withDuckDb } from './duckdb.ts';
import { exportTape } from './export-tape.ts';
import { importTable } from './import-table.ts';

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

describe('a tape as a table of text', () => {
  it('comes back byte by byte', async () => {
    const csv = join(folder, 'a.csv');
    await fc.assert(
      fc.asyncProperty(arbitraryRows('us', 2), async (rows) => {
        writeTape(rowsOf(rows));
        const before = readFileSync(path);
        const done = await exportTape(path, csv, { format: 'csv' });
        expect(done).toEqual({ file: csv, header: `${csv}.json`, rows: rows.length });
        const report = await importTable(csv, path, { format: 'csv' });
        expect(report).toMatchObject({ rows: rows.length, warnings: ['a warning'] });
        expect(readFileSync(path).equals(before)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

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
    await expect(importTable(csv, join(folder, 'd.tape'), { format: 'csv' })).rejects.toThrow(message);
    expect(readdirSync(folder).filter((name) => name.startsWith('d.tape'))).toEqual([]);
  });
});

describe('a table that is not what was exported', () => {
  const csv = join(folder, 'f.csv');
  const importIt = () => importTable(csv, join(folder, 'g.tape'), { format: 'csv' });
  const change = (from: string | RegExp, to: string): void =>
    writeFileSync(csv, readFileSync(csv, 'utf8').replace(from, to));

  it.each([
    ['a changed digit', '0.4700', '0.4800'],
    ['a row less', /.*\n$/, ''],
    ['a row more', /(.*\n)$/, '$1$1'],
  ])('is refused for %s', async (_, from, to) => {
    writeTape([row, { ...row, count: 7 }, row]);
    await exportTape(path, csv, { format: 'csv' });
    change(from, to);
    await expect(importIt()).rejects.toMatchObject({
      code: 'table-changed',
      message: expect.stringContaining('remove "table" from'),
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('g.tape'))).toEqual([]);
  });

  it('is taken when its header says that it was made by hand, and when only its form differs', async () => {
    writeTape([row]);
    await exportTape(path, csv, { format: 'csv' });
    change('0.4700', '"0.470"');
    change(/\n/g, '\r\n');
    expect((await importIt()).warnings).toEqual(['a warning']);
    change('0.470', '0.48');
    const header = JSON.parse(readFileSync(`${csv}.json`, 'utf8'));
    writeFileSync(`${csv}.json`, JSON.stringify({ ...header, table: undefined }));
    expect((await importIt()).warnings).toEqual(['a warning', expect.stringContaining('had no checksum')]);
  });

  it('has a header that is one', async () => {
    writeTape([row]);
    await exportTape(path, csv, { format: 'csv' });
    const header = JSON.parse(readFileSync(`${csv}.json`, 'utf8'));
    writeFileSync(`${csv}.json`, JSON.stringify({ ...header, table: { rows: 1, crc32: '7' } }));
    await expect(importIt()).rejects.toThrow('header.table.crc32: expected a whole number');
    writeFileSync(`${csv}.json`, '[]');
    await expect(importIt()).rejects.toMatchObject({ code: 'header-malformed' });
    rmSync(`${csv}.json`);
    await expect(importIt()).rejects.toThrow('a table is read with its header beside it');
  });
});

const hasDuckDb = await import('@duckdb/node-api').then(
  () => true,
  () => false,
);

describe.skipIf(!hasDuckDb)('a tape as Parquet (needs the optional package @duckdb/node-api)', () => {
  const file = join(folder, 'a.parquet');
  const out = join(folder, 'h.tape');
  const importIt = (from = file) => importTable(from, out, { format: 'parquet' });

  it('comes back byte by byte', async () => {
    for (const rows of fc.sample(arbitraryRows('us', 2), { numRuns: 5, seed: 3 })) {
      writeTape(rowsOf(rows));
      await exportTape(path, file, { format: 'parquet' });
      const report = await importIt();
      expect(report).toMatchObject({ rows: rows.length, warnings: ['a warning'] });
      expect(readFileSync(out).equals(readFileSync(path))).toBe(true);
    }
    expect(readdirSync(folder).filter((name) => /partial|\d\.csv$/.test(name))).toEqual([]);
  });

  it('keeps the order of many rows', async () => {
    // More than DuckDB puts into one group, which it may read side by side.
    const times = Array.from({ length: 130_000 }, (_, i) => i);
    writeTape(times.map((i) => ({ ...row, recvMs: row.recvMs + Math.floor(i / 7), count: i })));
    await exportTape(path, file, { format: 'parquet' });
    await importIt();
    expect(readFileSync(out).equals(readFileSync(path))).toBe(true);
  });

  it('has exact numbers for other programs', async () => {
    writeTape([row, { ...row, kind: RowKind.spot, market: 3, ...Spot.split(81_117_210_005) }]);
    await exportTape(path, file, { format: 'parquet' });
    const sums = await withDuckDb(async (connection) =>
      (
        await connection.runAndReadAll(`SELECT sum(price)::VARCHAR, sum(count)::VARCHAR FROM '${file}'`)
      ).getRows(),
    );
    expect(sums).toEqual([['81117.680005', '-2.50']]);
  });

  it('never becomes another tape, wherever a byte is wrong', async () => {
    writeTape(rowsOf(fc.sample(arbitraryRows('us', 2), { numRuns: 1, seed: 5 })[0]!));
    await exportTape(path, file, { format: 'parquet' });
    const bytes = readFileSync(file);
    const broken = join(folder, 'broken.parquet');
    copyFileSync(`${file}.json`, `${broken}.json`);
    const codes = new Set<string>();
    for (let at = 0; at < bytes.length; at += 41) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      writeFileSync(broken, changed);
      try {
        await importIt(broken);
        // Only what no row is made of.
        expect(readFileSync(out).equals(readFileSync(path)), `byte ${at}`).toBe(true);
      } catch (error) {
        if (!(error instanceof MmError)) throw error;
        codes.add(error.code);
      }
    }
    expect([...codes]).toContain('table-malformed');
    writeFileSync(broken, bytes.subarray(0, -20));
    await expect(importIt(broken)).rejects.toMatchObject({ code: 'table-malformed' });
  });

  it('is told from other files', async () => {
    writeTape([row]);
    await exportTape(path, file, { format: 'parquet' });
    const other = join(folder, 'other.parquet');
    copyFileSync(`${file}.json`, `${other}.json`);
    await expect(importIt(other)).rejects.toMatchObject({ code: 'file-missing' });
    writeFileSync(other, 'recv_us,price\n1,2\n');
    await expect(importIt(other)).rejects.toThrow('cannot be read as Parquet');
    await withDuckDb((connection) =>
      connection.run(`COPY (SELECT 1 AS recv_us, 2.5 AS price) TO '${other}' (FORMAT parquet)`),
    );
    await expect(importIt(other)).rejects.toThrow(/has the columns recv_us INTEGER, price DECIMAL.*\n/);
  });
});

it('Parquet without its package says what to install', async () => {
  const missing = withDuckDb(
    async () => {},
    () => Promise.reject(new Error("Cannot find package '@duckdb/node-api'")),
  );
  await expect(missing).rejects.toMatchObject({ code: 'duckdb-missing' });
  await expect(missing).rejects.toThrow('npm install @duckdb/node-api@');
});
