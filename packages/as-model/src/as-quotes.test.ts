import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AsQuotesInput, asQuotes } from './as-quotes.ts';

const input: AsQuotesInput = {
  midCents: 50,
  inventoryContracts: 0,
  maxPositionContracts: 10,
  sigmaCents: 2,
  tau: 1,
  gammaSchedule: 'constant',
  baseGammaPerCent: 0.1,
  gammaMultiplier: 1,
  kPerCent: 1.5,
  kMultiplier: 1,
  buildingSideWidening: 0,
  minTotalSpreadCents: 0,
  maxTotalSpreadCents: 100,
};

const anyInput: fc.Arbitrary<AsQuotesInput> = fc
  .record({
    midCents: fc.double({ min: 1, max: 99, noNaN: true }),
    inventoryContracts: fc.double({ min: -30, max: 30, noNaN: true }),
    maxPositionContracts: fc.double({ min: 0.3, max: 30, noNaN: true }),
    sigmaCents: fc.double({ min: 0, max: 10, noNaN: true }),
    tau: fc.double({ min: 0, max: 1, noNaN: true }),
    gammaSchedule: fc.constantFrom('constant' as const, 'seed' as const, 'increasing' as const),
    baseGammaPerCent: fc.double({ min: 0, max: 1, noNaN: true }),
    gammaMultiplier: fc.double({ min: 0.5, max: 2, noNaN: true }),
    kPerCent: fc.double({ min: 0.1, max: 5, noNaN: true }),
    kMultiplier: fc.double({ min: 0.3, max: 1, noNaN: true }),
    buildingSideWidening: fc.double({ min: 0, max: 3, noNaN: true }),
    minTotalSpreadCents: fc.double({ min: 0, max: 5, noNaN: true }),
    maxTotalSpreadCents: fc.double({ min: 5, max: 20, noNaN: true }),
  })
  // A tiny limit with the increasing schedule sends the quotes to 1e40 cents, where no double has cents left.
  .filter((x) => Math.abs(x.inventoryContracts) <= 3 * x.maxPositionContracts);

