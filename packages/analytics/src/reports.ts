import {
  ClientOrderId,
  Count,
  FillId,
  Holding,
  Money,
  OrderId,
  Price,
  type RunId,
  Side,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import type { Kysely, Selectable } from 'kysely';
import type { ExchangeFigures, RecordedFill, RecordedPosition } from './account-picture.ts';
import type { Database, OrderFillsTable, OrderStatus } from './database.ts';
import { OPEN_STATUSES } from './project-orders.ts';
import { compareAccounts, type Difference } from './reconcile.ts';

export interface RunTotals {
  readonly runId: RunId;
  /** Orders that the run has sent. */
  readonly orders: number;
  readonly fills: number;
  /** Sum of the fills' counts. */
  readonly contracts: Count;
  readonly fees: Money;
  /** From fills and settlements that the run has seen, before fees. */
  readonly realizedPnl: Money;
  /** Audit records of the run that never reached the database; not zero means that the other figures may lack some. */
  readonly missingRecords: number;
}

export interface OpenOrder {
  readonly clientOrderId: ClientOrderId;
  /** Null while the exchange has not answered. */
  readonly orderId: OrderId | null;
  readonly runId: string | null;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly remaining: Count;
  readonly status: OrderStatus;
  readonly placedMs: Timestamp;
  readonly expirationMs: Timestamp | null;
}

/** Questions about one account: all its fills and settlements in the database, whichever run learned of them. */
export interface Reports {
  /** Null for a run that is not in the database or belongs to another account. */
  totals(runId: RunId): Promise<RunTotals | null>;
  /** Every market that was ever traded, by ticker. */
  positions(): Promise<RecordedPosition[]>;
  /** Fills of exchange time ≥ `sinceMs`, in the exchange's order. */
  fillsSince(sinceMs: Timestamp): Promise<RecordedFill[]>;
  /** Exchange time of the latest fill; where recovery starts reading, with some overlap. Null when there is none. */
  lastFillMs(): Promise<Timestamp | null>;
  /** Orders that may still match, as far as the database knows. */
  openOrders(): Promise<OpenOrder[]>;
  /** Every disagreement with the exchange's own figures; empty when they match to the unit. */
  reconcile(theirs: ExchangeFigures): Promise<Difference[]>;
}

/** @param writeWaiting called before every question, so that the answer is of this moment */
export function createReports(db: Kysely<Database>, account: string, writeWaiting: () => void): Reports {
  const fillsSince = async (sinceMs: number): Promise<RecordedFill[]> => {
    writeWaiting();
    const rows = await db
      .selectFrom('order_fills')
      .selectAll()
      .where('account', '=', account)
      .where('exchange_ms', '>=', sinceMs)
      .orderBy('exchange_ms')
      .orderBy('received_ms')
      .orderBy('run_id')
      .orderBy('sequence')
      .execute();
    return rows.map(toFill);
  };
  const positions = async (): Promise<RecordedPosition[]> => {
    const fills = await fillsSince(0);
    const settlements = await db
      .selectFrom('settlements')
      .select(['market_ticker', 'settlement_price_e4'])
      .where('account', '=', account)
      .execute();
    return foldPositions(
      fills,
      new Map(settlements.map((row) => [row.market_ticker, Price.of(integer(row.settlement_price_e4))])),
    );
  };
  return {
    fillsSince,
    positions,
    async totals(runId) {
      writeWaiting();
      return readTotals(db, account, runId);
    },
    async lastFillMs() {
      writeWaiting();
      const row = await db
        .selectFrom('order_fills')
        .select((e) => e.fn.max('exchange_ms').as('last'))
        .where('account', '=', account)
        .executeTakeFirst();
      const last = row?.last ?? null;
      return last === null ? null : Timestamp.of(integer(last));
    },
    async openOrders() {
      writeWaiting();
      return readOpenOrders(db, account);
    },
    async reconcile(theirs) {
      return compareAccounts({ fills: await fillsSince(0), positions: await positions() }, theirs);
    },
  };
}

/** Holdings from fills in the exchange's order, then settlements. */
function foldPositions(
  fills: readonly RecordedFill[],
  settlementPrices: ReadonlyMap<string, Price>,
): RecordedPosition[] {
  const holdings = new Map<Ticker, Holding>();
  for (const { ticker, side, price, count, fee } of fills) {
    const before = holdings.get(ticker) ?? Holding.EMPTY;
    holdings.set(ticker, Holding.afterFill(before, side, price, count, fee));
  }
  return [...holdings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ticker, holding]) => {
      const payout = settlementPrices.get(ticker);
      const now = payout === undefined ? holding : Holding.afterSettlement(holding, payout);
      return { ticker, ...now, averagePrice: Holding.averagePrice(now), settled: payout !== undefined };
    });
}

