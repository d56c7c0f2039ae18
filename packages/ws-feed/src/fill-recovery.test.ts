import { type Fill, Timestamp } from '@kalshi-mm/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FillRecovery } from './fill-recovery.ts';

let nowMs = 0;
let reads: number[];
let seen: string[];
let broken: number;
let recovery: FillRecovery;

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 1_000_000;
  reads = [];
  seen = [];
  broken = 0;
  recovery = new FillRecovery({
    async *fetchFills(sinceMs) {
      reads.push(sinceMs);
      if (broken-- > 0) throw new Error('503');
      yield [{ fillId: `of ${sinceMs}` } as Fill];
    },
    overlapMs: 60_000,
    everyMs: 30_000,
    retryBaseMs: 1_000,
    retryMaxMs: 8_000,
    random: () => 1,
    now: () => Timestamp.of(nowMs),
    onFill: (fill) => seen.push(fill.fillId),
    log: () => {},
  });
});

afterEach(() => {
  recovery.stop();
  vi.useRealTimers();
});

async function pass(ms: number): Promise<void> {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

it('reads nothing before it has begun, and then regularly, each read overlapping the one before', async () => {
  recovery.soon();
  await pass(100_000);
  expect(reads).toEqual([]);
  recovery.begin();
  recovery.begin();
  await pass(30_000);
  await pass(30_000);
  expect(reads).toEqual([1_040_000, 1_070_000]);
  expect(seen).toEqual(['of 1040000', 'of 1070000']);
});

it('reads at once when asked, and once more when asked during a read', async () => {
  recovery.begin();
  recovery.soon();
  recovery.soon();
  recovery.soon();
  await pass(0);
  expect(reads).toEqual([940_000, 940_000]);
});

it('tries again after a failure, from where the last good read was, with growing pauses', async () => {
  recovery.begin();
  broken = 2;
  recovery.soon();
  await pass(0);
  await pass(1_000);
  await pass(2_000);
  expect(reads).toEqual([940_000, 940_000, 940_000]);
  expect(seen).toEqual(['of 940000']);
});

it('reads nothing after it was stopped', async () => {
  recovery.begin();
  recovery.stop();
  recovery.soon();
  await pass(60_000);
  expect(reads).toEqual([]);
});
