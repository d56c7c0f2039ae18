import type { Result, UserId } from './exchange-api.ts';

/** A wish how a user's cash is spread over the shards. */
export interface TargetAllocation {
  /** Percentages add up to 100; a shard that is not named is swept empty. Empty: cash stays where it is. */
  readonly allocations: readonly { readonly exchangeIndex: number; readonly percent: number }[];
  /**
   * What a sweep leaves on a shard for resting orders: the margin of all of them, or of the largest side of a
   * market, or none. Never less than what they hold back.
   */
  readonly reservation: 'sum' | 'max' | 'none';
}

/**
 * Subaccounts: each has cash, positions, orders and order groups of its own and is named by `Subaccount.idOf` wherever
 * a `UserId` is taken. Client order ids are used once for all accounts of a user, and no order trades with one of
 * the same user, whatever the subaccount.
 */
export interface SubaccountDesk {
  /**
   * Opens the user's next subaccount, without cash, on one shard (0 when omitted). The value is its number.
   * Errors: `user_not_found`, `invalid_parameters` (unknown shard, or 63 exist already).
   */
  createSubaccount(userId: UserId, exchangeIndex?: number): Result<number>;
  /** Account names of a user, the primary first; empty for a stranger. */
  accountsOf(userId: UserId): readonly UserId[];
  /** Whether positions in mutually exclusive markets are netted; kept, and without effect on collateral. */
  netting(userId: UserId): boolean;
  /** Errors: `user_not_found`. */
  setNetting(userId: UserId, enabled: boolean): Result<boolean>;
  /** For the primary account of a user. */
  targetAllocation(userId: UserId): TargetAllocation;
  /**
   * From now on, every 10 s, moves free cash of the primary account between shards towards the target.
   * Errors: `user_not_found`, `invalid_parameters` (not 100 in all, a shard unknown or named twice, or a user
   * whose money is one pool).
   */
  setTargetAllocation(userId: UserId, target: TargetAllocation): Result<TargetAllocation>;
}
