import { Count, Money, type OrderId, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExchange, type SimulatedExchange } from './create-exchange.ts';
import type { ExchangeFill, ExchangeOutput } from './exchange-api.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');
const USERS = ['ann', 'bob', 'cat'];
const START = 40_000_000;

type Step =
  | { do: 'place'; user: number; side: 'bid' | 'ask'; price: number; count: number; kind: number }
  | { do: 'cancel' | 'decrease'; user: number; which: number; count: number }
  | { do: 'amend'; user: number; which: number; price: number; count: number };

const user = fc.nat(2);
const price = fc.integer({ min: 40, max: 60 });
const count = fc.integer({ min: 1, max: 2000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('place' as const),
      user,
      side: fc.constantFrom('bid' as const, 'ask' as const),
      price,
      count,
      kind: fc.nat(7),
    }),
  },
  fc.record({ do: fc.constantFrom('cancel' as const, 'decrease' as const), user, which: fc.nat(30), count }),
  fc.record({ do: fc.constant('amend' as const), user, which: fc.nat(30), price, count }),
);

function apply(exchange: SimulatedExchange, at: Step): void {
  const name = USERS[at.user]!;
  if (at.do === 'place') {
    exchange.place(
      name,
      sampleOrder(at.side, at.price, 1, {
        count: Count.of(at.count),
        postOnly: at.kind === 1,
        timeInForce:
          at.kind === 2 ? 'immediate-or-cancel' : at.kind === 3 ? 'fill-or-kill' : 'good-till-canceled',
        selfTradePrevention: at.kind === 4 ? 'maker' : 'taker-at-cross',
      }),
    );
    return;
  }
  const orders = exchange.orders(name);
  const order = orders[at.which % Math.max(1, orders.length)];
  if (order === undefined) return;
  if (at.do === 'cancel') exchange.cancel(name, order.orderId);
  else if (!('price' in at)) exchange.decrease(name, order.orderId, Count.of(at.count));
  else {
    exchange.amend(name, order.orderId, {
      side: order.side,
      price: Price.of(at.price * 100),
      totalCount: Count.of(at.count),
      clientOrderId: null,
    });
  }
}

function setUp(fees = sampleMarket().fees) {
  const outputs: ExchangeOutput[] = [];
  const exchange = createExchange({ idSeed: 7, onOutput: (output) => outputs.push(output) });
  for (const name of USERS) exchange.addUser(name, Money.of(START));
  exchange.listMarket(sampleMarket({ fees }));
  return { exchange, outputs };
}

function wealth(exchange: SimulatedExchange, yesPrice: number): number {
  let sum: number = exchange.feesCollected;
  for (const name of USERS) {
    const { cash, reserved } = exchange.balance(name)!;
    sum += cash + reserved;
    for (const { position } of exchange.positions(name)) {
      sum += position > 0 ? position * yesPrice : -position * (10_000 - yesPrice);
    }
  }
  return sum;
}

describe('any sequence of orders', () => {
  const schedules = fc.constantFrom(
    { type: 'quadratic', multiplierMicros: 1_000_000 },
    { type: 'quadratic_with_maker_fees', multiplierMicros: 500_000 },
  );

  it('conserves money to the unit, at every result', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        schedules,
        fc.integer({ min: 0, max: 10_000 }),
        (steps, fees, payout) => {
          const { exchange } = setUp(fees);
          for (const at of steps) {
            apply(exchange, at);
            expect(wealth(exchange, payout)).toBe(3 * START);
            let net = 0;
            for (const name of USERS) for (const { position } of exchange.positions(name)) net += position;
            expect(net).toBe(0);
          }
          exchange.determine(T, 'scalar', Price.of(payout));
          exchange.advanceTo(Timestamp.of(5000));
          expect(wealth(exchange, 0)).toBe(3 * START);
          // Full collateral: rounding of fees, less than a cent, is all that an account can lack.
          for (const name of USERS) {
            const balance = exchange.balance(name)!;
            expect(balance.reserved).toBe(0);
            expect(balance.cash).toBeGreaterThan(-10_000);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never leaves the book crossed, and the book is the sum of the resting orders', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { exchange, outputs } = setUp();
        const book = exchange.book(T);
        for (const at of steps) {
          apply(exchange, at);
          expect(book.bestBid()).toBeLessThan(book.bestAsk());
          const levels = new Map<string, number>();
          for (const name of USERS) {
            for (const order of exchange.orders(name)) {
              if (order.status !== 'resting') continue;
              const key = `${order.side} ${order.price}`;
              levels.set(key, (levels.get(key) ?? 0) + order.remaining);
            }
          }
          const shown = new Map<string, number>();
          for (const side of ['bid', 'ask'] as const) {
            book.forEachLevel(side, (level, size) => {
              shown.set(`${side} ${level}`, size);
              return true;
            });
          }
          expect(shown).toEqual(levels);
        }
        const told = new Map<string, number>();
        for (const output of outputs) {
          if (output.type !== 'book.changed') continue;
          const key = `${output.side} ${output.price}`;
          told.set(key, (told.get(key) ?? 0) + output.delta);
        }
        for (const [key, total] of told) {
          const [side, level] = key.split(' ') as ['bid' | 'ask', string];
          expect(book.countAt(side, Price.of(Number(level)))).toBe(total);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('fills makers best price first, then in order of arrival', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ price, count, user: fc.nat(1) }), { minLength: 1, maxLength: 25 }),
        count,
        (asks, wanted) => {
          const { exchange } = setUp();
          const ids: OrderId[] = [];
          const queue: { price: number; at: number; id: OrderId }[] = [];
          for (const [at, ask] of asks.entries()) {
            const placed = exchange.place(
              USERS[ask.user]!,
              sampleOrder('ask', ask.price, 1, { count: Count.of(ask.count), postOnly: true }),
            );
            if (!placed.ok) continue;
            ids.push(placed.value.order.orderId);
            queue.push({ price: ask.price * 100, at, id: placed.value.order.orderId });
          }
          queue.sort((a, b) => a.price - b.price || a.at - b.at);
          exchange.place('cat', sampleOrder('bid', 60, 1, { count: Count.of(wanted) }));
          const fills: ExchangeFill[] = USERS.slice(0, 2).flatMap((name) => [...exchange.fills(name)]);
          const bought = exchange.fills('cat');
          const sequence = bought.map((fill) => fills.find((maker) => maker.fillId === fill.fillId)!.orderId);
          expect(sequence).toEqual(queue.slice(0, sequence.length).map((entry) => entry.id));
          const volume = bought.reduce((sum, fill) => sum + fill.count, 0);
          const offered = ids.reduce(
            (sum, id) => sum + (exchange.order('ann', id) ?? exchange.order('bob', id))!.initial,
            0,
          );
          const cat = exchange.orders('cat')[0];
          if (cat !== undefined) expect(volume).toBe(Math.min(wanted, offered));
        },
      ),
      { numRuns: 150 },
    );
  });
});
