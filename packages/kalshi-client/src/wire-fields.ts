import { Count, Money, Position, Price, parseDecimal, Timestamp } from '@kalshi-mm/core';
import * as z from 'zod';

// The field types of the exchange's JSON. None of them has a default.

/**
 * An object of the exchange's JSON. Fields that the schema does not name are kept as they came, see {@link extra};
 * they are left out of the type, so that a misspelt name does not compile.
 */
export function wire<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strip> {
  return z.looseObject(shape) as unknown as z.ZodObject<Shape, z.core.$strip>;
}

/**
 * The same object with the fields that this version does not know, unchecked.
 *
 * @example extra(market)['settlement_bounds_type']
 */
export function extra(value: object): Readonly<Record<string, unknown>> {
  return value as Readonly<Record<string, unknown>>;
}

/** Identifies something; never empty. */
export const id = z.string().min(1);

/** Text for people: may be absent. */
export const text = optional(z.string());

/**
 * One of the words that are known today, or one that the exchange adds tomorrow: compare with what you know and have
 * an answer for the rest. Plain text in the type, because only that narrows when compared.
 */
export function word(..._known: readonly string[]): z.ZodString {
  return z.string();
}

/** Whether YES is bought or sold. Money hangs on it, so an unknown word is an error. */
export const side = z.enum(['bid', 'ask']);

/** Which outcome; an unknown word is an error. */
export const outcome = z.enum(['yes', 'no']);

export const flag = z.boolean();

/** A whole number. */
export const whole = z.int();

/** A JSON object of no fixed form. */
export const anyObject = z.record(z.string(), z.unknown());

/** The cursor of a list; null on the last page. */
export const cursor = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));

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

/** Seconds since the epoch. */
export const secondsTime = z.number().transform((value, context) => {
  if (Number.isSafeInteger(value * 1000) && value >= 0) return Timestamp.of(value * 1000);
  return refuse(context, 'seconds since the epoch');
});

/** Seconds since the epoch, or RFC 3339: fields that end in `_ts` come in both. */
export const anyTime = z.union([secondsTime, isoTime], {
  error: 'seconds since the epoch or an RFC 3339 time',
});

/** Whole units of $0.0001. */
export const centiCents = z.number().transform((value, context) => {
  if (Number.isSafeInteger(value * 100)) return Money.of(value * 100);
  return refuse(context, 'a whole number of centi-cents');
});

/** Whole units of 0.01 contract. */
export const centiCount = z.number().transform((value, context) => {
  if (Number.isSafeInteger(value) && value >= 0) return Count.of(value);
  return refuse(context, 'a whole number of hundredths of a contract');
});

/** Whole units of $0.0001 per contract. */
export const centiCentPrice = z.number().transform((value, context) => {
  if (Number.isInteger(value) && value >= 0 && value <= 10_000) return Price.of(value);
  return refuse(context, 'a price of 0 to 10000 centi-cents');
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
export const strike = z.union([z.number().transform(String), z.string().regex(/^-?\d+(\.\d+)?$/)], {
  error: 'a number',
});

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
