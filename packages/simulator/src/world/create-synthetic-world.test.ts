import { Count, Money, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { ExchangeOutput } from '../exchange-api.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { createSyntheticWorld } from './create-synthetic-world.ts';

const START = Timestamp.parseIso('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

function digest(seed: number): { hash: number; outputs: number } {
  let hash = 0x811c9dc5;
  let outputs = 0;
  const { exchange } = createSyntheticWorld({
    seed,
    startMs: START,
    onOutput: (output) => {
      outputs++;
      const text = JSON.stringify(output);
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    },
  });
  exchange.advanceTo(Timestamp.of(START + 10 * MINUTE));
  return { hash: hash >>> 0, outputs };
}

describe('the synthetic world', () => {
  it('repeats itself to the byte from the same seed, and only then', () => {
    const first = digest(1);
    expect(digest(1)).toEqual(first);
    expect(digest(2).hash).not.toBe(first.hash);
    expect(first.outputs).toBeGreaterThan(5000);
  });

  it('does not depend on the size of the steps of the clock', () => {
    const count = (stepMs: number): string => {
      const seen: ExchangeOutput[] = [];
      const { exchange } = createSyntheticWorld({
        seed: 3,
        startMs: START,
        onOutput: (output) => seen.push(output),
      });
      for (let at = START + stepMs; at <= START + MINUTE; at += stepMs) exchange.advanceTo(Timestamp.of(at));
      return JSON.stringify(seen);
    };
    expect(count(MINUTE)).toBe(count(1250));
  });

  it('lists the next market when one closes, and settles the old one', () => {
    const { exchange } = createSyntheticWorld({ seed: 1, startMs: START });
    exchange.addUser('ann', Money.fromDollars(1000));
    const first = exchange.markets().find((market) => market.seriesTicker === 'KXBTC15M')!;
    expect(first).toMatchObject({ ticker: 'KXBTC15M-26NOV200715-15', status: 'active' });
    exchange.advanceTo(Timestamp.of(START + 5000));
    const ask = exchange.book(first.ticker).bestAsk();
    const order = { ...sampleOrder('bid', 50, 5), ticker: first.ticker, price: ask };
    expect(exchange.place('ann', order)).toMatchObject({
      ok: true,
      value: { order: { status: 'executed' } },
    });
    exchange.advanceTo(first.closeMs);
    expect(exchange.market(first.ticker)!.status).toBe('closed');
    const next = exchange.markets().find((market) => market.ticker === 'KXBTC15M-26NOV200730-30')!;
    expect(next).toMatchObject({ status: 'active', openMs: first.closeMs });
    exchange.advanceTo(Timestamp.of(first.closeMs + 4000));
    const settled = exchange.market(first.ticker)!;
    expect(settled.status).toBe('finalized');
    expect(exchange.settlements('ann')).toMatchObject([
      { ticker: first.ticker, result: settled.result, revenue: settled.result === 'yes' ? 5_000_000 : 0 },
    ]);
    expect(exchange.book(next.ticker).bestBid()).toBeGreaterThan(0);
  });

  it('never leaves a book crossed and keeps it near what the inhabitants believe', () => {
    const world = createSyntheticWorld({ seed: 5, startMs: START });
    const { exchange } = world;
    let looks = 0;
    let twoSided = 0;
    let near = 0;
    for (let at = START + 5000; at <= START + 20 * MINUTE; at += 5000) {
      exchange.advanceTo(Timestamp.of(at));
      for (const market of exchange.markets()) {
        const fair = world.fairCents(market.ticker);
        if (fair === null) continue;
        const bid = exchange.book(market.ticker).bestBid();
        const ask = exchange.book(market.ticker).bestAsk();
        expect(bid).toBeLessThan(ask);
        looks++;
        if (!Price.isTradable(bid) || !Price.isTradable(ask)) continue;
        twoSided++;
        if (Math.abs((bid + ask) / 200 - fair) < 4) near++;
      }
    }
    expect(twoSided / looks).toBeGreaterThan(0.8);
    expect(near / twoSided).toBeGreaterThan(0.9);
  });

  it('fills a maker at the touch within a minute', () => {
    const { exchange } = createSyntheticWorld({ seed: 8, startMs: START });
    exchange.addUser('ann', Money.fromDollars(10_000));
    for (let at = START + 1000; at <= START + MINUTE; at += 1000) {
      exchange.advanceTo(Timestamp.of(at));
      exchange.cancelAll('ann');
      for (const market of exchange.markets()) {
        const book = exchange.book(market.ticker);
        for (const side of ['bid', 'ask'] as const) {
          const price = side === 'bid' ? book.bestBid() : book.bestAsk();
          if (!Price.isTradable(price)) continue;
          const order = sampleOrder(side, 50, 1, { postOnly: true, count: Count.of(1000) });
          exchange.place('ann', { ...order, ticker: market.ticker, price });
        }
      }
    }
    const fills = exchange.fills('ann');
    expect(fills.length).toBeGreaterThan(3);
    expect(fills.every((fill) => fill.role === 'maker')).toBe(true);
  });

  it('has markets that move 12 cents within five minutes, and calm ones', () => {
    const { exchange } = createSyntheticWorld({ seed: 11, startMs: START });
    const mids = new Map<Ticker, number[]>();
    for (let at = START + 1000; at <= START + 14 * MINUTE; at += 10_000) {
      exchange.advanceTo(Timestamp.of(at));
      for (const market of exchange.markets()) {
        const book = exchange.book(market.ticker);
        if (book.bestBid() === Price.NO_BID || book.bestAsk() === Price.NO_ASK) continue;
        const list = mids.get(market.ticker) ?? [];
        mids.set(market.ticker, list);
        list.push((book.bestBid() + book.bestAsk()) / 200);
      }
    }
    let jumps = 0;
    let calm = 0;
    for (const list of mids.values()) {
      const moves = list.map((mid, i) => {
        const window = list.slice(Math.max(0, i - 30), i + 1);
        return Math.max(...window.map((other) => Math.abs(mid - other)));
      });
      if (moves.some((move) => move >= 12)) jumps++;
      else calm++;
    }
    expect(jumps).toBeGreaterThan(0);
    expect(calm).toBeGreaterThan(0);
  });
});
