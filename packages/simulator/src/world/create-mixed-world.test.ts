import { Count, type Market, Money, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { ExchangeOutput } from '../exchange-api.ts';
import { createReplayExchange, type ReplayBlock } from '../replay-feed.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { createMixedWorld } from './create-mixed-world.ts';

const START = Timestamp.parseIso('2026-08-10T21:15:00Z');
const MINUTE = 60_000;
const RECORDED = Ticker.of('KXREC-1');
const market: Market = sampleMarket({
  ticker: RECORDED,
  eventTicker: 'KXREC',
  seriesTicker: 'KXREC',
  openMs: START,
  closeMs: Timestamp.of(START + 15 * MINUTE),
});

/** A snapshot around 50 cents, then the touch walks and trades for ten minutes. */
function recording(): ReplayBlock {
  const rows: [number, number, number, number, number][] = [[0, 2, 0, 0, 0]];
  for (let i = 1; i <= 5; i++)
    rows.push([0, 3, 0, 5000 - 100 * i, 50_000], [0, 3, 1, 5000 + 100 * i, 50_000]);
  for (let i = 1; i <= 2400; i++) {
    const side = i % 2;
    const price = side === 0 ? 4900 - 100 * (i % 3) : 5100 + 100 * (i % 3);
    rows.push([i * 250, 0, side, price, i % 4 < 2 ? 700 : -700]);
    if (i % 10 === 0) rows.push([i * 250, 1, 1 - side, side === 0 ? 4900 : 5100, 300]);
  }
  const column = (at: number) => rows.map((row) => row[at]!);
  return {
    rows: rows.length,
    recvMs: Float64Array.from(column(0), (ms) => START + ms),
    kind: Uint8Array.from(column(1)),
    market: new Uint16Array(rows.length),
    side: Uint8Array.from(column(2)),
    flags: new Uint8Array(rows.length),
    price: Int16Array.from(column(3)),
    count: Int32Array.from(column(4)),
  };
}

/** What is told of one market, as text, without the ids of matches. */
function recorder(ticker: Ticker) {
  const told: string[] = [];
  const onOutput = (output: ExchangeOutput): void => {
    const concerns =
      ('ticker' in output && output.ticker === ticker) ||
      (output.type === 'trade' && output.trade.ticker === ticker) ||
      (output.type === 'market' && output.market.ticker === ticker);
    if (concerns) told.push(JSON.stringify(output.type === 'trade' ? { ...output.trade } : output));
  };
  return { told, onOutput };
}

describe('a mixed world', () => {
  it('plays the recording exactly, beside markets that live', () => {
    const alone = recorder(RECORDED);
    const beside = recorder(RECORDED);
    const replay = createReplayExchange({
      idSeed: 1,
      startMs: START,
      markets: [market],
      onOutput: alone.onOutput,
    });
    const mixed = createMixedWorld({ seed: 1, startMs: START, markets: [market], onOutput: beside.onOutput });
    for (const { exchange, feed } of [replay, mixed]) {
      feed.apply(recording());
      exchange.advanceTo(Timestamp.of(START + 20 * MINUTE));
    }
    expect(alone.told.length).toBeGreaterThan(2000);
    expect(beside.told).toEqual(alone.told);
    const open = mixed.exchange.markets().filter(({ status }) => status === 'active');
    expect(open).toHaveLength(6);
    expect(new Set(mixed.exchange.trades(null).map(({ ticker }) => ticker)).size).toBeGreaterThan(6);
  });

  const run = (seed: number, withAgents: boolean) => {
    const { told, onOutput } = recorder(RECORDED);
    const mixed = createMixedWorld({
      seed,
      startMs: START,
      markets: [market],
      recordedPopulations: withAgents
        ? {
            [RECORDED]: [
              { kind: 'maker', count: 1, everyMs: 2000, contracts: 10, halfSpreadCents: 0.4, levels: 1 },
              { kind: 'noise', count: 1, everyMs: 1000, contracts: 10, restingShare: 0.3, restingMs: 5000 },
            ],
          }
        : {},
      onOutput,
    });
    mixed.exchange.addUser('ann', Money.fromDollars(1000));
    const block = recording();
    const half = Math.floor(block.rows / 2);
    mixed.feed.apply(block, 0, half);
    mixed.exchange.place('ann', sampleOrder('bid', 50, 5, { ticker: RECORDED, count: Count.of(500) }));
    mixed.feed.apply(block, half);
    return { told, mixed };
  };

  it('lets agents trade in a recorded market, around its recorded middle', () => {
    const { told, mixed } = run(1, true);
    const without = run(1, false).told;
    expect(told.length).toBeGreaterThan(without.length + 200);
    const book = mixed.exchange.book(RECORDED);
    expect(book.bestBid()).toBeLessThan(book.bestAsk());
    expect(book.bestBid()).toBeGreaterThanOrEqual(Price.of(4700));
    expect(book.bestAsk()).toBeLessThanOrEqual(Price.of(5300));
    expect(mixed.feed.misfits).toBe(0);
  });

  it('is the same to the byte from the same seed, and only then', () => {
    const first = run(7, true).told;
    expect(run(7, true).told).toEqual(first);
    expect(run(8, true).told).not.toEqual(first);
  });

  it('generates no series that is recorded', () => {
    const bitcoin = { ...market, ticker: Ticker.of('KXBTC15M-26AUG101730-30'), seriesTicker: 'KXBTC15M' };
    const { exchange } = createMixedWorld({ seed: 1, startMs: START, markets: [bitcoin] });
    expect(exchange.markets().filter(({ seriesTicker }) => seriesTicker === 'KXBTC15M')).toHaveLength(1);
    expect(exchange.markets()).toHaveLength(6);
  });

  it('refuses a population that cannot be', () => {
    const populations = {
      [RECORDED]: [{ kind: 'informed', count: 1, everyMs: 0, contracts: 1, edgeCents: 1 }],
    } as const;
    const make = () =>
      createMixedWorld({ seed: 1, startMs: START, markets: [market], recordedPopulations: populations });
    expect(make).toThrow(/recordedPopulations\.KXREC-1\[0\] \(informed\)\.everyMs/);
  });
});
