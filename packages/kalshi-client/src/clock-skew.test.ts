import { createRandom } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createClockSkew } from './clock-skew.ts';

function date(ms: number): string {
  return new Date(ms).toUTCString();
}

describe('createClockSkew', () => {
  it('knows nothing before the first answer, nor from one without a date', () => {
    const skew = createClockSkew();
    skew.observe(0, 10, null);
    skew.observe(0, 10, 'yesterday');
    expect(skew.read()).toBeNull();
  });

  it('closes in on the truth, and never claims more than it knows', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = createRandom(`skew-${seed}`);
      const truth = random.integer(20_000) - 10_000;
      const skew = createClockSkew();
      let now = 1_790_000_000_000;
      for (let i = 0; i < 200; i++) {
        now += random.integer(3_000);
        const there = random.integer(40);
        const back = random.integer(40);
        skew.observe(now, now + there + back, date(now + there + truth));
        const { skewMs, uncertaintyMs } = skew.read()!;
        expect(Math.abs(skewMs - truth)).toBeLessThanOrEqual(uncertaintyMs + 1);
      }
      expect(skew.read()!.uncertaintyMs).toBeLessThan(200);
    }
  });

  it('begins anew when a clock is set', () => {
    const skew = createClockSkew();
    skew.observe(1_790_000_000_000, 1_790_000_000_010, date(1_790_000_000_000));
    skew.observe(1_790_000_001_000, 1_790_000_001_010, date(1_790_000_061_000));
    expect(Math.abs(skew.read()!.skewMs - 60_000)).toBeLessThanOrEqual(1_000);
  });
});
