import { MmError } from '@kalshi-mm/core';
import type { WorldConfig } from '../world-config.ts';
import { FULL_CALENDAR } from './full.ts';
import { SMALL_CALENDAR } from './small.ts';

/** What a generated world lists, by name. */
export type CalendarName = 'small' | 'full';

/** `small`: six series, one market of each at a time. `full`: hundreds of markets of many kinds. */
export const CALENDARS: Readonly<Record<CalendarName, WorldConfig>> = {
  small: SMALL_CALENDAR,
  full: FULL_CALENDAR,
};

/** @throws MmError `bad-world` for a name that is none */
export function configOf(config: WorldConfig | CalendarName): WorldConfig {
  if (typeof config !== 'string') return config;
  if (Object.hasOwn(CALENDARS, config)) return CALENDARS[config];
  throw new MmError('bad-world', `There is no calendar "${config}"`, {
    todo: `Use one of: ${Object.keys(CALENDARS).join(', ')}.`,
  });
}
