import { Money, type Ticker, type Timestamp } from '@kalshi-mm/core';
import { restingValue } from '@kalshi-mm/risk';
import { ORDER_PREFIX, postAccount, readAccount } from './account-read.ts';
import type { BotParts } from './wire.ts';

/** What the account looked like when this run began to trade; the end is compared with it. */
export interface Opening {
  readonly atMs: Timestamp;
  readonly balance: Money;
  readonly adoptedOrders: number;
  readonly recoveredFills: number;
  readonly adoptedPositions: readonly Ticker[];
}

/**
 * The one way to start, after a clean stop, a crash or on the first day: read the account, tell the engine, and
 * take charge of what an earlier run of this bot has left. Orders and positions of others are left alone.
 */
export async function recover(parts: BotParts): Promise<Opening> {
  const { connection, host, clock, analytics, universe, account, log, engine, paper } = parts;
  if (paper !== null) {
    const balance = paper.startingCash;
    host.post({ type: 'balance.changed', atMs: clock.now(), balance });
    return { atMs: clock.now(), balance, adoptedOrders: 0, recoveredFills: 0, adoptedPositions: [] };
  }
  const recorded = await analytics.reports(account).positions();
  const ours = new Set<Ticker>(
    recorded.filter((each) => !each.settled && each.position !== 0).map((each) => each.ticker),
  );
  const openings = await analytics.reports(account).openOrders();
  for (const order of openings) ours.add(order.ticker);
  const lastFillMs = await analytics.reports(account).lastFillMs();
  const read = await readAccount(connection.client, (lastFillMs ?? clock.now()) - OVERLAP_MS);
  for (const order of read.orders) ours.add(order.ticker);
  for (const ticker of ours) await universe.introduce(ticker);
  for (const ticker of ours) host.post({ type: 'inventory.adopted', atMs: clock.now(), ticker });
  postAccount(
    read,
    host.post,
    () => clock.now(),
    (ticker) => ours.has(ticker),
  );
  const adoptedPositions = [...ours].filter((ticker) => engine.portfolio.holding(ticker).position !== 0);
  const opening: Opening = {
    atMs: read.asOfMs,
    // Cash, whether resting orders hold it back or not: they will be gone at the end.
    balance: Money.add(read.balance, heldBack(parts)),
    adoptedOrders: read.orders.length,
    recoveredFills: read.fills.filter((fill) => ours.has(fill.ticker)).length,
    adoptedPositions,
  };
  log.info(
    {
      orders: opening.adoptedOrders,
      fills: opening.recoveredFills,
      positions: Object.fromEntries(
        adoptedPositions.map((t) => [t, engine.portfolio.holding(t).position / 100]),
      ),
      balance: Money.format(opening.balance),
    },
    'recovered',
  );
  if (read.foreignOrders.length > 0) {
    log.warn(
      { orders: read.foreignOrders.length, prefix: ORDER_PREFIX },
      'orders of other programs are left alone',
    );
  }
  return opening;
}

/** Collateral of the adopted orders. */
function heldBack({ engine }: BotParts): Money {
  let sum = 0;
  for (const ticker of engine.orders.tickersWithOpenOrders()) {
    const { position, cost } = engine.portfolio.holding(ticker);
    sum += restingValue({ position, cost, openOrders: engine.orders.openIn(ticker) });
  }
  return Money.of(sum);
}

const OVERLAP_MS = 60_000;
