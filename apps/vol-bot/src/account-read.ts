import type { EventSink, OrderReport, Ticker, Timestamp } from '@kalshi-mm/core';
import { type AccountSnapshot, type KalshiClient, recoverAccount } from '@kalshi-mm/kalshi-client';

/** Start of every run id, and so of every order id of ours: orders of other programs are left alone. */
export const ORDER_PREFIX = 'mm-';

/** The account at one moment, our orders apart from those of other programs. */
export interface AccountRead extends AccountSnapshot {
  /** Our resting orders. */
  readonly orders: readonly OrderReport[];
  readonly foreignOrders: readonly OrderReport[];
}

export async function readAccount(client: KalshiClient, sinceMs: number): Promise<AccountRead> {
  const snapshot = await recoverAccount(client, { sinceMs });
  const ours = (order: OrderReport): boolean => order.clientOrderId.startsWith(ORDER_PREFIX);
  return {
    ...snapshot,
    orders: snapshot.orders.filter(ours),
    foreignOrders: snapshot.orders.filter((order) => !ours(order)),
  };
}

/** Tells the engine what was read: fills first, then what they have led to. */
export function postAccount(
  read: AccountRead,
  post: EventSink,
  atMs: () => Timestamp,
  concerns: (ticker: Ticker) => boolean,
): void {
  for (const fill of read.fills)
    if (concerns(fill.ticker)) post({ type: 'order.filled', atMs: atMs(), fill });
  post({ type: 'orders.reported', atMs: atMs(), orders: read.orders, complete: true, asOfMs: read.asOfMs });
  for (const each of read.positions) {
    if (!concerns(each.ticker)) continue;
    post({
      type: 'position.reported',
      atMs: atMs(),
      ticker: each.ticker,
      position: each.position,
      cost: each.exposure,
      feesPaid: each.feesPaid,
      realizedPnl: each.realizedPnl,
    });
  }
  post({ type: 'balance.changed', atMs: atMs(), balance: read.balance });
}
