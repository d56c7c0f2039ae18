import { Money, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createAuditor } from '../auditor/create-auditor.ts';
import type { ExchangeOutput } from '../exchange-api.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { CALENDARS } from './calendars/calendars.ts';
import { createSyntheticWorld } from './create-synthetic-world.ts';

const START = Timestamp.parseIso('2026-10-05T14:00:00Z');
const MINUTE = 60_000;

function fullWorld(
  seed: number,
  onOutput: (output: ExchangeOutput) => void = () => {},
  startMs: Timestamp = START,
) {
  // A pause takes a market out of its ladder for a while.
  return createSyntheticWorld({ seed, startMs, config: { ...CALENDARS.full, pauses: null }, onOutput });
}

describe('the full calendar', () => {
  it('lists hundreds of open markets of many kinds at once, quiet and dead ones among them', () => {
    const { exchange, reference } = fullWorld(1);
    exchange.advanceTo(Timestamp.of(START + 5 * MINUTE));
    const open = exchange.markets().filter(({ status }) => status === 'active');
    expect(open.length).toBeGreaterThan(400);
    const distinct = (of: (market: (typeof open)[number]) => unknown): number => new Set(open.map(of)).size;
    expect(distinct(({ category }) => category)).toBeGreaterThanOrEqual(6);
    expect(distinct(({ seriesTicker }) => seriesTicker)).toBeGreaterThanOrEqual(25);
    expect(distinct(({ grid }) => grid)).toBe(3);
    expect([...new Set(open.map(({ exchangeIndex }) => exchangeIndex))].sort()).toEqual([0, 2, 3]);
    expect(distinct(({ fees }) => fees.type)).toBe(2);
    const traded = open.filter(({ ticker }) => exchange.statistics(ticker).volume > 0).length;
    const dead = open.filter(
      ({ ticker }) => exchange.book(ticker).total('bid') + exchange.book(ticker).total('ask') === 0,
    );
    expect(traded).toBeGreaterThan(200);
    expect(dead.length).toBeGreaterThan(15);
    for (const { eventTicker, seriesTicker, ticker } of open) {
      expect(reference.event(eventTicker)?.title).toBeTruthy();
      expect(reference.series(seriesTicker)?.frequency).toBeTruthy();
      expect(reference.market(ticker)?.settlementTimerMs).toBeGreaterThan(0);
    }
  });

  it('is never crossed, falls along its ladders, and adds up where one of several pays', () => {
    const { exchange, fairCents, reference } = fullWorld(2);
    for (let look = 1; look <= 3; look++) {
      exchange.advanceTo(Timestamp.of(START + look * 2 * MINUTE));
      const open = exchange.markets().filter(({ status }) => status === 'active');
      for (const { ticker } of open) {
        expect(exchange.book(ticker).bestBid()).toBeLessThan(exchange.book(ticker).bestAsk());
      }
      let ladders = 0;
      let sums = 0;
      for (const [event, markets] of Map.groupBy(open, ({ eventTicker }) => eventTicker)) {
        const fairs = markets.map(({ ticker }) => fairCents(ticker)!);
        if (reference.event(event)!.mutuallyExclusive) {
          const sum = fairs.reduce((total, fair) => total + fair, 0);
          // Every price is kept a fifth of a cent away from certainty.
          expect(Math.abs(sum - 100)).toBeLessThan(0.2 * markets.length + 1e-6);
          sums++;
          continue;
        }
        const thresholds = markets.filter(({ strikeType }) => strikeType === 'greater');
        for (const [side, rungs] of Map.groupBy(thresholds, ({ ticker }) => ticker.replace(/[\d.]+$/, ''))) {
          const sorted = rungs.toSorted((a, b) => Number(a.floorStrike) - Number(b.floorStrike));
          for (let i = 1; i < sorted.length; i++) {
            const [below, above] = [fairCents(sorted[i - 1]!.ticker)!, fairCents(sorted[i]!.ticker)!];
            expect(above, `${side} ${sorted[i]!.floorStrike}`).toBeLessThanOrEqual(below);
          }
          ladders++;
        }
      }
      expect(ladders).toBeGreaterThan(30);
      expect(sums).toBeGreaterThan(15);
    }
  });

  it('repeats itself to the byte, however time is cut', () => {
    const digest = (seed: number, stepMs: number): string => {
      let hash = 0x811c9dc5;
      let outputs = 0;
      const { exchange } = fullWorld(seed, (output) => {
        outputs++;
        const text = JSON.stringify(output);
        for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      });
      for (let at: number = START; at <= START + MINUTE; at += stepMs) exchange.advanceTo(Timestamp.of(at));
      return `${outputs} ${hash}`;
    };
    const first = digest(3, MINUTE);
    expect(digest(3, 1234 - 34)).toBe(first);
    expect(digest(4, MINUTE)).not.toBe(first);
    expect(Number(first.split(' ')[0])).toBeGreaterThan(5000);
  });

  it('does not let users move what is true, only what is traded', () => {
    const run = (withUser: boolean) => {
      const { exchange, fairCents } = fullWorld(5);
      if (withUser) exchange.addUser('ann', Money.fromDollars(100_000));
      const seen: (number | null)[] = [];
      for (let minute = 1; minute <= 4; minute++) {
        exchange.advanceTo(Timestamp.of(START + minute * MINUTE));
        for (const { ticker, status } of exchange.markets()) {
          if (status !== 'active') continue;
          seen.push(fairCents(ticker));
          if (withUser)
            exchange.place(
              'ann',
              sampleOrder('bid', 99, 500, { ticker, timeInForce: 'immediate-or-cancel' }),
            );
        }
      }
      return { seen, fills: withUser ? exchange.fills('ann').length : 0 };
    };
    const alone = run(false);
    const watched = run(true);
    expect(watched.fills).toBeGreaterThan(300);
    expect(watched.seen).toEqual(alone.seen);
  });

  it('keeps its books in order for a user who trades everywhere, through closes and payouts', () => {
    const auditor = createAuditor();
    const startMs = Timestamp.of(START + 50 * MINUTE);
    const { exchange } = fullWorld(6, auditor.hear, startMs);
    exchange.addUser('ann', Money.fromDollars(10_000));
    for (let minute = 1; minute <= 13; minute += 2) {
      exchange.advanceTo(Timestamp.of(startMs + minute * MINUTE));
      for (const { ticker, status } of exchange.markets()) {
        if (status !== 'active') continue;
        const side = (ticker.length + minute) % 2 === 0 ? 'bid' : 'ask';
        const book = exchange.book(ticker);
        const price = side === 'bid' ? book.bestBid() : book.bestAsk();
        if (price > 0 && price < 10_000) exchange.place('ann', sampleOrder(side, 50, 1, { ticker, price }));
      }
      auditor.check(exchange);
    }
    expect(exchange.settlements('ann').length).toBeGreaterThan(8);
    expect(exchange.fills('ann').length).toBeGreaterThan(100);
  });

  it('names the windows by the clock of New York', () => {
    const { exchange } = fullWorld(1);
    expect(exchange.market(Ticker.of('KXBTC15M-26OCT051015-15'))).toMatchObject({ status: 'active' });
  });
});
