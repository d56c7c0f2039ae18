import type { Fill, Money, OrderReport, Timestamp } from '@kalshi-mm/core';
import type { ExchangeReads } from './exchange-reads.ts';
import { collect } from './pages.ts';
import type { PortfolioReads } from './portfolio-reads.ts';
import type { MarketPosition } from './wire-portfolio.ts';

/** The account as the exchange has it; every list is complete. */
export interface AccountSnapshot {
  /** All resting orders. */
  readonly orders: readonly OrderReport[];
  /** Oldest first, with a minute of overlap: known ones are recognised by `fillId`. */
  readonly fills: readonly Fill[];
  /** Markets with a position other than zero. */
  readonly positions: readonly MarketPosition[];
  /** Sum over the shards. */
  readonly balance: Money;
  readonly balanceByShard: readonly { readonly exchangeIndex: number; readonly balance: Money }[];
  /** Everything above reflects the exchange at least as of this moment (its clock). */
  readonly asOfMs: Timestamp;
}

/**
 * Reads the account in stages, at start and after a loss of the feed: resting orders, fills since `sinceMs`,
 * positions, balance. Fails as a whole: half a snapshot is no snapshot.
 *
 * @throws MmError as the reads do
 */
export async function recoverAccount(
  client: ExchangeReads & PortfolioReads,
  { sinceMs }: { readonly sinceMs: number },
): Promise<AccountSnapshot> {
  // First, so that it is a lower bound for all that follows.
  const asOfMs = await client.userDataTimestamp();
  const orders = await collect(client.orders({ status: 'resting' }));
  const fills = await collect(client.fills({ sinceMs: Math.max(0, sinceMs - OVERLAP_MS) }));
  const positions = await collect(client.positions({ openOnly: true }));
  const { balance, byShard } = await client.balance();
  fills.sort((a, b) => a.exchangeMs - b.exchangeMs);
  return { orders, fills, positions, balance, balanceByShard: byShard, asOfMs };
}

const OVERLAP_MS = 60_000;
