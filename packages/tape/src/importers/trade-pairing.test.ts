import { describe, expect, it } from 'vitest';
import { RowFlag, RowKind, type TapeRow } from '../row.ts';
import { createTradePairing } from './trade-pairing.ts';

const delta: TapeRow = {
  recvMs: 1000,
  exchangeMs: 990,
  seq: 1,
  kind: RowKind.delta,
  market: 0,
  side: 1,
  flags: 0,
  price: 5000,
  count: -200,
};
/** A taker who buys takes from the asks. */
const trade: TapeRow = { ...delta, recvMs: 1010, kind: RowKind.trade, side: 0, count: 200 };

const run = (...rows: TapeRow[]) => {
  const pairing = createTradePairing(100);
  const out = [...rows.flatMap((row) => pairing.push([row])), ...pairing.flush()].flat();
  return { flags: out.map((row) => row.flags), times: out.map((row) => row.recvMs), pairing };
};

describe('trade pairing', () => {
  it('marks a delta and the trade that follows it', () => {
    expect(run(delta, trade).flags).toEqual([RowFlag.causedByTrade, RowFlag.hasDelta]);
  });

  it('marks a delta that follows its trade', () => {
    expect(run({ ...trade, recvMs: 990 }, delta).flags).toEqual([RowFlag.hasDelta, RowFlag.causedByTrade]);
  });

  it('marks one delta for each trade', () => {
    expect(run(delta, delta, trade).flags).toEqual([RowFlag.causedByTrade, 0, RowFlag.hasDelta]);
    expect(run(delta, trade, trade).flags).toEqual([RowFlag.causedByTrade, RowFlag.hasDelta, 0]);
  });

  it.each([
    ['side', { side: 1 as const }],
    ['price', { price: 5100 }],
    ['size', { count: 201 }],
    ['exchange time', { exchangeMs: 991 }],
    ['market', { market: 1 }],
  ])('needs the same %s', (_name, change) => {
    const { flags, pairing } = run(delta, { ...trade, ...change });
    expect(flags).toEqual([0, 0]);
    expect(pairing).toMatchObject({ trades: 1, paired: 0 });
  });

  it('does not take a delta that adds to the book', () => {
    expect(run({ ...delta, count: 200 }, trade).flags).toEqual([0, 0]);
  });

  it('gives up after the window, and keeps the order', () => {
    const late = run(delta, { ...delta, recvMs: 1101, seq: 2, price: 1 }, { ...trade, recvMs: 1102 });
    expect(late.flags).toEqual([0, 0, 0]);
    expect(late.times).toEqual([1000, 1101, 1102]);
  });
});
