import type { Money } from '@kalshi-mm/core';

/**
 * An account's reward: its share of the pool, at most the most per account, rounded down to the cent; nothing below a
 * dollar.
 */
export function incentiveReward(pool: Money, share: number, mostPerAccount: Money | null): Money {
  const earned = Math.min(pool * share, mostPerAccount ?? Number.POSITIVE_INFINITY);
  // A cent that is missed only by the rounding of a sum of shares is reached.
  const cents = Math.floor(earned / CENT + 1e-6);
  return (cents < LEAST_CENTS ? 0 : cents * CENT) as Money;
}

const CENT = 10_000;
const LEAST_CENTS = 100;
