import { inputError, requireFinite } from './model-input.ts';

/** Where a mid price lies: `normal`, `soft` (either side), or beyond the hard bound at the low or high end. */
export type ExtremeBand = 'normal' | 'soft' | 'hard-low' | 'hard-high';

/** Bounds between the bands, in cents: 0 <= hardLow <= softLow < softHigh <= hardHigh <= 100. */
export interface ExtremeBands {
  readonly hardLowCents: number;
  readonly softLowCents: number;
  readonly softHighCents: number;
  readonly hardHighCents: number;
}

/** Factors on the maximum position in the extreme bands, 0..1; the normal band has factor 1. */
export interface PositionFactors {
  readonly soft: number;
  readonly hard: number;
}

/** Hard below 5 or above 95 cents, soft below 15 or above 85 cents. */
export const defaultExtremeBands: ExtremeBands = {
  hardLowCents: 5,
  softLowCents: 15,
  softHighCents: 85,
  hardHighCents: 95,
};

/** 30 % of the normal position in the soft bands, 10 % in the hard ones. */
export const defaultPositionFactors: PositionFactors = { soft: 0.3, hard: 0.1 };

/**
 * The band of a mid price in cents. A price on a bound belongs to the milder band: with the default bounds 5 is soft
 * and 15 is normal.
 *
 * @throws RangeError when the mid is not finite or the bounds are out of order.
 */
export function extremeBand(midCents: number, bands: ExtremeBands = defaultExtremeBands): ExtremeBand {
  requireFinite('extremeBand', 'midCents', midCents);
  const { hardLowCents, softLowCents, softHighCents, hardHighCents } = bands;
  const ordered =
    0 <= hardLowCents &&
    hardLowCents <= softLowCents &&
    softLowCents < softHighCents &&
    softHighCents <= hardHighCents &&
    hardHighCents <= 100;
  if (!ordered) {
    const shown = `${hardLowCents}/${softLowCents}/${softHighCents}/${hardHighCents}`;
    throw inputError(
      'extremeBand',
      'bands',
      shown,
      'ordered bounds within 0..100 cents (such as 5/15/85/95)',
    );
  }
  if (midCents < hardLowCents) return 'hard-low';
  if (midCents > hardHighCents) return 'hard-high';
  return midCents < softLowCents || midCents > softHighCents ? 'soft' : 'normal';
}

/** The factor on the maximum position in a band: 1 in `normal`, otherwise as configured. */
export function positionFactor(band: ExtremeBand, factors: PositionFactors = defaultPositionFactors): number {
  if (band === 'normal') return 1;
  return band === 'soft' ? factors.soft : factors.hard;
}

/**
 * The sides to quote in a band: bids only at the hard low end, asks only at the hard high end, otherwise both.
 * It speaks of new risk; an order that reduces an existing position is the caller's decision.
 */
export function quotedSides(band: ExtremeBand): { readonly bid: boolean; readonly ask: boolean } {
  return { bid: band !== 'hard-high', ask: band !== 'hard-low' };
}
