import { createRandom, type Random } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, playQueue } from '../testing/play-queue.ts';
import { createQueueObserver, type QueueObservation } from './create-queue-observer.ts';
import { fitQueueModel, scoreQueueModel } from './fit-queue-model.ts';

describe('the observer', () => {
  it('finds every cancel where its order was, when sizes are unique', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { block, truth } = playQueue(createRandom(seed), 0, 80, (random) => random.next());
        const observer = createQueueObserver();
        observer.absorb(block);
        // A partly filled order can have the size of another one: then nothing is said.
        const said = new Set(observer.observations.map((each) => JSON.stringify(each)));
        const { ambiguous, vague, tradesMisfit, unexplained } = observer.counts;
        expect([tradesMisfit, unexplained]).toEqual([0, 0]);
        const missing = truth.filter((each) => !said.has(JSON.stringify(each)));
        expect(missing.length).toBeLessThanOrEqual(ambiguous + vague);
        if (ambiguous === 0) expect(observer.observations).toEqual(truth);
      }),
      { numRuns: 50 },
    );
  });

  it('learns the size of a level from a snapshot and its orders from what follows', () => {
    const observer = createQueueObserver();
    observer.absorb(
      blockOf(0, [
        [2, 0, 0],
        [3, 1_000, 0],
        [0, 2_000, 0],
        [0, -2_000, 0],
        [0, -1_000, 1],
        [0, 300, 0],
        [0, -300, 0],
      ]),
    );
    expect(observer.observations).toEqual([{ market: 0, front: 1_000, count: 2_000, total: 3_000 }]);
    expect(observer.counts).toMatchObject({ observed: 1, alone: 1, ambiguous: 0 });
  });
});

describe('the fit', () => {
  const observed = (choose: (random: Random) => number): readonly QueueObservation[] => {
    const observer = createQueueObserver();
    for (let market = 0; market < 12; market++) {
      observer.absorb(playQueue(createRandom(`market ${market}`), market, 600, choose).block);
    }
    return observer.observations;
  };
  // The inverses of the shares: a cancel falls in front of the fraction q with probability share(q).
  const oneSided = (exponent: number) => (random: Random) => 1 - (1 - random.next()) ** (1 / exponent);
  const twoSided = (exponent: number) => (random: Random) => {
    const u = random.next();
    const odds = (u / (1 - u)) ** (1 / exponent);
    return odds / (1 + odds);
  };

  // Orders have a size, which blunts what happens within a twentieth of the queue: hence the tolerance.
  it.each([
    ['two-sided', 1, twoSided(1)],
    ['two-sided', 1.5, twoSided(1.5)],
    ['one-sided', 2, oneSided(2)],
    ['one-sided', 0.5, oneSided(0.5)],
  ] as const)('finds the %s exponent %d that made the cancels', (form, exponent, choose) => {
    const observations = observed(choose);
    const fit = fitQueueModel(observations, { bootstraps: 200 });
    const { value, low, high } = fit.exponents[form];
    expect(Math.abs(Math.log(value / exponent))).toBeLessThan(0.12);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    const score = (model: Parameters<typeof scoreQueueModel>[0]) =>
      scoreQueueModel(model, observations).squaredError;
    const fitted = score({ kind: 'fitted', sharesAhead: fit.table.map((each) => each.value) });
    expect(fitted).toBeLessThanOrEqual(score({ kind: 'power', exponent: value, form }) + 1e-9);
    expect(fitted).toBeLessThan(score({ kind: 'conservative' }));
  });

  it('gives a table that is a fitted model, the same for the same seed', () => {
    const observations = observed(oneSided(0.5));
    const fit = fitQueueModel(observations, { bootstraps: 50 });
    expect(fit).toEqual(fitQueueModel(observations, { bootstraps: 50 }));
    const shares = fit.table.map((each) => each.value);
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(fit.observations).toBe(observations.length);
    expect(fit.markets).toBe(12);
  });

  it('refuses to fit nothing', () => {
    expect(() => fitQueueModel([])).toThrow(/nothing to fit/);
  });
});

describe('the score', () => {
  it('compares what was in front with what the model says, by hand', () => {
    // The second half of a queue of 200 is canceled: nothing of it is in front up to a half, then a rising share.
    const cancel = { market: 0, front: 100, count: 100, total: 200 };
    const shares = [0, 0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8];
    const { squaredError, observedContracts, predictedContracts } = scoreQueueModel(
      { kind: 'share', share: 0.5 },
      [cancel],
    );
    expect(squaredError).toBeCloseTo(shares.reduce((sum, share) => sum + (share - 0.5) ** 2, 0) / 9, 12);
    expect(observedContracts).toBeCloseTo(2, 12);
    expect(predictedContracts).toBeCloseTo(4.5, 12);
  });
});
