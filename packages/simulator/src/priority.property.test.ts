import { Count, Money, Price, PriceGrid, type Side, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExchange, type SimulatedExchange } from './create-exchange.ts';
import type { ExchangeFill, ExchangeOrder, ExchangeOutput } from './exchange-api.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');
const USERS = ['ann', 'bob', 'cat'];
const FINE = PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 10 }]);

const step = fc.record({
  what: fc.nat(39),
  user: fc.constantFrom(...USERS),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  price: fc.integer({ min: 48, max: 52 }),
  count: fc.integer({ min: 1, max: 900 }),
  pick: fc.nat(30),
  waitMs: fc.constantFrom(0, 0, 0, 1, 400),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function act(exchange: SimulatedExchange, at: Step): void {
  const { what, user, side, count, pick } = at;
  exchange.advanceTo(Timestamp.of(exchange.nowMs + at.waitMs));
  const resting = exchange.orders(user).filter(({ status }) => status === 'resting');
  const order = resting[pick % Math.max(1, resting.length)];
  const groupId = exchange.orderGroups(user)[0]?.groupId ?? null;
  if (what < 24) {
    exchange.place(
      user,
      sampleOrder(side, at.price, 1, {
        count: Count.of(count),
        timeInForce: what === 1 ? 'immediate-or-cancel' : what === 2 ? 'fill-or-kill' : 'good-till-canceled',
        postOnly: what === 3,
        selfTradePrevention: pick % 2 === 0 ? 'maker' : 'taker-at-cross',
        expirationMs: what === 4 ? Timestamp.of(exchange.nowMs + 1 + pick * 40) : null,
        cancelOnPause: what === 5,
        orderGroupId: what > 18 ? groupId : null,
      }),
    );
  } else if (what === 24) exchange.createOrderGroup(user, Count.of(500 + count), 0);
  else if (what === 25 && groupId !== null) exchange.resetOrderGroup(user, groupId);
  else if (what === 26) exchange.setMarketActive(T, pick % 4 !== 0);
  else if (what === 27) exchange.setTradingActive(pick % 4 !== 0, 0);
  else if (what === 28) exchange.updateMarket(T, { grid: pick % 2 === 0 ? FINE : PriceGrid.cent() });
  else if (order === undefined) return;
  else if (what < 31) exchange.cancel(user, order.orderId);
  else if (what < 34) exchange.decrease(user, order.orderId, Count.of(count));
  else {
    // Half of the amends keep the price, so that a mere reduction comes up.
    const price = pick % 2 === 0 ? order.price : Price.of(at.price * 100);
    const totalCount = Count.of(order.filled + count);
    exchange.amend(user, order.orderId, { side: order.side, price, totalCount, clientOrderId: null });
  }
}

interface Queued {
  readonly side: Side;
  price: number;
  remaining: number;
  arrival: number;
}

/** The rule of the queue, kept from the outputs alone: best price first, then the earliest arrival. */
class Queue {
  readonly #orders = new Map<string, Queued>();
  #arrivals = 0;
  /** How often a match had several candidates, and how often a place was kept or lost by an amend. */
  readonly seen = { matches: 0, chosen: 0, kept: 0, lost: 0 };

  hear(output: ExchangeOutput): void {
    if (output.type === 'order') this.#order(output.order);
    else if (output.type === 'fill' && output.fill.role === 'maker') this.#match(output.fill);
  }

  #order({ orderId, side, price, remaining, status }: ExchangeOrder): void {
    const known = this.#orders.get(orderId);
    if (status !== 'resting') {
      this.#orders.delete(orderId);
    } else if (known === undefined) {
      this.#orders.set(orderId, { side, price, remaining, arrival: ++this.#arrivals });
    } else if (price !== known.price || remaining > known.remaining) {
      Object.assign(known, { price, remaining, arrival: ++this.#arrivals });
      this.seen.lost++;
    } else {
      if (remaining < known.remaining) this.seen.kept++;
      known.remaining = remaining;
    }
  }

  #match({ orderId, side, price, count }: ExchangeFill): void {
    const maker = this.#orders.get(orderId)!;
    expect(maker).toMatchObject({ side, price });
    const rivals = [...this.#orders.values()].filter((one) => one.side === side);
    for (const rival of rivals) {
      const better = side === 'bid' ? rival.price - price : price - rival.price;
      expect(better).toBeLessThanOrEqual(0);
      if (better === 0) expect(rival.arrival).toBeGreaterThanOrEqual(maker.arrival);
    }
    this.seen.matches++;
    if (rivals.length > 1) this.seen.chosen++;
    maker.remaining -= count;
    expect(maker.remaining).toBeGreaterThanOrEqual(0);
    if (maker.remaining === 0) this.#orders.delete(orderId);
  }
}

describe('anything that can happen to a book', () => {
  it('leaves it uncrossed, and every match goes to the best price and there to the earliest', () => {
    const total = { matches: 0, chosen: 0, kept: 0, lost: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), (steps) => {
        const queue = new Queue();
        const exchange = createExchange({ idSeed: 3, onOutput: (output) => queue.hear(output) });
        for (const user of USERS) exchange.addUser(user, Money.fromDollars(100_000));
        exchange.listMarket(sampleMarket());
        const book = exchange.book(T);
        for (const each of steps) {
          act(exchange, each);
          expect(book.bestBid()).toBeLessThan(book.bestAsk());
        }
        for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += queue.seen[key];
      }),
      { numRuns: 200, seed: 5 },
    );
    for (const [what, times] of Object.entries(total)) expect(times, what).toBeGreaterThan(200);
  });
});
