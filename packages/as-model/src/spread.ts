import { requireFraction, requireNonNegative, requirePositive } from './model-input.ts';

/** Input of {@link halfSpreadCents} and {@link totalSpreadCents}. */
export interface SpreadInput {
  /** Risk aversion, per cent. At least 0; 0 is the risk-neutral limit. */
  readonly gammaPerCent: number;
  /** Decay of the fill intensity A * exp(-k * distance), per cent of distance. Above 0. */
  readonly kPerCent: number;
  /** Volatility of the mid, in cents per square root of one whole risk horizon. At least 0. */
  readonly sigmaCents: number;
  /** Remaining fraction of the risk horizon, 0..1. */
  readonly tau: number;
}

/**
 * Half of the Avellaneda-Stoikov spread, in cents: the distance of either quote from the reservation price,
 * gamma * sigma^2 * tau / 2 + (1/gamma) * ln(1 + gamma/k). As gamma -> 0 it tends to 1/k.
 *
 * Source: Avellaneda and Stoikov 2008, who print the total; see {@link totalSpreadCents}.
 *
 * @throws RangeError when a field is not finite, gamma or sigma is negative, k is not positive, or tau is outside 0..1.
 */
export function halfSpreadCents(input: SpreadInput): number {
  const { gammaPerCent, kPerCent, sigmaCents, tau } = input;
  const where = 'halfSpreadCents';
  requireNonNegative(where, 'gammaPerCent', gammaPerCent);
  requirePositive(where, 'kPerCent', kPerCent);
  requireNonNegative(where, 'sigmaCents', sigmaCents);
  requireFraction(where, 'tau', tau);
  return 0.5 * gammaPerCent * sigmaCents * sigmaCents * tau + log1pRatio(gammaPerCent / kPerCent) / kPerCent;
}

/**
 * The whole Avellaneda-Stoikov spread, in cents: gamma * sigma^2 * tau + (2/gamma) * ln(1 + gamma/k),
 * twice {@link halfSpreadCents}. As gamma -> 0 it tends to 2/k.
 *
 * @throws RangeError as {@link halfSpreadCents}.
 */
export function totalSpreadCents(input: SpreadInput): number {
  return 2 * halfSpreadCents(input);
}

/** ln(1+x)/x for x >= 0, continuous at 0; (1/gamma)ln(1+gamma/k) is this at gamma/k, divided by k. */
function log1pRatio(x: number): number {
  // Below 1e-6 the first dropped term, x^3/4, is far under the rounding of a double near 1.
  return x < 1e-6 ? 1 - x / 2 + (x * x) / 3 : Math.log1p(x) / x;
}
