import {
  Count,
  chargeFill,
  type FeeSchedule,
  type LiquidityRole,
  Money,
  type Price,
  Side,
} from '@kalshi-mm/core';

/** What an order would be charged by. */
export interface OrderTerms {
  readonly side: Side;
  /** YES price. */
  readonly price: Price;
  readonly fees: FeeSchedule;
  /** Whether it takes or makes; unknown beforehand: `taker`, the dearer. */
  readonly role: LiquidityRole;
}

/** The fee of an order that is filled at once at its limit. */
export function orderFee({ fees, role, side, price }: OrderTerms, count: Count): Money {
  return chargeFill(fees, role, side, price, count).fee;
}

/** What it takes to place it when it opens a position: the price of its side, and the fee. */
export function orderCost(terms: OrderTerms, count: Count): Money {
  return Money.add(Money.notional(Side.cost(terms.side, terms.price), count), orderFee(terms, count));
}

/** The most contracts that `cash` pays for, fee included, to 0.01 contract. */
export function affordableCount(terms: OrderTerms, cash: Money): Count {
  const each = Side.cost(terms.side, terms.price);
  let low = 0;
  let high = each === 0 ? 0 : Math.max(0, Math.floor(cash / each));
  // The cost grows with the count, so the border is found by halving.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (orderCost(terms, Count.of(middle)) <= cash) low = middle;
    else high = middle - 1;
  }
  return Count.of(low);
}
