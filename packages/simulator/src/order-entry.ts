import type { ClientOrderId, Count, OrderId, Price } from '@kalshi-mm/core';
import type { Account } from './account.ts';
import type {
  Exchange,
  ExchangeOrder,
  OrderRequest,
  PlacedOrder,
  Result,
  UpdateReason,
} from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { ListedMarket } from './listed-market.ts';
import { Order } from './order.ts';
import { groupForOrder } from './order-groups.ts';
import {
  checkPrice,
  checkRequest,
  checkRoom,
  EXPIRED,
  findCancelable,
  findLive,
  refuse,
  refuseTrading,
} from './order-rules.ts';

/** Accepts an order, matches it, and lets the rest wait, go, or fail, as its time in force says. */
export function place(state: ExchangeState, userId: string, request: OrderRequest): Result<PlacedOrder> {
  const account = state.accounts.get(userId);
  if (account === undefined) return refuse('user_not_found');
  const listed = state.markets.get(request.ticker);
  const paused = refuseTrading(state, listed?.market.exchangeIndex ?? null);
  if (paused !== null) return paused;
  if (listed === undefined) return refuse('market_not_found');
  const purse = account.purse(listed.market.exchangeIndex);
  if (purse === undefined) return refuse('user_not_found');
  const error = checkRequest(state, account, listed, request);
  if (error !== null) return error;
  const group = groupForOrder(state, userId, listed, request);
  if (!group.ok) return group;

  const { side, price } = request;
  const holding = account.holding(listed.market);
  let count: number = request.count;
  if (request.reduceOnly) {
    count = Math.min(count, Math.max(0, side === 'bid' ? -holding.position : holding.position));
  }
  const postOnlyCross = request.postOnly && listed.engine.crosses(side, price);
  if (postOnlyCross && state.postOnlyCross === 'reject') return refuse('invalid_order', 'post only cross');
  if (request.timeInForce === 'fill-or-kill') {
    const { fillable, meetsOwn } = listed.engine.probe(account.owner.userId, side, price, count);
    if (fillable < count && !meetsOwn) return refuse('fill_or_kill_insufficient_resting_volume');
  }
  const unitReserve = reserveOf(listed, request);
  if (holding.extraReserve(side, price, count, unitReserve) > Math.max(0, purse.free)) {
    return refuse('insufficient_balance');
  }

  const order = new Order({
    orderId: state.nextId() as OrderId,
    userId,
    ownerId: account.owner.userId,
    clientOrderId: request.clientOrderId ?? (state.nextId() as ClientOrderId),
    ticker: request.ticker,
    side,
    price,
    count: count as Count,
    nowMs: state.nowMs,
    expirationMs: request.expirationMs,
    selfTradePrevention: request.selfTradePrevention,
    cancelOnPause: request.cancelOnPause,
    timeInForce: request.timeInForce,
    postOnly: request.postOnly,
    group: group.value,
  });
  order.unitReserve = unitReserve;
  state.orders.set(order.orderId, order);
  if (!account.house) {
    account.orders.push(order);
    account.clientOrderIds.add(order.clientOrderId);
  }
  state.emitOrder(account, order);
  if (count === 0) endIncoming(state, account, order, 'ReduceOnlyCancel');
  else if (postOnlyCross) endIncoming(state, account, order, 'PostOnlyCrossCancel');
  else {
    planExpiry(state, order);
    return { ok: true, value: matchAndRest(state, account, listed, order) };
  }
  return { ok: true, value: { order, fills: [] } };
}

/** A cancel at the user's wish. */
export function cancel(
  state: ExchangeState,
  userId: string,
  orderId: OrderId,
): ReturnType<Exchange['cancel']> {
  const found = findCancelable(state, userId, orderId);
  if (!found.ok) return found;
  const { order } = found.value;
  const reducedBy = order.remaining;
  cancelResting(state, order, 'Decrease');
  return { ok: true, value: { order, reducedBy } };
}

