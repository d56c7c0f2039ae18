import { Price, Ticker } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreActivity, topByActivity } from './activity-score.ts';
import { someActivity } from './test-support/scanner-view.ts';

describe('scoreActivity', () => {
  it('adds volume, liquidity and recency and takes the spread off', () => {
    expect(scoreActivity([someActivity()])).toEqual([{ ticker: someActivity().ticker, score: 2.98 }]);
  });

  it.each([
    ['less volume', { volume24hContracts: 1_000 }],
    ['less open interest', { openInterestContracts: 10 }],
    ['a last trade outside the book', { lastPrice: Price.of(7000) }],
    ['no trade yet', { lastPrice: Price.of(0) }],
    ['a wider spread', { ask: Price.of(5500) }],
    ['no ask', { ask: Price.NO_ASK }],
  ])('scores %s lower', (_, changes) => {
    const [full, less] = scoreActivity([someActivity(), someActivity(changes)]);
    expect(less!.score).toBeLessThan(full!.score);
  });

  it('has no answer for an idle list but zero and the spread', () => {
    const idle = someActivity({ volume24hContracts: 0, openInterestContracts: 0, bid: Price.NO_BID });
    expect(scoreActivity([idle])[0]!.score).toBe(-1);
  });
});

describe('topByActivity', () => {
  it('does not depend on the order of the list', () => {
    const entry = fc.record({
      volume: fc.integer({ min: 0, max: 3 }),
      interest: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), fc.integer({ min: 0, max: 25 }), (entries, n) => {
        const list = entries.map(({ volume, interest }, i) =>
          someActivity({
            ticker: Ticker.of(`T${i}`),
            volume24hContracts: volume,
            openInterestContracts: interest,
          }),
        );
        const top = topByActivity(n, list);
        expect(top).toHaveLength(Math.min(n, list.length));
        expect(topByActivity(n, list.toReversed())).toEqual(top);
      }),
    );
  });
});
