import type { Price, Side, Timestamp } from '@kalshi-mm/core';
import type { ThrottlingConfig } from './throttling-config.ts';

interface PastFill {
  readonly atMs: Timestamp;
  readonly side: Side;
  readonly price: Price;
}

/** Our latest fills in one market, oldest first, bounded. */
export type PastFills = PastFill[];

const MAX_FILLS = 500;

/** Remembers a fill. */
export function rememberFill(fills: PastFills, fill: PastFill): void {
  fills.push(fill);
  if (fills.length > MAX_FILLS) fills.shift();
}

/**
 * Share of the fills of the last `adverse_selection_window_seconds` that the price has gone against: bought and the
 * mid is now below what we paid, or sold and it is above. Null with fewer than `adverse_selection_min_fills`.
 * Fills older than the window are forgotten.
 *
 * @param mid present mid in units of $0.0001, may be a half
 */
function adverseShare(fills: PastFills, mid: number, nowMs: number, config: ThrottlingConfig): number | null {
  const sinceMs = nowMs - config.adverse_selection_window_seconds * 1000;
  while (fills.length > 0 && fills[0]!.atMs < sinceMs) fills.shift();
  if (fills.length < config.adverse_selection_min_fills) return null;
  const wrong = fills.filter(({ side, price }) => (side === 'bid' ? mid < price : mid > price));
  return wrong.length / fills.length;
}

/** Whether we are being picked off, see {@link adverseShare}. */
export function isAdverse(fills: PastFills, mid: number, nowMs: number, config: ThrottlingConfig): boolean {
  return (adverseShare(fills, mid, nowMs, config) ?? 0) >= config.adverse_selection_threshold;
}
