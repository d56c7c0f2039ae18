import { type Fill, MmError, Money, type OrderReport, Position, type Timestamp } from '@kalshi-mm/core';
import type { ExchangeReads } from './exchange-reads.ts';
import { collect } from './pages.ts';
import type { PortfolioReads } from './portfolio-reads.ts';
import type { MarketPosition } from './wire-portfolio.ts';

/** The account at one moment, as the exchange has it; every list is complete. */
export interface AccountSnapshot {
  /** All resting orders. */
  readonly orders: readonly OrderReport[];
  /** Oldest first. */
  readonly fills: readonly Fill[];
  /** Every market ever traded within the exchange's live window, flat ones included. */
  readonly positions: readonly MarketPosition[];
  /** Sum over the shards. */
  readonly balance: Money;
  readonly balanceByShard: readonly { readonly exchangeIndex: number; readonly balance: Money }[];
  /** Everything above reflects the exchange at least as of this moment (its clock). */
  readonly asOfMs: Timestamp;
}

/**
 * Reads the account: resting orders, fills since `sinceMs`, balance, positions. The positions are read before and
 * after, until both agree: then no fill fell between the parts, and together they are one picture.
 *
 * @throws MmError as the reads do, and `account-moving` when the account keeps trading under the reads
 */
export async function recoverAccount(
  client: ExchangeReads & PortfolioReads,
  { sinceMs }: { readonly sinceMs: number },
): Promise<AccountSnapshot> {
  let before = await collect(client.positions());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // First, so that it is a lower bound for all that follows.
    const asOfMs = await client.userDataTimestamp();
    const orders = await collect(client.orders({ status: 'resting' }));
    const fills = await collect(client.fills({ sinceMs: Math.max(0, sinceMs) }));
    const { balance, byShard } = await client.balance();
    const positions = await collect(client.positions());
    if (samePositions(before, positions)) {
      fills.sort((a, b) => a.exchangeMs - b.exchangeMs);
      return { orders, fills, positions, balance, balanceByShard: byShard, asOfMs };
    }
    before = positions;
  }
  throw new MmError('account-moving', `The account kept trading under ${ATTEMPTS} reads`, {
    recovery: 'retry',
    todo: 'Read again when less is traded.',
  });
}

const ATTEMPTS = 20;

function samePositions(a: readonly MarketPosition[], b: readonly MarketPosition[]): boolean {
  const key = (list: readonly MarketPosition[]): string =>
    list
      .map((each) => `${each.ticker}=${Position.format(each.position)}/${Money.format(each.feesPaid)}`)
      .sort()
      .join();
  return key(a) === key(b);
}
