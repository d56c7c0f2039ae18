import type { Brand } from './brand.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { WireError } from './errors.ts';

/** A quantity of contracts in units of 0.01 contract, integer, never negative. */
export type Count = Brand<number, 'Count'>;

export const Count = {
  ZERO: 0 as Count,
  /** Units in one contract. */
  ONE: 100 as Count,
  /** Checked constructor. @throws WireError when negative or not a safe integer */
  of(units: number, path = 'count'): Count {
    if (!Number.isSafeInteger(units) || units < 0) {
      throw new WireError(path, 'a non-negative count in units of 0.01 contract', units);
    }
    return units as Count;
  },
  /** Reads contracts, `"10.00"` → 1000. @throws WireError */
  parse(text: unknown, path = 'count'): Count {
    const units = parseDecimal(text, 2, path);
    if (units < 0) throw new WireError(path, 'a count that is not negative', text);
    return units as Count;
  },
  /** Reads a signed change, `"-3.00"` → −300. @throws WireError */
  parseSigned(text: unknown, path = 'delta'): number {
    return parseDecimal(text, 2, path);
  },
  /** Prints contracts with two decimals, 1000 → `"10.00"`. */
  format(count: number): string {
    return formatDecimal(count, 2);
  },
  /** Largest count not above `contracts` (a plain number from a model). */
  floorContracts(contracts: number): Count {
    return Count.of(Math.max(0, Math.floor(contracts * 100 + 1e-9)));
  },
  toContracts(count: number): number {
    return count / 100;
  },
} as const;
