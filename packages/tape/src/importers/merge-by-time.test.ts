import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKind, type TapeRow } from '../row.ts';
import { mergeByTime } from './merge-by-time.ts';
import type { RowGroup } from './trade-pairing.ts';

const row = (recvMs: number, market: number, seq: number): TapeRow => ({
  recvMs,
  exchangeMs: Number.NaN,
  seq,
  kind: RowKind.delta,
  market,
  side: 0,
  flags: 0,
  price: 100,
  count: 1,
});

async function* batches(groups: readonly RowGroup[], size: number): AsyncGenerator<readonly RowGroup[]> {
  yield [];
  for (let i = 0; i < groups.length; i += size) yield groups.slice(i, i + size);
}

describe('merging by time', () => {
  it('equals a stable sort of all sources one after the other', async () => {
    const times = fc.array(fc.nat(30), { maxLength: 20 }).map((list) => list.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(
        fc.array(times, { maxLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (sources, size) => {
          const groups = sources.map((list, market) => list.map((time, i) => [row(time, market, i)]));
          const merged: RowGroup[] = [];
          for await (const batch of mergeByTime(groups.map((list) => batches(list, size))))
            merged.push(...batch);
          expect(merged).toEqual(groups.flat().toSorted((a, b) => a[0]!.recvMs - b[0]!.recvMs));
        },
      ),
    );
  });
});
