import { Money, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createAuditor } from '../auditor/create-auditor.ts';
import type { ExchangeOutput } from '../exchange-api.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { CALENDARS } from './calendars/calendars.ts';
import { createSyntheticWorld } from './create-synthetic-world.ts';
import type { WorldConfig } from './world-config.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Timestamp.parseIso('2026-10-05T14:00:00Z');

const bitcoin = CALENDARS.full.series.find((plan) => plan.kind === 'coin-window' && plan.coin === 'BTC');
if (bitcoin?.kind !== 'coin-window') throw new Error('the full calendar has bitcoin windows');
const quiet = [
  { kind: 'maker', count: 1, everyMs: 60_000, contracts: 20, halfSpreadCents: 2, levels: 1 },
  { kind: 'noise', count: 1, everyMs: 120_000, contracts: 5, restingShare: 0.3, restingMs: 60_000 },
] as const;
const one: WorldConfig = {
  ...CALENDARS.full,
  pauses: null,
  voidShare: 0,
  series: [{ ...bitcoin, terms: { ...bitcoin.terms, population: quiet } }],
};

function world(config: WorldConfig, onOutput: (output: ExchangeOutput) => void = () => {}) {
  return createSyntheticWorld({ seed: 9, startMs: START, config, onOutput });
}

describe('a world that goes on for weeks', () => {
  const auditor = createAuditor();
  const { exchange, reference } = world(one, auditor.hear);
  exchange.addUser('ann', Money.fromDollars(100));
  exchange.advanceTo(Timestamp.of(START + 60_000));
  const first = exchange.markets()[0]!.ticker;
  const untouched = exchange.markets()[0]!.eventTicker;
  exchange.place('ann', sampleOrder('bid', 99, 1, { ticker: first, timeInForce: 'immediate-or-cancel' }));
  const resting = exchange.place('ann', sampleOrder('bid', 1, 1, { ticker: first }));
  if (!resting.ok) throw new Error('the order was refused');

  it('drops the trades of a settled market after a day, and keeps its record', () => {
    exchange.advanceTo(Timestamp.of(START + 20 * HOUR));
    expect(exchange.trades(first).length).toBeGreaterThan(0);
    expect(exchange.orders('ann')).toHaveLength(2);
    exchange.advanceTo(Timestamp.of(START + 27 * HOUR));
    expect(exchange.trades(first)).toHaveLength(0);
    expect(exchange.market(first)).toMatchObject({ status: 'finalized' });
    expect(exchange.statistics(first).volume).toBeGreaterThan(0);
  });

  it('forgets a user’s orders that ended without a fill after a day, and nothing that traded', () => {
    expect(exchange.order('ann', resting.value.order.orderId)).toBeNull();
    expect(exchange.orders('ann').map(({ status }) => status)).toEqual(['executed']);
    expect(exchange.fills('ann')).toHaveLength(1);
    expect(exchange.cancel('ann', resting.value.order.orderId)).toMatchObject({
      error: { code: 'not_found' },
    });
    auditor.check(exchange);
  });

  it('forgets settled markets after a week, but for those in which a user had an order', () => {
    exchange.advanceTo(Timestamp.of(START + 9 * DAY));
    const weeks = exchange.markets().filter(({ settledMs }) => settledMs !== null);
    expect(weeks.length).toBeLessThan((7 * DAY) / (15 * 60_000) + 10);
    expect(weeks[0]!.ticker).toBe(first);
    expect(weeks[1]!.settledMs).toBeGreaterThan(START + 2 * DAY - 2 * HOUR);
    expect(reference.event(untouched)).not.toBeNull();
    expect(reference.event(untouched.replace('1015', '1030'))).toBeNull();
    expect(exchange.settlements('ann')).toHaveLength(1);
    auditor.check(exchange);
  });
});

describe('weekly maintenance', () => {
  it.each([
    [true, false],
    [false, true],
  ])('when it is %s, trading on Thursday at 04:00 in New York is %s', (weeklyMaintenance, trading) => {
    const { exchange, reference } = world({ ...one, weeklyMaintenance });
    exchange.advanceTo(Timestamp.parseIso('2026-10-08T08:00:00Z'));
    expect(exchange.tradingActive).toBe(trading);
    expect(reference.weeklyMaintenance).toBe(weeklyMaintenance);
    exchange.advanceTo(Timestamp.parseIso('2026-10-08T09:30:00Z'));
    expect(exchange.tradingActive).toBe(true);
    const [open] = exchange.markets().filter(({ status }) => status === 'active');
    expect(exchange.book(open!.ticker).bestBid()).toBeGreaterThan(0);
  });

  it('is on by default', () => {
    expect(Object.values(CALENDARS).map((config) => config.weeklyMaintenance)).toEqual([true, true]);
  });
});

it('single markets are paused now and then, and come back with an empty book', () => {
  const told: [string, number][] = [];
  world({ ...one, pauses: { everyMs: HOUR, lastMs: 60_000 } }, (output) => {
    if (output.type !== 'market') return;
    if (output.change === 'deactivated' || output.change === 'activated')
      told.push([output.change, output.atMs]);
  }).exchange.advanceTo(Timestamp.of(START + 12 * HOUR));
  const pauses = told.filter(([change]) => change === 'deactivated');
  expect(pauses.length).toBeGreaterThan(4);
  for (const [, atMs] of pauses) {
    // Unless it closed meanwhile.
    const back = told.find(([change, at]) => change === 'activated' && at === atMs + 60_000);
    if (atMs % (15 * 60_000) < 14 * 60_000) expect(back).toBeDefined();
  }
});

it('a market may have inhabitants of its own', () => {
  const ticker = Ticker.of('KXBTC15M-26OCT051015-15');
  const lively = createSyntheticWorld({ seed: 9, startMs: START, config: one }).exchange;
  const dead = createSyntheticWorld({
    seed: 9,
    startMs: START,
    config: { ...one, populations: { [ticker]: [] } },
  }).exchange;
  for (const exchange of [lively, dead]) exchange.advanceTo(Timestamp.of(START + 20 * 60_000));
  expect(lively.statistics(ticker).volume).toBeGreaterThan(0);
  expect(dead.statistics(ticker).volume).toBe(0);
  expect(dead.book(Ticker.of('KXBTC15M-26OCT051030-30')).bestBid()).not.toBe(Price.NO_BID);
});

it('a figure’s news comes at its time: everything is decided at the release', () => {
  const series = CALENDARS.full.series.filter(
    (plan) => plan.kind === 'figure' && plan.terms.seriesTicker === 'KXHIGHNY',
  );
  const { exchange, fairCents } = world({ ...one, series });
  const release = Timestamp.parseIso('2026-10-05T22:00:00Z');
  exchange.advanceTo(Timestamp.of(release - 1));
  const markets = exchange.markets().filter(({ closeMs }) => closeMs === release + 5 * 60_000);
  const fairs = () => markets.map(({ ticker }) => fairCents(ticker)!);
  expect(markets.length).toBe(6);
  expect(fairs().some((fair) => fair > 1 && fair < 99)).toBe(true);
  exchange.advanceTo(release);
  expect(fairs().filter((fair) => fair > 99)).toHaveLength(1);
  expect(fairs().filter((fair) => fair < 1)).toHaveLength(5);
  exchange.advanceTo(Timestamp.of(release + 20 * 60_000));
  expect(markets.filter(({ ticker }) => exchange.market(ticker)!.result === 'yes')).toHaveLength(1);
});
