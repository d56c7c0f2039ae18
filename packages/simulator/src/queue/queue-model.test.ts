import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueueAdvance, type QueuePlace } from './queue-advance.ts';
import { type QueueModel, shareAhead } from './queue-model.ts';

const anyModel: fc.Arbitrary<QueueModel> = fc.oneof(
  fc.constant<QueueModel>({ kind: 'conservative' }),
  fc.record({ kind: fc.constant('share' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant('power' as const),
    exponent: fc.double({ min: 0.01, max: 64, noNaN: true }),
    form: fc.constantFrom('two-sided' as const, 'one-sided' as const),
  }),
  fc.record({
    kind: fc.constant('log' as const),
    form: fc.constantFrom('two-sided' as const, 'one-sided' as const),
  }),
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }).map((inner): QueueModel => {
    return { kind: 'fitted', sharesAhead: [0, ...inner.sort((a, b) => a - b), 1] };
  }),
);

const anyCount = fc.integer({ min: 0, max: 1_000_000_000 });
const anyFront = fc.integer({ min: 1, max: 1_000_000_000 });

describe('the share of a cancel that was in front', () => {
  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(anyModel, anyFront, anyCount, (model, front, back) => {
        const share = shareAhead(model)(front, back);
        expect(share >= 0 && share <= 1).toBe(true);
      }),
    );
  });

  it('grows with what is in front', () => {
    fc.assert(
      fc.property(anyModel, anyFront, anyCount, anyCount, (model, front, back, more) => {
        const share = shareAhead(model);
        const total = front + back;
        const further = Math.min(total, front + more);
        expect(share(further, total - further)).toBeGreaterThanOrEqual(share(front, back) - 1e-12);
      }),
    );
  });

  it('is all of it at the end of the queue, but for a constant', () => {
    for (const model of [
      { kind: 'power', exponent: 2 },
      { kind: 'power', exponent: 3, form: 'one-sided' },
      { kind: 'log' },
      { kind: 'log', form: 'one-sided' },
      { kind: 'fitted', sharesAhead: [0, 0.2, 1] },
    ] satisfies QueueModel[]) {
      expect(shareAhead(model)(500, 0)).toBe(1);
    }
    expect(shareAhead({ kind: 'share', share: 0.3 })(500, 0)).toBe(0.3);
  });

  it.each<[QueueModel, number]>([
    [{ kind: 'power', exponent: 1 }, 0.25],
    [{ kind: 'power', exponent: 2 }, 0.1],
    [{ kind: 'power', exponent: 2, form: 'one-sided' }, 1 - 0.75 ** 2],
    [{ kind: 'log' }, Math.log(101) / (Math.log(101) + Math.log(301))],
    [{ kind: 'log', form: 'one-sided' }, 1 - Math.log(301) / Math.log(401)],
    [{ kind: 'fitted', sharesAhead: [0, 0.1, 1] }, 0.05],
    [{ kind: 'fitted', sharesAhead: [0, 0, 0.2, 0.2, 1] }, 0],
  ])('%j gives %d with 100 contracts in front and 300 behind', (model, expected) => {
    expect(shareAhead(model)(10_000, 30_000)).toBeCloseTo(expected, 12);
  });

  it.each<QueueModel>([
    { kind: 'share', share: 1.1 },
    { kind: 'share', share: Number.NaN },
    { kind: 'power', exponent: 0 },
    { kind: 'power', exponent: Number.POSITIVE_INFINITY },
    { kind: 'fitted', sharesAhead: [1] },
    { kind: 'fitted', sharesAhead: [0, 0.5] },
    { kind: 'fitted', sharesAhead: [0, 0.6, 0.5, 1] },
    { kind: 'fitted', sharesAhead: [0, Number.NaN, 1] },
  ])('refuses %j', (model) => {
    expect(() => shareAhead(model)).toThrow(/No queue model/);
  });
});

describe('moving forward', () => {
  const place = (recordedAhead: number): QueuePlace => ({ recordedAhead, cancelParts: 0 });

  it('is bounded by the cancel and by what is in front', () => {
    fc.assert(
      fc.property(anyModel, anyFront, anyCount, fc.array(fc.nat(100_000)), (model, front, back, cancels) => {
        const { credit } = createQueueAdvance(model);
        const order = place(front);
        let recorded = front + back;
        for (const cancel of cancels) {
          const count = Math.min(cancel, recorded);
          const before = order.recordedAhead;
          credit(order, count, recorded);
          recorded -= count;
          expect(Number.isSafeInteger(order.recordedAhead)).toBe(true);
          expect(order.recordedAhead).toBeGreaterThanOrEqual(Math.max(0, before - count));
          expect(order.recordedAhead).toBeLessThanOrEqual(before);
        }
      }),
    );
  });

  it('loses no remainder over many small cancels', () => {
    // A third of each cancel of one unit: the end of a queue that is refilled behind us after every cancel.
    const { credit } = createQueueAdvance({ kind: 'fitted', sharesAhead: [0, 1 / 3, 1] });
    const order = place(1_000_000);
    for (let i = 0; i < 300_000; i++) credit(order, 1, 2 * order.recordedAhead);
    const share = Math.round(2 ** 20 / 3) / 2 ** 20;
    expect(order.recordedAhead).toBe(1_000_000 - Math.floor(300_000 * share));
  });
});
