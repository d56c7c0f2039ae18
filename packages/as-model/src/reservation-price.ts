import { requireFinite, requireFraction, requireNonNegative } from './model-input.ts';

/** Input of {@link reservationPriceCents}. */
export interface ReservationPriceInput {
  /** Mid price s, in cents. */
  readonly midCents: number;
  /** Signed inventory q, in contracts: positive holds YES, negative holds NO. */
  readonly inventoryContracts: number;
  /** Risk aversion, per cent (and per contract of inventory). At least 0. */
  readonly gammaPerCent: number;
  /** Volatility of the mid, in cents per square root of one whole risk horizon. At least 0. */
  readonly sigmaCents: number;
  /** Remaining fraction of the risk horizon, 0..1 (not time to expiry). */
  readonly tau: number;
}

/**
 * The price, in cents, at which the maker is indifferent to one more contract: r = s - q * gamma * sigma^2 * tau.
 * Not confined to 0..100: a large inventory can push it outside, which means "do not quote the building side".
 *
 * Source: Avellaneda and Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8(3), 2008.
 *
 * @throws RangeError when a field is not finite, gamma or sigma is negative, or tau is outside 0..1.
 */
export function reservationPriceCents(input: ReservationPriceInput): number {
  const { midCents, inventoryContracts, gammaPerCent, sigmaCents, tau } = input;
  const where = 'reservationPriceCents';
  requireFinite(where, 'midCents', midCents);
  requireFinite(where, 'inventoryContracts', inventoryContracts);
  requireNonNegative(where, 'gammaPerCent', gammaPerCent);
  requireNonNegative(where, 'sigmaCents', sigmaCents);
  requireFraction(where, 'tau', tau);
  return midCents - inventoryContracts * gammaPerCent * sigmaCents * sigmaCents * tau;
}