async function readTotals(db: Kysely<Database>, account: string, runId: RunId): Promise<RunTotals | null> {
  const run = await db
    .selectFrom('strategy_runs')
    .select('missing_records')
    .where('run_id', '=', runId)
    .where('account', '=', account)
    .executeTakeFirst();
  if (run === undefined) return null;
  const orders = await db
    .selectFrom('orders')
    .select((e) => e.fn.countAll().as('orders'))
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  const fills = await db
    .selectFrom('order_fills')
    .select((e) => [
      e.fn.countAll().as('fills'),
      e.fn.sum('count_e2').as('contracts'),
      e.fn.sum('fee_e6').as('fees'),
    ])
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  const trades = await db
    .selectFrom('trades')
    .select((e) => e.fn.sum('realized_pnl_e6').as('pnl'))
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return {
    runId,
    orders: integer(orders.orders),
    fills: integer(fills.fills),
    contracts: Count.of(sum(fills.contracts)),
    fees: Money.of(sum(fills.fees)),
    realizedPnl: Money.of(sum(trades.pnl)),
    missingRecords: integer(run.missing_records),
  };
}

async function readOpenOrders(db: Kysely<Database>, account: string): Promise<OpenOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('account', '=', account)
    .where('status', 'in', [...OPEN_STATUSES])
    .orderBy('placed_ms')
    .orderBy('client_order_id')
    .execute();
  return rows.map((row) => ({
    clientOrderId: ClientOrderId.of(row.client_order_id),
    orderId: row.order_id === null ? null : OrderId.of(row.order_id),
    runId: row.run_id,
    ticker: Ticker.of(row.market_ticker),
    side: sideOf(row.action),
    price: Price.of(integer(row.price_e4)),
    remaining: Count.of(integer(row.quantity_e2) - integer(row.filled_quantity_e2)),
    status: row.status,
    placedMs: Timestamp.of(integer(row.placed_ms)),
    expirationMs: row.expiration_ms === null ? null : Timestamp.of(integer(row.expiration_ms)),
  }));
}

function toFill(row: Selectable<OrderFillsTable>): RecordedFill {
  return {
    fillId: FillId.of(row.fill_id),
    orderId: OrderId.of(row.order_id),
    ticker: Ticker.of(row.market_ticker),
    side: sideOf(row.action),
    price: Price.of(integer(row.price_e4)),
    count: Count.of(integer(row.count_e2)),
    fee: Money.of(integer(row.fee_e6)),
    role: row.role,
    exchangeMs: Timestamp.of(integer(row.exchange_ms)),
    runId: row.run_id,
  };
}

function sideOf(action: string): Side {
  return Side.of(action === 'buy' ? 'buy' : 'sell', 'yes');
}

/** An integer column; Postgres hands 64-bit integers over as text. The callers' constructors check the range. */
function integer(value: number | string | bigint): number {
  return Number(value);
}

/** The sum of no rows is null in SQL. */
function sum(value: number | string | bigint | null): number {
  return value === null ? 0 : integer(value);
}
