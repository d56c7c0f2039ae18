import { Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { ExchangeOutput } from '../exchange-api.ts';
import { CALENDARS } from './calendars/calendars.ts';
import { createSyntheticWorld } from './create-synthetic-world.ts';
import type { WorldConfig } from './world-config.ts';

const HOUR = 3_600_000;
const START = Timestamp.parseIso('2026-10-05T14:00:00Z');

/** Baseball alone: its first game starts at 16:30. */
const baseball: WorldConfig = {
  ...CALENDARS.full,
  pauses: null,
  voidShare: 0,
  series: CALENDARS.full.series.filter(
    (plan) => plan.kind === 'league' && plan.competition === 'Pro Baseball',
  ),
};

const league = baseball.series[0]!;
if (league.kind !== 'league') throw new Error('baseball is a league');
const onlyWinner = { ...league, spread: null, total: null };

function play(hours: number, config = baseball) {
  const told: ExchangeOutput[] = [];
  const world = createSyntheticWorld({
    seed: 2,
    startMs: START,
    config,
    onOutput: (output) => {
      if (output.type === 'market' || output.type === 'event-fees') told.push(output);
    },
  });
  world.exchange.advanceTo(Timestamp.of(START + hours * HOUR));
  return { ...world, told };
}

describe('a game', () => {
  const { exchange, reference, told } = play(8);
  const game = reference.milestones().toSorted((a, b) => a.startMs - b.startMs)[0]!;
  const [winner, spread, total] = game.relatedEventTickers as [string, string, string];
  const marketsOf = (event: string) => exchange.markets().filter(({ eventTicker }) => eventTicker === event);

  it('has a milestone that ties its three events together', () => {
    expect(game).toMatchObject({
      type: 'baseball_game',
      startMs: START + 2.5 * HOUR,
      primaryEventTickers: [winner],
    });
    expect(winner).toMatch(/^KXMLBGAME-26OCT051230[A-Z]+$/);
    expect(spread).toBe(winner.replace('GAME', 'SPREAD'));
    expect([winner, spread, total].map((event) => reference.event(event)?.mutuallyExclusive)).toEqual([
      true,
      false,
      false,
    ]);
    expect(marketsOf(winner)).toHaveLength(2);
    expect(marketsOf(spread)).toHaveLength(6);
    expect(marketsOf(total)).toHaveLength(7);
  });

  it('closes early once it is over, and pays what the score says', () => {
    const { details } = reference.liveData(game.id)!;
    expect(details).toMatchObject({ status: 'finished' });
    const home = Number(details.home_points);
    const away = Number(details.away_points);
    const pair = marketsOf(winner);
    expect(pair.map(({ result }) => result).sort()).toEqual(['no', 'yes']);
    expect(pair[0]!.result).toBe(home > away ? 'yes' : 'no');
    for (const { closeMs, status, ticker } of pair) {
      expect(status).toBe('finalized');
      expect(closeMs).toBeGreaterThan(game.startMs + 2 * HOUR);
      expect(closeMs).toBeLessThan(START + 8 * HOUR);
      const story = told.flatMap((one) =>
        one.type === 'market' && one.market.ticker === ticker ? [one] : [],
      );
      expect(story[0]!.market.closeMs).toBe(game.startMs + 14 * 24 * HOUR);
      expect(story.map(({ change }) => change)).toEqual([
        'created',
        'fees',
        'fees',
        'close-date',
        'closed',
        'determined',
        'settled',
      ]);
    }
    for (const { floorStrike, result } of marketsOf(total)) {
      expect(result).toBe(home + away > Number(floorStrike) ? 'yes' : 'no');
    }
    for (const [i, { floorStrike, result }] of marketsOf(spread).entries()) {
      const ahead = i % 2 === 0 ? home - away : away - home;
      expect(result).toBe(ahead > Number(floorStrike) ? 'yes' : 'no');
    }
  });

  it('charges half before the first pitch, and all from then on', () => {
    const changes = told.flatMap((one) =>
      one.type === 'event-fees' && one.eventTicker === winner ? [one] : [],
    );
    expect(changes.map(({ fees, atMs }) => [fees?.multiplierMicros ?? null, atMs])).toEqual([
      [500_000, START],
      [null, game.startMs],
    ]);
    expect(exchange.market(Ticker.of(marketsOf(winner)[0]!.ticker))!.fees.multiplierMicros).toBe(1_000_000);
  });

  it('is followed by the games of the next day, in time', () => {
    const later = reference.milestones().filter(({ startMs }) => startMs > START + 24 * HOUR);
    expect(later.length).toBeGreaterThan(1);
  });
});

it('a game that is called off settles at the fair price', () => {
  const { exchange, reference } = play(6, { ...baseball, voidShare: 1 });
  const [game] = reference.milestones().toSorted((a, b) => a.startMs - b.startMs);
  const pair = exchange.markets().filter(({ eventTicker }) => eventTicker === game!.relatedEventTickers[0]);
  expect(pair.map(({ result, status }) => [result, status])).toEqual([
    ['scalar', 'finalized'],
    ['scalar', 'finalized'],
  ]);
  const sum = pair[0]!.settlementPrice! + pair[1]!.settlementPrice!;
  expect(Math.abs(sum - 10_000)).toBeLessThanOrEqual(100);
});

it('while it is played, the pair of winners adds up and the score moves it', () => {
  const { exchange, fairCents, reference } = play(2.4, { ...baseball, series: [onlyWinner] });
  const [game] = reference.milestones().toSorted((a, b) => a.startMs - b.startMs);
  const [home, away] = exchange
    .markets()
    .filter(({ eventTicker }) => eventTicker === game!.relatedEventTickers[0])
    .map(({ ticker }) => ticker) as [Ticker, Ticker];
  const seen = new Set<number>();
  let looks = 0;
  let near = 0;
  for (let at = START + 2.4 * HOUR; at < START + 4.5 * HOUR; at += 5 * 60_000) {
    exchange.advanceTo(Timestamp.of(at));
    const [a, b] = [fairCents(home)!, fairCents(away)!];
    expect(a + b).toBeCloseTo(100, 6);
    seen.add(Math.round(a));
    if (a < 10 || a > 90) continue;
    const books = [exchange.book(home), exchange.book(away)];
    const middles = books.map((book) => (book.bestBid() + book.bestAsk()) / 200);
    looks++;
    if (Math.abs(middles[0]! + middles[1]! - 100) < 6) near++;
  }
  // Now and then a whale has just been there.
  expect(near / looks).toBeGreaterThan(0.8);
  expect(seen.size).toBeGreaterThan(5);
});
