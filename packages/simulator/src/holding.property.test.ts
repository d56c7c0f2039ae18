import { Holding as CoreHolding, Count, Money, Price, Ticker } from '@kalshi-mm/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Purse } from './account.ts';
import { Holding } from './holding.ts';

it('a holding of the ledger is core’s, fill by fill and through settlement', () => {
  const fill = fc.record({
    side: fc.constantFrom('bid' as const, 'ask' as const),
    price: fc.integer({ min: 1, max: 9_999 }),
    count: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1_000_000_00 })),
  });
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 30 }), fc.integer({ min: 0, max: 10_000 }), (fills, payout) => {
      const ledger = new Holding(Ticker.of('KXTEST-1'), new Purse(null));
      let held = CoreHolding.EMPTY;
      let cash = 0;
      const compare = (): void => {
        const { position, exposure, realizedPnl } = ledger.snapshot();
        expect({ position, cost: exposure, realizedPnl, fees: 0 }).toEqual(held);
        // Cash is what was realised less what the open position cost.
        expect(cash).toBe(held.realizedPnl - held.cost);
      };
      for (const { side, price, count } of fills) {
        held = CoreHolding.afterFill(held, side, Price.of(price), Count.of(count), Money.ZERO);
        cash += ledger.fill(side, price, count);
        compare();
      }
      held = CoreHolding.afterSettlement(held, Price.of(payout));
      cash += ledger.settle(payout);
      compare();
    }),
  );
});
