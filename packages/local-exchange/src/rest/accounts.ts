import { Subaccount, type UserId } from '@kalshi-mm/simulator';
import { ApiError } from './api-error.ts';
import type { RestCall } from './endpoint.ts';
import { queryOf } from './query.ts';

/**
 * The account that a subaccount number in a body names; without one the primary, or the one that the key is locked to.
 *
 * @throws ApiError 400 for a number that cannot be, 403 for another one than the key's
 */
export function accountOf(call: RestCall, number: number | null | undefined): UserId {
  const lock = call.key?.subaccount ?? null;
  if (number !== null && number !== undefined) {
    if (number < 0 || number > Subaccount.MAX) {
      throw ApiError.nested(400, 'invalid_parameters', 'subaccount: expected 0 to 63');
    }
    if (lock !== null && number !== lock) throw lockedOut();
  }
  return Subaccount.idOf(call.userId, number ?? lock ?? 0);
}

/** The account that `subaccount` in the query names, for what means one account: 0 when omitted. */
export function queryAccount(call: RestCall, operation: string): UserId {
  return accountOf(call, queryOf(call, operation).integer('subaccount', 0, Subaccount.MAX));
}

/** The accounts that `subaccount` in the query names, for what means all of them when it is omitted. */
export function queryAccounts(call: RestCall, operation: string): readonly UserId[] {
  const number = queryOf(call, operation).integer('subaccount', 0, Subaccount.MAX);
  const all = openAccounts(call);
  if (number === null) return all;
  const named = accountOf(call, number);
  return all.includes(named) ? [named] : [];
}

/** Every account that the key may use. */
export function openAccounts(call: RestCall): readonly UserId[] {
  const lock = call.key?.subaccount ?? null;
  return lock === null ? call.exchange.accountsOf(call.userId) : [Subaccount.idOf(call.userId, lock)];
}

/** What several accounts have, in one list, oldest first. */
export function merged<Row>(
  accounts: readonly UserId[],
  rowsOf: (account: UserId) => readonly Row[],
  timeOf: (row: Row) => number,
): Row[] {
  const rows = accounts.flatMap((account) => [...rowsOf(account)]);
  return accounts.length > 1 ? rows.sort((a, b) => timeOf(a) - timeOf(b)) : rows;
}

function lockedOut(): ApiError {
  return ApiError.nested(403, 'permission_denied', 'this API key is restricted to another sub-account');
}
