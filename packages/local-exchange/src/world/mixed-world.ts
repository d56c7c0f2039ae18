import {
  type CalendarName,
  createMixedWorld,
  type Population,
  type QueueModel,
  type WorldConfig,
} from '@kalshi-mm/simulator';
import { playTapes } from './tape-world.ts';
import type { World } from './world.ts';

/**
 * Plays tapes, and beside them generated markets on the tapes' time.
 *
 * @throws MmError when a file is missing or damaged, or holds nothing, or the configuration cannot be
 */
export function mixedWorld(
  paths: readonly string[],
  options: {
    readonly seed: number | string;
    readonly config?: CalendarName | WorldConfig;
    readonly recordedPopulation?: Population;
    readonly queueModel?: QueueModel;
  },
): World {
  const { seed, config = 'small', recordedPopulation, queueModel } = options;
  return playTapes(paths, (markets, startMs) => {
    const populations =
      recordedPopulation === undefined
        ? {}
        : Object.fromEntries(markets.map(({ ticker }) => [ticker, recordedPopulation]));
    const world = createMixedWorld({
      seed,
      startMs,
      config,
      markets,
      keepTrades: true,
      recordedPopulations: populations,
      ...(queueModel === undefined ? {} : { queueModel }),
    });
    // The inhabitants' first quotes are planned for the start itself.
    world.exchange.advanceTo(startMs);
    return world;
  });
}
