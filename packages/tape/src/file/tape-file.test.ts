import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeeSchedule, type Market, MmError, Price, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOCK_ROWS, RowKind, rowAt, type TapeRow } from '../row.ts';
import { arbitraryRows } from '../rows.test-support.ts';
import { createTapeWriter } from './create-tape-writer.ts';
import { BLOCK_HEADER_BYTES, PREAMBLE_BYTES, TRAILER_BYTES } from './layout.ts';
import { openTape, type Tape } from './open-tape.ts';

const folder = mkdtempSync(join(tmpdir(), 'tape-'));
const path = join(folder, 'test.tape');
afterAll(() => rmSync(folder, { recursive: true }));

const labels = {
  trades: true,
  depth: 'full',
  receiveClock: 'local',
  exchangeClock: true,
  ticker: false,
} as const;

describe('a written tape', () => {
  it('gives back every row and the totals', () => {
    const markets = Array.from({ length: 300 }, (_, i) => market(`T-${i}`));
    const instruments = markets.map((_, i) => ({ symbol: `S-${i}`, source: 'test' }));
    fc.assert(
      fc.property(arbitraryRows('us'), (rows) => {
        const writer = createTapeWriter(path, {
          source: 'test',
          labels,
          markets,
          instruments,
          receiveUnit: 'us',
        });
        for (const row of rows) writer.append(row);
        const totals = writer.close(['assumed']);
        const tape = openTape(path);
        expect(allRows(tape)).toEqual(rows);
        expect(totals).toEqual({ rows: rows.length, firstMs: rows[0]!.recvMs, lastMs: rows.at(-1)!.recvMs });
        expect(tape.header).toMatchObject({
          ...totals,
          version: 2,
          source: 'test',
          labels: { ...labels, cadence: 'stream', sizes: true, spot: false },
          instruments,
          warnings: ['assumed'],
        });
        const trades = rows.filter((row) => row.kind === RowKind.trade).length;
        expect(tape.header.totals.reduce((sum, total) => sum + total.trades, 0)).toBe(trades);
        tape.close();
      }),
      { numRuns: 20 },
    );
  });

  it('gives back its markets, settled and unsettled, sharing their grids', () => {
    const settled: Market = {
      ...market('A-1'),
      status: 'finalized',
      result: 'yes',
      settlementPrice: Price.ONE,
      settledMs: Timestamp.parseIso('2026-08-11T01:30:04.828Z'),
      floorStrike: '4128.56',
      strikeType: 'greater_or_equal',
      fees: { type: 'quadratic_with_maker_fees', multiplierMicros: 500_000 },
    };
    createTapeWriter(path, { source: 'test', labels, markets: [settled, market('A-2')] }).close();
    const tape = openTape(path);
    expect(tape.header.markets).toEqual([settled, market('A-2')]);
    expect(tape.header.markets[0]!.grid).toBe(PriceGrid.cent());
    expect(tape.header).toMatchObject({ rows: 0, firstMs: Number.NaN, lastMs: Number.NaN });
    expect([...tape.blocks()]).toEqual([]);
    tape.close();
  });

  it('leaves nothing behind when it is aborted, and the old file as it was', () => {
    writeFileSync(path, 'old');
    const writer = createTapeWriter(path, { source: 'test', labels, markets: [market('A')] });
    writer.append(plainRow(1));
    expect(readFileSync(path, 'utf8')).toBe('old');
    writer.abort();
    expect(readdirSync(folder)).toEqual(['test.tape']);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(() => writer.append(plainRow(2)) ?? writer.close()).toThrow('already closed');
  });

  it('refuses a row of a market that it does not have', () => {
    const writer = createTapeWriter(path, { source: 'test', labels, markets: [market('A')] });
    expect(() => writer.append({ ...plainRow(1), market: 1 })).toThrow('market 1 of 1');
    expect(() => writer.append({ ...plainRow(1), kind: RowKind.spot })).toThrow('market 0 of 1');
    writer.abort();
  });
});

