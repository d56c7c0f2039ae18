import type { Money, Timestamp } from '@kalshi-mm/core';
import type { Result, UserId } from './exchange-api.ts';

/** Cash that a user has on one shard from the start. */
export interface ShardFunding {
  readonly exchangeIndex: number;
  readonly cash: Money;
}

/** A user's money on one shard. */
export interface ShardBalance {
  /** Null: one pool of money that serves every shard. */
  readonly exchangeIndex: number | null;
  /** Free cash: collateral of resting orders taken off. */
  readonly cash: Money;
  readonly reserved: Money;
}

export interface ShardStatus {
  readonly exchangeIndex: number;
  readonly tradingActive: boolean;
  readonly exchangeActive: boolean;
}

export interface ShardTransfer {
  readonly transferId: string;
  readonly from: number;
  readonly to: number;
  readonly amount: Money;
  readonly atMs: Timestamp;
}

/** Cash per user and shard. An order uses the cash of its market's shard and no other. */
export interface ShardDesk {
  /** One entry per shard that the user has been funded on, by shard; one entry for a pool. Empty for a stranger. */
  shardBalances(userId: UserId): readonly ShardBalance[];
  /**
   * Moves free cash between shards at once; the destination is provisioned if need be.
   * Errors: `user_not_found` (never funded on `from`), `insufficient_balance`, `invalid_parameters` (not a positive
   * amount, the same shard twice, an unknown shard, or a user whose money is one pool), `exchange_is_paused`.
   */
  transferCash(userId: UserId, from: number, to: number, amount: Money): Result<ShardTransfer>;
  /** Oldest first. */
  transfers(userId: UserId): readonly ShardTransfer[];
  /** Every shard of the exchange, by index. */
  shards(): readonly ShardStatus[];
}

/** Money that came from outside or from another shard. Fills and settlements tell theirs themselves. */
export interface CashOutput {
  readonly type: 'cash';
  readonly userId: UserId;
  /** Null: the pool that serves every shard. */
  readonly exchangeIndex: number | null;
  /** Signed. A transfer is two outputs, the source first. */
  readonly change: Money;
  readonly reason: 'deposit' | 'transfer';
  readonly atMs: Timestamp;
}
