import { Count, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { COIN_START_MS, coinWorld } from '../testing/coin-world.ts';
import { MarketMemory } from './market-memory.ts';

const HOUR_MS = 3_600_000;

describe('what the feed remembers', () => {
  it('does not grow with the markets that come and go', () => {
    let memory: MarketMemory | null = null;
    const { exchange } = coinWorld([], (output) => {
      if (memory === null || output.type !== 'market') return;
      const { market, change } = output;
      memory.turn(market);
      if (change === 'created') {
        memory.sweep();
        memory.meet(market.eventTicker);
      }
      // Somebody trades in every market.
      memory.trade(market.ticker, Count.of(100));
      memory.fill('alice', market.ticker, Count.of(100));
    });
    memory = new MarketMemory(exchange);
    const sizes: number[] = [];
    for (let day = 1; day <= 8; day++) {
      exchange.advanceTo(Timestamp.of(COIN_START_MS + day * 24 * HOUR_MS));
      sizes.push(memory.size);
    }
    // The exchange itself keeps the records of a week.
    expect(exchange.markets().length).toBeGreaterThan(2_000);
    // Four entries a market: fifty between two sweeps, and those of three series that are open or listed.
    for (const size of sizes) expect(size).toBeLessThanOrEqual(4 * (50 + 3 * 2));
  });

  it('keeps what belongs to open markets', () => {
    const { exchange } = coinWorld();
    const memory = new MarketMemory(exchange);
    const { ticker, eventTicker, status } = exchange.markets()[0]!;
    memory.trade(ticker, Count.of(300));
    memory.fill('alice', ticker, Count.of(200));
    memory.fill('alice', ticker, Count.of(200));
    for (let market = 0; market < 200; market++) memory.sweep();
    expect(memory.turn(exchange.market(ticker)!)).toBe(status);
    expect(memory.lastTradeSize(ticker)).toBe(300);
    expect(memory.volume('alice', ticker)).toBe(400);
    expect(memory.volume('bob', ticker)).toBe(0);
    expect([memory.meet(eventTicker), memory.meet('NEW'), memory.meet('NEW')]).toEqual([false, true, false]);
  });
});
