import { type Market, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { ExchangeOutput } from '../exchange-api.ts';
import { CALENDARS } from './calendars/calendars.ts';
import { createSyntheticWorld } from './create-synthetic-world.ts';
import type { WorldConfig } from './world-config.ts';

const START = Timestamp.parseIso('2026-10-05T14:00:00Z');
const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

/** The coin series of the full calendar, without inhabitants. */
const coins: WorldConfig = {
  ...CALENDARS.full,
  pauses: null,
  voidShare: 0,
  series: CALENDARS.full.series.flatMap((plan) =>
    'coin' in plan ? [{ ...plan, terms: { ...plan.terms, population: [] } }] : [],
  ),
};

/** Plays a while and takes down a coin's price every second, in cents, by unix second. */
function play(minutes: number, config: WorldConfig = coins) {
  const told: Extract<ExchangeOutput, { type: 'market' }>[] = [];
  const world = createSyntheticWorld({
    seed: 3,
    startMs: START,
    config,
    onOutput: (output) => {
      if (output.type === 'market') told.push(output);
    },
  });
  const cents = new Map<number, number>();
  const { exchange, reference } = world;
  const event = exchange.markets().find(({ seriesTicker }) => seriesTicker === 'KXBTC15M')!.eventTicker;
  for (let at = START + 1000; at <= START + minutes * MINUTE; at += 1000) {
    exchange.advanceTo(Timestamp.of(at));
    const { details } = reference.eventLiveData(event)!;
    expect(Number(details.as_of_ts) * 1000).toBe(at);
    cents.set(at / 1000, Math.round(100 * Number(details.price)));
  }
  const mean = (closeMs: number): number => {
    let sum = 0;
    for (let second = closeMs / 1000 - 59; second <= closeMs / 1000; second++) sum += cents.get(second)!;
    return sum / 60;
  };
  const of = (seriesTicker: string): Market[] =>
    exchange.markets().filter((market) => market.seriesTicker === seriesTicker);
  return { ...world, told, mean, of };
}

describe('up or down', () => {
  const { told, mean, of, reference } = play(47);
  const windows = of('KXBTC15M');

  it('settles on the mean of the last 60 one-second prices, and that is the next strike', () => {
    const settled = windows.filter(({ status }) => status === 'finalized');
    expect(settled).toHaveLength(3);
    for (const [i, market] of settled.entries()) {
      const value = (Math.round(mean(market.closeMs)) / 100).toFixed(2);
      expect(reference.market(market.ticker)!.expirationValue).toBe(value);
      expect(market.result).toBe(Number(value) >= Number(market.floorStrike) ? 'yes' : 'no');
      expect(windows[i + 1]!.floorStrike).toBe(value);
    }
  });

  it('lists the next window ahead and tells its strike late', () => {
    const second = windows[1]!;
    expect(second).toMatchObject({ openMs: START + QUARTER, closeMs: START + 2 * QUARTER });
    const story = told.filter(({ market }) => market.ticker === second.ticker);
    expect(story.map(({ change, atMs }) => [change, (atMs - second.openMs) / 1000])).toEqual([
      ['created', -10 * 60],
      ['activated', 0],
      ['metadata', 3],
      ['closed', 15 * 60],
      ['determined', 15 * 60 + 5],
      ['settled', 15 * 60 + 6],
    ]);
    expect(story[0]!.market).toMatchObject({ floorStrike: null, subTitle: 'Target price: TBD' });
    expect(story[1]!.market.floorStrike).toBeNull();
    expect(story[2]!.market.subTitle).toBe(`Target price: $${story[2]!.market.floorStrike}`);
  });
});

describe('ladders and ranges', () => {
  const { mean, of, reference } = play(62);
  const hour = START + 60 * MINUTE;

  it('settle on the same average of the same coin', () => {
    const ladder = of('KXBTCD').filter(({ closeMs }) => closeMs === hour);
    const range = of('KXBTC').filter(({ closeMs }) => closeMs === hour);
    const value = mean(hour) / 100;
    expect(ladder).toHaveLength(40);
    for (const { floorStrike, result, ticker } of ladder) {
      expect(floorStrike).toMatch(/\.99$/);
      expect(result).toBe(value > Number(floorStrike) ? 'yes' : 'no');
      expect(Number(reference.market(ticker)!.expirationValue)).toBeCloseTo(value, 3);
    }
    expect(new Set(ladder.map(({ result }) => result)).size).toBe(2);
    const paid = range.filter(({ result }) => result === 'yes');
    expect(paid).toHaveLength(1);
    expect(value).toBeGreaterThan(Number(paid[0]!.floorStrike ?? 0));
    expect(value).toBeLessThanOrEqual(Number(paid[0]!.capStrike ?? Number.POSITIVE_INFINITY));
  });

  it('are void when the world says so, at the fair price', () => {
    const voided = play(16, { ...coins, voidShare: 1 }).of('KXBTC15M')[0]!;
    expect(voided).toMatchObject({ status: 'finalized', result: 'scalar' });
    expect(voided.settlementPrice! % 100).toBe(0);
    expect(voided.settlementPrice).toBeGreaterThan(0);
  });
});
