import { Timestamp } from '@kalshi-mm/core';
import { type CalendarName, createSyntheticWorld, type WorldConfig } from '@kalshi-mm/simulator';
import { exchangeWorld } from './exchange-world.ts';
import type { World } from './world.ts';

/** When a generated world begins unless told otherwise; fixed, so that a seed says everything. */
const START_MS = Timestamp.parseIso('2026-10-05T14:00:00Z');

/** Generated markets, inhabited and with books from the first instant. */
export function syntheticWorld(
  seed: number | string,
  startMs: number = START_MS,
  config: CalendarName | WorldConfig = 'small',
): World {
  const at = Timestamp.of(startMs, 'startMs');
  const { exchange, reference } = createSyntheticWorld({ seed, startMs: at, config });
  // The inhabitants' first quotes are planned for the start itself.
  exchange.advanceTo(at);
  return { ...exchangeWorld(exchange), reference };
}
