import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ticker } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTapeWriter } from './file/create-tape-writer.ts';
import { openTape } from './file/open-tape.ts';
import { mergeTapes } from './merge-tapes.ts';
import { RowKind, rowAt, type TapeRow } from './row.ts';
import { arbitraryRows } from './rows.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'merge-'));
afterAll(() => rmSync(folder, { recursive: true }));
const labels = {
  trades: true,
  depth: 'full',
  receiveClock: 'local',
  exchangeClock: true,
  ticker: true,
} as const;

function write(name: string, tickers: readonly string[], rows: readonly TapeRow[], change = {}): string {
  const path = join(folder, name);
  const writer = createTapeWriter(path, {
    source: name,
    labels: { ...labels, ...change },
    markets: tickers.map((ticker) => ({ ...aMarket(), ticker: Ticker.of(ticker), title: name })),
    instruments: tickers.map((symbol) => ({ symbol, source: 'x' })),
    receiveUnit: 'us',
  });
  for (const row of rows) writer.append(row);
  writer.close([`of ${name}`]);
  return path;
}

/** Rows with the name of their market in place of its number. */
function read(path: string): (Omit<TapeRow, 'market'> & { name: string })[] {
  const tape = openTape(path);
  const { markets, instruments } = tape.header;
  const names = [
    ...markets.map(({ ticker }) => ticker as string),
    ...instruments.map(({ symbol }) => symbol),
  ];
  const rows = [];
  for (const block of tape.blocks()) {
    for (let i = 0; i < block.rows; i++) {
      const { market, ...row } = rowAt(block, i);
      rows.push({ ...row, name: names[market]! });
    }
  }
  tape.close();
  return rows;
}

describe('merged tapes', () => {
  it('hold the rows of all by receive time, under the right markets', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRows('us', 2), arbitraryRows('us', 2), async (first, second) => {
        const a = write('a.tape', ['A', 'B'], first);
        const b = write('b.tape', ['C', 'D'], second);
        const out = join(folder, 'out.tape');
        const report = await mergeTapes([a, b], out);
        const merged = read(out);
        const expected = [...read(a), ...read(b)];
        expect(merged).toHaveLength(expected.length);
        expect(merged.map((row) => row.recvMs)).toEqual(
          expected.map((row) => row.recvMs).sort((x, y) => x - y),
        );
        const key = (row: object): string => JSON.stringify(row);
        expect(merged.map(key).sort()).toEqual(expected.map(key).sort());
        expect(report).toMatchObject({ markets: ['A', 'B', 'C', 'D'], warnings: ['of a.tape', 'of b.tape'] });
      }),
      { numRuns: 25 },
    );
  });

  it('may tell of a market one after the other, and not at the same time', async () => {
    const row: TapeRow = {
      ...{ recvMs: 1, exchangeMs: Number.NaN, seq: Number.NaN, kind: RowKind.clear, market: 0 },
      ...{ side: 0, flags: 0, price: 100, count: 0 },
    };
    const at = (name: string, ticker: string, ...times: number[]): string =>
      write(
        name,
        [ticker],
        times.map((recvMs) => ({ ...row, recvMs })),
      );
    const out = join(folder, 'y.tape');
    const early = at('early.tape', 'A', 1, 5);
    const late = at('late.tape', 'A', 5, 9);
    const beside = at('beside.tape', 'B', 2, 8);
    expect((await mergeTapes([late, early, beside], out)).rows).toBe(6);
    const within = at('within.tape', 'A', 4);
    await expect(mergeTapes([early, beside, within], out)).rejects.toMatchObject({
      code: 'tapes-overlap',
      message: expect.stringContaining('for the market A'),
    });
  });

  it('must be able to tell the same', async () => {
    const row: TapeRow = {
      ...{ recvMs: 1, exchangeMs: Number.NaN, seq: Number.NaN, kind: RowKind.tickerBid, market: 0 },
      ...{ side: 0, flags: 0, price: 100, count: 0 },
    };
    const full = write('full.tape', ['A'], [row]);
    const top = write('top.tape', ['B'], [row], { depth: 'top' });
    const quiet = write('quiet.tape', ['B'], [row], { trades: false });
    await expect(mergeTapes([full, top], join(folder, 'x.tape'))).rejects.toMatchObject({
      code: 'labels-differ',
      message: expect.stringContaining('depth: full and top'),
    });
    await mergeTapes([full, quiet], join(folder, 'x.tape'));
    const tape = openTape(join(folder, 'x.tape'));
    expect(tape.header.labels.trades).toBe(false);
    tape.close();
  });
});
