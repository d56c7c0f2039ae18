import type { Regime } from '@kalshi-mm/core';
import type { RegimesConfig } from './regimes-config.ts';
import type { WindowStatistics } from './window-statistics.ts';

/** The statistics that a regime depends on. */
export type RegimeStatistics = Pick<
  WindowStatistics,
  'observations' | 'sigma' | 'meanChange' | 'meanReversion' | 'spreadCents' | 'depthContracts'
>;

/**
 * Names the regime of one window; the first rule that applies decides:
 *
 * 1. fewer observations than `min_observations`: UNKNOWN
 * 2. depth below `depth_threshold`: CHAOTIC
 * 3. spread within `noise_spread_min` … `noise_spread_max`: NOISE
 * 4. sigma below `min_sigma_for_regime`: QUIET
 * 5. mean reversion above `mean_reversion_good`: MEAN_REVERTING
 * 6. drift at or above the threshold and mean reversion below `mean_reversion_bad`: TRENDING
 * 7. otherwise UNKNOWN
 *
 * Drift is |mean change| / max(sigma, `drift_normalization_min_sigma`): the part of a typical step that goes one
 * way. A random walk of n steps has about 1/√n, a straight line 1. Mean reversion is the share of turns, see
 * {@link WindowStatistics}. Depth and spread come first, because prices of an empty or wide book say little.
 *
 * @param profile name of the category profile, for its own drift threshold
 */
export function classifyRegime(statistics: RegimeStatistics, config: RegimesConfig, profile: string): Regime {
  const { sigma, meanChange, meanReversion } = statistics;
  if (statistics.observations < config.min_observations || sigma === null || meanChange === null) {
    return 'UNKNOWN';
  }
  if (statistics.depthContracts < config.depth_threshold) return 'CHAOTIC';
  const spread = statistics.spreadCents / 100;
  if (spread >= config.noise_spread_min && spread <= config.noise_spread_max) return 'NOISE';
  if (sigma < config.min_sigma_for_regime) return 'QUIET';
  if (meanReversion === null) return 'UNKNOWN';
  if (meanReversion > config.mean_reversion_good) return 'MEAN_REVERTING';
  const drift = Math.abs(meanChange) / Math.max(sigma, config.drift_normalization_min_sigma);
  const threshold = Object.hasOwn(config.by_profile, profile)
    ? config.by_profile[profile]!.drift_threshold
    : config.drift_threshold;
  if (drift >= threshold && meanReversion < config.mean_reversion_bad) return 'TRENDING';
  return 'UNKNOWN';
}
