import { Timestamp } from '@kalshi-mm/core';

/** RFC 3339 with microseconds, as the exchange prints its `*_time` fields. */
export function isoTime(atMs: Timestamp): string {
  return `${Timestamp.formatIso(atMs).slice(0, -1)}000Z`;
}

/** Whole seconds, as in `ts` and `updated_ts`. */
export function unixSeconds(atMs: Timestamp): number {
  return Math.floor(atMs / 1_000);
}
