import type { Count } from './count.ts';
import { MmError } from './errors.ts';
import { Money } from './money.ts';
import type { Price } from './price.ts';
import { Side } from './side.ts';

/** How a market charges fees; data, applied by `chargeFill` alone. */
export interface FeeSchedule {
  /** The exchange's `fee_type`. An unknown type is charged as taker and maker, to be safe. */
  readonly type: string;
  /** The exchange's `fee_multiplier` in millionths: 1,000,000 is ×1. */
  readonly multiplierMicros: number;
}

export type LiquidityRole = 'maker' | 'taker';

/** Rounding rule of the exchange: the exact fee goes up to a quantum, then cost plus fee to the precision of balances. */
export interface FeeRounding {
  /** The exact fee is rounded up to this. */
  readonly tradeFeeQuantum: Money;
  /** Balances are kept at this precision. */
  readonly balancePrecision: Money;
  /** Accumulated rounding is given back in multiples of this. */
  readonly rebateQuantum: Money;
}

export interface FillCharge {
  readonly tradeFee: Money;
  readonly roundingFee: Money;
  readonly rebate: Money;
  /** What the account pays: trade fee + rounding fee − rebate. */
  readonly fee: Money;
  /** The order's accumulated rounding after this fill; pass it to the order's next fill. */
  readonly accumulated: Money;
}

export const FeeSchedule = {
  /** Takers pay 7 % of p(1 − p), makers nothing: most markets, all crypto. */
  QUADRATIC: { type: 'quadratic', multiplierMicros: 1_000_000 } as FeeSchedule,
} as const;

export const FeeRounding = {
  /** Direct members. Every recorded fill with a fee (35, to August 2026) was charged so, to the last digit. */
  DIRECT_MEMBER: {
    tradeFeeQuantum: 100 as Money,
    balancePrecision: 100 as Money,
    rebateQuantum: 100 as Money,
  } as FeeRounding,
  /**
   * Direct members as the exchange's page has described it since September 2026: the exact fee goes up to a
   * millionth only. No recorded fill shows it; it differs by less than $0.0001 a fill.
   */
  DIRECT_MEMBER_MICRO: {
    tradeFeeQuantum: 1 as Money,
    balancePrecision: 100 as Money,
    rebateQuantum: 100 as Money,
  } as FeeRounding,
} as const;

/**
 * The fee of one fill, exact to the unit (fee schedule of Kalshi): rate × multiplier × C × p × (1 − p) rounded up,
 * then raised so that cost plus fee lands on the balance precision, less what the order's earlier fills overpaid.
 *
 * @param price the YES price of the fill
 * @param accumulated rounding that the same order has accumulated so far (`Money.ZERO` for its first fill)
 */
export function chargeFill(
  schedule: FeeSchedule,
  role: LiquidityRole,
  side: Side,
  price: Price,
  count: Count,
  accumulated: Money = Money.ZERO,
  rounding: FeeRounding = FeeRounding.DIRECT_MEMBER,
): FillCharge {
  const tradeFee = exactFeeCeil(schedule, role, price, count, rounding.tradeFeeQuantum);
  // Selling YES at p leaves the same remainder as buying NO at 1 − p, because C × 1 dollar is a whole cent.
  const spent = Money.add(Money.notional(Side.cost(side, price), count), tradeFee);
  const over = spent % rounding.balancePrecision;
  const roundingFee = (over === 0 ? 0 : rounding.balancePrecision - over) as Money;
  const pool = accumulated + roundingFee;
  // Whole quanta only, so that the balance stays on its precision, and never more than was charged.
  const most = Math.min(pool, tradeFee + roundingFee);
  const rebate = (most - (most % rounding.rebateQuantum)) as Money;
  return {
    tradeFee,
    roundingFee,
    rebate,
    fee: (tradeFee + roundingFee - rebate) as Money,
    accumulated: (pool - rebate) as Money,
  };
}

/** Rates in ten-thousandths of p(1 − p) per dollar. */
function rate(schedule: FeeSchedule, role: LiquidityRole): bigint {
  if (role === 'taker') return 700n;
  switch (schedule.type) {
    case 'quadratic':
      return 0n;
    case 'quadratic_with_maker_fees':
      return 175n;
    case 'quadratic_with_combo_maker_fees':
      return 350n;
    default:
      return 700n;
  }
}

const MONEY_PER_PRODUCT = 10n ** 14n;

function exactFeeCeil(
  schedule: FeeSchedule,
  role: LiquidityRole,
  price: Price,
  count: Count,
  quantum: Money,
): Money {
  if (!Number.isSafeInteger(schedule.multiplierMicros) || schedule.multiplierMicros < 0) {
    throw new MmError(
      'fee-schedule',
      `Fee multiplier is not a whole number of millionths: ${schedule.multiplierMicros}`,
    );
  }
  const product =
    rate(schedule, role) *
    BigInt(schedule.multiplierMicros) *
    BigInt(count) *
    BigInt(price) *
    BigInt(10_000 - price);
  const unit = MONEY_PER_PRODUCT * BigInt(quantum);
  return Money.of(Number((product + unit - 1n) / unit) * quantum);
}
