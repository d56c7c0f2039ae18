import { Count, MmError, Money, Price, Timestamp } from '@kalshi-mm/core';
import * as z from 'zod';
import { formatPath } from './decode.ts';

// The field types of requests: our values go in, the exchange's text or numbers come out.

/**
 * A query or a body. A name that it does not have is refused: the exchange would ignore it and answer something
 * else than what was asked.
 */
export const request: typeof z.strictObject = z.strictObject;

/** Dollars per contract, strictly between 0 and 1. */
export const toPrice = value<Price>()
  .refine(Price.isTradable, 'a price strictly between 0 and 1')
  .transform((price) => Price.format(price));

/** Dollars per contract, where 0 says that there is none. */
export const toQuotePrice = value<Price>()
  .refine((price) => price === 0 || Price.isTradable(price), 'a price below 1')
  .transform((price) => Price.format(price));

/** Contracts, more than none. */
export const toCount = value<Count>()
  .refine((count) => Number.isSafeInteger(count) && count > 0, 'a count above 0')
  .transform((count) => Count.format(count));

/** Contracts, none included. */
export const toCountOrZero = value<Count>()
  .refine((count) => Number.isSafeInteger(count) && count >= 0, 'a count')
  .transform((count) => Count.format(count));

/** A number of units of $0.0001. */
export const toPriceUnits = value<Price>()
  .refine(Price.isTradable, 'a price strictly between 0 and 1')
  .transform(Number);

/** A number of hundredths of a contract. */
export const toCountUnits = value<Count>()
  .refine((count) => Number.isSafeInteger(count) && count > 0, 'a count above 0')
  .transform(Number);

/** Dollars. */
export const toDollars = value<Money>()
  .refine((money) => Number.isSafeInteger(money) && money > 0 && money % 100 === 0, 'dollars, to $0.0001')
  .transform((money) => Money.format(money).slice(0, -2));

/** Whole cents. */
export const toCents = value<Money>()
  .refine((money) => Number.isSafeInteger(money) && money > 0 && money % 10_000 === 0, 'whole cents above 0')
  .transform((money) => money / 10_000);

/** Whole units of $0.0001. */
export const toCentiCents = value<Money>()
  .refine((money) => Number.isSafeInteger(money) && money > 0 && money % 100 === 0, 'money, to $0.0001')
  .transform((money) => money / 100);

/** Whole seconds, cut downwards: a lower bound never loses anything, an expiration is never late. */
export const toSeconds = value<Timestamp>()
  .refine((ms) => Number.isSafeInteger(ms) && ms >= 0, 'milliseconds since the epoch')
  .transform((ms) => Math.floor(ms / 1000));

/** RFC 3339. */
export const toIso = value<Timestamp>()
  .refine((ms) => Number.isSafeInteger(ms) && ms >= 0, 'milliseconds since the epoch')
  .transform((ms) => Timestamp.formatIso(ms));

/** Several values in one parameter, with commas. */
export const toCommas = z.array(z.string().min(1)).transform((values) => values.join(','));

/** Several values, the parameter repeated. */
export const toRepeated = z.array(z.string().min(1));

/** A shard; absent where the exchange is to find it. */
export const toShard = z.int().min(0);

/** 0 to 63. */
export const toSubaccount = z.int().min(0).max(63);

/** Page length and start, for every list. */
export const page = { limit: z.int().min(1).optional(), cursor: z.string().optional() };

/**
 * Checks a query or body and prints it for the wire.
 *
 * @throws MmError `request-invalid`, naming the first field that does not fit
 */
export function encode<Schema extends z.ZodType>(
  schema: Schema,
  input: z.input<Schema>,
  source: string,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new MmError(
    'request-invalid',
    `${source} was not sent: ${formatPath(issue.path)}: ${issue.message}`,
    {
      todo: 'Correct the call.',
    },
  );
}

function value<T>(): z.ZodType<T, T> {
  return z.custom<T>((input) => input !== undefined && input !== null, 'missing');
}
