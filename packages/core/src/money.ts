import type { Brand } from './brand.ts';
import type { Count } from './count.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { MmError, WireError } from './errors.ts';
import type { Price } from './price.ts';

/** An amount in units of 0.000001 dollar, signed integer. `Price × Count` is exactly `Money`. */
export type Money = Brand<number, 'Money'>;

export const Money = {
  ZERO: 0 as Money,
  /** Units in one dollar. */
  DOLLAR: 1_000_000 as Money,
  /** Units in one cent. */
  CENT: 10_000 as Money,
  of(units: number, path = 'money'): Money {
    if (!Number.isSafeInteger(units)) throw new WireError(path, 'a safe integer', units);
    return units as Money;
  },
  /** Reads dollars, `"0.017500"` → 17500. @throws WireError */
  parse(text: unknown, path = 'money'): Money {
    return parseDecimal(text, 6, path) as Money;
  },
  /** Prints dollars with six decimals. */
  format(money: Money): string {
    return formatDecimal(money, 6);
  },
  /** Whole cents from the wire (an integer), for the few fields that still carry them. */
  fromCents(cents: unknown, path = 'cents'): Money {
    if (!Number.isSafeInteger(cents)) throw new WireError(path, 'an integer number of cents', cents);
    return Money.of((cents as number) * 10_000, path);
  },
  /** Dollars from a configuration file (a float typed by a human), to the nearest unit. */
  fromDollars(dollars: number): Money {
    return Money.of(Math.round(dollars * 1_000_000), 'dollars');
  },
  /** The value of `count` contracts at `price`, exact. */
  notional(price: Price | number, count: Count | number): Money {
    return checked(price * count);
  },
  add(a: Money, b: Money): Money {
    return checked(a + b);
  },
  subtract(a: Money, b: Money): Money {
    return checked(a - b);
  },
  negate(a: Money): Money {
    return (a === 0 ? 0 : -a) as Money;
  },
  /** For charts and reports; never feed the result back into a ledger. */
  toDollars(money: Money): number {
    return money / 1_000_000;
  },
} as const;

function checked(units: number): Money {
  if (!Number.isSafeInteger(units)) {
    throw new MmError('money-overflow', `An amount left the safe integers: ${units}`, {
      todo: 'This is a bug: no account on the exchange can reach it.',
    });
  }
  return units as Money;
}