describe('random access', () => {
  const rows = BLOCK_ROWS * 2 + 1000;
  /** Seven rows share a millisecond, so that block borders fall between equal times. */
  const timeOf = (i: number): number => 1_700_000_000_000 + Math.floor(i / 7);
  let tape: Tape;
  beforeAll(() => {
    const writer = createTapeWriter(join(folder, 'long.tape'), {
      source: 'test',
      labels,
      markets: [market('A')],
    });
    for (let i = 0; i < rows; i++) writer.append({ ...plainRow(i), recvMs: timeOf(i) });
    writer.close();
    tape = openTape(join(folder, 'long.tape'));
  });
  afterAll(() => tape.close());

  it.each([0, 1, BLOCK_ROWS - 3, BLOCK_ROWS, BLOCK_ROWS + 4, 2 * BLOCK_ROWS, rows - 1])(
    'from the time of row %i equals a full scan',
    (i) => {
      const fromMs = timeOf(i);
      const wanted: number[] = [];
      for (let n = 0; n < rows; n++) if (timeOf(n) >= fromMs) wanted.push(n);
      const found: number[] = [];
      let read = 0;
      for (const block of tape.blocks({ fromMs })) {
        read += block.rows;
        for (let n = 0; n < block.rows; n++) if (block.recvMs[n]! >= fromMs) found.push(block.seq[n]!);
      }
      expect(found).toEqual(wanted);
      expect(read - wanted.length).toBeLessThanOrEqual(BLOCK_ROWS);
    },
  );

  it('beyond the end reads the last block at most', () => {
    let read = 0;
    for (const block of tape.blocks({ fromMs: timeOf(rows) + 1 })) read += block.rows;
    expect(read).toBeLessThanOrEqual(BLOCK_ROWS);
    expect(rows).toBeGreaterThan(BLOCK_ROWS);
  });
});

