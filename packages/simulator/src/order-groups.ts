import type { Count } from '@kalshi-mm/core';
import type { ExchangeOrderGroup, OrderGroupOutput, OrderRequest, Result } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { ListedMarket } from './listed-market.ts';
import { cancelResting } from './order-entry.ts';
import { OrderGroup } from './order-group.ts';
import { refuse } from './order-rules.ts';

export function createOrderGroup(
  state: ExchangeState,
  userId: string,
  limit: Count,
  exchangeIndex: number,
): Result<ExchangeOrderGroup> {
  const account = state.accounts.get(userId);
  if (account === undefined) return refuse('user_not_found');
  if (!state.shards.has(exchangeIndex)) return refuse('invalid_parameters', 'unknown shard');
  if (account.purse(exchangeIndex) === undefined) return refuse('user_not_found');
  if (!state.isExchangeActive(exchangeIndex)) return refuse('exchange_is_paused');
  if (!isLimit(limit)) return refuse('invalid_parameters', LIMIT_DETAILS);
  if (account.owner.orderGroups >= MOST_GROUPS) {
    return refuse('invalid_parameters', `no more than ${MOST_GROUPS} order groups`);
  }
  account.owner.orderGroups++;
  const group = new OrderGroup(state.nextId(), userId, exchangeIndex, limit, state.nowMs);
  state.groups.set(group.groupId, group);
  tell(state, group, 'created');
  return { ok: true, value: group.snapshot(state.nowMs) };
}

export function readOrderGroup(
  state: ExchangeState,
  userId: string,
  groupId: string,
): Result<ExchangeOrderGroup> {
  const found = findGroup(state, userId, groupId);
  return found.ok ? { ok: true, value: found.value.snapshot(state.nowMs) } : found;
}

export function listOrderGroups(state: ExchangeState, userId: string): readonly ExchangeOrderGroup[] {
  return [...state.groups.values()]
    .filter((group) => group.userId === userId)
    .map((group) => group.snapshot(state.nowMs));
}

export function resetOrderGroup(
  state: ExchangeState,
  userId: string,
  groupId: string,
): Result<ExchangeOrderGroup> {
  return change(state, userId, groupId, (group) => {
    group.clear();
    group.triggered = false;
    tell(state, group, 'reset');
  });
}

export function triggerOrderGroup(
  state: ExchangeState,
  userId: string,
  groupId: string,
): Result<ExchangeOrderGroup> {
  return change(state, userId, groupId, (group) => trigger(state, group));
}

export function setOrderGroupLimit(
  state: ExchangeState,
  userId: string,
  groupId: string,
  limit: Count,
): Result<ExchangeOrderGroup> {
  if (!isLimit(limit)) return refuse('invalid_parameters', LIMIT_DETAILS);
  return change(state, userId, groupId, (group) => {
    group.limit = limit;
    tell(state, group, 'limit_updated');
    if (group.matchedAt(state.nowMs) >= limit) trigger(state, group);
  });
}

export function deleteOrderGroup(
  state: ExchangeState,
  userId: string,
  groupId: string,
): Result<ExchangeOrderGroup> {
  return change(state, userId, groupId, (group) => {
    cancelGroup(state, group);
    state.groups.delete(groupId);
    state.accounts.get(userId)!.owner.orderGroups--;
    tell(state, group, 'deleted');
  });
}

/** The group that an order asks for; null when it asks for none. */
export function groupForOrder(
  state: ExchangeState,
  userId: string,
  listed: ListedMarket,
  request: OrderRequest,
): Result<OrderGroup | null> {
  const groupId = request.orderGroupId ?? null;
  if (groupId === null) return NO_GROUP;
  const found = findGroup(state, userId, groupId);
  if (!found.ok) return found;
  if (found.value.exchangeIndex !== listed.market.exchangeIndex) return refuse('not_found');
  if (found.value.triggered) return refuse('invalid_order', 'order group triggered');
  return found;
}

/** Counts a match of one of the group's orders; at the limit everything that rests in the group goes. */
export function countGroupMatch(state: ExchangeState, group: OrderGroup, count: number): void {
  group.add(count, state.nowMs);
  if (group.matchedAt(state.nowMs) >= group.limit) trigger(state, group);
}

function trigger(state: ExchangeState, group: OrderGroup): void {
  if (group.triggered) return;
  group.triggered = true;
  tell(state, group, 'triggered');
  cancelGroup(state, group);
}

function cancelGroup(state: ExchangeState, group: OrderGroup): void {
  for (const order of [...group.resting]) cancelResting(state, order, 'Decrease');
}

function change(
  state: ExchangeState,
  userId: string,
  groupId: string,
  make: (group: OrderGroup) => void,
): Result<ExchangeOrderGroup> {
  const found = findGroup(state, userId, groupId);
  if (!state.isExchangeActive(found.ok ? found.value.exchangeIndex : null)) {
    return refuse('exchange_is_paused');
  }
  if (!found.ok) return found;
  make(found.value);
  return { ok: true, value: found.value.snapshot(state.nowMs) };
}

function findGroup(state: ExchangeState, userId: string, groupId: string): Result<OrderGroup> {
  if (!state.accounts.has(userId)) return refuse('user_not_found');
  const group = state.groups.get(groupId);
  if (group === undefined || group.userId !== userId) return refuse('not_found');
  return { ok: true, value: group };
}

function tell(state: ExchangeState, group: OrderGroup, what: OrderGroupOutput['change']): void {
  const { userId, groupId, exchangeIndex } = group;
  const limit = group.limit as Count;
  state.emit({
    type: 'order-group',
    change: what,
    userId,
    groupId,
    exchangeIndex,
    limit,
    atMs: state.nowMs,
  });
}

function isLimit(limit: number): boolean {
  return Number.isSafeInteger(limit) && limit >= 100 && limit <= 100_000_000;
}

/** Of one user. */
const MOST_GROUPS = 100_000;
const LIMIT_DETAILS = 'contracts limit must be from 1 to 1,000,000';
const NO_GROUP = { ok: true, value: null } as const;
