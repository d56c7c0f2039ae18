import { MmError, type Timestamp } from '@kalshi-mm/core';

/** Compares what the streams say with what the exchange says. */
export type Compare = (what: string, expected: Comparable, found: Comparable) => void;
export type Comparable = string | number | boolean | null;

export function auditDifference(
  what: string,
  expected: Comparable,
  found: Comparable,
  atMs: Timestamp | null,
): MmError {
  return new MmError(
    'audit-difference',
    `Audit of ${what}: ${expected} by the streams, ${found} by the exchange`,
    {
      facts: { what, expected, found, atMs },
      todo: 'Look at the outputs before this moment: the ledger and what was told of it differ.',
    },
  );
}
