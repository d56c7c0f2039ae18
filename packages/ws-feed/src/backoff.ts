/**
 * Delay before the next attempt: exponential from `baseMs` up to `maxMs`, and of that a random part between a half
 * and the whole, so that many clients do not come back at the same moment.
 *
 * @param attempt 0 for the first repetition
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random: () => number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
