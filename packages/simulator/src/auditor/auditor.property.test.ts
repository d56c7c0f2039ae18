import { Count, type FeeSchedule, Money, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExchange, type SimulatedExchange } from '../create-exchange.ts';
import type { ExchangeOutput } from '../exchange-api.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { createAuditor } from './create-auditor.ts';

const MARKETS = [
  sampleMarket({ ticker: 'KXTEST-A' as Ticker, closeMs: Timestamp.of(400_000) }),
  sampleMarket({ ticker: 'KXTEST-B' as Ticker, closeMs: Timestamp.of(400_000), exchangeIndex: 2 }),
  sampleMarket({
    ticker: 'KXTEST-C' as Ticker,
    eventTicker: 'KXOTHER',
    exchangeIndex: 2,
    fees: { type: 'quadratic_with_maker_fees', multiplierMicros: 1_000_000 },
  }),
];
const FEES: readonly FeeSchedule[] = [
  { type: 'quadratic', multiplierMicros: 1_000_000 },
  { type: 'quadratic_with_maker_fees', multiplierMicros: 500_000 },
  { type: 'quadratic', multiplierMicros: 2_000_000 },
];
const USERS = ['ann', 'bob', 'cat', 'ann#1', 'bob#1'];

const step = fc.record({
  what: fc.nat(71),
  user: fc.constantFrom(...USERS),
  market: fc.nat(2),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  price: fc.integer({ min: 46, max: 54 }),
  count: fc.integer({ min: 1, max: 1500 }),
  pick: fc.nat(40),
  waitMs: fc.constantFrom(0, 0, 0, 1, 500, 5_000),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function act(exchange: SimulatedExchange, at: Step): void {
  const { what, user, side, count, pick } = at;
  exchange.advanceTo(Timestamp.of(exchange.nowMs + at.waitMs));
  const { ticker, eventTicker } = MARKETS[at.market]!;
  const price = Price.of(at.price * 100);
  const groups = exchange.orderGroups(user);
  const groupId = groups[pick % Math.max(1, groups.length)]?.groupId ?? 'none';
  const resting = exchange.orders(user).filter((order) => order.status === 'resting');
  const order = resting[pick % Math.max(1, resting.length)];
  const status = exchange.market(ticker)!.status;
  const unpaid = status === 'determined' || status === 'disputed' || status === 'amended';
  if (what < 50) place(exchange, at, groupId);
  else if (what < 53) order !== undefined && exchange.cancel(user, order.orderId);
  else if (what < 56) order !== undefined && exchange.decrease(user, order.orderId, Count.of(count));
  else if (what < 60) {
    if (order === undefined) return;
    const totalCount = Count.of(order.filled + count);
    exchange.amend(user, order.orderId, { side: order.side, price, totalCount, clientOrderId: null });
  } else if (what === 60) exchange.createOrderGroup(user, Count.of(100 + count), at.market === 0 ? 0 : 2);
  else if (what === 61) exchange.resetOrderGroup(user, groupId);
  else if (what === 62) exchange.setOrderGroupLimit(user, groupId, Count.of(100 + count));
  else if (what === 63 && pick < 20) exchange.triggerOrderGroup(user, groupId);
  else if (what === 63) exchange.deleteOrderGroup(user, groupId);
  else if (what === 64 && pick < 6) {
    const allocations = [0, 2].map((exchangeIndex) => ({ exchangeIndex, percent: 50 }));
    exchange.setTargetAllocation('bob', { allocations: pick < 4 ? allocations : [], reservation: 'sum' });
  } else if (what === 64) {
    const owner = side === 'bid' ? 'ann' : 'bob';
    const between = { fromSubaccount: pick % 2, toSubaccount: (pick >> 1) % 2 };
    exchange.transferCash(owner, at.market, pick % 4, Money.of(count * 1000), between);
  } else if (what === 65) exchange.setMarketActive(ticker, pick % 3 !== 0);
  else if (what === 66) exchange.setTradingActive(pick % 5 !== 0, at.market);
  else if (what === 67) exchange.updateMarket(ticker, { fees: FEES[pick % 3]! });
  else if (what === 68) exchange.setEventFees(eventTicker, [null, ...FEES][pick % 4]!);
  else if (what === 69 && pick < 10) exchange.cancelAll(user);
  else if (what === 69) exchange.deposit(user, Money.of(count));
  else if (what === 70 && pick < 6 && !unpaid && status !== 'finalized') {
    exchange.determine(ticker, 'scalar', price);
  } else if (what === 70 && unpaid) exchange.redetermine(ticker, side === 'bid' ? 'yes' : 'no');
  else if (what === 71 && unpaid) exchange.dispute(ticker);
  else if (what === 71 && status !== 'finalized' && pick < 6) {
    exchange.setCloseTime(ticker, Timestamp.of(exchange.nowMs + (pick - 2) * 5_000));
  }
}

function place(exchange: SimulatedExchange, at: Step, groupId: string): void {
  const { pick } = at;
  const what = at.what % 20;
  const timeInForce =
    what === 1 || what === 4 ? 'immediate-or-cancel' : what === 2 ? 'fill-or-kill' : 'good-till-canceled';
  exchange.place(
    at.user,
    sampleOrder(at.side, at.price, 1, {
      ticker: MARKETS[at.market]!.ticker,
      count: Count.of(at.count),
      timeInForce,
      postOnly: what === 3,
      reduceOnly: what === 4,
      selfTradePrevention: pick % 2 === 0 ? 'maker' : 'taker-at-cross',
      cancelOnPause: what === 5,
      expirationMs: what === 6 ? Timestamp.of(exchange.nowMs + 1 + pick * 200) : null,
      orderGroupId: what > 12 && groupId !== 'none' ? groupId : null,
    }),
  );
}

/** All cash, the exchange's included, and what all positions are worth at one payout. */
function wealth(exchange: SimulatedExchange): number {
  let sum: number = exchange.feesCollected;
  for (const user of USERS) {
    const { cash, reserved } = exchange.balance(user)!;
    sum += cash + reserved;
    for (const { position } of exchange.positions(user)) {
      sum += position > 0 ? position * 3_700 : -position * 6_300;
    }
  }
  return sum;
}

/** Any steps, with an audit after each. */
function audited(listener: (output: ExchangeOutput) => void) {
  return fc.property(
    fc.array(step, { minLength: 60, maxLength: 200 }),
    fc.constantFrom('reject' as const, 'cancel' as const),
    (steps, postOnlyCross) => {
      const auditor = createAuditor();
      const exchange = createExchange({
        idSeed: 1,
        startMs: Timestamp.of(10_000),
        postOnlyCross,
        onOutput: auditor.hear,
      });
      exchange.addListener(listener);
      let brought = 0;
      exchange.addListener((output) => {
        if (output.type === 'cash') brought += output.change;
      });
      exchange.addUser('ann', Money.fromDollars(60));
      exchange.addUser('bob', [
        { exchangeIndex: 0, cash: Money.fromDollars(30) },
        { exchangeIndex: 2, cash: Money.fromDollars(30) },
      ]);
      exchange.addUser('cat', [{ exchangeIndex: 2, cash: Money.fromDollars(1000) }]);
      exchange.createSubaccount('ann');
      exchange.createSubaccount('bob', 2);
      exchange.deposit('ann#1', Money.fromDollars(30));
      exchange.deposit('bob#1', Money.fromDollars(30), 2);
      for (const market of MARKETS) exchange.listMarket(market, { settlementTimerMs: 60_000 });
      for (const each of steps) {
        act(exchange, each);
        auditor.check(exchange);
        expect(wealth(exchange)).toBe(brought);
      }
      exchange.advanceTo(Timestamp.of(2_000_000));
      auditor.check(exchange);
      expect(auditor.users).toEqual(USERS);
    },
  );
}

describe('the auditor agrees with the ledger', () => {
  it('after every step of anything that can happen', () => {
    fc.assert(
      audited(() => {}),
      { numRuns: 100 },
    );
  });

  it('over steps in which everything does happen', () => {
    const seen = new Map<string, number>();
    const count = (output: ExchangeOutput): void => {
      const change = 'change' in output && typeof output.change === 'string' ? ` ${output.change}` : '';
      const cash = output.type === 'cash' ? ` ${output.reason}` : '';
      const reason = output.type === 'order' ? ` ${output.order.lastUpdateReason}` : '';
      const key = `${output.type}${change}${cash}${reason}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    };
    fc.assert(audited(count), { numRuns: 300, seed: 7 });
    for (const happened of HAPPENINGS) expect(seen.get(happened) ?? 0, happened).toBeGreaterThan(5);
  });
});

const HAPPENINGS = [
  'fill',
  'settlement',
  'event-fees',
  'cash transfer',
  'order Amend',
  'order Trade',
  'order Decrease',
  'order SelfTradeCancel',
  'order ExpiryCancel',
  'order CloseCancel',
  'order HaltCancel',
  'order PostOnlyCrossCancel',
  'order ReduceOnlyCancel',
  'order-group triggered',
  'order-group deleted',
  'order-group reset',
  'market disputed',
  'market amended',
  'market settled',
  'market fees',
  'market activated',
];