describe('a damaged tape', () => {
  const rowsPerTape = BLOCK_ROWS + 500;
  let intact: Buffer;
  let secondBlock: number;
  let firstBlock: number;
  beforeAll(() => {
    const writer = createTapeWriter(path, { source: 'test', labels, markets: [market('A')] });
    for (let i = 0; i < rowsPerTape; i++) writer.append(plainRow(i));
    writer.close();
    intact = readFileSync(path);
    firstBlock = PREAMBLE_BYTES + intact.readUInt32LE(12);
    secondBlock = firstBlock + BLOCK_HEADER_BYTES + intact.readUInt32LE(firstBlock + 4);
  });

  it.each([
    ['the magic', () => 2, 'not-a-tape', 'is not a tape'],
    ['the preamble', () => 13, 'tape-corrupt', 'checksum of the header does not match at byte 0'],
    ['the header', () => 60, 'tape-corrupt', 'checksum of the header does not match at byte 24'],
    [
      'a block header',
      () => secondBlock + 9,
      'tape-corrupt',
      'checksum does not match the header of block 1 at byte',
    ],
    [
      'the rows of a block',
      () => secondBlock + 80,
      'tape-corrupt',
      'checksum does not match the rows of block 1 at byte',
    ],
    [
      'the footer',
      () => intact.length - TRAILER_BYTES - 5,
      'tape-corrupt',
      'checksum of the footer does not match',
    ],
    [
      'the trailer',
      () => intact.length - TRAILER_BYTES + 9,
      'tape-corrupt',
      'checksum of the trailer does not match',
    ],
    ['the end mark', () => intact.length - 1, 'tape-truncated', 'it has no footer'],
  ])('with one wrong byte in %s says so', (_region, position, code, message) => {
    const bytes = Buffer.from(intact);
    bytes[position()]! ^= 0x10;
    expect(failure(bytes)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('is found out whichever byte is wrong', () => {
    fc.assert(
      fc.property(fc.nat(intact.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const bytes = Buffer.from(intact);
        bytes[position]! ^= mask;
        expect(failure(bytes)).toBeInstanceOf(MmError);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['nothing', () => 0, 'shorter than a header'],
    ['half a preamble', () => 10, 'shorter than a header'],
    ['half a header', () => PREAMBLE_BYTES + 30, 'ends inside its header'],
    ['no block', () => firstBlock, 'it has no footer'],
    ['half a block', () => secondBlock - 100, 'it has no footer'],
    ['one block', () => secondBlock, 'it has no footer'],
    ['half a footer', () => intact.length - TRAILER_BYTES - 10, 'it has no footer'],
    ['half a trailer', () => intact.length - 4, 'it has no footer'],
  ])('cut off after %s is called truncated, with what to do', (_region, length, message) => {
    const error = failure(intact.subarray(0, length()));
    expect(error).toMatchObject({ code: 'tape-truncated', message: expect.stringContaining(message) });
    expect(error?.message).toContain('Re-import from the source');
  });

  it('of version 1 is still read, as a recording of streams', () => {
    const introLength = intact.readUInt32LE(12);
    const intro = JSON.parse(intact.toString('utf8', PREAMBLE_BYTES, firstBlock));
    delete intro.instruments;
    for (const label of ['cadence', 'sizes', 'spot']) delete intro.labels[label];
    const old = Buffer.from(intact);
    // Blanks keep the blocks where the index says.
    old.fill(' ', PREAMBLE_BYTES, PREAMBLE_BYTES + introLength);
    old.write(JSON.stringify(intro), PREAMBLE_BYTES);
    old.writeUInt32LE(1, 8);
    old.writeUInt32LE(crc32Of(old.subarray(PREAMBLE_BYTES, firstBlock)), 16);
    old.writeUInt32LE(crc32Of(old.subarray(0, 20)), 20);
    writeFileSync(path, old);
    const tape = openTape(path);
    expect(tape.header).toMatchObject({ version: 1, instruments: [], rows: rowsPerTape });
    expect(tape.header.labels).toEqual({ ...labels, cadence: 'stream', sizes: true, spot: false });
    expect(allRows(tape)).toHaveLength(rowsPerTape);
    tape.close();
  });

  it('that is of another version says which', () => {
    const bytes = Buffer.from(intact);
    bytes.writeUInt32LE(7, 8);
    bytes.writeUInt32LE(crc32Of(bytes.subarray(0, 20)), 20);
    expect(failure(bytes)).toMatchObject({
      code: 'tape-version',
      message: expect.stringContaining('version 7'),
    });
  });

  it('that does not exist is reported as missing', () => {
    expect(() => openTape(join(folder, 'absent.tape'))).toThrow('does not exist');
  });

  function failure(bytes: Buffer): MmError | undefined {
    writeFileSync(path, bytes);
    let tape: Tape | undefined;
    try {
      tape = openTape(path);
      for (const block of tape.blocks()) expect(block.rows).toBeGreaterThan(0);
      return undefined;
    } catch (error) {
      return error as MmError;
    } finally {
      tape?.close();
    }
  }
});

/** Bit by bit, so that the check does not rest on the code under test. */
function crc32Of(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function allRows(tape: Tape): TapeRow[] {
  const rows: TapeRow[] = [];
  for (const block of tape.blocks()) for (let i = 0; i < block.rows; i++) rows.push(rowAt(block, i));
  return rows;
}

function plainRow(i: number): TapeRow {
  return {
    recvMs: 1_700_000_000_000 + i,
    exchangeMs: 1_700_000_000_000 + i - (i % 13),
    seq: i,
    kind: RowKind.delta,
    market: 0,
    side: i % 2 === 0 ? 0 : 1,
    flags: 0,
    price: 100 + (i % 90) * 100,
    count: ((i * 7919) % 20_011) - 10_000,
  };
}

function market(name: string): Market {
  return {
    ticker: Ticker.of(name),
    eventTicker: 'T',
    seriesTicker: 'T',
    category: 'crypto',
    title: 'Test “market”',
    status: 'active',
    openMs: Timestamp.of(1_700_000_000_000),
    closeMs: Timestamp.of(1_700_000_900_000),
    grid: PriceGrid.cent(),
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex: 0,
    strikeType: null,
    floorStrike: null,
    result: null,
    settlementPrice: null,
    settledMs: null,
  };
}
