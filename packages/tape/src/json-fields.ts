import { WireError } from '@kalshi-mm/core';

/** @throws WireError */
export function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireError(path, 'an object', value);
  }
  return value as Record<string, unknown>;
}

/** A text that is not empty. @throws WireError */
export function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new WireError(path, 'a text', value);
  return value;
}

/** @throws WireError */
export function oneOf<Member extends string>(
  members: readonly Member[],
  value: unknown,
  path: string,
): Member {
  if (!members.includes(value as Member)) throw new WireError(path, `one of ${members.join(', ')}`, value);
  return value as Member;
}
