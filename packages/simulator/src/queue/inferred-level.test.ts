import { describe, expect, it } from 'vitest';
import { InferredLevel } from './inferred-level.ts';

function level(...sizes: readonly number[]): InferredLevel {
  const made = new InferredLevel();
  for (const size of sizes) made.add(size);
  return made;
}

describe('an inferred level', () => {
  it('knows the place of the only order of a size', () => {
    expect(level(300, 200, 500).cancel(200)).toEqual({ front: 300, count: 200, total: 1000, slack: 0 });
  });

  it('takes trades from the front, in parts too, and says whether one maker explains them', () => {
    const made = level(300, 200);
    expect(made.trade(100)).toBe(true);
    expect(made.trade(250)).toBe(false);
    expect(made.trade(150)).toBe(true);
    expect(made.total).toBe(0);
  });

  it('sees a partly filled order canceled with what is left of it', () => {
    const made = level(300, 200);
    made.trade(100);
    expect(made.cancel(200)).toBe('ambiguous');
    const other = level(300, 150);
    other.trade(100);
    expect(other.cancel(200)).toEqual({ front: 0, count: 200, total: 350, slack: 0 });
  });

  it('does not choose between orders of one size, and remembers what that leaves open', () => {
    const made = level(100, 30, 100, 40, 100);
    expect(made.cancel(100)).toBe('ambiguous');
    // One of the three is gone: 30 has 100 in front or nothing, 40 has 230 or 130.
    expect(made.cancel(30)).toEqual({ front: 100, count: 30, total: 270, slack: 100 });
    expect(made.cancel(40)).toEqual({ front: 200, count: 40, total: 240, slack: 100 });
  });

  it('keeps apart what a snapshot showed', () => {
    const made = new InferredLevel(500);
    made.add(100);
    made.add(700);
    expect(made.cancel(100)).toBe('ambiguous');
    expect(made.cancel(700)).toEqual({ front: 500, count: 700, total: 1200, slack: 0 });
    expect(made.cancel(60)).toBe('hidden');
    expect(made.trade(440)).toBeNull();
    expect(made.total).toBe(0);
  });

  it('gives up on what it cannot explain, until the level is new', () => {
    const made = level(300, 200);
    expect(made.cancel(50)).toBe('unexplained');
    expect(made.cancel(200)).toBe('hidden');
    expect(made.total).toBe(250);
  });
});
