import { type Market, type Price, PriceGrid } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createBookReplay } from './book-replay.ts';
import { RowKind } from './row.ts';

const market = { grid: PriceGrid.cent() } as Market;
const { clear, level, delta, trade, connected, tickerBid } = RowKind;

describe('a book replay', () => {
  it('builds each book from snapshot and deltas, and counts no trade twice', () => {
    const replay = createBookReplay({ markets: [market, market] });
    replay.applyValues(clear, 1, 0, 0, 0);
    replay.applyValues(level, 1, 0, 4000, 500);
    replay.applyValues(level, 1, 1, 4300, 700);
    replay.applyValues(delta, 1, 1, 4300, -200);
    replay.applyValues(trade, 1, 0, 4300, 200);
    replay.applyValues(tickerBid, 1, 0, 4100, 1);
    expect(replay.books[1]!.bestBid()).toBe(4000);
    expect(replay.books[1]!.countAt('ask', 4300 as Price)).toBe(500);
    expect(replay.books[0]!.total('bid')).toBe(0);
    expect(replay.misfits).toBe(0);
  });

  it('is in step from a snapshot until the connection starts again', () => {
    const replay = createBookReplay({ markets: [market] });
    expect(replay.isInStep(0)).toBe(false);
    replay.applyValues(clear, 0, 0, 0, 0);
    expect(replay.isInStep(0)).toBe(true);
    replay.applyValues(connected, 0, 0, 0, 0);
    expect(replay.isInStep(0)).toBe(false);
  });

  it.each([
    ['takes more than there is', 4000, -600],
    ['is off the grid', 4050, 100],
  ])('counts a delta that %s and falls out of step', (_name, price, count) => {
    const replay = createBookReplay({ markets: [market] });
    replay.applyValues(clear, 0, 0, 0, 0);
    replay.applyValues(level, 0, 0, 4000, 500);
    replay.applyValues(delta, 0, 0, price, count);
    expect(replay.misfits).toBe(1);
    expect(replay.isInStep(0)).toBe(false);
    expect(replay.books[0]!.countAt('bid', 4000 as Price)).toBe(500);
  });
});
