import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Count } from './count.ts';
import { chargeFill, FeeRounding, FeeSchedule } from './fees.ts';
import { Money } from './money.ts';
import { Price } from './price.ts';
import { Side } from './side.ts';

const MAKER_FEES: FeeSchedule = { type: 'quadratic_with_maker_fees', multiplierMicros: 1_000_000 };

/** Fees of `times` equal taker buys of one order, one after the other. */
function inARow(times: number, contracts: string, price: string, rounding: FeeRounding) {
  let accumulated = Money.ZERO;
  return Array.from({ length: times }, () => {
    const charge = chargeFill(
      FeeSchedule.QUADRATIC,
      'taker',
      'bid',
      Price.parse(price),
      Count.parse(contracts),
      accumulated,
      rounding,
    );
    accumulated = charge.accumulated;
    return Money.format(charge.fee);
  });
}

describe('one fill', () => {
  it.each([
    ['1.00', '0.5200', 'taker', FeeSchedule.QUADRATIC, '0.017500'],
    ['1.00', '0.9900', 'taker', FeeSchedule.QUADRATIC, '0.000700'],
    ['100.00', '0.5000', 'taker', FeeSchedule.QUADRATIC, '1.750000'],
    ['100.00', '0.5000', 'maker', MAKER_FEES, '0.437500'],
    ['10.00', '0.3700', 'taker', FeeSchedule.QUADRATIC, '0.163200'],
    ['10.00', '0.3700', 'maker', MAKER_FEES, '0.040800'],
    ['7.77', '0.0300', 'taker', FeeSchedule.QUADRATIC, '0.015900'],
    ['250.00', '0.0800', 'taker', FeeSchedule.QUADRATIC, '1.288000'],
    ['250.00', '0.0800', 'maker', FeeSchedule.QUADRATIC, '0.000000'],
  ] as const)('%s at %s as %s', (contracts, price, role, schedule, expected) => {
    const count = Count.parse(contracts);
    for (const side of ['bid', 'ask'] as const) {
      const { fee } = chargeFill(schedule, role, side, Price.parse(price), count);
      expect(Money.format(fee)).toBe(expected);
    }
  });

  it.each([
    ['quadratic', '0.000000'],
    ['quadratic_with_maker_fees', '0.437500'],
    ['quadratic_with_combo_maker_fees', '0.875000'],
    ['something_new', '1.750000'],
  ])('charges makers of type %s', (type, expected) => {
    const schedule = { type, multiplierMicros: 1_000_000 };
    const { fee } = chargeFill(schedule, 'maker', 'bid', Price.of(5000), Count.of(10_000));
    expect(Money.format(fee)).toBe(expected);
  });

  it('applies the multiplier', () => {
    const half = { type: 'quadratic', multiplierMicros: 500_000 };
    expect(chargeFill(half, 'taker', 'bid', Price.of(5000), Count.of(10_000)).fee).toBe(875_000);
    const free = { type: 'quadratic', multiplierMicros: 0 };
    expect(chargeFill(free, 'taker', 'bid', Price.of(5000), Count.of(10_000)).fee).toBe(0);
  });

  it('refuses a multiplier that is not a whole number of millionths', () => {
    const broken = { type: 'quadratic', multiplierMicros: 0.5 };
    expect(() => chargeFill(broken, 'taker', 'bid', Price.of(5000), Count.of(100))).toThrow(/millionths/);
  });
});

describe('several fills of one order', () => {
  it('gives rounding back once it is worth a quantum', () => {
    const micro = FeeRounding.DIRECT_MEMBER_MICRO;
    expect(inARow(3, '1.00', '0.0550', micro)).toEqual(['0.003700', '0.003600', '0.003700']);
    expect(inARow(3, '0.30', '0.5000', micro)).toEqual(['0.005300', '0.005200', '0.005300']);
    // 5.01 at 0.055: cost 0.27555 and trade fee 0.0183 leave half a precision over, every time.
    const member = FeeRounding.DIRECT_MEMBER;
    expect(inARow(4, '5.01', '0.0550', member)).toEqual(['0.018350', '0.018250', '0.018350', '0.018250']);
  });

  it('keeps cents for members whose balances are in cents', () => {
    const cents: FeeRounding = {
      tradeFeeQuantum: Money.of(100),
      balancePrecision: Money.CENT,
      rebateQuantum: Money.CENT,
    };
    // 0.90 at 0.50: trade fee 0.0158, cost 0.45, so 0.0042 is missing to the cent; the third makes up a cent.
    expect(inARow(3, '0.90', '0.5000', cents)).toEqual(['0.020000', '0.020000', '0.010000']);
  });

  it('lands on the precision, is never negative, and exceeds the trade fees by what is accumulated', () => {
    const fill = fc.record({
      price: fc.integer({ min: 1, max: 9999 }),
      count: fc.integer({ min: 1, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(fill, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('bid' as const, 'ask' as const),
        fc.constantFrom('maker' as const, 'taker' as const),
        fc.constantFrom(FeeRounding.DIRECT_MEMBER, FeeRounding.DIRECT_MEMBER_MICRO),
        (fills, side, role, rounding) => {
          let accumulated = Money.ZERO;
          let charged = 0;
          let tradeFees = 0;
          for (const { price, count } of fills) {
            const at = Price.of(price);
            const charge = chargeFill(MAKER_FEES, role, side, at, Count.of(count), accumulated, rounding);
            accumulated = charge.accumulated;
            charged += charge.fee;
            tradeFees += charge.tradeFee;
            // Rate in 1e-4, prices in 1e-4 twice, counts in 1e-2: 1e8 of these make one unit of money.
            const exact =
              ((role === 'taker' ? 700 : 175) * count * ((price * (10_000 - price)) / 10_000)) / 10_000;
            expect(charge.tradeFee).toBeGreaterThan(exact - 0.001);
            expect(charge.tradeFee).toBeLessThan(exact + rounding.tradeFeeQuantum + 0.001);
            expect(charge.fee).toBeGreaterThanOrEqual(0);
            const cost = Side.cost(side, at) * count;
            expect((cost + charge.fee) % 100).toBe(0);
          }
          expect(accumulated).toBeGreaterThanOrEqual(0);
          expect(charged).toBe(tradeFees + accumulated);
        },
      ),
    );
  });
});
