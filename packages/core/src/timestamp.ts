import type { Brand } from './brand.ts';
import { WireError } from './errors.ts';

/** Milliseconds since the Unix epoch. Durations are plain numbers whose name ends in `Ms`. */
export type Timestamp = Brand<number, 'Timestamp'>;

export const Timestamp = {
  of(ms: number, path = 'timestamp'): Timestamp {
    if (!Number.isSafeInteger(ms) || ms < 0) throw new WireError(path, 'milliseconds since the epoch', ms);
    return ms as Timestamp;
  },
  /** Reads an RFC 3339 time with a zone, to the millisecond (finer digits are cut). @throws WireError */
  parseIso(text: unknown, path = 'time'): Timestamp {
    if (typeof text !== 'string' || !RFC3339.test(text)) {
      throw new WireError(path, 'an RFC 3339 time such as 2026-08-11T01:30:00Z', text);
    }
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw new WireError(path, 'a time that exists', text);
    return ms as Timestamp;
  },
  /** Prints `2026-08-11T01:30:00.000Z`. */
  formatIso(at: Timestamp): string {
    return new Date(at).toISOString();
  },
} as const;

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