describe('asQuotes', () => {
  it('is the paper when schedule, multipliers, widening and clamp are off', () => {
    const long = asQuotes({ ...input, midCents: 100, inventoryContracts: 3 });
    expect(long.reservationCents).toBeCloseTo(98.8, 10);
    expect(long.halfSpreadCents).toBeCloseTo(1.69077 / 2, 6);
    expect(long.bidCents).toBeCloseTo(98.8 - 1.69077 / 2, 6);
    expect(long.askCents).toBeCloseTo(98.8 + 1.69077 / 2, 6);
  });

  it('applies schedule and multipliers to gamma and k', () => {
    const quotes = asQuotes({
      ...input,
      inventoryContracts: 10,
      gammaSchedule: 'seed',
      gammaMultiplier: 2,
      kMultiplier: 0.3,
    });
    expect(quotes.gamma).toBeCloseTo(0.2 * Math.exp(-1), 12);
    expect(quotes.k).toBeCloseTo(0.45, 12);
    expect(quotes.reservationCents).toBeCloseTo(50 - 10 * 0.2 * Math.exp(-1) * 4, 10);
  });

  it('widens only the side that adds to the inventory, in proportion to it', () => {
    const at = (inventoryContracts: number) => {
      const quotes = asQuotes({ ...input, inventoryContracts, buildingSideWidening: 0.5 });
      return {
        bid: (quotes.reservationCents - quotes.bidCents) / quotes.halfSpreadCents,
        ask: (quotes.askCents - quotes.reservationCents) / quotes.halfSpreadCents,
      };
    };
    expect(at(0).bid).toBeCloseTo(1, 10);
    expect(at(5).bid).toBeCloseTo(1.25, 10);
    expect(at(5).ask).toBeCloseTo(1, 10);
    expect(at(-5).bid).toBeCloseTo(1, 10);
    expect(at(-5).ask).toBeCloseTo(1.25, 10);
    expect(at(40).bid).toBeCloseTo(1.5, 10);
  });

  it('clamps the total spread and keeps the ratio of the sides', () => {
    const fixed = asQuotes({
      ...input,
      inventoryContracts: 10,
      buildingSideWidening: 1,
      minTotalSpreadCents: 6,
      maxTotalSpreadCents: 6,
    });
    expect(fixed.askCents - fixed.bidCents).toBeCloseTo(6, 10);
    expect(fixed.reservationCents - fixed.bidCents).toBeCloseTo(4, 10);
    expect(fixed.askCents - fixed.reservationCents).toBeCloseTo(2, 10);
    const capped = asQuotes({ ...input, sigmaCents: 20, maxTotalSpreadCents: 4 });
    expect(capped.halfSpreadCents).toBeGreaterThan(2);
    expect(capped.bidCents).toBeCloseTo(48, 10);
    expect(capped.askCents).toBeCloseTo(52, 10);
  });

  it('keeps bid < reservation < ask and the total spread within its limits', () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const quotes = asQuotes(any);
        expect(quotes.bidCents).toBeLessThan(quotes.reservationCents);
        expect(quotes.askCents).toBeGreaterThan(quotes.reservationCents);
        const total = quotes.askCents - quotes.bidCents;
        expect(total).toBeGreaterThanOrEqual(any.minTotalSpreadCents - 1e-6);
        expect(total).toBeLessThanOrEqual(any.maxTotalSpreadCents + 1e-6);
      }),
    );
  });

  it('mirrors around the mid when the inventory changes sign', () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const quotes = asQuotes(any);
        const mirrored = asQuotes({ ...any, inventoryContracts: -any.inventoryContracts });
        expect(mirrored.askCents - any.midCents).toBeCloseTo(any.midCents - quotes.bidCents, 6);
        expect(mirrored.bidCents - any.midCents).toBeCloseTo(any.midCents - quotes.askCents, 6);
        expect(mirrored.gamma).toBe(quotes.gamma);
      }),
    );
  });

  it('mirrors under exchange of YES and NO: mid -> 100 - mid, q -> -q', () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const yes = asQuotes(any);
        const no = asQuotes({
          ...any,
          midCents: 100 - any.midCents,
          inventoryContracts: -any.inventoryContracts,
        });
        expect(no.bidCents).toBeCloseTo(100 - yes.askCents, 6);
        expect(no.askCents).toBeCloseTo(100 - yes.bidCents, 6);
      }),
    );
  });

  it('widens with sigma as long as the clamp does not bind', () => {
    const spread = (sigmaCents: number) => {
      const quotes = asQuotes({ ...input, sigmaCents, inventoryContracts: 4, buildingSideWidening: 0.5 });
      return quotes.askCents - quotes.bidCents;
    };
    const sigma = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(sigma, sigma, (a, b) => {
        fc.pre(Math.abs(a - b) > 1e-3);
        expect(spread(Math.min(a, b))).toBeLessThan(spread(Math.max(a, b)));
      }),
    );
  });

  it('is risk-neutral at gamma 0: half-spread 1/k around the mid, whatever the inventory', () => {
    const quotes = asQuotes({ ...input, baseGammaPerCent: 0, inventoryContracts: 7 });
    expect(quotes.reservationCents).toBe(50);
    expect(quotes.bidCents).toBeCloseTo(50 - 1 / 1.5, 12);
    expect(quotes.askCents).toBeCloseTo(50 + 1 / 1.5, 12);
  });

  it.each<[keyof AsQuotesInput, number]>([
    ['gammaMultiplier', -1],
    ['kPerCent', 0],
    ['kMultiplier', 0],
    ['buildingSideWidening', -0.1],
    ['minTotalSpreadCents', -1],
    ['minTotalSpreadCents', 101],
    ['maxTotalSpreadCents', 0],
    ['sigmaCents', Number.NaN],
    ['midCents', Number.NaN],
    ['tau', 1.5],
  ])('refuses %s = %d and names it', (field, value) => {
    expect(() => asQuotes({ ...input, [field]: value })).toThrow(
      new RegExp(`${field} is ${value}, expected`),
    );
  });
});
