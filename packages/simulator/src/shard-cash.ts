import { MmError, type Money } from '@kalshi-mm/core';
import { Account, type Purse } from './account.ts';
import type { CashOutput, Result, ShardFunding, ShardTransfer, TransferOptions } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import { refuse } from './order-rules.ts';
import { Subaccount } from './subaccount.ts';

/** Opens an account with one pool of money, or with money on named shards. @throws MmError `user-exists`, `user-name` */
export function addAccount(
  state: ExchangeState,
  userId: string,
  cash: Money | readonly ShardFunding[],
  house: boolean,
): void {
  if (state.accounts.has(userId)) throw new MmError('user-exists', `User ${userId} exists already`);
  if (Subaccount.ownerOf(userId) !== userId) {
    throw new MmError('user-name', `${userId} is the name of a subaccount, not of a user`);
  }
  const pooled = typeof cash === 'number';
  const account = new Account(userId, pooled, house);
  state.accounts.set(userId, account);
  const funding = pooled ? [{ exchangeIndex: 0, cash }] : cash;
  for (const { exchangeIndex, cash: amount } of funding) {
    checkShard(state, exchangeIndex);
    change(state, account, account.provision(exchangeIndex), amount, 'deposit');
  }
}

/** Opens the next subaccount of a user, without cash. */
export function createSubaccount(
  state: ExchangeState,
  userId: string,
  exchangeIndex: number,
): Result<number> {
  const owner = state.accounts.get(userId);
  if (owner === undefined || owner.owner !== owner) return refuse('user_not_found');
  if (!state.shards.has(exchangeIndex)) return refuse('invalid_parameters', 'unknown shard');
  const number = owner.family.length;
  if (number > Subaccount.MAX) return refuse('invalid_parameters', 'no more than 63 subaccounts');
  const account = new Account(Subaccount.idOf(userId, number), owner.pool !== null, owner.house, owner);
  state.accounts.set(account.userId, account);
  change(state, account, account.provision(exchangeIndex), 0, 'deposit');
  return { ok: true, value: number };
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

/** Pays the reward of an incentive program to where its market's money lies. */
export function payIncentive(
  state: ExchangeState,
  userId: string,
  amount: Money,
  exchangeIndex: number,
): void {
  const account = state.accounts.get(userId);
  if (account !== undefined) change(state, account, account.provision(exchangeIndex), amount, 'incentive');
}

/** Moves free cash between shards, or accounts, of a user, at once. */
export function transferCash(
  state: ExchangeState,
  userId: string,
  from: number,
  to: number,
  amount: Money,
  options: TransferOptions,
): Result<ShardTransfer> {
  const { fromSubaccount = 0, toSubaccount = 0, clientTransferId = null } = options;
  const source = state.accounts.get(Subaccount.idOf(userId, fromSubaccount));
  const target = state.accounts.get(Subaccount.idOf(userId, toSubaccount));
  if (source === undefined || target === undefined) return refuse('user_not_found');
  if (!state.shards.has(from) || !state.shards.has(to)) return refuse('invalid_parameters', 'unknown shard');
  if (!state.isExchangeActive(from) || !state.isExchangeActive(to)) return refuse('exchange_is_paused');
  if (source.pool !== null && from !== to) {
    return refuse('invalid_parameters', 'cash is one pool for all shards');
  }
  if (source === target && from === to) {
    return refuse('invalid_parameters', 'source and destination are the same');
  }
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    return refuse('invalid_parameters', 'amount must be positive');
  }
  if (
    clientTransferId !== null &&
    source.transfers.some((one) => one.clientTransferId === clientTransferId)
  ) {
    return refuse('transfer_already_exists');
  }
  const purse = source.purse(from);
  if (purse === undefined) return refuse('user_not_found');
  if (purse.free < amount) return refuse('insufficient_balance');
  const transfer = moveCash(state, {
    from: { account: source, exchangeIndex: from },
    to: { account: target, exchangeIndex: to },
    amount,
    clientTransferId,
  });
  return { ok: true, value: transfer };
}

interface Place {
  readonly account: Account;
  readonly exchangeIndex: number;
}

/** Books a transfer that is allowed; the destination is provisioned if need be. */
export function moveCash(
  state: ExchangeState,
  move: {
    readonly from: Place;
    readonly to: Place;
    readonly amount: Money;
    readonly clientTransferId: string | null;
  },
): ShardTransfer {
  const { from, to, amount, clientTransferId } = move;
  const transfer: ShardTransfer = {
    transferId: state.nextId(),
    from: from.exchangeIndex,
    to: to.exchangeIndex,
    fromSubaccount: from.account.number,
    toSubaccount: to.account.number,
    amount,
    clientTransferId,
    atMs: state.nowMs,
  };
  change(state, from.account, from.account.provision(from.exchangeIndex), -amount, 'transfer');
  change(state, to.account, to.account.provision(to.exchangeIndex), amount, 'transfer');
  from.account.transfers.push(transfer);
  return transfer;
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
