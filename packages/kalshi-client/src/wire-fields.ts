import { Count, Money, Position, Price, parseDecimal, Timestamp } from '@kalshi-mm/core';
import { z } from 'zod';

// The field types of the exchange's JSON. None of them has a default.

/** Dollars per contract, `"0.5200"`, 0 … 1; decimals beyond the fourth must be zeros. */
export const price = field('a price string between 0 and 1 with at most 4 decimals', Price.parse);

/** Contracts, `"10.00"`. */
export const count = field('a count string with at most 2 decimals', Count.parse);

/** Contracts with a sign. */
export const position = field('a signed count string with at most 2 decimals', Position.parse);

/** Dollars, `"0.017500"`. */
export const money = field('a dollar string with at most 6 decimals', Money.parse);

/** RFC 3339. */
export const isoTime = field('an RFC 3339 time', Timestamp.parseIso);

/** Milliseconds since the epoch. */
export const msTime = z.number().transform((value, context) => {
  if (Number.isSafeInteger(value) && value >= 0) return Timestamp.of(value);
  return refuse(context, 'milliseconds since the epoch');
});

/** Whole cents, for the few fields that still carry them. */
export const cents = z.number().transform((value, context) => {
  if (Number.isSafeInteger(value)) return Money.fromCents(value);
  return refuse(context, 'a whole number of cents');
});

/** Number of a shard; null when the answer does not carry it. */
export const shard = optional(z.number().int().min(0));

/** `fee_multiplier`, a JSON number such as 0.5, as millionths. */
export const multiplierMicros = z.number().transform((value, context) => {
  try {
    // The shortest text that gives back the number is what the exchange printed.
    const micros = parseDecimal(String(value), 6);
    if (micros >= 0) return micros;
  } catch {
    // Falls through to the refusal.
  }
  return refuse(context, 'a multiplier of at least 0 with at most 6 decimals');
});

/** A strike, a JSON number, kept as text. */
export const strike = z.union([z.number().transform(String), z.string()], { error: 'a number or text' });

/** Present, absent or null; the last two are null. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => (value ?? null) as z.output<Schema> | null);
}

function field<T>(expected: string, parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch {
      return refuse(context, expected);
    }
  });
}

function refuse(context: z.RefinementCtx, expected: string): never {
  context.addIssue({ code: 'custom', message: expected });
  return z.NEVER;
}
