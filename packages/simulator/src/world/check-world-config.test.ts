import { Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { CALENDARS } from './calendars/calendars.ts';
import { createSyntheticWorld } from './create-synthetic-world.ts';
import type { WorldConfig } from './world-config.ts';

const START = Timestamp.parseIso('2026-10-05T14:00:00Z');
const small = CALENDARS.small;
const make = (config: WorldConfig) => createSyntheticWorld({ seed: 1, startMs: START, config });
const window = small.series[0]!;
if (window.kind !== 'window') throw new Error('the small calendar begins with a window');
const maker = { kind: 'maker', count: 1, everyMs: 1, contracts: 1, halfSpreadCents: 1, levels: 1 } as const;

describe('a world is refused that', () => {
  it.each<[string, WorldConfig, RegExp]>([
    ['voids more than all', { ...small, voidShare: 1.1 }, /voidShare must lie between 0 and 1/],
    ['plans a series twice', { ...small, series: [window, window] }, /KXBTC15M is planned twice/],
    ['never moves on', { ...small, series: [{ ...window, windowMs: 0 }] }, /windowMs must be a whole number/],
    [
      'has prices of no known grid',
      { ...small, series: [{ ...window, terms: { ...window.terms, grid: 'nickel' as 'deci_cent' } }] },
      /KXBTC15M: grid must be one of linear_cent, deci_cent, tapered_deci_cent, found nickel/,
    ],
    [
      'has half an agent',
      {
        ...small,
        series: [{ ...window, terms: { ...window.terms, population: [{ ...maker, count: 0.5 }] } }],
      },
      /population\[0\] \(maker\)\.count must be a whole number/,
    ],
    [
      'names a coin that is not there',
      { ...CALENDARS.full, coins: CALENDARS.full.coins.slice(1) },
      /coin BTC is not among the coins/,
    ],
    [
      'has an override without sense',
      { ...small, populations: { 'KXBTC15M-X': [{ ...maker, everyMs: Number.NaN }] } },
      /populations\.KXBTC15M-X\[0\] \(maker\)\.everyMs must be positive/,
    ],
  ])('%s', (_name, config, text) => {
    expect(() => make(config)).toThrow(text);
  });

  it('has a calendar that nobody knows', () => {
    const config = 'huge' as 'full';
    expect(() => createSyntheticWorld({ seed: 1, startMs: START, config })).toThrow(
      /Use one of: small, full/,
    );
  });

  it('every calendar passes, and is plain data', () => {
    for (const config of Object.values(CALENDARS)) {
      expect(() => make(config)).not.toThrow();
      expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    }
  });
});
