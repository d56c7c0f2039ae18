import { MmError, WireError } from '@kalshi-mm/core';
import type * as z from 'zod';

/**
 * Checks a payload against its schema and returns the parsed value.
 *
 * @param source what answered, e.g. `GET /markets`; begins the error's path
 * @throws WireError naming the first field that does not fit, e.g. `GET /markets: markets[3].yes_bid_dollars`
 */
export function decode<Schema extends z.ZodType>(
  schema: Schema,
  payload: unknown,
  source: string,
): z.output<Schema> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw new MmError('wire-mismatch', `${source}: the payload does not fit`);
  const path = formatPath(issue.path);
  throw new WireError(`${source}: ${path}`, expected(issue), valueAt(payload, issue.path));
}

/** Reads JSON text, then as {@link decode}. */
export function decodeText<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  source: string,
): z.output<Schema> {
  return decode(schema, parseJson(text, source), source);
}

/** @throws WireError when the text is not JSON */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireError(`${source}: (body)`, 'JSON', text);
  }
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  return issue.message;
}

export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text === '' ? '(body)' : text;
}

function valueAt(payload: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = payload;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
