import { MmError, type Money } from '@kalshi-mm/core';
import { Account, type Purse } from './account.ts';
import type { CashOutput, Result, ShardFunding, ShardTransfer } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import { refuse } from './order-rules.ts';

/** Opens an account with one pool of money, or with money on named shards. @throws MmError `user-exists` */
export function addAccount(
  state: ExchangeState,
  userId: string,
  cash: Money | readonly ShardFunding[],
  house: boolean,
): void {
  if (state.accounts.has(userId)) throw new MmError('user-exists', `User ${userId} exists already`);
  const pooled = typeof cash === 'number';
  const account = new Account(userId, pooled, house);
  state.accounts.set(userId, account);
  const funding = pooled ? [{ exchangeIndex: 0, cash }] : cash;
  for (const { exchangeIndex, cash: amount } of funding) {
    checkShard(state, exchangeIndex);
    change(state, account, account.provision(exchangeIndex), amount, 'deposit');
  }
}

/** @throws MmError for a stranger, an unknown shard, or an amount that is not positive */
export function deposit(state: ExchangeState, userId: string, amount: Money, exchangeIndex: number): void {
  const account = state.accounts.get(userId);
  if (account === undefined) {
    throw new MmError('user-unknown', `User ${userId} has no account on this exchange`, {
      todo: 'Add the user first.',
    });
  }
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    throw new MmError('deposit-amount', `A deposit must be a positive amount, not ${amount}`);
  }
  checkShard(state, exchangeIndex);
  change(state, account, account.provision(exchangeIndex), amount, 'deposit');
}

/** Moves free cash between two shards of a user, at once. */
export function transferCash(
  state: ExchangeState,
  userId: string,
  from: number,
  to: number,
  amount: Money,
): Result<ShardTransfer> {
  const account = state.accounts.get(userId);
  if (account === undefined) return refuse('user_not_found');
  if (!state.shards.has(from) || !state.shards.has(to)) return refuse('invalid_parameters', 'unknown shard');
  if (!state.isExchangeActive(from) || !state.isExchangeActive(to)) return refuse('exchange_is_paused');
  if (account.pool !== null) return refuse('invalid_parameters', 'cash is one pool for all shards');
  if (from === to) return refuse('invalid_parameters', 'source and destination are the same shard');
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    return refuse('invalid_parameters', 'amount must be positive');
  }
  const source = account.purse(from);
  if (source === undefined) return refuse('user_not_found');
  if (source.free < amount) return refuse('insufficient_balance');
  const transfer: ShardTransfer = { transferId: state.nextId(), from, to, amount, atMs: state.nowMs };
  change(state, account, source, -amount, 'transfer');
  change(state, account, account.provision(to), amount, 'transfer');
  account.transfers.push(transfer);
  return { ok: true, value: transfer };
}

function change(
  state: ExchangeState,
  account: Account,
  purse: Purse,
  amount: number,
  reason: CashOutput['reason'],
): void {
  purse.cash += amount;
  if (account.house) return;
  const { exchangeIndex } = purse;
  const { userId } = account;
  state.emit({
    type: 'cash',
    userId,
    exchangeIndex,
    change: amount as Money,
    reason,
    atMs: state.nowMs,
  });
}

function checkShard(state: ExchangeState, exchangeIndex: number): void {
  if (state.shards.has(exchangeIndex)) return;
  throw new MmError('shard-unknown', `The exchange has no shard ${exchangeIndex}`, {
    facts: { shards: [...state.shards].join(', ') },
    todo: 'Name it in `shards` when the exchange is made.',
  });
}
