import { createRandom, MmError } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLatency, type LatencyModel } from './latency-model.ts';
import { latencyModelName, latencyModelNamed } from './latency-model-named.ts';
import { createMessageLane } from './message-lane.ts';

describe('a latency', () => {
  it('that is constant draws nothing', () => {
    const random = createRandom(1);
    const latency = createLatency({ kind: 'constant', ms: 100.5 }, random);
    expect([latency(), latency()]).toEqual([100.5, 100.5]);
    expect(random.next()).toBe(createRandom(1).next());
  });

  it('that is log-normal has its median and p99, and nothing below its least', () => {
    const latency = createLatency(
      { kind: 'lognormal', medianMs: 80, p99Ms: 900, leastMs: 20 },
      createRandom(1),
    );
    const drawn = Array.from({ length: 100_000 }, latency).sort((a, b) => a - b);
    expect(Math.abs(drawn[50_000]! - 80)).toBeLessThan(2);
    expect(Math.abs(drawn[99_000]! - 900)).toBeLessThan(60);
    expect(drawn[0]).toBeGreaterThanOrEqual(20);
    expect(drawn.every(Number.isInteger)).toBe(true);
  });

  it('that was recorded is one of the samples, or each in turn', () => {
    const samplesMs = [5, 7.4, 300];
    const drawn = createLatency({ kind: 'recorded', samplesMs }, createRandom(1));
    expect([...new Set(Array.from({ length: 100 }, drawn))].sort((a, b) => a - b)).toEqual([5, 7, 300]);
    const random = createRandom(1);
    const played = createLatency({ kind: 'recorded', samplesMs, order: 'played' }, random);
    expect(Array.from({ length: 5 }, played)).toEqual([5, 7, 300, 5, 7]);
    expect(random.next()).toBe(createRandom(1).next());
  });

  it.each<LatencyModel>([
    { kind: 'constant', ms: -1 },
    { kind: 'constant', ms: Number.NaN },
    { kind: 'lognormal', medianMs: 100, p99Ms: 50 },
    { kind: 'lognormal', medianMs: 100, p99Ms: 200, leastMs: 100 },
    { kind: 'recorded', samplesMs: [] },
    { kind: 'recorded', samplesMs: [5, Number.NaN] },
  ])('refuses %j', (model) => {
    expect(() => createLatency(model, createRandom(1))).toThrow(MmError);
  });
});

describe('a lane', () => {
  it('keeps the order, never arrives early, and is the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.nat(500), { minLength: 1 }),
        fc.array(fc.nat(1000), { minLength: 1 }),
        (seed, gaps, samplesMs) => {
          const run = () => {
            const lane = createMessageLane({ kind: 'recorded', samplesMs }, createRandom(seed));
            let sentMs = 0;
            return gaps.map((gap) => {
              sentMs += gap;
              return { sentMs, arrivesMs: lane.arrivesMs(sentMs) };
            });
          };
          const messages = run();
          for (const [i, { sentMs, arrivesMs }] of messages.entries()) {
            expect(arrivesMs).toBeGreaterThanOrEqual(sentMs + Math.min(...samplesMs));
            expect(arrivesMs).toBeGreaterThanOrEqual(messages[i - 1]?.arrivesMs ?? 0);
          }
          expect(run()).toEqual(messages);
        },
      ),
    );
  });
});

describe('the name of a latency model', () => {
  const sources = {
    constantMs: 100,
    readText: (file: string) => (file === 'a.txt' ? '12, 30.5\n400\n' : 'x'),
  };

  it.each<[string, LatencyModel]>([
    ['constant', { kind: 'constant', ms: 100 }],
    ['constant:20', { kind: 'constant', ms: 20 }],
    ['lognormal:80,900', { kind: 'lognormal', medianMs: 80, p99Ms: 900, leastMs: 0 }],
    ['lognormal:80,900,20', { kind: 'lognormal', medianMs: 80, p99Ms: 900, leastMs: 20 }],
    ['recorded:a.txt', { kind: 'recorded', samplesMs: [12, 30.5, 400], order: 'drawn' }],
    ['played:a.txt', { kind: 'recorded', samplesMs: [12, 30.5, 400], order: 'played' }],
  ])('%s is read', (text, model) => {
    expect(latencyModelNamed(text, sources)).toEqual(model);
  });

  it.each([
    ['constant', 'constant:100'],
    ['lognormal:80,900', 'lognormal:80,900,0'],
    ['recorded:a.txt', 'recorded (3 samples)'],
    ['played:a.txt', 'played (3 samples)'],
  ])('%s is told as %s', (text, told) => {
    expect(latencyModelName(latencyModelNamed(text, sources))).toBe(told);
  });

  it.each(['', 'fast', 'lognormal', 'lognormal:80', 'lognormal:80,900,20,1', 'recorded', 'constant:', '100'])(
    '%j is refused',
    (text) => {
      expect(() => latencyModelNamed(text, sources)).toThrow(/No latency model/);
    },
  );

  it('a file without numbers makes no latency', () => {
    const model = latencyModelNamed('recorded:b.txt', sources);
    expect(() => createLatency(model, createRandom(1))).toThrow(/No latency model/);
  });
});
