import { Count, Money, Price, type Side, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createAuditor } from '../auditor/create-auditor.ts';
import { createExchange } from '../create-exchange.ts';
import type { ExchangeOutput, IncentiveTerms, OrderRequest } from '../exchange-api.ts';
import { createReplayExchange } from '../replay-feed.ts';
import { Subaccount } from '../subaccount.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { sampleOrder } from '../testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');
const ms = Timestamp.of;

/** $20 for ten seconds from the start, 100 contracts a side, half for a tick. */
function terms(change: Partial<IncentiveTerms> = {}): IncentiveTerms {
  return {
    programId: 'one',
    ticker: T,
    type: 'liquidity',
    description: 'test',
    startMs: ms(0),
    endMs: ms(10_000),
    pool: Money.fromDollars(20),
    targetSize: Count.of(10_000),
    discountBps: 5_000,
    mostPerAccount: null,
    ...change,
  };
}

function setUp(idSeed = 'incentives') {
  const auditor = createAuditor();
  const outputs: ExchangeOutput[] = [];
  const exchange = createExchange({ idSeed, onOutput: auditor.hear });
  exchange.addListener((output) => outputs.push(output));
  for (const user of ['ann', 'bob']) exchange.addUser(user, Money.fromDollars(1000));
  exchange.addHouseUser('house', Money.fromDollars(1000));
  exchange.listMarket(sampleMarket());
  const place = (user: string, side: Side, cents: number, contracts: number) => {
    const result = exchange.place(user, sampleOrder(side, cents, contracts));
    if (!result.ok) throw new Error(result.error.code);
    return result.value.order;
  };
  const paid = () =>
    outputs.flatMap((output) =>
      output.type === 'cash' && output.reason === 'incentive'
        ? [[output.userId, output.change / 1_000_000, output.atMs]]
        : [],
    );
  const scores = (id = 'one') => exchange.incentiveScores(id)!;
  return { exchange, auditor, outputs, place, paid, scores };
}

