import { createRandom, Money, Price, type Side, Ticker, Timestamp } from '@kalshi-mm/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createExchangeParts } from '../../create-exchange.ts';
import type { ExchangeOutput } from '../../exchange-api.ts';
import { MatchingEngine } from '../../matching-engine.ts';
import { sampleMarket } from '../../testing/sample-market.ts';
import { sampleOrder } from '../../testing/sample-order.ts';
import { createAgent } from './agent.ts';
import { MarketDesk } from './market-desk.ts';
import type { AgentGroup } from './population.ts';

const T = Ticker.of('KXTEST-1');
let outputs: ExchangeOutput[];
let parts: ReturnType<typeof createExchangeParts>;
let fairCents: number | null;

beforeEach(() => {
  outputs = [];
  fairCents = 50;
  parts = createExchangeParts({ idSeed: 1, onOutput: (output) => outputs.push(output) });
  const market = sampleMarket();
  parts.list(market, (host) => new MatchingEngine(market.grid, host));
  for (const user of ['agent', 'other']) parts.exchange.addHouseUser(user, Money.fromDollars(1_000_000));
});

function agent(group: AgentGroup, seed: number | string = 1) {
  const desk = new MarketDesk(parts.state, T, () => fairCents);
  return createAgent(group, desk, 'agent', createRandom(seed));
}

function rest(side: Side, cents: number, contracts = 100): void {
  const placed = parts.exchange.place('other', sampleOrder(side, cents, contracts));
  expect(placed.ok).toBe(true);
}

/** Cents and contracts of every trade so far. */
function trades() {
  return outputs.flatMap((output) =>
    output.type === 'trade' ? [[output.trade.takerSide, output.trade.price / 100]] : [],
  );
}

const times = { count: 1, everyMs: 1000 };

describe('an agent', () => {
  it('who makes quotes levels around the fair value, and moves them with it', () => {
    const act = agent({ kind: 'maker', ...times, contracts: 10, halfSpreadCents: 2, levels: 2 });
    act();
    const book = parts.exchange.book(T);
    const first = [book.bestBid() / 100, book.bestAsk() / 100];
    expect(first[0]).toBeLessThanOrEqual(48);
    expect(first[1]).toBeGreaterThanOrEqual(52);
    const depth = (side: Side): number => {
      let levels = 0;
      book.forEachLevel(side, () => {
        levels++;
        return true;
      });
      return levels;
    };
    expect([depth('bid'), depth('ask')]).toEqual([2, 2]);
    fairCents = 70;
    act();
    expect([book.bestBid() / 100, book.bestAsk() / 100]).toEqual([first[0]! + 20, first[1]! + 20]);
    expect([depth('bid'), depth('ask')]).toEqual([2, 2]);
    fairCents = null;
    act();
    expect(book.bestBid() / 100).toBe(first[0]! + 20);
  });

  it('who knows takes what is wrong by more than fee and edge, and nothing else', () => {
    const act = agent({ kind: 'informed', ...times, contracts: 10, edgeCents: 1 });
    rest('ask', 49);
    act();
    expect(trades()).toEqual([]);
    rest('ask', 40);
    act();
    expect(trades()).toEqual([['bid', 40]]);
    fairCents = 30;
    rest('bid', 36);
    act();
    expect(trades().at(-1)).toEqual(['ask', 36]);
  });

  it('who follows buys after a rise and sells after a fall', () => {
    const act = agent({ kind: 'momentum', ...times, contracts: 3, thresholdCents: 2 });
    rest('bid', 40);
    rest('ask', 60);
    act();
    expect(trades()).toEqual([]);
    rest('bid', 55);
    act();
    expect(trades()).toEqual([['bid', 60]]);
    parts.exchange.setMarketActive(T, false);
    parts.exchange.setMarketActive(T, true);
    rest('bid', 20);
    rest('ask', 30);
    act();
    expect(trades().at(-1)).toEqual(['ask', 20]);
  });

  it('who is a whale sweeps several levels, or lays a wall', () => {
    for (const cents of [52, 53, 54, 55]) rest('ask', cents, 10);
    for (const cents of [48, 47, 46, 45]) rest('bid', cents, 10);
    const whale = { kind: 'whale', ...times, contracts: 500, sweepLevels: 3, restingMs: 60_000 } as const;
    const sweep = agent({ ...whale, restingShare: 0 });
    for (let i = 0; i < 6; i++) sweep();
    expect(new Set(trades().map(String)).size).toBeGreaterThan(3);
    rest('bid', 40);
    rest('ask', 60);
    const before = parts.exchange.book(T).total('bid') + parts.exchange.book(T).total('ask');
    const tradesBefore = trades().length;
    agent({ ...whale, restingShare: 1 })();
    const after = parts.exchange.book(T).total('bid') + parts.exchange.book(T).total('ask');
    expect(after - before).toBeGreaterThanOrEqual(250_00);
    expect(trades()).toHaveLength(tradesBefore);
    parts.exchange.advanceTo(Timestamp.of(900_000));
    expect(parts.exchange.book(T).total('bid') + parts.exchange.book(T).total('ask')).toBe(before);
  });

  it('who knows nothing trades on both sides, and waits on both', () => {
    const noise = agent({ kind: 'noise', ...times, contracts: 5, restingShare: 0.5, restingMs: 10_000 });
    rest('bid', 48, 100_000);
    rest('ask', 52, 100_000);
    for (let i = 0; i < 60; i++) noise();
    const sides = trades().map(([side]) => side);
    expect(sides.filter((side) => side === 'bid').length).toBeGreaterThan(5);
    expect(sides.filter((side) => side === 'ask').length).toBeGreaterThan(5);
    expect(parts.exchange.book(T).bestBid()).toBeLessThan(parts.exchange.book(T).bestAsk());
    expect(Price.isTradable(parts.exchange.book(T).bestBid())).toBe(true);
  });
});
