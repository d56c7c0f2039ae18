import { MmError, Money, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createExchange, createExchangeParts } from '../create-exchange.ts';
import type { ExchangeOutput } from '../exchange-api.ts';
import type { ExchangeState } from '../exchange-state.ts';
import { MatchingEngine } from '../matching-engine.ts';
import { createReplayExchange } from '../replay-feed.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { createSyntheticWorld } from '../world/create-synthetic-world.ts';
import { createAuditor } from './create-auditor.ts';

const T = Ticker.of('KXTEST-1');

function traded(hear: (output: ExchangeOutput) => void) {
  const { exchange, state, list } = createExchangeParts({ idSeed: 1, onOutput: hear });
  exchange.addUser('ann', Money.fromDollars(100));
  exchange.addUser('bob', [{ exchangeIndex: 0, cash: Money.fromDollars(100) }]);
  const market = sampleMarket();
  list(market, (host) => new MatchingEngine(market.grid, host));
  exchange.place('ann', sampleOrder('ask', 52, 5));
  exchange.place('bob', sampleOrder('bid', 52, 3));
  exchange.place('bob', sampleOrder('bid', 48, 3));
  return { exchange, state };
}

describe('the auditor finds', () => {
  const account = (state: ExchangeState, user: string) => state.accounts.get(user)!;
  it.each<[string, (state: ExchangeState) => void]>([
    ['cash of ann: ', (state) => account(state, 'ann').pool!.cash++],
    ['cash of bob on shard 0: ', (state) => account(state, 'bob').purse(0)!.cash--],
    ['reserved cash of bob on shard 0: ', (state) => account(state, 'bob').purse(0)!.reserved++],
    ['position of bob in KXTEST-1: contracts', (state) => account(state, 'bob').holdings.get(T)!.position++],
    ['position of bob in KXTEST-1: exposure', (state) => account(state, 'bob').holdings.get(T)!.cost++],
    ['position of ann in KXTEST-1: fees', (state) => account(state, 'ann').holdings.get(T)!.feesPaid++],
    ['remaining count', (state) => Object.assign(account(state, 'ann').orders[0]!, { remaining: 1 })],
    ['status', (state) => Object.assign(account(state, 'bob').orders[1]!, { status: 'canceled' })],
    ['taker fees', (state) => Object.assign(account(state, 'bob').orders[0]!, { takerFees: 0 })],
    ['fills of bob: how many', (state) => account(state, 'bob').fills.pop()],
    ['orders of bob: how many', (state) => account(state, 'bob').orders.pop()],
  ])('a wrong %s', (named, corrupt) => {
    const auditor = createAuditor();
    const { exchange, state } = traded(auditor.hear);
    auditor.check(exchange);
    corrupt(state);
    expect(() => auditor.check(exchange)).toThrow(named);
  });

  it.each<[string, (output: ExchangeOutput) => ExchangeOutput | null]>([
    [
      'fee',
      (output) =>
        output.type === 'fill'
          ? { type: 'fill', fill: { ...output.fill, fee: Money.of(output.fill.fee + 100) } }
          : output,
    ],
    ['filled count', (output) => (output.type === 'fill' ? null : output)],
    ['order was told before', (output) => (output.type === 'order' ? null : output)],
    ['audit-late', (output) => (output.type === 'cash' ? null : output)],
    ['market was told before', (output) => (output.type === 'market' ? null : output)],
  ])('a stream with a wrong or missing piece: %s', (named, distort) => {
    const auditor = createAuditor();
    const { exchange } = traded((output) => {
      const heard = distort(output);
      if (heard !== null) auditor.hear(heard);
    });
    let found: unknown = null;
    try {
      auditor.check(exchange);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(MmError);
    expect(`${(found as MmError).code} ${(found as MmError).message}`).toContain(named);
  });

  it('a fill told twice', () => {
    const auditor = createAuditor();
    const { exchange } = traded((output) => {
      auditor.hear(output);
      if (output.type === 'fill') auditor.hear(output);
    });
    expect(() => auditor.check(exchange)).toThrow('told once');
  });

  it('a settlement that is not told', () => {
    const auditor = createAuditor();
    const { exchange } = traded((output) => {
      if (output.type !== 'settlement') auditor.hear(output);
    });
    exchange.determine(T, 'yes');
    exchange.advanceTo(Timestamp.of(10_000));
    expect(() => auditor.check(exchange)).toThrow(/settlement of (ann|bob) that was not told/);
  });
});

describe('the auditor agrees', () => {
  it('with an exchange without users', () => {
    const auditor = createAuditor();
    auditor.check(createExchange({ idSeed: 1, onOutput: auditor.hear }));
    expect(auditor.users).toEqual([]);
  });

  it('with a user among the inhabitants of a synthetic world, through settlements', () => {
    const auditor = createAuditor();
    const { exchange } = createSyntheticWorld({
      seed: 'audit',
      startMs: Timestamp.of(1_760_000_000_000),
      onOutput: auditor.hear,
    });
    exchange.addUser('ann', Money.fromDollars(1000));
    for (let minute = 0; minute < 40; minute++) {
      exchange.advanceTo(Timestamp.of(exchange.nowMs + 60_000));
      for (const { ticker, status } of exchange.markets()) {
        if (status !== 'active') continue;
        const book = exchange.book(ticker);
        const [bid, ask] = [book.bestBid(), book.bestAsk()];
        if (bid <= 0 || ask >= 10_000) continue;
        const price = minute % 3 === 0 ? ask : bid;
        exchange.place('ann', sampleOrder('bid', 50, 2, { ticker, price }));
        if (minute % 2 === 0) exchange.place('ann', sampleOrder('ask', 50, 1, { ticker, price: ask }));
      }
      auditor.check(exchange);
    }
    expect(exchange.fills('ann').length).toBeGreaterThan(20);
    expect(exchange.settlements('ann').length).toBeGreaterThan(2);
  });

  it('with orders in a recorded market', () => {
    const auditor = createAuditor();
    const { exchange, feed } = createReplayExchange({
      idSeed: 1,
      markets: [sampleMarket()],
      onOutput: auditor.hear,
    });
    exchange.addUser('ann', Money.fromDollars(1000));
    const market = feed.market(T);
    market.beginSnapshot();
    market.applyLevel('ask', sampleOrder('ask', 60, 1).price, 500);
    market.endSnapshot();
    exchange.place('ann', sampleOrder('bid', 52, 3));
    market.applyTrade(sampleOrder('bid', 50, 1).price, 200, 'ask', false);
    auditor.check(exchange);
    exchange.place('ann', sampleOrder('bid', 60, 3));
    auditor.check(exchange);
    expect(exchange.fills('ann').map((fill) => fill.role)).toEqual(['maker', 'taker']);
  });
});
