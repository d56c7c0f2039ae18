import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Price, PriceGrid, WireError } from './index.ts';

const range = (start: number, end: number, step: number) => ({
  start: Price.of(start),
  end: Price.of(end),
  step,
});
const tapered = PriceGrid.of([range(0, 1_000, 10), range(1_000, 9_000, 100), range(9_000, 10_000, 10)]);
const grids = [PriceGrid.cent(), PriceGrid.finest(), tapered];

describe('PriceGrid', () => {
  it('lists the tradable prices of the common structures', () => {
    expect(PriceGrid.cent().size).toBe(99);
    expect(PriceGrid.finest().size).toBe(9_999);
    expect(tapered.size).toBe(99 + 81 + 99);
    expect(PriceGrid.isOnGrid(tapered, 15)).toBe(false);
    expect(PriceGrid.isOnGrid(tapered, 90)).toBe(true);
    expect(PriceGrid.isOnGrid(tapered, 1_050)).toBe(false);
    expect(PriceGrid.isOnGrid(tapered, 0)).toBe(false);
    expect(PriceGrid.isOnGrid(tapered, 10_000)).toBe(false);
  });

  it('is one object for equal ranges, and prints as its ranges', () => {
    expect(PriceGrid.cent()).toBe(PriceGrid.cent());
    expect(JSON.parse(JSON.stringify(PriceGrid.cent()))).toEqual({
      ranges: [{ start: 0, end: 10_000, step: 100 }],
      size: 99,
    });
  });

  it('floors bids and ceils asks, never against the maker', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...grids),
        fc.double({ min: -50, max: 10_050, noNaN: true }),
        (grid, units) => {
          const floor = PriceGrid.floor(grid, units);
          const ceil = PriceGrid.ceil(grid, units);
          if (floor !== null) {
            expect(PriceGrid.isOnGrid(grid, floor)).toBe(true);
            expect(floor).toBeLessThanOrEqual(units);
            const next = PriceGrid.next(grid, floor);
            if (next !== null) expect(next).toBeGreaterThan(Math.floor(units));
          }
          if (ceil !== null) {
            expect(PriceGrid.isOnGrid(grid, ceil)).toBe(true);
            expect(ceil).toBeGreaterThanOrEqual(units);
          }
          expect(floor !== null || ceil !== null).toBe(true);
        },
      ),
    );
  });

  it('steps by grid points across a change of step', () => {
    expect(PriceGrid.shift(tapered, Price.of(1_000), 1)).toBe(1_100);
    expect(PriceGrid.shift(tapered, Price.of(1_000), -1)).toBe(990);
    expect(PriceGrid.shift(tapered, Price.of(9_990), 5)).toBe(9_990);
    expect(() => PriceGrid.shift(tapered, Price.of(1_050), 1)).toThrow(/grid/);
  });

  it('refuses malformed ranges', () => {
    expect(() => PriceGrid.of([])).toThrow(WireError);
    expect(() => PriceGrid.of([range(0, 10_000, 0)])).toThrow(WireError);
    expect(() => PriceGrid.of([range(5_000, 4_000, 100)])).toThrow(WireError);
  });
});
