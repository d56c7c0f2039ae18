import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reservationPriceCents } from './reservation-price.ts';

const paper = { midCents: 100, inventoryContracts: 3, sigmaCents: 2, tau: 1 };

describe('reservationPriceCents', () => {
  it.each([
    [0.01, 99.88],
    [0.1, 98.8],
    [1, 88],
  ])('gamma %d, three contracts long, mid 100: %d', (gammaPerCent, expected) => {
    expect(reservationPriceCents({ ...paper, gammaPerCent })).toBeCloseTo(expected, 10);
  });

  it('is the mid when flat, when the horizon is over, or when nothing moves', () => {
    expect(reservationPriceCents({ ...paper, gammaPerCent: 1, inventoryContracts: 0 })).toBe(100);
    expect(reservationPriceCents({ ...paper, gammaPerCent: 1, tau: 0 })).toBe(100);
    expect(reservationPriceCents({ ...paper, gammaPerCent: 1, sigmaCents: 0 })).toBe(100);
  });

  it('moves against the inventory, by equal amounts for long and short', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 99, noNaN: true }),
        fc.double({ min: 0.01, max: 500, noNaN: true }),
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        (midCents, size, gammaPerCent) => {
          const at = (inventoryContracts: number) =>
            reservationPriceCents({ midCents, inventoryContracts, gammaPerCent, sigmaCents: 2, tau: 0.5 });
          expect(at(size)).toBeLessThan(midCents);
          expect(at(-size) - midCents).toBeCloseTo(midCents - at(size), 9);
        },
      ),
    );
  });

  it.each([
    ['midCents', Number.NaN],
    ['inventoryContracts', Number.POSITIVE_INFINITY],
    ['gammaPerCent', -0.1],
    ['sigmaCents', -1],
    ['sigmaCents', Number.NaN],
    ['tau', 1.01],
    ['tau', -0.01],
  ])('refuses %s = %d and names it', (field, value) => {
    expect(() => reservationPriceCents({ ...paper, gammaPerCent: 1, [field]: value })).toThrow(
      new RegExp(`^reservationPriceCents: ${field} is ${value}, expected`),
    );
  });
});
