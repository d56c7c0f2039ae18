import { Count, Money, Position, Price, Ticker, Timestamp, WireError } from '@kalshi-mm/core';
import { z } from 'zod';
import type { WireLevel } from './frames.ts';

/** A field read by one of core's parsers; its complaint becomes the issue of the schema. */
export function field<T>(read: (text: string) => T): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof WireError ? error.message : String(error),
      });
      return z.NEVER;
    }
  });
}

/** A price at which something can rest or trade: 0.0001 to 0.9999 dollar. */
export const tradable = field((text) => {
  const price = Price.parse(text);
  if (!Price.isTradable(price)) throw new WireError('price', 'a price strictly between 0 and 1 dollar', text);
  return price;
});
export const price = field((text) => Price.parse(text));
export const count = field((text) => Count.parse(text));
export const signedCount = field((text) => Count.parseSigned(text));
export const money = field((text) => Money.parse(text));
export const position = field((text) => Position.parse(text));
export const text = z.string().min(1);
export const ticker = text.transform((name) => Ticker.of(name));
export const integer = z.int().nonnegative();
export const time = integer.transform((ms) => Timestamp.of(ms));
export const optionalText = z
  .string()
  .nullish()
  .transform((name) => (name === undefined || name === '' ? null : name));
/** `id` of a command, `sid` and `seq` where they may be absent. */
export const optionalId = integer.nullish().transform((id) => id ?? null);
export const outcome = z.enum(['yes', 'no']);
export const bookSide = z.enum(['bid', 'ask']);
const level = z
  .tuple([tradable, count])
  .transform(([levelPrice, levelCount]): WireLevel => ({ price: levelPrice, count: levelCount }));
export const levels = z
  .array(level)
  .nullish()
  .transform((list): readonly WireLevel[] => list ?? [])
  .refine((list) => new Set(list.map((item) => item.price)).size === list.length, 'each price once');
