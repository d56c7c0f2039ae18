import { join } from 'node:path';
import { importDataset } from '@kalshi-mm/tape';
import { dataPath } from '@kalshi-mm/testing';

/** The recording of gold markets, or null where it is absent; it is not part of the repository. */
export const goldData = dataPath('kalshi-gold15m-ws');

/** One recorded market of fifteen minutes with frequent jumps, 01:15 to 01:30 UTC. */
export const GOLD_MARKET = 'KXGOLD15M-26AUG102130-30';

/** Writes the market into `dir` as a tape. */
export async function goldTape(dir: string): Promise<string> {
  const path = join(dir, 'gold.tape');
  await importDataset(goldData!, path, { ticker: GOLD_MARKET });
  return path;
}

/**
 * Sessions during most of the market, whenever exactly it is sampled: with the default gates it depends on the
 * moment of each sample whether this thin market has an event at all. It is young, too, and the exchange knows no
 * volume of the 24 hours before the recording. Ages of samples are counted in exchange time, of which a busy machine
 * may miss some seconds at a high speed.
 */
export const GOLD_CONFIG = `
volatility_scanner:
  min_volume_24h: 0
  min_liquidity_spread: 0.2
  mean_reversion_tolerance_cents: 30
  regime_staleness_seconds: 60
regimes:
  max_shared_state_age_seconds: 60
  mean_reversion_good: 0.2
  mean_reversion_bad: 0.1
  depth_threshold: 0
  noise_spread_min: 0.5
  noise_spread_max: 0.6
volatility_mm:
  min_available_balance: 10
  regime_stale_kill_seconds: 60
  require_regime_stability: 1
  reopen_after_seconds: 10
`;
