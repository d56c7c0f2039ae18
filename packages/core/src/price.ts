import type { Brand } from './brand.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { WireError } from './errors.ts';

/**
 * YES price of one contract in units of 0.0001 dollar, integer 0 … 10,000.
 * Tradable prices are 1 … 9,999; 0 and 10,000 are the exchange's marks for "no bid" and "no ask".
 */
export type Price = Brand<number, 'Price'>;

export const Price = {
  /** Units in one dollar. */
  ONE: 10_000 as Price,
  /** "No bid" on the wire and in books. */
  NO_BID: 0 as Price,
  /** "No ask" on the wire and in books. */
  NO_ASK: 10_000 as Price,
  /** Checked constructor. @throws WireError outside 0 … 10,000 or not an integer */
  of(units: number, path = 'price'): Price {
    if (!Number.isInteger(units) || units < 0 || units > 10_000) {
      throw new WireError(path, 'a price of 0 to 10000 units of $0.0001', units);
    }
    return units as Price;
  },
  /** Reads dollars, `"0.5200"` → 5200. @throws WireError */
  parse(text: unknown, path = 'price'): Price {
    const units = parseDecimal(text, 4, path);
    if (units < 0 || units > 10_000) throw new WireError(path, 'a price between 0 and 1 dollar', text);
    return units as Price;
  },
  /** Prints dollars with four decimals, 5200 → `"0.5200"`. */
  format(price: Price): string {
    return formatDecimal(price, 4);
  },
  /** The same contract seen from the NO side: 1 − p. */
  complement(price: Price): Price {
    return (10_000 - price) as Price;
  },
  isTradable(price: number): boolean {
    return Number.isInteger(price) && price >= 1 && price <= 9_999;
  },
  /** Cents as a plain number, for models. */
  toCents(price: Price): number {
    return price / 100;
  },
} as const;
