import { Money, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import type { ExchangeOutput, OrderRequest, Result } from './exchange-api.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const dollars = Money.fromDollars;
const SHARDS = [0, 2, 3];
const tickerOn = (shard: number): Ticker => Ticker.of(`KXTEST-${shard}`);
const error = (code: string, details?: string) => ({
  ok: false,
  error: details === undefined ? { code } : { code, details },
});

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.details ?? ''}`);
  return result.value;
}

function setUp() {
  const outputs: ExchangeOutput[] = [];
  const exchange = createExchange({ idSeed: 1, onOutput: (output) => outputs.push(output) });
  exchange.addUser('ann', [
    { exchangeIndex: 0, cash: dollars(10) },
    { exchangeIndex: 2, cash: dollars(5) },
  ]);
  exchange.addUser('bob', dollars(100));
  for (const shard of SHARDS) {
    exchange.listMarket(sampleMarket({ ticker: tickerOn(shard), exchangeIndex: shard }));
  }
  const order = (
    shard: number,
    side: 'bid' | 'ask',
    price: number,
    count: number,
    change = {},
  ): OrderRequest => sampleOrder(side, price, count, { ticker: tickerOn(shard), ...change });
  return { exchange, outputs, order };
}

describe('cash on shards', () => {
  it('serves the orders of its own shard only', () => {
    const { exchange, order } = setUp();
    expect(exchange.place('ann', order(2, 'bid', 50, 20))).toEqual(error('insufficient_balance'));
    ok(exchange.place('ann', order(2, 'bid', 50, 9)));
    ok(exchange.place('ann', order(0, 'bid', 50, 19)));
    expect(exchange.place('ann', order(3, 'bid', 50, 1))).toEqual(error('user_not_found'));
    expect(exchange.balance('ann', 3)).toBeNull();
    const [first, second] = exchange.shardBalances('ann');
    expect(first).toEqual({ exchangeIndex: 0, ...exchange.balance('ann', 0) });
    expect(second).toEqual({ exchangeIndex: 2, ...exchange.balance('ann', 2) });
    expect(exchange.balance('ann')!.cash).toBe(first!.cash + second!.cash);
    expect(second!.cash + second!.reserved).toBe(dollars(5));
  });

  it('takes fills, fees and payouts of its shard', () => {
    const { exchange, order } = setUp();
    ok(exchange.place('bob', order(2, 'ask', 50, 4)));
    ok(exchange.place('ann', order(2, 'bid', 50, 4)));
    expect(exchange.balance('ann', 2)!.cash).toBe(dollars(5 - 2 - 0.07));
    exchange.determine(tickerOn(2), 'yes');
    exchange.advanceTo(Timestamp.of(60_000));
    expect(exchange.balance('ann', 2)!.cash).toBe(dollars(5 + 2 - 0.07));
    expect(exchange.balance('ann', 0)!.cash).toBe(dollars(10));
  });

  it('moves between shards at once, free cash only, and provisions the destination', () => {
    const { exchange, outputs, order } = setUp();
    ok(exchange.place('ann', order(0, 'bid', 50, 10)));
    const free = exchange.balance('ann', 0)!.cash;
    expect(exchange.transferCash('ann', 0, 3, Money.of(free + 1))).toEqual(error('insufficient_balance'));
    const moved = ok(exchange.transferCash('ann', 0, 3, free));
    expect(moved).toMatchObject({ from: 0, to: 3, amount: free });
    expect(exchange.transfers('ann')).toEqual([moved]);
    expect(exchange.balance('ann', 0)!.cash).toBe(0);
    expect(exchange.balance('ann', 3)!.cash).toBe(free);
    ok(exchange.place('ann', order(3, 'bid', 50, 1)));
    expect(outputs.filter((output) => output.type === 'cash').slice(-2)).toEqual([
      { type: 'cash', userId: 'ann', exchangeIndex: 0, change: -free, reason: 'transfer', atMs: 0 },
      { type: 'cash', userId: 'ann', exchangeIndex: 3, change: free, reason: 'transfer', atMs: 0 },
    ]);
  });

  it('refuses transfers that make no sense', () => {
    const { exchange } = setUp();
    const move = (user: string, from: number, to: number, amount: number) =>
      exchange.transferCash(user, from, to, amount as Money);
    expect(move('eve', 0, 2, 1)).toEqual(error('user_not_found'));
    expect(move('ann', 3, 2, 1)).toEqual(error('user_not_found'));
    expect(move('ann', 0, 9, 1)).toEqual(error('invalid_parameters', 'unknown shard'));
    expect(move('ann', 0, 2, 0)).toEqual(error('invalid_parameters', 'amount must be positive'));
    expect(move('ann', 0, 2, 0.5)).toEqual(error('invalid_parameters', 'amount must be positive'));
    expect(move('ann', 2, 2, 1)).toMatchObject(error('invalid_parameters'));
    expect(move('bob', 0, 2, 1)).toMatchObject(error('invalid_parameters'));
    expect(exchange.transfers('ann')).toEqual([]);
  });

  it('comes from outside by deposit', () => {
    const { exchange } = setUp();
    exchange.deposit('ann', dollars(1), 3);
    exchange.deposit('bob', dollars(1));
    expect(exchange.balance('ann', 3)!.cash).toBe(dollars(1));
    expect(exchange.shardBalances('bob')).toEqual([
      { exchangeIndex: null, cash: dollars(101), reserved: Money.ZERO },
    ]);
    expect(() => exchange.deposit('ann', Money.ZERO)).toThrow('positive');
    expect(() => exchange.deposit('eve', dollars(1))).toThrow('no account');
    expect(() => exchange.addUser('dan', [{ exchangeIndex: 8, cash: dollars(1) }])).toThrow('no shard 8');
  });
});

describe('a pause of one shard', () => {
  it('leaves the others alone', () => {
    const { exchange, order } = setUp();
    const kept = ok(exchange.place('ann', order(2, 'bid', 10, 1))).order;
    const gone = ok(exchange.place('ann', order(2, 'bid', 10, 1, { cancelOnPause: true }))).order;
    const other = ok(exchange.place('ann', order(0, 'bid', 10, 1, { cancelOnPause: true }))).order;
    exchange.setTradingActive(false, 2);
    expect([kept.status, gone.status, other.status]).toEqual(['resting', 'canceled', 'resting']);
    expect(exchange.tradingActive).toBe(true);
    expect(exchange.shards()).toEqual([
      { exchangeIndex: 0, tradingActive: true, exchangeActive: true },
      { exchangeIndex: 1, tradingActive: true, exchangeActive: true },
      { exchangeIndex: 2, tradingActive: false, exchangeActive: true },
      { exchangeIndex: 3, tradingActive: true, exchangeActive: true },
    ]);
    expect(exchange.place('ann', order(2, 'bid', 10, 1))).toEqual(error('trading_is_paused'));
    ok(exchange.place('ann', order(0, 'bid', 10, 1)));
    exchange.setExchangeActive(false, 2);
    expect(exchange.cancel('ann', kept.orderId)).toEqual(error('exchange_is_paused'));
    expect(exchange.transferCash('ann', 2, 0, dollars(1))).toEqual(error('exchange_is_paused'));
    expect(exchange.cancelAll('ann').map((each) => each.ticker)).toEqual([tickerOn(0), tickerOn(0)]);
    exchange.setExchangeActive(true, 2);
    ok(exchange.cancel('ann', kept.orderId));
  });
});

it('keeps every unit of cash, whatever is traded and moved between shards', () => {
  const step = fc.record({
    what: fc.nat(5),
    user: fc.constantFrom('ann', 'cat'),
    shard: fc.constantFrom(...SHARDS),
    to: fc.constantFrom(...SHARDS),
    side: fc.constantFrom('bid' as const, 'ask' as const),
    price: fc.integer({ min: 45, max: 55 }),
    count: fc.integer({ min: 1, max: 9 }),
    amount: fc.integer({ min: 1, max: 6_000_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { exchange, order } = setUp();
      exchange.addUser('cat', [{ exchangeIndex: 3, cash: dollars(20) }]);
      const total = (): number => {
        let sum = Number(exchange.feesCollected);
        for (const user of ['ann', 'bob', 'cat']) {
          const { cash, reserved } = exchange.balance(user)!;
          sum += cash + reserved;
          // Longs and shorts are equally many: at any payout they are worth what YES and NO paid in.
          for (const held of exchange.positions(user)) {
            if (held.position > 0) sum += held.position * 3_000;
            else sum += -held.position * (Price.ONE - 3_000);
          }
        }
        return sum;
      };
      const brought = total();
      for (const { what, user, shard, to, side, price, count, amount } of steps) {
        if (what < 2) exchange.transferCash(user, shard, to, Money.of(amount));
        else if (what === 2) exchange.cancelAll(user);
        else exchange.place(user, order(shard, side, price, count));
        expect(total()).toBe(brought);
        for (const name of ['ann', 'cat']) {
          for (const balance of exchange.shardBalances(name)) {
            // Rounding of fees over many small fills may take an account short by less than a cent.
            expect(balance.cash).toBeGreaterThan(-10_000);
            expect(balance.reserved).toBeGreaterThanOrEqual(0);
          }
        }
      }
      for (const shard of SHARDS) exchange.determine(tickerOn(shard), 'scalar', Price.of(3_000));
      exchange.advanceTo(Timestamp.of(5_000));
      expect(exchange.positions('ann').every(({ position }) => position === 0)).toBe(true);
      expect(total()).toBe(brought);
    }),
    { numRuns: 150 },
  );
});
