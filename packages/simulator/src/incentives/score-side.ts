import type { Price } from '@kalshi-mm/core';
import type { UserId } from '../exchange-api.ts';

/**
 * How size is weighed by its distance from the best price:
 *
 * - `best-price` (2025): an order counts size × discount^(ticks from the best price)
 * - `reference-price` (2026): orders at the reference price or better count in full, others
 *   size × discount^(ticks from it); it is the price at which a fifth of the target size is reached
 *
 * By both, orders count from the best price on, oldest first, up to the one that reaches the target size; that one
 * counts in full.
 */
export type IncentiveRule = 'best-price' | 'reference-price';

/** An order of one side of the book. */
export interface RestingOrder {
  /** The owner, whichever subaccount it is of. Null: a part of recorded size. */
  readonly userId: UserId | null;
  readonly price: Price;
  /** Units of 0.01 contract. */
  readonly count: number;
}

export interface SideRule {
  readonly rule: IncentiveRule;
  /** Units of 0.01 contract. */
  readonly targetSize: number;
  readonly discountBps: number;
  /** How many ticks lie between two prices. */
  readonly ticksBetween: (a: Price, b: Price) => number;
}

/**
 * Everybody's share of one side at one instant; they add up to 1. Null when the side has less than the target size.
 *
 * @param orders best price first, then oldest first; what comes after the target size is not looked at
 */
export function scoreSide(
  orders: Iterable<RestingOrder>,
  { rule, targetSize, discountBps, ticksBetween }: SideRule,
): ReadonlyMap<UserId | null, number> | null {
  const counted: RestingOrder[] = [];
  let reached = 0;
  let reference: Price | null = null;
  for (const order of orders) {
    counted.push(order);
    reached += order.count;
    if (rule === 'best-price' || REFERENCE_PARTS * reached >= targetSize) reference ??= order.price;
    if (reached >= targetSize) break;
  }
  if (reference === null || reached < targetSize) return null;
  const discount = discountBps / 10_000;
  const scores = new Map<UserId | null, number>();
  let total = 0;
  let better = true;
  for (const { userId, price, count } of counted) {
    // Best first: everything up to the reference price's last order is at least as good.
    if (price === reference) better = false;
    const score = better || price === reference ? count : count * discount ** ticksBetween(price, reference);
    scores.set(userId, (scores.get(userId) ?? 0) + score);
    total += score;
  }
  for (const [userId, score] of scores) scores.set(userId, score / total);
  return scores;
}

/** A fifth of the target size sets the reference price. */
const REFERENCE_PARTS = 5;
