import type { UserId } from './exchange-api.ts';

/**
 * Names of subaccounts. A user has the primary account 0 and may have 1 to 63 beside it; each is an account of its
 * own to everything that takes a `UserId`. The primary one is named as the user, the others `user#number`.
 */
export const Subaccount = {
  MAX: 63,

  /** The account of a user's subaccount. */
  idOf(owner: UserId, number: number): UserId {
    return number === 0 ? owner : `${owner}${MARK}${number}`;
  },

  /** The user behind an account. */
  ownerOf(userId: UserId): UserId {
    const at = userId.indexOf(MARK);
    return at < 0 ? userId : userId.slice(0, at);
  },

  /** 0 for a user's primary account. */
  numberOf(userId: UserId): number {
    const at = userId.indexOf(MARK);
    return at < 0 ? 0 : Number(userId.slice(at + 1));
  },
} as const;

const MARK = '#';
