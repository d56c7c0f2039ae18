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
  readonly fromSubaccount: number;
  readonly toSubaccount: number;
  readonly amount: Money;
  /** Null when the caller gave none. */
  readonly clientTransferId: string | null;
  readonly atMs: Timestamp;
}

export interface TransferOptions {
  /** @default 0 */
  readonly fromSubaccount?: number;
  /** @default 0 */
  readonly toSubaccount?: number;
  /** Used once: the same one again is refused, so that a repeated request moves nothing twice. @default null */
  readonly clientTransferId?: string | null;
}

/** Cash per user and shard. An order uses the cash of its market's shard and no other. */
export interface ShardDesk {
  /** One entry per shard that the user has been funded on, by shard; one entry for a pool. Empty for a stranger. */
  shardBalances(userId: UserId): readonly ShardBalance[];
  /**
   * Moves free cash between shards, or subaccounts of the user, at once; the destination is provisioned if need be.
   * Errors: `user_not_found` (no such subaccount, or never funded on `from`), `insufficient_balance`,
   * `invalid_parameters` (not a positive amount, the same place twice, an unknown shard, or two shards of a user
   * whose money is one pool), `transfer_already_exists`, `exchange_is_paused`.
   *
   * @param userId the user, not a subaccount
   */
  transferCash(
    userId: UserId,
    from: number,
    to: number,
    amount: Money,
    options?: TransferOptions,
  ): Result<ShardTransfer>;
  /** Of all accounts of the user, oldest first. */
  transfers(userId: UserId): readonly ShardTransfer[];
  /** Every shard of the exchange, by index. */
  shards(): readonly ShardStatus[];
}

/** Money that came from outside, from another shard or from another subaccount. Fills and settlements tell theirs themselves. */
export interface CashOutput {
  readonly type: 'cash';
  readonly userId: UserId;
  /** Null: the pool that serves every shard. */
  readonly exchangeIndex: number | null;
  /** Signed. A transfer is two outputs, the source first. */
  readonly change: Money;
  readonly reason: 'deposit' | 'transfer' | 'incentive';
  readonly atMs: Timestamp;
}
