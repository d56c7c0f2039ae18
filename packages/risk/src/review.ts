import {
  type Approved,
  type Command,
  type Money,
  type PlaceOrder,
  Position,
  type Refusal,
  Side,
} from '@kalshi-mm/core';
import { type MarketExposure, openCount, restingValue, worstCaseLoss } from './exposure.ts';
import { categoryCap, type MarketLimits, type RiskLimits } from './limits.ts';

/** Everything a review looks at. The other figures exclude the reviewed market. */
export interface ReviewContext {
  readonly limits: RiskLimits;
  readonly market: MarketLimits;
  readonly exposure: MarketExposure;
  /** Worst-case loss of all other markets. */
  readonly otherLoss: Money;
  /** Worst-case loss of the other markets of the same category. */
  readonly otherCategoryLoss: Money;
  /** Resting value of all other markets. */
  readonly otherRestingValue: Money;
}

export type Verdict =
  | { readonly ok: true; readonly command: Approved }
  | { readonly ok: false; readonly refusal: Refusal };

const approved = new WeakSet<object>();

/**
 * The only maker of `Approved` commands. Cancels and decreases always pass; an order that can only shrink the
 * position passes every limit but the one on open orders; the rest must fit under all of them.
 *
 * @param contextOf asked only for orders: what always passes needs no figures
 */
export function review(command: Command, contextOf: () => ReviewContext): Verdict {
  if (command.type === 'order.cancel' || command.type === 'order.decrease') return approve(command);
  if (command.type === 'order.amend') return refuse(command, 'amend-not-supported', 0, 0);
  const context = contextOf();
  const { limits, exposure } = context;
  if (command.count <= 0) return refuse(command, 'empty-order', command.count, 1);
  if (exposure.openOrders.length >= limits.maxOpenOrdersPerMarket) {
    return refuse(command, 'open-orders', exposure.openOrders.length + 1, limits.maxOpenOrdersPerMarket);
  }
  if (onlyReduces(command, exposure)) return approve(command);
  return reviewOpening(command, context);
}

function reviewOpening(command: PlaceOrder, context: ReviewContext): Verdict {
  const { limits, market, exposure } = context;
  const reach = reachOf(command, exposure);
  if (reach > market.maxPosition) return refuse(command, 'position-limit', reach, market.maxPosition);
  const after: MarketExposure = {
    ...exposure,
    openOrders: [
      ...exposure.openOrders,
      { side: command.side, price: command.price, remaining: command.count },
    ],
  };
  const loss = worstCaseLoss(after);
  if (loss > limits.perMarketCap) return refuse(command, 'market-cap', loss, limits.perMarketCap);
  const category = context.otherCategoryLoss + loss;
  const cap = categoryCap(limits, market.category);
  if (category > cap) return refuse(command, 'category-cap', category, cap);
  const global = context.otherLoss + loss;
  if (global > limits.globalBudget) return refuse(command, 'global-budget', global, limits.globalBudget);
  const resting = context.otherRestingValue + restingValue(after);
  if (resting > limits.maxRestingValue) {
    return refuse(command, 'resting-value', resting, limits.maxRestingValue);
  }
  return approve(command);
}

/** True for an object that `review` has approved in this process; execution asserts it before sending. */
export function isApproved(command: Command): boolean {
  return approved.has(command);
}

/** The largest |position| on the order's side if it and all open orders of its side are filled. */
function reachOf(command: PlaceOrder, exposure: MarketExposure): number {
  const signed = Side.sign(command.side) * exposure.position;
  return signed + openCount(exposure, command.side) + command.count;
}

function onlyReduces(command: PlaceOrder, exposure: MarketExposure): boolean {
  return reachOf(command, exposure) <= Position.FLAT;
}

function approve(command: Command): Verdict {
  approved.add(command);
  return { ok: true, command: command as Approved };
}

function refuse(command: Command, reason: string, value: number, limit: number): Verdict {
  return { ok: false, refusal: { command, reason, value, limit } };
}
