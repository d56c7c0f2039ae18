import { Timestamp } from '@kalshi-mm/core';
import { isDaylightSaving } from '../weekly-maintenance.ts';

/** Times as the exchange writes them into tickers: the wall clock of New York. */
export interface EasternTime {
  /** `26AUG11`. */
  readonly date: string;
  /** `21`. */
  readonly hour: string;
  /** `30`. */
  readonly minute: string;
}

export function easternTime(atMs: number): EasternTime {
  const day = Math.floor(atMs / DAY_MS);
  // Changes of the clock fall on a Sunday night; a few hours of that night are named by the wrong side.
  const local = atMs - (isDaylightSaving(day) ? 4 : 5) * HOUR_MS;
  const iso = Timestamp.formatIso(Timestamp.of(local));
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]!;
  return {
    date: `${iso.slice(2, 4)}${month}${iso.slice(8, 10)}`,
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
