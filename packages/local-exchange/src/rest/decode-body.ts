import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/**
 * Decodes a JSON body as the exchange's decoder does: a wrong JSON type is the flat `bad_request`, a missing field
 * the nested `invalid_parameters`. What the fields mean is judged elsewhere.
 *
 * @param struct the name that the error text carries, e.g. `CreateOrderV2Request`
 */
export function decodeBody<T>(schema: z.ZodType<T>, body: unknown, struct: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.filter((part) => typeof part === 'string').join('.');
  const found = valueAt(body, issue.path);
  if (found === undefined || found === null) {
    throw ApiError.nested(400, 'invalid_parameters', `${path || 'body'} is required`);
  }
  const target =
    path === '' ? `value of type ${struct}` : `struct field ${struct}.${path} of type ${wanted(issue)}`;
  throw ApiError.undecodable(`json: cannot unmarshal ${kind(found)} into Go ${target}`);
}

function wanted(issue: z.core.$ZodIssue): string {
  const expected = 'expected' in issue ? String(issue.expected) : 'string';
  return TYPES[expected] ?? expected;
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'int64',
  number: 'int64',
  boolean: 'bool',
  array: 'slice',
};

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = body;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}
