import { inputError, requireFinite, requireNonNegative, requirePositive } from './model-input.ts';

/** How risk aversion depends on inventory; see {@link gammaForInventory}. */
export type GammaSchedule = 'constant' | 'seed' | 'increasing';

/**
 * Risk aversion at an inventory, in the unit of `baseGamma` (per cent in this package), with
 * u = |inventory| / maxPosition:
 *
 * - `constant`: baseGamma.
 * - `seed`: baseGamma * exp(-u). Risk aversion falls as inventory grows, so the skew q * gamma(q) is largest at
 *   |q| = maxPosition and shrinks beyond it.
 * - `increasing`: baseGamma * exp(+u). Both spread and skew grow faster than linearly with inventory.
 *
 * u is not capped at 1: an inventory over the limit keeps following the curve.
 *
 * @param inventory signed, in contracts; only its size matters.
 * @param maxPosition in contracts, above 0.
 * @throws RangeError when the schedule is unknown, a number is not finite, baseGamma is negative, or maxPosition is not positive.
 */
export function gammaForInventory(
  schedule: GammaSchedule,
  baseGamma: number,
  inventory: number,
  maxPosition: number,
): number {
  const where = 'gammaForInventory';
  requireNonNegative(where, 'baseGamma', baseGamma);
  requireFinite(where, 'inventory', inventory);
  requirePositive(where, 'maxPosition', maxPosition);
  const used = Math.abs(inventory) / maxPosition;
  switch (schedule) {
    case 'constant':
      return baseGamma;
    case 'seed':
      return baseGamma * Math.exp(-used);
    case 'increasing':
      return baseGamma * Math.exp(used);
    default:
      throw inputError(where, 'schedule', schedule, "'constant', 'seed' or 'increasing'");
  }
}