/** Gives a resting order another price or size; only a pure reduction keeps its place in the queue. */
export function amend(
  state: ExchangeState,
  userId: string,
  orderId: OrderId,
  change: Parameters<Exchange['amend']>[2],
): Result<PlacedOrder> {
  const found = findLive(state, userId, orderId);
  const paused = refuseTrading(state, found.ok ? found.value.listed.market.exchangeIndex : null);
  if (paused !== null) return paused;
  if (!found.ok) return found;
  const { account, listed, order } = found.value;
  if (listed.market.status !== 'active') return refuse('market_inactive');
  const remaining = change.totalCount - order.filled;
  if (change.side !== order.side) return refuse('invalid_order', 'an amend cannot change the side');
  if (!Number.isSafeInteger(change.totalCount) || remaining <= 0) {
    return refuse('invalid_order', 'the total count must exceed what has been filled');
  }
  const there = change.price === order.price ? order.remaining : 0;
  const misplaced =
    checkPrice(listed, change.price) ?? checkRoom(listed, order.side, change.price, remaining - there);
  if (misplaced !== null) return misplaced;
  const { expirationMs = order.expirationMs } = change;
  if (expirationMs !== order.expirationMs && expirationMs !== null && expirationMs <= state.nowMs) {
    return refuse('invalid_order', EXPIRED);
  }
  const renamed = change.clientOrderId !== null && change.clientOrderId !== order.clientOrderId;
  if (renamed && account.clientOrderIds.has(change.clientOrderId!)) return refuse('order_already_exists');

  const keepsPlace = change.price === order.price && remaining <= order.remaining;
  if (!keepsPlace) {
    if (order.postOnly && listed.engine.crosses(order.side, change.price)) {
      if (state.postOnlyCross === 'reject') return refuse('invalid_order', 'post only cross');
      cancelResting(state, order, 'PostOnlyCrossCancel');
      return { ok: true, value: { order, fills: [] } };
    }
    const holding = account.holding(listed.market);
    const unitReserve = reserveOf(listed, { ...order, price: change.price });
    holding.removeOrder(order);
    holding.refresh();
    const free = Math.max(0, holding.purse.free);
    if (holding.extraReserve(order.side, change.price, remaining, unitReserve) > free) {
      holding.addOrder(order);
      holding.refresh();
      return refuse('insufficient_balance');
    }
    listed.engine.remove(order);
    listed.dropOrder(order);
    account.owner.openOrders--;
    order.unitReserve = unitReserve;
  } else {
    shrink(account, listed, order, order.remaining - remaining);
  }
  if (renamed) {
    order.clientOrderId = change.clientOrderId!;
    account.clientOrderIds.add(order.clientOrderId);
  }
  order.price = change.price;
  order.initial = change.totalCount;
  order.remaining = remaining as Count;
  order.updatedMs = state.nowMs;
  order.lastUpdateReason = 'Amend';
  if (expirationMs !== order.expirationMs) {
    order.expirationMs = expirationMs;
    planExpiry(state, order);
  }
  state.emitOrder(account, order);
  if (keepsPlace) return { ok: true, value: { order, fills: [] } };
  return { ok: true, value: matchAndRest(state, account, listed, order) };
}

/** Reduces a resting order in its place; down to nothing cancels it. */
export function decrease(
  state: ExchangeState,
  userId: string,
  orderId: OrderId,
  reduceTo: Count,
): Result<ExchangeOrder> {
  const found = findCancelable(state, userId, orderId);
  if (!found.ok) return found;
  const { account, listed, order } = found.value;
  if (!Number.isSafeInteger(reduceTo) || reduceTo < 0 || reduceTo > order.remaining) {
    return refuse('invalid_order', 'a decrease cannot raise the remaining count');
  }
  if (reduceTo === 0) {
    cancelResting(state, order, 'Decrease');
    return { ok: true, value: order };
  }
  shrink(account, listed, order, order.remaining - reduceTo);
  order.updatedMs = state.nowMs;
  order.lastUpdateReason = 'Decrease';
  state.emitOrder(account, order);
  return { ok: true, value: order };
}

/** Ends a resting order, whatever the reason; does nothing if it does not rest any more. */
export function cancelResting(state: ExchangeState, order: Order, reason: UpdateReason): void {
  if (order.status !== 'resting' || !order.queued) return;
  const account = state.accounts.get(order.userId)!;
  const listed = state.markets.get(order.ticker)!;
  const holding = account.holding(listed.market);
  listed.engine.remove(order);
  listed.dropOrder(order);
  account.owner.openOrders--;
  holding.removeOrder(order);
  holding.refresh();
  endIncoming(state, account, order, reason);
}

function planExpiry(state: ExchangeState, order: Order): void {
  const { expirationMs } = order;
  if (expirationMs === null) return;
  state.schedule.add(expirationMs, () => {
    // An amend may have moved or cleared it.
    if (order.expirationMs === expirationMs) cancelResting(state, order, 'ExpiryCancel');
  });
}

function matchAndRest(
  state: ExchangeState,
  account: Account,
  listed: ListedMarket,
  order: Order,
): PlacedOrder {
  state.takerFills = [];
  const outcome = listed.engine.take(order);
  const fills = state.takerFills;
  if (order.remaining === 0) {
    if (account.house) state.orders.delete(order.orderId);
  } else if (outcome === 'self-trade') {
    endIncoming(state, account, order, 'SelfTradeCancel');
  } else if (order.group?.triggered) {
    endIncoming(state, account, order, 'Decrease');
  } else if (order.timeInForce !== 'good-till-canceled') {
    endIncoming(state, account, order, order.lastUpdateReason);
  } else {
    const holding = account.holding(listed.market);
    order.priority = state.nextPriority();
    holding.addOrder(order);
    holding.refresh();
    listed.keepOrder(order);
    account.owner.openOrders++;
    listed.engine.rest(order);
  }
  return { order, fills };
}

/** Marks an order that is in no queue as canceled and says so. */
function endIncoming(
  state: ExchangeState,
  account: Account,
  order: Order,
  reason: UpdateReason | null,
): void {
  order.status = 'canceled';
  order.remaining = 0 as Count;
  order.updatedMs = state.nowMs;
  order.lastUpdateReason = reason;
  if (account.house) state.orders.delete(order.orderId);
  else state.emitOrder(account, order);
}

function shrink(account: Account, listed: ListedMarket, order: Order, by: number): void {
  if (by === 0) return;
  const holding = account.holding(listed.market);
  holding.reduceOrder(order, by);
  order.remaining = (order.remaining - by) as Count;
  holding.refresh();
  listed.engine.reduce(order, by);
}

/** What one unit of count holds back: the price paid, and the worst fee that the order can meet. */
export function reserveOf(
  listed: ListedMarket,
  order: { readonly side: 'bid' | 'ask'; readonly price: Price; readonly postOnly: boolean },
): number {
  const cost = order.side === 'bid' ? order.price : 10_000 - order.price;
  return cost + listed.unitFee(order.postOnly ? 'maker' : 'taker', order.side, order.price);
}
