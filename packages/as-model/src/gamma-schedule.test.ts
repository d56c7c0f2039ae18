import { describe, expect, it } from 'vitest';
import { type GammaSchedule, gammaForInventory } from './gamma-schedule.ts';

describe('gammaForInventory', () => {
  it.each<[GammaSchedule, number, number]>([
    ['constant', 0, 0.3],
    ['constant', 10, 0.3],
    ['seed', 0, 0.3],
    ['seed', 5, 0.1819592],
    ['seed', 10, 0.1103638],
    ['increasing', 0, 0.3],
    ['increasing', 5, 0.4946164],
    ['increasing', 10, 0.8154845],
  ])('%s at %d of 10 contracts: 0.3 becomes %d', (schedule, inventory, expected) => {
    expect(gammaForInventory(schedule, 0.3, inventory, 10)).toBeCloseTo(expected, 7);
    expect(gammaForInventory(schedule, 0.3, -inventory, 10)).toBeCloseTo(expected, 7);
  });

  it('keeps following the curve beyond the limit', () => {
    expect(gammaForInventory('seed', 1, 20, 10)).toBeCloseTo(Math.exp(-2), 12);
    expect(gammaForInventory('increasing', 1, -20, 10)).toBeCloseTo(Math.exp(2), 12);
  });

  it('gives the seed schedule its largest skew q * gamma(q) at the limit', () => {
    const skew = (q: number) => q * gammaForInventory('seed', 1, q, 10);
    expect(skew(9)).toBeLessThan(skew(10));
    expect(skew(11)).toBeLessThan(skew(10));
  });

  it('refuses a limit of 0, a missing inventory and an unknown schedule', () => {
    expect(() => gammaForInventory('seed', 0.3, 0, 0)).toThrow(/maxPosition is 0/);
    expect(() => gammaForInventory('seed', 0.3, Number.NaN, 10)).toThrow(/inventory is NaN/);
    expect(() => gammaForInventory('seed', -0.3, 0, 10)).toThrow(/baseGamma is -0.3/);
    expect(() => gammaForInventory('linear' as GammaSchedule, 0.3, 0, 10)).toThrow(/schedule is linear/);
  });
});
