import type { Count, Price, QuoteLevel, Side } from '@kalshi-mm/core';
import type { Order } from './orders.ts';

export interface PlanRules {
  /** A resting order this close to the wanted price is kept: its place in the queue is worth more. */
  readonly keepWithin: number;
  /** A resting order of at least this share of the wanted count is kept. */
  readonly keepShare: number;
}

/** The smallest set of changes that turns what rests into what is wanted. */
export interface Plan {
  readonly cancel: readonly Order[];
  readonly decrease: readonly { readonly order: Order; readonly reduceTo: Count }[];
  readonly place: readonly { readonly side: Side; readonly price: Price; readonly count: Count }[];
}

/**
 * Compares one side of the wanted quotes with our open orders on it.
 *
 * Orders are matched to levels by closeness of price. A match is kept when the price is within tolerance and the
 * size right, decreased when too large (that keeps the queue), else canceled. A level is placed only once no order
 * of the side that fits no level is in flight or to be canceled: it may still turn into the one that is wanted.
 * Prices are never moved by amending, because an amend carries no post-only flag and could take.
 */
export function planSide(
  side: Side,
  wanted: readonly QuoteLevel[],
  open: readonly Order[],
  rules: PlanRules,
): Plan {
  if (isAsWanted(side, wanted, open, rules)) return NOTHING;
  const free = new Set(open.filter((order) => order.side === side));
  const cancel: Order[] = [];
  const decrease: { order: Order; reduceTo: Count }[] = [];
  const missing: QuoteLevel[] = [];
  for (const level of wanted) {
    const match = closest(free, level.price, rules.keepWithin);
    if (match === null) {
      missing.push(level);
      continue;
    }
    free.delete(match);
    if (!isFree(match)) continue;
    if (resting(match) > level.count) decrease.push({ order: match, reduceTo: level.count });
    else if (match.remaining < level.count * rules.keepShare) {
      cancel.push(match);
      missing.push(level);
    }
  }
  for (const order of free) if (isFree(order)) cancel.push(order);
  const busy = cancel.length > 0 || [...free].some((order) => !isFree(order));
  return {
    cancel,
    decrease,
    place: busy ? [] : missing.map((level) => ({ side, price: level.price, count: level.count })),
  };
}

const NOTHING: Plan = { cancel: [], decrease: [], place: [] };

/** Resting, with no change of ours on its way. */
function isFree(order: Order): boolean {
  return order.status === 'resting' && !order.changing;
}

/** Nothing, or one order, is there and wanted: the usual case, found without making an object. */
function isAsWanted(
  side: Side,
  wanted: readonly QuoteLevel[],
  open: readonly Order[],
  { keepWithin, keepShare }: PlanRules,
): boolean {
  if (wanted.length > 1) return false;
  let only: Order | null = null;
  for (const order of open) {
    if (order.side !== side) continue;
    if (only !== null) return false;
    only = order;
  }
  const level = wanted[0];
  if (only === null || level === undefined) return only === null && level === undefined;
  return (
    isFree(only) &&
    Math.abs(only.price - level.price) <= keepWithin &&
    resting(only) <= level.count &&
    only.remaining >= level.count * keepShare
  );
}

/** Without what has matched and only lacks its fills. */
function resting(order: Order): number {
  return order.remaining - Math.max(0, order.matched - order.filled);
}

function closest(orders: ReadonlySet<Order>, price: Price, within: number): Order | null {
  let best: Order | null = null;
  for (const order of orders) {
    const distance = Math.abs(order.price - price);
    if (distance > within || order.status === 'canceling') continue;
    if (best === null || distance < Math.abs(best.price - price)) best = order;
  }
  return best;
}
