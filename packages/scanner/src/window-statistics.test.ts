import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleWindow } from './sample-window.ts';
import { windowStatistics } from './window-statistics.ts';

const MINUTE_MS = 60_000;
const windows = { volatilityMs: 10 * MINUTE_MS, jumpMs: 5 * MINUTE_MS, meanMs: 3 * MINUTE_MS };

function statisticsOf(mids: readonly number[], stepMs = 3_000) {
  const window = new SampleWindow(1_000);
  mids.forEach((mid, i) => {
    window.push(i * stepMs, mid, 2, 100);
  });
  return windowStatistics(window, windows);
}

describe('windowStatistics', () => {
  it('is null without samples and has no sigma with one', () => {
    expect(statisticsOf([])).toBeNull();
    expect(statisticsOf([50])).toMatchObject({
      observations: 1,
      sigma: null,
      meanReversion: null,
      jumpCents: 0,
    });
  });

  it('measures a straight line', () => {
    expect(statisticsOf([50, 51, 52, 53, 54])).toMatchObject({
      observations: 5,
      sigma: 0.01,
      meanChange: 0.01,
      meanReversion: 0,
      jumpCents: 4,
      netMoveCents: 4,
      fromMeanCents: 2,
    });
  });

  it('measures a bounce, ignoring pauses', () => {
    expect(statisticsOf([50, 52, 52, 50, 52])).toMatchObject({
      sigma: Math.sqrt(12 / 4) / 100,
      meanReversion: 1,
      jumpCents: 2,
      netMoveCents: 2,
    });
  });

  it('measures each quantity over its own window', () => {
    // One sample a minute: 90 lies 8 minutes back, 70 four minutes back, the rest is 50.
    const found = statisticsOf([90, 50, 50, 50, 70, 50, 50, 50, 50], MINUTE_MS);
    expect(found).toMatchObject({ observations: 9, jumpCents: 20, netMoveCents: 0, fromMeanCents: 0 });
    expect(found?.sigma).toBeCloseTo(Math.sqrt((40 ** 2 + 2 * 20 ** 2) / 8) / 100, 12);
  });

  it('sees a market and its mirror image alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 198 }), { minLength: 1, maxLength: 300 }),
        (halfCents) => {
          const mids = halfCents.map((half) => half / 2);
          const here = statisticsOf(mids)!;
          const there = statisticsOf(mids.map((mid) => 100 - mid))!;
          expect(there.sigma).toBe(here.sigma);
          expect(there.meanReversion).toBe(here.meanReversion);
          expect(there.jumpCents).toBe(here.jumpCents);
          expect(there.netMoveCents + here.netMoveCents).toBe(0);
          expect(there.fromMeanCents).toBeCloseTo(here.fromMeanCents, 9);
        },
      ),
    );
  });
});

describe('SampleWindow', () => {
  it('keeps the newest samples, in order, whatever is pushed and dropped', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 1, max: 50 }),
      dropMs: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const window = new SampleWindow(capacity);
        let model: number[] = [];
        let now = 0;
        for (const { afterMs, dropMs } of steps) {
          now += afterMs;
          window.push(now, now / 7, 1, 1);
          model = [...model, now].slice(-capacity).filter((at) => at >= now - dropMs);
          window.dropBefore(now - dropMs);
          expect(Array.from({ length: window.length }, (_, i) => window.atMs(i))).toEqual(model);
          expect(window.midCents(window.length - 1)).toBe(now / 7);
          expect(window.indexSince(now - 60)).toBe(model.filter((at) => at < now - 60).length);
        }
      }),
    );
  });
});
