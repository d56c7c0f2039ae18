import { type OrderId, type Price, PriceGrid, type Side } from '@kalshi-mm/core';
import type { Account } from './account.ts';
import type { ExchangeErrorCode, OrderRequest, Result } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { ListedMarket } from './listed-market.ts';
import type { Order } from './order.ts';

type Refused = Extract<Result<never>, { ok: false }>;

export function refuse(code: ExchangeErrorCode, details?: string): Refused {
  return { ok: false, error: details === undefined ? { code } : { code, details } };
}

/** A pause, of everything or of the shard, refuses everything that could trade. */
export function refuseTrading(state: ExchangeState, exchangeIndex: number | null): Refused | null {
  if (!state.isExchangeActive(exchangeIndex)) return refuse('exchange_is_paused');
  if (!state.isTradingActive(exchangeIndex)) return refuse('trading_is_paused');
  return null;
}

export function checkPrice(listed: ListedMarket, price: number): Refused | null {
  const { grid } = listed.market;
  if (price <= 0 || price >= 10_000) return refuse('invalid_price', 'price must be inside (0, 1)');
  if (!PriceGrid.isOnGrid(grid, price)) return refuse('invalid_price', 'price is not on the grid');
  return null;
}

/** A level holds a limited count. */
export function checkRoom(listed: ListedMarket, side: Side, price: Price, more: number): Refused | null {
  const there = listed.engine.book.countAt(side, price);
  return there + more > MAX_LEVEL ? refuse('invalid_order', 'count too large') : null;
}

/** Everything about a request that can be said before looking at the book or the money. */
export function checkRequest(
  state: ExchangeState,
  account: Account,
  listed: ListedMarket,
  request: OrderRequest,
): Refused | null {
  if (listed.market.status !== 'active') return refuse('market_inactive');
  const { count, timeInForce, expirationMs } = request;
  if (!Number.isSafeInteger(count) || count <= 0) return refuse('invalid_order', 'count must be positive');
  const { side, price } = request;
  const misplaced = checkPrice(listed, price) ?? checkRoom(listed, side, price, count);
  if (misplaced !== null) return misplaced;
  if (request.reduceOnly && timeInForce !== 'immediate-or-cancel') {
    return refuse('invalid_order', 'reduce only requires immediate or cancel');
  }
  if (request.postOnly && timeInForce !== 'good-till-canceled') {
    return refuse('invalid_order', 'post only requires good till canceled');
  }
  if (expirationMs !== null && timeInForce !== 'good-till-canceled') {
    return refuse('invalid_order', 'expiration requires good till canceled');
  }
  if (expirationMs !== null && expirationMs <= state.nowMs) {
    return refuse('invalid_order', EXPIRED);
  }
  if (timeInForce === 'good-till-canceled' && account.owner.openOrders >= MOST_OPEN_ORDERS) {
    return refuse('invalid_order', `no more than ${MOST_OPEN_ORDERS} open orders`);
  }
  if (request.clientOrderId !== null && account.clientOrderIds.has(request.clientOrderId)) {
    return refuse('order_already_exists');
  }
  return null;
}

/** The user's order, if it still rests and its market still listens. */
export function findLive(
  state: ExchangeState,
  userId: string,
  orderId: OrderId,
): Result<{ readonly account: Account; readonly listed: ListedMarket; readonly order: Order }> {
  const account = state.accounts.get(userId);
  if (account === undefined) return refuse('user_not_found');
  const order = state.orders.get(orderId);
  if (order === undefined || order.userId !== userId) return refuse('not_found');
  const listed = state.markets.get(order.ticker)!;
  const { status } = listed.market;
  if (status !== 'active' && status !== 'inactive') return refuse('market_inactive');
  if (order.status !== 'resting') return refuse('not_found');
  return { ok: true, value: { account, listed, order } };
}

/** The same for what an exchange pause alone refuses. */
export function findCancelable(
  state: ExchangeState,
  userId: string,
  orderId: OrderId,
): ReturnType<typeof findLive> {
  const found = findLive(state, userId, orderId);
  const exchangeIndex = found.ok ? found.value.listed.market.exchangeIndex : null;
  return state.isExchangeActive(exchangeIndex) ? found : refuse('exchange_is_paused');
}

/** Said of an expiration that is not in the future. */
export const EXPIRED = 'expiration is in the past';

/** Of one user. */
const MOST_OPEN_ORDERS = 200_000;

/** Levels of a book are 32-bit. */
const MAX_LEVEL = 0x7fffffff;