describe('a program', () => {
  it('counts the subaccounts of a user as one, and pays the user', () => {
    const { exchange, auditor, place, paid, scores } = setUp();
    exchange.addIncentiveProgram(terms());
    const second = exchange.createSubaccount('ann', 0);
    if (!second.ok) throw new Error(second.error.code);
    const account = Subaccount.idOf('ann', second.value);
    exchange.deposit(account, Money.fromDollars(100));
    place('ann', 'bid', 40, 60);
    place(account, 'bid', 40, 40);
    exchange.advanceTo(ms(11_000));
    expect(scores().scores).toMatchObject([{ userId: 'ann', share: 0.5 }]);
    expect(paid()).toMatchObject([['ann', 10, 10_000]]);
    auditor.check(exchange);
  });

  it('takes one snapshot a second, pays each side’s share at the end, and the auditor agrees', () => {
    const { exchange, auditor, place, paid, scores } = setUp();
    exchange.addIncentiveProgram(terms());
    place('ann', 'bid', 40, 100);
    place('ann', 'ask', 60, 25);
    place('bob', 'ask', 60, 75);
    exchange.advanceTo(ms(4_999));
    expect(scores()).toMatchObject({ snapshots: 5, qualifiedSides: 10 });
    expect(exchange.incentivePrograms()).toMatchObject([{ programId: 'one', paidOut: false }]);
    exchange.advanceTo(ms(9_999));
    // All of the bids and a quarter of the asks: 1.25 of 2 per snapshot.
    expect(scores()).toEqual({
      snapshots: 10,
      qualifiedSides: 20,
      scores: [
        { userId: 'ann', score: 12.5, share: 0.625, reward: 12_500_000 },
        { userId: 'bob', score: 7.5, share: 0.375, reward: 7_500_000 },
      ],
    });
    expect(paid()).toEqual([]);
    const before = exchange.balance('ann')!.cash;
    exchange.advanceTo(ms(10_000));
    expect(paid()).toEqual([
      ['ann', 12.5, 10_000],
      ['bob', 7.5, 10_000],
    ]);
    expect(exchange.balance('ann')!.cash - before).toBe(12_500_000);
    expect(exchange.incentivePrograms()).toMatchObject([{ paidOut: true }]);
    auditor.check(exchange);
  });

  it('does not pay for sides and seconds without the target size', () => {
    const { exchange, place, scores } = setUp();
    exchange.addIncentiveProgram(terms());
    place('ann', 'bid', 40, 100);
    place('ann', 'ask', 60, 99);
    exchange.advanceTo(ms(4_999));
    expect(scores()).toMatchObject({ snapshots: 5, qualifiedSides: 5 });
    exchange.cancelAll('ann');
    exchange.advanceTo(ms(10_000));
    // Five bid sides of twenty sides: a quarter of the pool, though nobody else was there.
    expect(scores()).toMatchObject({ snapshots: 10, qualifiedSides: 5, scores: [{ share: 0.25 }] });
    expect(exchange.balance('ann')!.cash).toBe(1_005_000_000);
  });

  it('weighs by the rule that it names', () => {
    const { exchange, place, scores } = setUp();
    exchange.addIncentiveProgram(terms({ rule: 'best-price' }));
    exchange.addIncentiveProgram(terms({ programId: 'two' }));
    place('ann', 'bid', 40, 10);
    place('bob', 'bid', 39, 90);
    exchange.advanceTo(ms(999));
    const shares = (id: string) =>
      Object.fromEntries(scores(id).scores.map(({ userId, score }) => [userId, score]));
    // 10 × 1 and 90 × ½, then: a fifth of the target, 20, is reached at 39, so both count in full.
    expect(shares('one')).toEqual({ ann: 10 / 55, bob: 45 / 55 });
    expect(shares('two')).toEqual({ ann: 0.1, bob: 0.9 });
  });

  it('leaves the part of house accounts and what is below a dollar unpaid, and keeps to the most per account', () => {
    const { exchange, place, paid } = setUp();
    exchange.addIncentiveProgram(terms({ mostPerAccount: Money.fromDollars(3) }));
    for (const side of ['bid', 'ask'] as const) {
      const cents = side === 'bid' ? 40 : 60;
      place('house', side, cents, 60);
      place('ann', side, cents, 36);
      place('bob', side, cents, 4);
    }
    exchange.advanceTo(ms(10_000));
    expect(paid()).toEqual([['ann', 3, 10_000]]);
  });

  it('pays later when it says so, and looks at open markets only', () => {
    const { exchange, place, paid, scores } = setUp();
    exchange.addIncentiveProgram(terms({ payoutDelayMs: 60_000 }));
    place('ann', 'bid', 40, 100);
    exchange.schedule(ms(5_000), () => exchange.setMarketActive(T, false));
    exchange.advanceTo(ms(69_999));
    expect(scores()).toMatchObject({ snapshots: 10, qualifiedSides: 5 });
    expect(paid()).toEqual([]);
    exchange.advanceTo(ms(70_000));
    expect(paid()).toEqual([['ann', 5, 70_000]]);
  });

  it('that has begun counts from now on; one that is over, or of another type, is only listed', () => {
    const { exchange, scores } = setUp();
    exchange.advanceTo(ms(7_500));
    exchange.addIncentiveProgram(terms());
    exchange.addIncentiveProgram(terms({ programId: 'past', endMs: ms(7_000) }), true);
    exchange.addIncentiveProgram(terms({ programId: 'volume', type: 'volume' }));
    exchange.addIncentiveProgram(terms({ programId: 'elsewhere', ticker: Ticker.of('KXNONE-1') }));
    exchange.advanceTo(ms(20_000));
    expect(scores()).toMatchObject({ snapshots: 2 });
    expect(scores('elsewhere')).toMatchObject({ snapshots: 2, qualifiedSides: 0 });
    expect(['past', 'volume'].map((id) => scores(id).snapshots)).toEqual([0, 0]);
    expect(exchange.incentivePrograms().map(({ programId, paidOut }) => [programId, paidOut])).toEqual([
      ['one', true],
      ['past', true],
      ['volume', false],
      ['elsewhere', true],
    ]);
    expect(exchange.incentiveScores('unknown')).toBeNull();
  });

  it('looks at an instant within each second that follows from the seed', () => {
    const instants = (seed: string) => {
      const { exchange } = setUp(seed);
      exchange.addIncentiveProgram(terms());
      const found: number[] = [];
      while (exchange.nextMs < 10_000) {
        found.push(exchange.nextMs);
        exchange.advanceTo(ms(exchange.nextMs));
      }
      return found;
    };
    const first = instants('a');
    expect(first.map((at) => Math.floor(at / 1_000))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(first.map((at) => at % 1_000)).size).toBeGreaterThan(5);
    expect(instants('a')).toEqual(first);
    expect(instants('b')).not.toEqual(first);
  });

  it.each<[string, Partial<IncentiveTerms>]>([
    ['ends before it starts', { endMs: ms(0) }],
    ['pool', { pool: Money.ZERO }],
    ['target size', { targetSize: Count.of(0) }],
    ['discount', { discountBps: 10_001 }],
    ['negative', { mostPerAccount: -1 as Money }],
    ['before its window is over', { payoutDelayMs: -1 }],
  ])('is refused: %s', (problem, change) => {
    const { exchange } = setUp();
    expect(() => exchange.addIncentiveProgram(terms(change))).toThrow(problem);
    exchange.addIncentiveProgram(terms());
    expect(() => exchange.addIncentiveProgram(terms())).toThrow('there is one already');
  });
});

describe('no program', () => {
  it('plans nothing', () => {
    const exchange = createExchange({ idSeed: 1 });
    expect(exchange.nextMs).toBe(Number.POSITIVE_INFINITY);
    expect(exchange.incentivePrograms()).toEqual([]);
  });
});

describe('a recorded market', () => {
  it('has its recorded size behind one name, our orders in their place', () => {
    const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [sampleMarket()] });
    exchange.addUser('ann', Money.fromDollars(1000));
    exchange.addIncentiveProgram(terms());
    const market = feed.market(T);
    market.applyDelta('bid', Price.of(4_800), 5_000, false);
    const request: OrderRequest = sampleOrder('bid', 48, 40);
    expect(exchange.place('ann', request).ok).toBe(true);
    market.applyDelta('bid', Price.of(4_800), 5_000, false);
    exchange.advanceTo(ms(999));
    // 50 recorded, our 40, 50 recorded: the last reaches 100 and counts in full.
    const { scores } = exchange.incentiveScores('one')!;
    expect(scores).toMatchObject([
      { userId: null, score: 100 / 140, reward: 0 },
      { userId: 'ann', score: 40 / 140 },
    ]);
  });
});
