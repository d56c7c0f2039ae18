import {
  ClientOrderId,
  Count,
  Money,
  type OrderId,
  type PlaceOrder,
  Position,
  Price,
  type Side,
  Ticker,
} from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultRiskLimits,
  isApproved,
  type MarketExposure,
  type ReviewContext,
  restingValue,
  review,
  worstCaseLoss,
} from './index.ts';

const flat: MarketExposure = { position: Position.FLAT, cost: Money.ZERO, openOrders: [] };

function place(side: Side, price: number, count: number): PlaceOrder {
  return {
    type: 'order.place',
    clientOrderId: ClientOrderId.of('a'),
    ticker: Ticker.of('T'),
    side,
    price: Price.of(price),
    count: Count.of(count),
    timeInForce: 'good-till-canceled',
    postOnly: true,
    reduceOnly: false,
    expirationMs: null,
    purpose: 'quote',
    exchangeIndex: 0,
  };
}

function context(changes: Partial<ReviewContext> = {}): ReviewContext {
  return {
    limits: defaultRiskLimits,
    market: { maxPosition: Count.of(300), category: 'crypto' },
    exposure: flat,
    otherLoss: Money.ZERO,
    otherCategoryLoss: Money.ZERO,
    otherRestingValue: Money.ZERO,
    ...changes,
  };
}

const reasonOf = (command: PlaceOrder, changes: Partial<ReviewContext> = {}): string | null => {
  const verdict = review(command, () => context(changes));
  return verdict.ok ? null : verdict.refusal.reason;
};

describe('review', () => {
  it('marks what it passes, and only that', () => {
    const command = place('bid', 5_000, 100);
    expect(isApproved(command)).toBe(false);
    expect(review(command, () => context()).ok).toBe(true);
    expect(isApproved(command)).toBe(true);
    expect(isApproved({ ...command })).toBe(false);
  });

  it.each<[string, PlaceOrder, Partial<ReviewContext>]>([
    ['position-limit', place('bid', 5_000, 301), {}],
    [
      'position-limit',
      place('bid', 5_000, 100),
      {
        exposure: {
          ...flat,
          openOrders: [{ side: 'bid', price: Price.of(4_000), remaining: Count.of(250) }],
        },
      },
    ],
    [
      'position-limit',
      place('ask', 5_000, 100),
      { exposure: { ...flat, position: Position.of(-250), cost: Money.DOLLAR } },
    ],
    [
      'market-cap',
      place('bid', 9_000, 1_000),
      { market: { maxPosition: Count.of(2_000), category: 'crypto' } },
    ],
    ['category-cap', place('bid', 5_000, 100), { otherCategoryLoss: Money.fromDollars(7.6) }],
    ['global-budget', place('bid', 5_000, 100), { otherLoss: Money.fromDollars(59.6) }],
    ['resting-value', place('bid', 5_000, 100), { otherRestingValue: Money.fromDollars(9_999.6) }],
    ['empty-order', place('bid', 5_000, 0), {}],
    [
      'open-orders',
      place('bid', 5_000, 1),
      {
        exposure: {
          ...flat,
          openOrders: Array.from({ length: 8 }, () => ({
            side: 'bid' as const,
            price: Price.of(100),
            remaining: Count.of(1),
          })),
        },
      },
    ],
  ])('refuses by %s', (reason, command, changes) => {
    expect(reasonOf(command, changes)).toBe(reason);
  });

  it('always lets a position shrink, and orders be canceled, under spent limits', () => {
    const spent = {
      otherLoss: Money.fromDollars(1_000),
      exposure: { ...flat, position: Position.of(300), cost: Money.DOLLAR },
    };
    expect(reasonOf(place('ask', 5_000, 300), spent)).toBeNull();
    expect(reasonOf(place('ask', 5_000, 301), spent)).toBe('global-budget');
    const cancel = {
      type: 'order.cancel',
      clientOrderId: ClientOrderId.of('a'),
      orderId: 'o' as OrderId,
      ticker: Ticker.of('T'),
      exchangeIndex: 0,
    } as const;
    expect(review(cancel, () => context(spent)).ok).toBe(true);
  });
});

describe('worstCaseLoss', () => {
  it('is never less than what filling any subset of the orders and losing costs', () => {
    const order = fc.record({
      side: fc.constantFrom<Side>('bid', 'ask'),
      price: fc.integer({ min: 1, max: 9_999 }).map((p) => Price.of(p)),
      remaining: fc.integer({ min: 1, max: 500 }).map((c) => Count.of(c)),
    });
    fc.assert(
      fc.property(
        fc.array(order, { maxLength: 6 }),
        fc.integer({ min: -500, max: 500 }),
        fc.nat(),
        (orders, held, pick) => {
          const cost = Math.abs(held) * 4_000;
          const exposure = { position: Position.of(held), cost: Money.of(cost), openOrders: orders };
          // One side alone is filled; closing an opposite holding first.
          for (const side of ['bid', 'ask'] as const) {
            let position = side === 'bid' ? held : -held;
            let spent = position > 0 ? cost : 0;
            const chosen = orders.filter((o, i) => o.side === side && ((pick >> i) & 1) === 1);
            for (const o of chosen) {
              const opening = Math.max(0, Math.min(o.remaining, position + o.remaining));
              position += o.remaining;
              spent += (side === 'bid' ? o.price : 10_000 - o.price) * opening;
            }
            expect(worstCaseLoss(exposure)).toBeGreaterThanOrEqual(spent);
          }
          expect(restingValue(exposure)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
