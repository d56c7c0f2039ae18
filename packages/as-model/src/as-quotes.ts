import { type GammaSchedule, gammaForInventory } from './gamma-schedule.ts';
import { inputError, requireNonNegative, requirePositive } from './model-input.ts';
import { reservationPriceCents } from './reservation-price.ts';
import { halfSpreadCents } from './spread.ts';

/** Input of {@link asQuotes}. */
export interface AsQuotesInput {
  /** Mid price, in cents. */
  readonly midCents: number;
  /** Signed inventory, in contracts: positive holds YES, negative holds NO. */
  readonly inventoryContracts: number;
  /** Position limit, in contracts, above 0; scales the gamma schedule and the widening. */
  readonly maxPositionContracts: number;
  /** Volatility of the mid, in cents per square root of one whole risk horizon. At least 0. */
  readonly sigmaCents: number;
  /** Remaining fraction of the risk horizon, 0..1. */
  readonly tau: number;
  readonly gammaSchedule: GammaSchedule;
  /** Risk aversion before schedule and multiplier, per cent. At least 0. */
  readonly baseGammaPerCent: number;
  /** Regime factor on gamma, at least 0; 1 = unchanged. */
  readonly gammaMultiplier: number;
  /** Decay of the fill intensity before the multiplier, per cent of distance. Above 0. */
  readonly kPerCent: number;
  /** Regime factor on k, above 0; 1 = unchanged. */
  readonly kMultiplier: number;
  /**
   * Extra distance for the side that would add to the inventory (bid when long, ask when short): its half-spread
   * is multiplied by 1 + buildingSideWidening * min(1, |q| / maxPosition). At least 0; 0 = off.
   */
  readonly buildingSideWidening: number;
  /** Smallest total spread ask - bid, in cents. At least 0. */
  readonly minTotalSpreadCents: number;
  /** Largest total spread ask - bid, in cents. Above 0 and at least the minimum. */
  readonly maxTotalSpreadCents: number;
}

/** Result of {@link asQuotes}. Nothing is rounded or confined to 0..100; the caller rounds on the market's tick grid. */
export interface AsQuotes {
  /** Reservation price, in cents. */
  readonly reservationCents: number;
  /** The model's half-spread, in cents, before widening and before the min/max clamp. */
  readonly halfSpreadCents: number;
  /** Final bid, in cents. */
  readonly bidCents: number;
  /** Final ask, in cents. */
  readonly askCents: number;
  /** Risk aversion used, per cent, after schedule and multiplier. */
  readonly gamma: number;
  /** Intensity decay used, per cent, after the multiplier. */
  readonly k: number;
}

/**
 * Avellaneda-Stoikov quotes for one market, in this order: gamma from schedule and multiplier, k from its multiplier,
 * reservation price, half-spread, widening of the building side, clamp of the total spread.
 *
 * The clamp scales both half-spreads by one factor, so the reservation price stays between the quotes and the
 * ratio of the two sides survives. bid < ask always holds, short of a spread too small for a double to show.
 *
 * Source: Avellaneda and Stoikov 2008 for price and spread; schedule, widening and clamp are practice, not theory.
 *
 * @throws RangeError when a field is not finite or outside the range stated for it.
 */
export function asQuotes(input: AsQuotesInput): AsQuotes {
  checkOwnFields(input);
  const { inventoryContracts, maxPositionContracts, sigmaCents, tau } = input;
  const scheduled = gammaForInventory(
    input.gammaSchedule,
    input.baseGammaPerCent,
    inventoryContracts,
    maxPositionContracts,
  );
  const gamma = scheduled * input.gammaMultiplier;
  const k = input.kPerCent * input.kMultiplier;
  const reservationCents = reservationPriceCents({
    midCents: input.midCents,
    inventoryContracts,
    gammaPerCent: gamma,
    sigmaCents,
    tau,
  });
  const half = halfSpreadCents({ gammaPerCent: gamma, kPerCent: k, sigmaCents, tau });

  const widening =
    1 + input.buildingSideWidening * Math.min(1, Math.abs(inventoryContracts) / maxPositionContracts);
  const bidHalf = inventoryContracts > 0 ? half * widening : half;
  const askHalf = inventoryContracts < 0 ? half * widening : half;

  const total = bidHalf + askHalf;
  const scale = clamp(total, input.minTotalSpreadCents, input.maxTotalSpreadCents) / total;
  return {
    reservationCents,
    halfSpreadCents: half,
    bidCents: reservationCents - bidHalf * scale,
    askCents: reservationCents + askHalf * scale,
    gamma,
    k,
  };
}

function checkOwnFields(input: AsQuotesInput): void {
  const where = 'asQuotes';
  requireNonNegative(where, 'gammaMultiplier', input.gammaMultiplier);
  requirePositive(where, 'kPerCent', input.kPerCent);
  requirePositive(where, 'kMultiplier', input.kMultiplier);
  requireNonNegative(where, 'buildingSideWidening', input.buildingSideWidening);
  requireNonNegative(where, 'minTotalSpreadCents', input.minTotalSpreadCents);
  requirePositive(where, 'maxTotalSpreadCents', input.maxTotalSpreadCents);
  if (input.minTotalSpreadCents > input.maxTotalSpreadCents) {
    throw inputError(
      where,
      'minTotalSpreadCents',
      input.minTotalSpreadCents,
      `at most maxTotalSpreadCents (${input.maxTotalSpreadCents})`,
    );
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
