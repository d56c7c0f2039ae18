import { ClientOrderId, Count, OrderId, Price, type Side, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Order, OrderStatus, planSide } from './index.ts';

const rules = { keepWithin: 100, keepShare: 0.5 };

function order(
  id: number,
  side: Side,
  price: number,
  remaining: number,
  status: OrderStatus = 'resting',
): Order {
  return {
    clientOrderId: ClientOrderId.of(`c${id}`),
    orderId: status === 'submitting' ? null : OrderId.of(`o${id}`),
    ticker: Ticker.of('T'),
    side,
    price: Price.of(price),
    total: Count.of(remaining),
    filled: Count.ZERO,
    matched: Count.ZERO,
    remaining: Count.of(remaining),
    status,
    purpose: 'quote',
    expirationMs: null,
    exchangeIndex: 0,
    updatedMs: Timestamp.of(0),
    cancelNotBeforeMs: 0,
    changing: false,
  };
}

describe('planSide', () => {
  it('is idempotent: carrying out a plan leaves nothing to plan', () => {
    const status = fc.constantFrom<OrderStatus>(
      'resting',
      'resting',
      'submitting',
      'canceling',
      'unconfirmed',
    );
    const orders = fc.array(
      fc.record({ price: fc.integer({ min: 10, max: 90 }), count: fc.integer({ min: 1, max: 9 }), status }),
      { maxLength: 4 },
    );
    const levels = fc.uniqueArray(
      fc.record({ price: fc.integer({ min: 10, max: 90 }), count: fc.integer({ min: 1, max: 9 }) }),
      { maxLength: 3, selector: (l) => l.price },
    );
    fc.assert(
      fc.property(orders, levels, (open, wanted) => {
        const levelsWanted = wanted.map((l) => ({
          price: Price.of(l.price * 100),
          count: Count.of(l.count * 100),
        }));
        let mine = open.map((o, i) => order(i, 'bid', o.price * 100, o.count * 100, o.status));
        for (let round = 0; round < 4; round++) {
          const plan = planSide('bid', levelsWanted, mine, rules);
          if (round === 3) {
            expect([plan.cancel, plan.decrease, plan.place]).toEqual([[], [], []]);
            return;
          }
          // Everything sent is carried out, and what was in flight becomes known: dead or resting.
          const canceled = new Set(plan.cancel);
          const reduced = new Map(plan.decrease.map((d) => [d.order, d.reduceTo]));
          mine = mine
            .filter((o) => !canceled.has(o) && o.status !== 'canceling')
            .map((o) => ({ ...o, status: 'resting' as const, remaining: reduced.get(o) ?? o.remaining }));
          mine.push(...plan.place.map((p, i) => order(100 * (round + 1) + i, 'bid', p.price, p.count)));
        }
      }),
    );
  });

  it('never touches the other side', () => {
    expect(planSide('bid', [], [order(1, 'ask', 5_000, 100)], rules)).toEqual({
      cancel: [],
      decrease: [],
      place: [],
    });
  });

  it('does not place while anything of the side is in flight', () => {
    for (const status of ['submitting', 'canceling', 'unconfirmed'] as const) {
      const plan = planSide(
        'bid',
        [{ price: Price.of(5_000), count: Count.of(100) }],
        [order(1, 'bid', 4_000, 100, status)],
        rules,
      );
      expect(plan.place).toEqual([]);
    }
  });
});

describe('OrderStatus', () => {
  it('knows no way out of a filled order, and none back to open but by evidence of the order itself', () => {
    const triggers = [
      'accepted',
      'rejected',
      'unconfirmed',
      'canceled',
      'expired',
      'cancel-sent',
      'cancel-refused',
      'reported-resting',
      'reported-absent',
    ] as const;
    for (const trigger of triggers) {
      expect(OrderStatus.after('filled', trigger) ?? 'filled').toBe('filled');
      for (const dead of ['canceled', 'expired'] as const) {
        const next = OrderStatus.after(dead, trigger);
        if (next !== null) expect(OrderStatus.isOpen(next)).toBe(false);
      }
    }
    expect(OrderStatus.after('rejected', 'reported-resting')).toBe('resting');
    expect(OrderStatus.after('canceled', 'filled')).toBe('filled');
  });
});
