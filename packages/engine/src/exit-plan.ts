import {
  Count,
  type Gate,
  type MarketView,
  Price,
  PriceGrid,
  type QuoteLevel,
  type Side,
} from '@kalshi-mm/core';

/** How a position is left. */
export interface ExitRules {
  /** Smaller positions are closed at once. */
  readonly closeNowBelow: Count;
  /** Passive exits first wait this long for the price to come back. */
  readonly waitMs: number;
  /** How far from the price at the start of the exit a closing order may go, in price units. */
  readonly maxSlippage: number;
}

export interface ExitState {
  readonly urgency: 'passive' | 'now';
  readonly startedMs: number;
  /** Mid when the exit began, in price units; null when there was none. */
  readonly referenceMid: number | null;
}

/** What to do about a position that is to be left. */
export type ExitStep =
  | { readonly type: 'done' }
  | { readonly type: 'wait'; readonly gate: Gate }
  | { readonly type: 'rest'; readonly side: Side; readonly level: QuoteLevel }
  | { readonly type: 'take'; readonly side: Side; readonly price: Price; readonly count: Count };

/** The next step of an exit; pure, so that it can be asked at any time. */
export function planExit(state: ExitState, rules: ExitRules, view: MarketView, nowMs: number): ExitStep {
  const { position } = view;
  if (position === 0) return { type: 'done' };
  const side: Side = position > 0 ? 'ask' : 'bid';
  const count = Count.of(Math.abs(position));
  const elapsedMs = nowMs - state.startedMs;
  if (state.urgency === 'now') return take(side, count, view, null);
  if (count < rules.closeNowBelow) {
    const step = take(side, count, view, slippageBound(state, rules, side));
    // Too dear to take at once: offer it instead, without waiting.
    return step.type === 'take' ? step : rest(side, count, state, rules, view);
  }
  if (elapsedMs < rules.waitMs) {
    return { type: 'wait', gate: { gate: 'exit-wait', value: elapsedMs, limit: rules.waitMs } };
  }
  return rest(side, count, state, rules, view);
}

function take(side: Side, count: Count, view: MarketView, bound: number | null): ExitStep {
  const touch = side === 'ask' ? view.bestBid : view.bestAsk;
  if (touch === Price.NO_BID || touch === Price.NO_ASK) {
    return { type: 'wait', gate: { gate: 'exit-no-liquidity', value: touch, limit: null } };
  }
  if (bound !== null && (side === 'ask' ? touch < bound : touch > bound)) {
    return { type: 'wait', gate: { gate: 'exit-slippage', value: touch, limit: bound } };
  }
  return { type: 'take', side, price: touch, count };
}

/** Joins the touch on the closing side, but not beyond the slippage bound, and never crosses. */
function rest(side: Side, count: Count, state: ExitState, rules: ExitRules, view: MarketView): ExitStep {
  const grid = view.market.grid;
  const bound = slippageBound(state, rules, side);
  const touch = side === 'ask' ? view.bestAsk : view.bestBid;
  const opposite = side === 'ask' ? view.bestBid : view.bestAsk;
  const wanted = side === 'ask' ? Math.max(touch, bound ?? 0) : Math.min(touch, bound ?? 10_000);
  const inside = side === 'ask' ? Math.max(wanted, opposite + 1) : Math.min(wanted, opposite - 1);
  const price = side === 'ask' ? PriceGrid.ceil(grid, inside) : PriceGrid.floor(grid, inside);
  if (price === null) return { type: 'wait', gate: { gate: 'exit-no-price', value: inside, limit: null } };
  return { type: 'rest', side, level: { price, count } };
}

function slippageBound(state: ExitState, rules: ExitRules, side: Side): number | null {
  if (state.referenceMid === null) return null;
  return side === 'ask' ? state.referenceMid - rules.maxSlippage : state.referenceMid + rules.maxSlippage;
}
