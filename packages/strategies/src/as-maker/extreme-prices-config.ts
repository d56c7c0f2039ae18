import type { ExtremeBands } from '@kalshi-mm/as-model';
import { z } from 'zod';

const dollars = z.number().min(0).max(1);
const band = z.tuple([dollars, dollars]);

/** `extreme_prices`: what changes near 0 and 1. */
export const ExtremePricesConfig = z
  .strictObject({
    normal_band: band.default([0.15, 0.85]).describe('Mids with full size, dollars'),
    soft_extreme_band: z
      .tuple([band, band])
      .default([
        [0.05, 0.15],
        [0.85, 0.95],
      ])
      .describe('Mids with reduced size, dollars'),
    hard_extreme_band: z
      .tuple([band, band])
      .default([
        [0, 0.05],
        [0.95, 1],
      ])
      .describe('Mids with the smallest size, dollars'),
    soft_extreme_factor: z
      .number()
      .min(0)
      .max(1)
      .default(0.3)
      .describe('Factor on the position limit in the soft bands, 0 to 1'),
    hard_extreme_factor: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('Factor on the position limit in the hard bands, 0 to 1'),
    hard_extreme_one_sided: z
      .boolean()
      .default(true)
      .describe('In the hard bands bid only below, ask only above; reducing a position is always allowed'),
    spread_shock_threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.15)
      .describe('No quotes while the spread of the market is at least this, dollars'),
  })
  .describe('What changes near 0 and 1.')
  .check(({ value, issues }) => {
    const [[hardLowFrom, hardLow], [hardHigh, hardHighTo]] = value.hard_extreme_band;
    const [[softLowFrom, softLow], [softHigh, softHighTo]] = value.soft_extreme_band;
    const [normalFrom, normalTo] = value.normal_band;
    const joined =
      hardLowFrom === 0 &&
      hardLow === softLowFrom &&
      softLow === normalFrom &&
      normalTo === softHigh &&
      softHighTo === hardHigh &&
      hardHighTo === 1;
    const ordered =
      hardLow <= softLow && softLow < softHigh && softHigh <= hardHigh && hardLow >= 0 && hardHigh <= 1;
    if (joined && ordered) return;
    issues.push({
      code: 'custom',
      input: value,
      path: ['normal_band'],
      message: 'hard, soft, normal, soft and hard bands must follow one another from 0 to 1 without a gap',
    });
  });

export type ExtremePricesConfig = z.output<typeof ExtremePricesConfig>;

/** The bands as the model takes them, in cents. */
export function extremeBandsOf(config: ExtremePricesConfig): ExtremeBands {
  return {
    hardLowCents: cents(config.hard_extreme_band[0][1]),
    softLowCents: cents(config.normal_band[0]),
    softHighCents: cents(config.normal_band[1]),
    hardHighCents: cents(config.hard_extreme_band[1][0]),
  };
}

function cents(value: number): number {
  return Math.round(value * 1e8) / 1e6;
}
