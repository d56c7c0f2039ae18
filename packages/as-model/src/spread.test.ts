import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfSpreadCents, totalSpreadCents } from './spread.ts';

const paper = { kPerCent: 1.5, sigmaCents: 2 };

describe('totalSpreadCents', () => {
  it.each([
    [0.01, 1.328909, 1.368909],
    [0.1, 1.29077, 1.69077],
    [1, 1.021651, 5.021651],
  ])('gamma %d: base %d at the end of the horizon, %d at its start', (gammaPerCent, base, start) => {
    expect(totalSpreadCents({ ...paper, gammaPerCent, tau: 0 })).toBeCloseTo(base, 6);
    expect(totalSpreadCents({ ...paper, gammaPerCent, tau: 1 })).toBeCloseTo(start, 6);
  });

  it('is twice the half-spread', () => {
    const input = { ...paper, gammaPerCent: 0.3, tau: 0.7 };
    expect(totalSpreadCents(input)).toBe(2 * halfSpreadCents(input));
  });
});

describe('halfSpreadCents', () => {
  it('is about 0.6 cents at gamma 0.3 and k 1.5 without the volatility term', () => {
    expect(halfSpreadCents({ gammaPerCent: 0.3, kPerCent: 1.5, sigmaCents: 5, tau: 0 })).toBeCloseTo(
      0.60774,
      5,
    );
  });

  it('tends to 1/k, not to 0, as gamma tends to 0', () => {
    for (const gammaPerCent of [0, Number.MIN_VALUE, 1e-300, 1e-18, 1e-12]) {
      expect(halfSpreadCents({ ...paper, gammaPerCent, tau: 1 })).toBeCloseTo(1 / 1.5, 10);
    }
  });

  it('joins the series near 0 to the logarithm without a step', () => {
    const kPerCent = 1.5;
    const at = (x: number) =>
      halfSpreadCents({ gammaPerCent: x * kPerCent, kPerCent, sigmaCents: 0, tau: 0 });
    expect(at(0.999e-6) - at(1.001e-6)).toBeCloseTo(0.001e-6 / kPerCent, 14);
    for (const x of [1e-7, 0.9e-6, 1.1e-6, 1e-3]) {
      expect(at(x)).toBeCloseTo(Math.log1p(x) / x / kPerCent, 14);
    }
  });

  it('grows with sigma and with tau, shrinks with k', () => {
    const cents = fc.double({ min: 0.1, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        cents,
        cents,
        cents,
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        (a, b, k, gammaPerCent) => {
          fc.pre(Math.abs(a - b) > 1e-6);
          const [low, high] = a < b ? [a, b] : [b, a];
          const base = { gammaPerCent, kPerCent: k, sigmaCents: 1, tau: 1 };
          expect(halfSpreadCents({ ...base, sigmaCents: low })).toBeLessThan(
            halfSpreadCents({ ...base, sigmaCents: high }),
          );
          expect(halfSpreadCents({ ...base, tau: low / 20 })).toBeLessThan(
            halfSpreadCents({ ...base, tau: high / 20 }),
          );
          expect(halfSpreadCents({ ...base, kPerCent: low })).toBeGreaterThan(
            halfSpreadCents({ ...base, kPerCent: high }),
          );
        },
      ),
    );
  });

  it.each([
    ['gammaPerCent', -1e-9],
    ['kPerCent', 0],
    ['sigmaCents', Number.NaN],
    ['tau', 2],
  ])('refuses %s = %d and names it', (field, value) => {
    expect(() => halfSpreadCents({ ...paper, gammaPerCent: 0.1, tau: 1, [field]: value })).toThrow(
      new RegExp(`^halfSpreadCents: ${field} is ${value}, expected`),
    );
  });
});
