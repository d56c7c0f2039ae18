import { z } from 'zod';

const driftThreshold = z.number().gt(0);
const multiplier = (regime: string, of: string, value: number) =>
  z.number().gt(0).default(value).describe(`Factor on ${of} while ${regime}, no unit`);

/** `regimes`: thresholds of the classification and what each regime does to the quoting model. */
export const RegimesConfig = z
  .strictObject({
    min_observations: z
      .int()
      .min(2)
      .default(5)
      .describe('Samples in the volatility window before a regime is named; fewer is UNKNOWN'),
    drift_threshold: driftThreshold
      .default(0.08)
      .describe('Least |mean change| / sigma per observation for TRENDING, no unit'),
    drift_normalization_min_sigma: z
      .number()
      .gt(0)
      .default(0.001)
      .describe('Sigma used for drift when the measured one is smaller, dollars per observation'),
    min_sigma_for_regime: z
      .number()
      .min(0)
      .default(0.01)
      .describe('Below this sigma a market is QUIET, dollars per observation'),
    mean_reversion_good: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe('Above this share of direction changes a market is MEAN_REVERTING, 0 to 1'),
    mean_reversion_bad: z
      .number()
      .min(0)
      .max(1)
      .default(0.4)
      .describe('Below this share of direction changes a market with drift is TRENDING, 0 to 1'),
    depth_threshold: z
      .number()
      .min(0)
      .default(50)
      .describe('Below this depth of both sides together a market is CHAOTIC, contracts'),
    stability_required: z
      .int()
      .min(1)
      .default(3)
      .describe('Consecutive windows that must agree before a regime holds'),
    noise_spread_min: z.number().min(0).default(0.07).describe('Smallest spread of NOISE, dollars'),
    noise_spread_max: z.number().min(0).default(0.12).describe('Largest spread of NOISE, dollars'),
    max_shared_state_age_seconds: z
      .number()
      .gt(0)
      .default(4)
      .describe('Quoting freezes when the regime was last sampled longer ago than this, seconds'),
    by_profile: z
      .object({
        mean_reverting: z
          .strictObject({
            drift_threshold: driftThreshold
              .default(0.06)
              .describe('As regimes.drift_threshold, for markets of this profile, no unit'),
          })
          .prefault({}),
        medium_trending: z
          .strictObject({
            drift_threshold: driftThreshold
              .default(0.1)
              .describe('As regimes.drift_threshold, for markets of this profile, no unit'),
          })
          .prefault({}),
      })
      .catchall(z.strictObject({ drift_threshold: driftThreshold }))
      .prefault({})
      .describe('Thresholds by profile name'),
    gamma_multipliers: z
      .strictObject({
        MEAN_REVERTING: multiplier('MEAN_REVERTING', 'gamma', 1),
        QUIET: multiplier('QUIET', 'gamma', 0.8),
        TRENDING: multiplier('TRENDING', 'gamma', 1.5),
        CHAOTIC: multiplier('CHAOTIC', 'gamma', 2),
        NOISE: multiplier('NOISE', 'gamma', 1.2),
        UNKNOWN: multiplier('UNKNOWN', 'gamma', 1.5),
      })
      .prefault({})
      .describe('Factor on gamma by regime'),
    k_multipliers: z
      .strictObject({
        MEAN_REVERTING: multiplier('MEAN_REVERTING', 'k', 1),
        QUIET: multiplier('QUIET', 'k', 0.7),
        TRENDING: multiplier('TRENDING', 'k', 0.5),
        CHAOTIC: multiplier('CHAOTIC', 'k', 0.3),
        NOISE: multiplier('NOISE', 'k', 0.6),
        UNKNOWN: multiplier('UNKNOWN', 'k', 0.5),
      })
      .prefault({})
      .describe('Factor on k by regime'),
  })
  .describe('How a market is classed, and what each regime does to the quoting model.');

export type RegimesConfig = z.output<typeof RegimesConfig>;
