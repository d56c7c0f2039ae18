import { readFileSync } from 'node:fs';
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

/** Sessions during most of the market, whenever exactly it is sampled. */
export const GOLD_CONFIG = readFileSync(new URL('../../config.gold15m.yaml', import.meta.url), 'utf8');
