import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Count, Holding, Money, Price, Side } from './index.ts';

const fill = fc.record({
  side: fc.constantFrom<Side>('bid', 'ask'),
  price: fc.integer({ min: 1, max: 9_999 }).map((p) => Price.of(p)),
  count: fc.integer({ min: 1, max: 5_000 }).map((c) => Count.of(c)),
  fee: fc.integer({ min: 0, max: 100_000 }).map((m) => Money.of(m)),
});

describe('Holding', () => {
  it('gains exactly what cash gains, whatever the order of fills and the outcome', () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 40 }), fc.integer({ min: 0, max: 10_000 }), (fills, settle) => {
        let holding = Holding.EMPTY;
        let cash = 0;
        let position = 0;
        for (const { side, price, count, fee } of fills) {
          holding = Holding.afterFill(holding, side, price, count, fee);
          cash -= Side.sign(side) * price * count;
          position += Side.sign(side) * count;
          expect(holding.position).toBe(position);
          expect(holding.cost).toBeGreaterThanOrEqual(0);
        }
        const settled = Holding.afterSettlement(holding, Price.of(settle));
        expect(settled.position).toBe(0);
        expect(settled.cost).toBe(0);
        // Selling YES that is not held is buying NO: cash in one view is cost in the other, the gain is the same.
        expect(settled.realizedPnl).toBe(cash + position * settle);
        expect(settled.fees).toBe(fills.reduce((sum, f) => sum + f.fee, 0));
      }),
    );
  });

  it('mirrors: NO at 1 − p gains what YES at p loses', () => {
    const long = Holding.afterFill(Holding.EMPTY, 'bid', Price.parse('0.40'), Count.parse('3'), Money.ZERO);
    const short = Holding.afterFill(Holding.EMPTY, 'ask', Price.parse('0.60'), Count.parse('3'), Money.ZERO);
    expect(long.cost).toBe(short.cost);
    expect(Holding.averagePrice(long)).toBe(4_000);
    expect(Holding.averagePrice(short)).toBe(6_000);
    expect(Holding.averagePrice(Holding.EMPTY)).toBeNull();
    const sold = Holding.afterFill(long, 'ask', Price.parse('0.45'), Count.parse('5'), Money.ZERO);
    expect(sold.position).toBe(-200);
    expect(sold.realizedPnl).toBe(Money.parse('0.15'));
    expect(sold.cost).toBe(Money.parse('1.10'));
  });
});
