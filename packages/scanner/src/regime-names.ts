import type { Regime } from '@kalshi-mm/core';

/** Every regime, in the order of configuration files. */
export const REGIMES = [
  'QUIET',
  'MEAN_REVERTING',
  'TRENDING',
  'CHAOTIC',
  'NOISE',
  'UNKNOWN',
] as const satisfies readonly Regime[];

/** Narrows text, e.g. a session fact, to a regime; null when it is none. */
export function regimeOf(text: unknown): Regime | null {
  return REGIMES.find((regime) => regime === text) ?? null;
}
