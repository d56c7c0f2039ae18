import {
  type EventSink,
  type Fill,
  Money,
  type OrderReport,
  Position,
  type Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import { collect, type KalshiClient, type MarketPosition } from '@kalshi-mm/kalshi-client';

/** Start of every run id, and so of every order id of ours: orders of other programs are left alone. */
export const ORDER_PREFIX = 'mm-';

/** The account at one moment, by the exchange. */
export interface AccountRead {
  /** Our resting orders. */
  readonly orders: readonly OrderReport[];
  /** Resting orders of other programs. */
  readonly foreignOrders: readonly OrderReport[];
  /** Oldest first. */
  readonly fills: readonly Fill[];
  /** Every market ever traded within the exchange's live window, flat ones included. */
  readonly positions: readonly MarketPosition[];
  readonly balance: Money;
  readonly asOfMs: Timestamp;
}

/**
 * Reads the account until two reads of the positions around the fills agree: then no fill fell between the parts,
 * and together they are one consistent picture.
 */
export async function readAccount(client: KalshiClient, sinceMs: number): Promise<AccountRead> {
  let before = await collect(client.positions());
  for (;;) {
    const asOfMs = await client.userDataTimestamp();
    const all = await collect(client.orders({ status: 'resting' }));
    const fills = await collect(client.fills({ sinceMs: Math.max(0, sinceMs) }));
    const { balance } = await client.balance();
    const after = await collect(client.positions());
    if (samePositions(before, after)) {
      const ours = (order: OrderReport): boolean => order.clientOrderId.startsWith(ORDER_PREFIX);
      return {
        orders: all.filter(ours),
        foreignOrders: all.filter((order) => !ours(order)),
        fills: fills.sort((a, b) => a.exchangeMs - b.exchangeMs),
        positions: after,
        balance,
        asOfMs,
      };
    }
    before = after;
  }
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

function samePositions(a: readonly MarketPosition[], b: readonly MarketPosition[]): boolean {
  const key = (list: readonly MarketPosition[]): string =>
    list
      .map((each) => `${each.ticker}=${Position.format(each.position)}/${Money.format(each.feesPaid)}`)
      .sort()
      .join();
  return key(a) === key(b);
}
