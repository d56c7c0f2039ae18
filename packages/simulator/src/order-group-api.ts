import type { Count, OrderId, Timestamp } from '@kalshi-mm/core';
import type { Result, UserId } from './exchange-api.ts';

/** Name of an order group. */
export type OrderGroupId = string;

/** An order group as it is at the moment of asking. */
export interface ExchangeOrderGroup {
  readonly groupId: OrderGroupId;
  readonly userId: UserId;
  /** The shard that the group, and every order in it, lives on. */
  readonly exchangeIndex: number;
  /** Contracts that may match within 15 seconds before the group is triggered. */
  readonly limit: Count;
  /** Contracts matched in the last 15 seconds, as maker and as taker, since the last reset. */
  readonly matched: Count;
  /** True after the limit was reached, or the user's wish, until `resetOrderGroup`. */
  readonly triggered: boolean;
  /** Resting orders of the group, oldest first. */
  readonly orders: readonly OrderId[];
  readonly createdMs: Timestamp;
}

/**
 * Order groups. When the contracts matched by a group's orders within a rolling 15 seconds reach
 * its limit, the group is triggered: the match that reached it stands in full, everything of the group that rests
 * is canceled, the rest of an incoming order too, and new orders for the group meet `invalid_order` with details
 * `order group triggered` until a reset.
 *
 * Errors: `user_not_found`, `not_found` for a group that is not the user's, `invalid_parameters` for a limit
 * outside 1 to 1,000,000 contracts, `exchange_is_paused`.
 */
export interface OrderGroupDesk {
  /** @param exchangeIndex 0 when omitted */
  createOrderGroup(userId: UserId, limit: Count, exchangeIndex?: number): Result<ExchangeOrderGroup>;
  orderGroup(userId: UserId, groupId: OrderGroupId): Result<ExchangeOrderGroup>;
  /** Oldest first. */
  orderGroups(userId: UserId): readonly ExchangeOrderGroup[];
  /** Forgets what has matched and lets the group trade again. */
  resetOrderGroup(userId: UserId, groupId: OrderGroupId): Result<ExchangeOrderGroup>;
  triggerOrderGroup(userId: UserId, groupId: OrderGroupId): Result<ExchangeOrderGroup>;
  /** A limit that has been reached already triggers at once. */
  setOrderGroupLimit(userId: UserId, groupId: OrderGroupId, limit: Count): Result<ExchangeOrderGroup>;
  /** Cancels its resting orders and forgets it; the value is what it was after the cancels. */
  deleteOrderGroup(userId: UserId, groupId: OrderGroupId): Result<ExchangeOrderGroup>;
}

export interface OrderGroupOutput {
  readonly type: 'order-group';
  readonly change: 'created' | 'triggered' | 'reset' | 'deleted' | 'limit_updated';
  readonly userId: UserId;
  readonly groupId: OrderGroupId;
  readonly exchangeIndex: number;
  readonly limit: Count;
  readonly atMs: Timestamp;
}
