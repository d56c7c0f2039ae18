import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOffsets, decodeBlock, encodeBlock } from './block-codec.ts';
import { appendRow, createBlockColumns, type ReceiveUnit, viewOf } from './block-columns.ts';
import { planesNeeded, readPlanes, writePlanes } from './byte-planes.ts';
import { RowKind, rowAt, type TapeRow } from './row.ts';
import { arbitraryRows } from './rows.test-support.ts';

describe.each(['ms', 'us'] as const)('a block with a receive clock in %s', (unit) => {
  it('gives back every row that went in', () => {
    fc.assert(
      fc.property(arbitraryRows(unit), (rows) => {
        expect(throughBytes(rows, unit)).toEqual(rows);
      }),
    );
  });
});

describe('a block', () => {
  it('uses one byte a value where the differences are small', () => {
    const columns = createBlockColumns(2);
    const row: TapeRow = {
      recvMs: 1_700_000_000_000,
      exchangeMs: 1_700_000_000_000,
      seq: 5,
      kind: RowKind.delta,
      market: 3,
      side: 1,
      flags: 1,
      price: 5200,
      count: -300,
    };
    appendRow(columns, row, 'ms', Number.NaN);
    appendRow(columns, { ...row, seq: 6 }, 'ms', row.recvMs);
    const { shape } = encodeBlock(columns, 'ms');
    expect(shape).toMatchObject({
      recvPlanes: 1,
      exchangePlanes: 1,
      seqPlanes: 1,
      countWidth: 2,
      marketWidth: 1,
      hasUnknowns: false,
    });
  });

  it.each([
    ['a time that runs backwards', { recvMs: 9 }, 'before the row above'],
    ['a fraction of a millisecond', { recvMs: 10.5 }, 'in milliseconds'],
    ['a price above one dollar', { price: 10_001 }, 'price 10001'],
    ['a count beyond 32 bits', { count: 2 ** 31 }, '32-bit'],
    ['a side that is neither', { side: 2 as 0 }, 'side 2'],
    ['a fractional seq', { seq: 1.5 }, 'seq 1.5'],
    ['an unknown kind', { kind: 99 as 0 }, 'kind 99'],
  ])('refuses %s', (_name, change, message) => {
    const row: TapeRow = {
      recvMs: 10,
      exchangeMs: Number.NaN,
      seq: 1,
      kind: RowKind.delta,
      market: 0,
      side: 0,
      flags: 0,
      price: 100,
      count: 1,
    };
    expect(() => appendRow(createBlockColumns(1), { ...row, ...change }, 'ms', 10)).toThrow(message);
  });
});

describe('byte planes', () => {
  it('hold any 55-bit integer', () => {
    const integers = fc.array(fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }), {
      minLength: 1,
    });
    const small = fc.array(fc.integer({ min: -40_000, max: 9_000_000 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.oneof(integers, small), (list) => {
        const values = Float64Array.from(list);
        const planes = planesNeeded(values);
        const bytes = new Uint8Array(planes * values.length);
        writePlanes(bytes, 0, planes, values);
        const back = new Float64Array(values.length);
        readPlanes(bytes, 0, planes, values.length, back);
        expect([...back]).toEqual(list.map((value) => value + 0));
      }),
    );
  });

  it.each([
    [127, 1],
    [128, 2],
    [-128, 1],
    [-129, 2],
    [32_768, 3],
    [8_388_607, 3],
    [2_147_483_648, 5],
  ])('need for %i: %i', (value, planes) => {
    expect(planesNeeded(Float64Array.of(value))).toBe(planes);
  });
});

function throughBytes(rows: readonly TapeRow[], unit: ReceiveUnit): TapeRow[] {
  const columns = createBlockColumns(rows.length);
  let previous = Number.NaN;
  for (const row of rows) {
    appendRow(columns, row, unit, previous);
    previous = row.recvMs;
  }
  const { shape, bytes } = encodeBlock(viewOf(columns), unit);
  expect(bytes.length).toBe(blockOffsets(shape).end);
  const into = createBlockColumns(rows.length);
  decodeBlock(bytes, shape, unit, into);
  return Array.from({ length: into.rows }, (_, i) => rowAt(into, i));
}
