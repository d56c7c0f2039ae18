import { type CoinIndex, WINDOW_SECONDS } from './coin-index.ts';
import { normalAbove } from './normal-cdf.ts';

/**
 * Probability that the average of the last 60 one-second prices before a close ends above a strike, when each second
 * moves by a normal step.
 *
 * @param secondsLeft prices still to come before the close
 * @param fixed sum of the window's prices that are known
 * @param deviation standard deviation of one second's step, in the unit of the price
 */
export function averagingDigital(
  secondsLeft: number,
  price: number,
  fixed: number,
  deviation: number,
  strike: number,
): number {
  const open = Math.min(secondsLeft, WINDOW_SECONDS);
  const mean = (fixed + open * price) / WINDOW_SECONDS;
  // Var of Σ (n + 1 − k)·step over the open part, as an average; what moves before the window moves all of it.
  const inside = (open * (open + 1) * (2 * open + 1)) / (6 * WINDOW_SECONDS ** 2);
  const variance = deviation ** 2 * (inside + Math.max(0, secondsLeft - WINDOW_SECONDS));
  return normalAbove(mean, Math.sqrt(variance), strike);
}

/** The same for an index at present. */
export function aboveAtClose(index: CoinIndex, closeMs: number, strikeUnits: number): number {
  const secondsLeft = Math.max(0, Math.round((closeMs - index.atMs) / 1000));
  const fixed = secondsLeft < WINDOW_SECONDS ? index.windowSum(closeMs) : 0;
  return averagingDigital(secondsLeft, index.units, fixed, index.deviationUnits, strikeUnits);
}
