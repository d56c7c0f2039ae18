import { Count, FeeSchedule, Money, Price, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveFees } from './effective-fees.ts';
import { affordableCount, type OrderTerms, orderCost, orderFee } from './order-cost.ts';
import { toBookOrder, toWordedOrder } from './order-direction.ts';

const terms: OrderTerms = {
  side: 'bid',
  price: Price.parse('0.5200'),
  fees: FeeSchedule.QUADRATIC,
  role: 'taker',
};

describe('the cost of an order', () => {
  it('is what the exchange has charged', () => {
    expect(Money.format(orderFee(terms, Count.ONE))).toBe('0.017500');
    expect(Money.format(orderFee({ ...terms, price: Price.parse('0.9900') }, Count.ONE))).toBe('0.000700');
    expect(orderFee({ ...terms, role: 'maker' }, Count.ONE)).toBe(0);
    expect(Money.format(orderCost(terms, Count.ONE))).toBe('0.537500');
    expect(Money.format(orderCost({ ...terms, side: 'ask' }, Count.ONE))).toBe('0.497500');
  });

  it('is paid by the cash for the largest size that can be afforded, and not by it for 0.01 more', () => {
    const anyTerms = fc.record({
      side: fc.constantFrom('bid' as const, 'ask' as const),
      price: fc.integer({ min: 1, max: 9_999 }).map((units) => Price.of(units)),
      role: fc.constantFrom('taker' as const, 'maker' as const),
      fees: fc.record({
        type: fc.constantFrom('quadratic', 'quadratic_with_maker_fees', 'unheard-of'),
        multiplierMicros: fc.integer({ min: 0, max: 2_000_000 }),
      }),
    });
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 0, max: 50_000_000 }), (some, units) => {
        const cash = Money.of(units);
        const count = affordableCount(some, cash);
        if (count > 0) expect(orderCost(some, count)).toBeLessThanOrEqual(cash);
        expect(orderCost(some, Count.of(count + 1))).toBeGreaterThan(cash);
      }),
    );
  });
});

describe('the direction of an order', () => {
  it.each([
    ['buy', 'yes', 'bid', 3_000],
    ['sell', 'yes', 'ask', 3_000],
    ['buy', 'no', 'ask', 7_000],
    ['sell', 'no', 'bid', 7_000],
  ] as const)('to %s %s is a %s, and back', (action, outcome, side, yesPrice) => {
    const worded = { action, outcome, price: Price.of(3_000) };
    expect(toBookOrder(worded)).toEqual({ side, price: yesPrice });
    expect(toWordedOrder(side, Price.of(yesPrice), outcome)).toEqual(worded);
  });
});

describe('effectiveFees', () => {
  const series = { ticker: 'KXMLBGAME', fee_type: 'quadratic_with_maker_fees', fee_multiplier: 500_000 };
  const event = { event_ticker: 'KXMLBGAME-A', fee_type_override: null, fee_multiplier_override: 250_000 };
  const change = (event_ticker: string, multiplier: number | null, atMs: number) => ({
    id: '1',
    event_ticker,
    series_ticker: series.ticker,
    fee_type_override: null,
    fee_multiplier_override: multiplier,
    scheduled_ts: Timestamp.of(atMs),
  });

  it('takes the override of the event before the series, part by part', () => {
    expect(effectiveFees(series, event)).toEqual({
      type: 'quadratic_with_maker_fees',
      multiplierMicros: 250_000,
    });
  });

  it('knows what a coming change leaves behind, when it is due', () => {
    const coming = {
      event: [change('KXMLBGAME-A', null, 1_000), change('KXMLBGAME-B', 0, 500)],
      series: [
        {
          id: '2',
          series_ticker: 'KXMLBGAME',
          fee_type: 'quadratic',
          fee_multiplier: 1_000_000,
          scheduled_ts: Timestamp.of(2_000),
        },
      ],
    };
    const at = (ms: number) => effectiveFees(series, event, coming, Timestamp.of(ms));
    expect(at(999).multiplierMicros).toBe(250_000);
    expect(at(1_000)).toEqual({ type: 'quadratic_with_maker_fees', multiplierMicros: 500_000 });
    expect(at(2_000)).toEqual({ type: 'quadratic', multiplierMicros: 1_000_000 });
  });
});
