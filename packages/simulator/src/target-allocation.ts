import type { Money, Timestamp } from '@kalshi-mm/core';
import type { Account, Purse } from './account.ts';
import type { Result, TargetAllocation } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import { refuse } from './order-rules.ts';
import { moveCash } from './shard-cash.ts';

export const NO_TARGET: TargetAllocation = { allocations: [], reservation: 'sum' };

/** Takes a target over and begins to sweep, or (no allocations) ends the sweeping. */
export function setTargetAllocation(
  state: ExchangeState,
  userId: string,
  target: TargetAllocation,
): Result<TargetAllocation> {
  const account = state.accounts.get(userId);
  if (account === undefined || account.owner !== account) return refuse('user_not_found');
  const { allocations } = target;
  if (allocations.length > 0) {
    if (account.pool !== null) return refuse('invalid_parameters', 'cash is one pool for all shards');
    const shards = allocations.map(({ exchangeIndex }) => exchangeIndex);
    if (new Set(shards).size < shards.length) return refuse('invalid_parameters', 'a shard is named twice');
    if (shards.some((shard) => !state.shards.has(shard)))
      return refuse('invalid_parameters', 'unknown shard');
    const isPart = ({ percent }: { percent: number }) => Number.isInteger(percent) && percent >= 0;
    if (!allocations.every(isPart) || allocations.reduce((sum, { percent }) => sum + percent, 0) !== 100) {
      return refuse('invalid_parameters', 'percentages must be whole and total 100');
    }
  }
  account.target = target;
  if (allocations.length > 0) planSweep(state, account, target);
  return { ok: true, value: target };
}

function planSweep(state: ExchangeState, account: Account, target: TargetAllocation): void {
  state.schedule.add((state.nowMs + SWEEP_EVERY_MS) as Timestamp, () => {
    // A newer target has a plan of its own.
    if (account.target !== target) return;
    sweep(state, account, target);
    planSweep(state, account, target);
  });
}

/** Moves cash from shards that have too much to those that have too little, by index. */
function sweep(state: ExchangeState, account: Account, { allocations, reservation }: TargetAllocation): void {
  const shards = new Set([
    ...account.purses().map((purse) => purse.exchangeIndex!),
    ...allocations.map(({ exchangeIndex }) => exchangeIndex),
  ]);
  const open = [...shards].filter((shard) => state.isExchangeActive(shard)).sort((a, b) => a - b);
  if (open.length < shards.size) return;
  const rows = open.map((shard) => {
    const purse = account.purse(shard);
    const percent = allocations.find(({ exchangeIndex }) => exchangeIndex === shard)?.percent ?? 0;
    const movable = purse === undefined ? 0 : Math.max(0, purse.cash - kept(account, purse, reservation));
    return { shard, percent, movable };
  });
  const total = rows.reduce((sum, { movable }) => sum + movable, 0);
  const surplus = rows.map(({ shard, percent, movable }) => ({
    shard,
    by: movable - Math.floor((total * percent) / 100 / CENT) * CENT,
  }));
  for (const short of surplus) {
    for (const rich of surplus) {
      const amount = Math.min(rich.by, -short.by);
      if (amount < CENT) continue;
      rich.by -= amount;
      short.by += amount;
      moveCash(state, {
        from: { account, exchangeIndex: rich.shard },
        to: { account, exchangeIndex: short.shard },
        amount: amount as Money,
        clientTransferId: null,
      });
    }
  }
}

/** What stays on a shard: never less than resting orders hold back. */
function kept(account: Account, purse: Purse, reservation: TargetAllocation['reservation']): number {
  if (reservation === 'none') return purse.reserved;
  const sides = [...account.holdings.values()]
    .filter((holding) => holding.purse === purse)
    .flatMap((holding) => [holding.gross('bid'), holding.gross('ask')]);
  const margin = reservation === 'sum' ? sides.reduce((a, b) => a + b, 0) : Math.max(0, ...sides);
  return Math.max(purse.reserved, margin);
}

const SWEEP_EVERY_MS = 10_000;
const CENT = 10_000;
