import { Money, type Ticker, Timestamp } from '@kalshi-mm/core';
import { type AccountRead, ORDER_PREFIX, postAccount, readAccount } from './account-read.ts';
import { cancelOrders } from './cancel-orders.ts';
import type { BotParts } from './wire.ts';

/** What the account looked like when this run began to trade; the end is compared with it. */
export interface Opening {
  readonly atMs: Timestamp;
  /** No order of ours rested: all cash was free but what orders of other programs hold back. */
  readonly balance: Money;
  readonly foreignOrders: number;
  /** What all earlier fills and settlements in the database have changed the cash by. */
  readonly earlierCashFlow: Money;
  /** Fills from here on are compared at the end: those of earlier runs that this one had to find out, and its own. */
  readonly comparedSinceMs: Timestamp;
}

/**
 * The one way to start, after a clean stop, a crash or on the first day: read the account, tell the engine, cancel
 * what an earlier run of this bot has left resting, and take charge of its positions. Orders and positions of others
 * are left alone.
 */
export async function recover(parts: BotParts): Promise<Opening> {
  const { connection, host, clock, analytics, universe, account, log, engine, paper } = parts;
  if (paper !== null) {
    const atMs = clock.now();
    const balance = paper.startingCash;
    host.post({ type: 'balance.changed', atMs, balance });
    return { atMs, balance, foreignOrders: 0, earlierCashFlow: Money.ZERO, comparedSinceMs: atMs };
  }
  const reports = analytics.reports(account);
  const sinceMs = await firstUnknownMs(parts);
  const found = await readAccount(connection.client, sinceMs - OVERLAP_MS);
  const ours = new Set<Ticker>([
    ...(await reports.positions()).filter((each) => !each.settled && each.position !== 0).map(tickerOf),
    ...(await reports.openOrders()).map(tickerOf),
    ...found.orders.map(tickerOf),
  ]);
  for (const ticker of ours) await universe.introduce(ticker);
  for (const ticker of ours) host.post({ type: 'inventory.adopted', atMs: clock.now(), ticker });
  const tell = (read: AccountRead): void =>
    postAccount(
      read,
      host.post,
      () => clock.now(),
      (ticker) => ours.has(ticker),
    );
  tell(found);
  await cancelOrders(parts);
  // Nothing of ours can match any more: this picture is final, and its cash is not held back by orders.
  const read = await readAccount(connection.client, sinceMs - OVERLAP_MS);
  tell(read);
  const positions: Record<string, number> = {};
  for (const ticker of ours) {
    const { position } = engine.portfolio.holding(ticker);
    if (position !== 0) positions[ticker] = position / 100;
  }
  const fills = read.fills.filter((fill) => ours.has(fill.ticker) && fill.exchangeMs > sinceMs).length;
  log.info(
    { canceledOrders: found.orders.length, fills, positions, balance: Money.format(read.balance) },
    'recovered',
  );
  if (read.foreignOrders.length > 0) {
    log.warn(
      { orders: read.foreignOrders.length, prefix: ORDER_PREFIX },
      'orders of other programs are left alone',
    );
  }
  return {
    atMs: read.asOfMs,
    balance: read.balance,
    foreignOrders: read.foreignOrders.length,
    earlierCashFlow: await cashFlow(parts),
    comparedSinceMs: sinceMs,
  };
}

/** The exchange's time from which on the database may lack fills. */
async function firstUnknownMs({ analytics, account, runId, clock }: BotParts): Promise<Timestamp> {
  const lastFillMs = await analytics.reports(account).lastFillMs();
  if (lastFillMs !== null) return lastFillMs;
  const earlier = await analytics.database
    .selectFrom('strategy_runs')
    .select((e) => e.fn.min('start_ms').as('ms'))
    .where('account', '=', account)
    .where('run_id', '!=', runId)
    .executeTakeFirst();
  return earlier?.ms == null ? clock.now() : Timestamp.of(Number(earlier.ms));
}

/** What everything in the database has changed the cash by. */
async function cashFlow({ analytics, account }: BotParts): Promise<Money> {
  let sum = 0;
  for (const { realizedPnl, fees, cost } of await analytics.reports(account).positions())
    sum += realizedPnl - fees - cost;
  return Money.of(sum);
}

function tickerOf(of: { readonly ticker: Ticker }): Ticker {
  return of.ticker;
}

const OVERLAP_MS = 60_000;
