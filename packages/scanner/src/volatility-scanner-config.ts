import { z } from 'zod';
import { REGIMES } from './regime-names.ts';

const regime = z.enum(REGIMES);

/** `volatility_scanner`: which markets are watched, how, and what counts as a volatility event. */
export const VolatilityScannerConfig = z
  .strictObject({
    refresh_interval_seconds: z
      .number()
      .min(0.1)
      .default(3)
      .describe('Time between samples of each tracked market, seconds; sigma is per this interval'),
    rolling_window_minutes: z
      .number()
      .gt(0)
      .default(15)
      .describe('Samples older than this are dropped, minutes'),
    volatility_window_minutes: z
      .number()
      .gt(0)
      .default(10)
      .describe('Samples that sigma, drift and mean reversion are computed over, minutes'),
    price_jump_threshold_cents: z
      .number()
      .gt(0)
      .default(12)
      .describe('Least move that counts as a jump, cents'),
    price_jump_window_minutes: z
      .number()
      .gt(0)
      .default(5)
      .describe('Time in which the jump must lie, minutes'),
    sigma_threshold: z
      .number()
      .gt(0)
      .default(0.02)
      .describe('Least realised sigma of an event, dollars per observation'),
    mean_reversion_tolerance_cents: z
      .number()
      .min(0)
      .default(6)
      .describe('Largest distance of the mid from its short mean for an event, cents'),
    mean_reversion_window_minutes: z.number().gt(0).default(3).describe('Window of that short mean, minutes'),
    direction_threshold_cents: z
      .number()
      .min(0)
      .default(5)
      .describe('An event has a direction when the net move over the jump window is above this, cents'),
    warmup_points: z.int().min(2).default(3).describe('Samples needed before an event can be detected'),
    exclude_categories: z
      .array(z.string())
      .default(['sports'])
      .describe('Categories (lower case) without volatility events'),
    regime_filters: z
      .strictObject({
        allowed_for_events: z
          .array(regime)
          .default(['MEAN_REVERTING', 'QUIET'])
          .describe('Regimes in which an event may be detected; any other blocks it'),
        disallowed_for_events: z
          .array(regime)
          .default(['TRENDING', 'CHAOTIC', 'NOISE', 'UNKNOWN'])
          .describe(
            'For the record: any regime that is not allowed blocks already; must not repeat an allowed one',
          ),
      })
      .prefault({}),
    orderbook_depth: z.int().min(1).default(10).describe('Levels of each side counted as depth'),
    min_orderbook_levels_required: z
      .int()
      .min(1)
      .default(1)
      .describe('A book with fewer levels on a side is not sampled'),
    max_time_to_expiry_hours: z.number().gt(0).default(24).describe('No event further from the close, hours'),
    min_liquidity_spread: z.number().gt(0).max(1).default(0.1).describe('Widest spread of an event, dollars'),
    min_volume_24h: z
      .number()
      .min(0)
      .default(5000)
      .describe('Least 24 h volume of an event, dollars of notional (contracts at $1 each)'),
    allow_unknown_volume: z
      .boolean()
      .default(false)
      .describe(
        'Whether a market that no catalog scan has told the volume of may have events (tapes, demos)',
      ),
    max_tracked_markets: z.int().min(1).default(200).describe('Markets sampled, the busiest first'),
    regime_staleness_seconds: z
      .number()
      .gt(0)
      .default(4)
      .describe('Readers must freeze when the last sample is older than this, seconds'),
  })
  .describe('Which markets are watched, how they are sampled, and what counts as a volatility event.')
  .check(({ value, issues }) => {
    const reject = (key: keyof typeof value, message: string) =>
      issues.push({ code: 'custom', input: value, path: [key], message });
    for (const key of [
      'volatility_window_minutes',
      'price_jump_window_minutes',
      'mean_reversion_window_minutes',
    ] as const) {
      if (value[key] > value.rolling_window_minutes) {
        reject(key, `${value[key]} is above rolling_window_minutes (${value.rolling_window_minutes})`);
      }
    }
    if ((value.rolling_window_minutes * 60) / value.refresh_interval_seconds > MAX_SAMPLES) {
      reject('rolling_window_minutes', `holds more than ${MAX_SAMPLES} samples per market; shorten it`);
    }
    const { allowed_for_events, disallowed_for_events } = value.regime_filters;
    const both = allowed_for_events.filter((name) => disallowed_for_events.includes(name));
    if (both.length > 0) reject('regime_filters', `${both.join(', ')} is both allowed and disallowed`);
  });

export type VolatilityScannerConfig = z.output<typeof VolatilityScannerConfig>;

const MAX_SAMPLES = 10_000;
