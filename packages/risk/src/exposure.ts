import { type Count, Money, type Position, Price, type Side } from '@kalshi-mm/core';

/** One open order as risk sees it: what may still be filled. */
export interface OpenOrder {
  readonly side: Side;
  readonly price: Price;
  readonly remaining: Count;
}

/** What an account has at stake in one market. */
export interface MarketExposure {
  readonly position: Position;
  /** Cost of the open position: its worst-case loss. */
  readonly cost: Money;
  /** Orders that rest or may rest: in flight and unconfirmed ones included. */
  readonly openOrders: readonly OpenOrder[];
}

/**
 * Worst-case loss in one market if every open order of the worse side were filled and the market then settled
 * against the position. Both sides cannot lose, so the worse one counts.
 */
export function worstCaseLoss(exposure: MarketExposure): Money {
  return Math.max(sideLoss(exposure, 'bid'), sideLoss(exposure, 'ask')) as Money;
}

/**
 * Collateral that the exchange holds for resting orders: full premium, net of the position they would close. The
 * order that would match first is the one that closes.
 */
export function restingValue(exposure: MarketExposure): Money {
  let sum = 0;
  for (const side of ['bid', 'ask'] as const) {
    let covered = side === 'bid' ? Math.max(0, -exposure.position) : Math.max(0, exposure.position);
    for (const order of cheapestFirst(exposure.openOrders, side).toReversed()) {
      const opening = Math.max(0, order.remaining - covered);
      covered = Math.max(0, covered - order.remaining);
      sum += premium(side, order.price) * opening;
    }
  }
  return Money.of(sum);
}

/** Sum of what may still be filled on a side. */
export function openCount(exposure: MarketExposure, side: Side): number {
  let sum = 0;
  for (const order of exposure.openOrders) if (order.side === side) sum += order.remaining;
  return sum;
}

function sideLoss(exposure: MarketExposure, side: Side): number {
  const held = side === 'bid' ? exposure.position : -exposure.position;
  let loss = held > 0 ? exposure.cost : 0;
  // Contracts of an opposite holding are closed, not added.
  let covered = Math.max(0, -held);
  for (const order of cheapestFirst(exposure.openOrders, side)) {
    const opening = Math.max(0, order.remaining - covered);
    covered = Math.max(0, covered - order.remaining);
    loss += premium(side, order.price) * opening;
  }
  return loss;
}

/** Fills may come in any order: at worst the cheapest orders are the ones that only close. */
function cheapestFirst(orders: readonly OpenOrder[], side: Side): readonly OpenOrder[] {
  return orders
    .filter((order) => order.side === side)
    .sort((a, b) => premium(side, a.price) - premium(side, b.price));
}

function premium(side: Side, price: Price): number {
  return side === 'bid' ? price : Price.complement(price);
}
