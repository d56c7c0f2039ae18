import { Price, type Price as PriceUnits } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incentiveReward } from './incentive-reward.ts';
import { type IncentiveRule, type RestingOrder, scoreSide } from './score-side.ts';

const order = (userId: string | null, cents: number, contracts: number): RestingOrder => ({
  userId,
  price: Price.of(cents * 100),
  count: contracts * 100,
});
const ticksBetween = (a: PriceUnits, b: PriceUnits) => Math.abs(a - b) / 100;
const score = (
  rule: IncentiveRule,
  orders: readonly RestingOrder[],
  targetContracts = 1_000,
  discountBps = 5_000,
) => {
  const shares = scoreSide(orders, { rule, targetSize: targetContracts * 100, discountBps, ticksBetween });
  return shares === null ? null : (Object.fromEntries(shares) as Record<string, number>);
};

describe('one side of a snapshot', () => {
  const bids = [
    order('ann', 50, 100),
    order('bob', 49, 200),
    order('ann', 48, 300),
    order('cat', 47, 400),
    order('dan', 46, 900),
  ];

  it('by the best price: size × ½ for every tick, down to the order that reaches the target', () => {
    // 100 × 1 + 300 × ¼ = 175; 200 × ½ = 100; 400 × ⅛ = 50; dan comes after the target.
    expect(score('best-price', bids)).toEqual({ ann: 175 / 325, bob: 100 / 325, cat: 50 / 325 });
  });

  it('by the reference price: full to where a fifth of the target is reached, then × ½ for every tick', () => {
    // A fifth is 200: reached at 49. 100 + 300 × ½ = 250; 200; 400 × ¼ = 100.
    expect(score('reference-price', bids)).toEqual({ ann: 250 / 550, bob: 200 / 550, cat: 100 / 550 });
  });

  it('counts everything at the reference price in full, also what comes after the fifth', () => {
    const level = [order('ann', 50, 300), order('bob', 50, 300), order('cat', 49, 400)];
    expect(score('reference-price', level)).toEqual({ ann: 300 / 800, bob: 300 / 800, cat: 200 / 800 });
  });

  it('counts the order that reaches the target in full and the one behind it not at all', () => {
    for (const rule of ['best-price', 'reference-price'] as const) {
      const level = [order('ann', 50, 600), order('bob', 50, 600), order('cat', 50, 600)];
      expect(score(rule, level)).toEqual({ ann: 0.5, bob: 0.5 });
    }
  });

  it('does not qualify below the target size, and just does at it', () => {
    for (const rule of ['best-price', 'reference-price'] as const) {
      expect(score(rule, [order('ann', 50, 999)])).toBeNull();
      expect(score(rule, [order('ann', 50, 1_000)])).toEqual({ ann: 1 });
      expect(score(rule, [])).toBeNull();
    }
  });

  it('takes recorded size for one participant', () => {
    const level = [order(null, 50, 500), order('ann', 50, 250), order(null, 50, 250)];
    expect(score('reference-price', level)).toEqual({ null: 0.75, ann: 0.25 });
  });

  it('with a discount of nothing weighs by size alone, with one of everything takes the best only', () => {
    const two = [order('ann', 50, 250), order('bob', 49, 750)];
    expect(score('best-price', two, 1_000, 10_000)).toEqual({ ann: 0.25, bob: 0.75 });
    expect(score('best-price', two, 1_000, 0)).toEqual({ ann: 1, bob: 0 });
  });

  it('adds up to one', () => {
    const anyOrder = fc.record({
      userId: fc.constantFrom('ann', 'bob', null),
      cents: fc.integer({ min: 1, max: 99 }),
      contracts: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(
        fc.array(anyOrder, { maxLength: 20 }),
        fc.integer({ min: 1, max: 2_000 }),
        (unsorted, target) => {
          const orders = unsorted
            .sort((a, b) => b.cents - a.cents)
            .map(({ userId, cents, contracts }) => order(userId, cents, contracts));
          const size = orders.reduce((sum, { count }) => sum + count, 0);
          for (const rule of ['best-price', 'reference-price'] as const) {
            const shares = score(rule, orders, target);
            expect(shares === null).toBe(size < target * 100);
            if (shares === null) continue;
            expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
          }
        },
      ),
    );
  });
});

describe('a reward', () => {
  const dollars = (amount: number) => (amount * 1_000_000) as never;

  it.each([
    [20, 0.5, null, 10],
    [20, 1 / 3, null, 6.66],
    [10, 0.3, null, 3],
    [10, 0.1 + 0.2, null, 3],
    [20, 0.05, null, 1],
    [20, 0.0499, null, 0],
    [20, 0.5, 3, 3],
    [20, 0, null, 0],
  ])('of %d dollars at a share of %d, at most %s, is %d', (pool, share, most, expected) => {
    const reward = incentiveReward(dollars(pool), share, most === null ? null : dollars(most));
    expect(reward).toBe(expected * 1_000_000);
  });
});
