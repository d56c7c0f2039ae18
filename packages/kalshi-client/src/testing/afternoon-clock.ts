import { type Clock, Timestamp } from '@kalshi-mm/core';

/**
 * Time that passes as it does on the wall, from a moment at which a generated world has just opened its markets: by the
 * wall's own date a test would now and then meet the end of a market, or the weekly maintenance.
 */
export function createAfternoonClock(): Clock {
  const aheadMs = Timestamp.parseIso('2026-10-05T14:00:30Z') - Date.now();
  return { now: () => Timestamp.of(Date.now() + aheadMs) };
}
