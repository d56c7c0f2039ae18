import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Everything but the discovery tables. Each statement tolerates that it was run before. */
export const tradingTables: Migration = {
  async up(db) {
    await accountTables(db);
    await ledgerTables(db);
    await observationTables(db);
    for (const [table, columns] of INDEXES) {
      const name = `${table}_${columns.join('_')}`;
      await db.schema.createIndex(name).ifNotExists().on(table).columns(columns).execute();
    }
  },
};

const INDEXES: readonly (readonly [string, string[]])[] = [
  ['orders', ['account', 'order_id']],
  ['orders', ['account', 'status']],
  ['orders', ['account', 'market_ticker']],
  ['orders', ['run_id']],
  ['order_fills', ['account', 'order_id']],
  ['order_fills', ['account', 'market_ticker', 'exchange_ms']],
  ['order_fills', ['account', 'exchange_ms']],
  ['order_fills', ['run_id']],
  ['trades', ['run_id']],
  ['position_history', ['account', 'market_ticker', 'at_ms']],
  ['market_snapshots', ['market_ticker', 'at_ms']],
  ['volatility_events', ['run_id', 'market_ticker']],
];

async function accountTables(db: Kysely<unknown>): Promise<void> {
  await table(db, 'strategy_runs', ['run_id'], {
    text: ['run_id', 'account', 'strategy_name', 'mode', 'config_params'],
    integer: ['start_ms', 'last_sequence', 'missing_records'],
    textOrNull: ['market_ticker', 'summary'],
    integerOrNull: ['end_ms'],
  }).execute();
  await table(db, 'orders', ['account', 'client_order_id'], {
    text: ['account', 'client_order_id', 'market_ticker', 'action', 'side', 'status'],
    integer: [
      'placed_ms',
      'placed_price_e4',
      'placed_quantity_e2',
      'price_e4',
      'quantity_e2',
      'filled_quantity_e2',
      'filled_notional_e6',
    ],
    textOrNull: ['order_id', 'run_id', 'purpose', 'time_in_force', 'end_reason'],
    integerOrNull: ['expiration_ms', 'ended_ms'],
  }).execute();
}

async function ledgerTables(db: Kysely<unknown>): Promise<void> {
  await table(db, 'order_fills', ['account', 'fill_id', 'order_id'], {
    text: ['account', 'fill_id', 'order_id', 'run_id', 'market_ticker', 'action', 'side', 'role'],
    integer: ['sequence', 'price_e4', 'count_e2', 'fee_e6', 'exchange_ms', 'received_ms'],
    textOrNull: ['client_order_id'],
  }).execute();
  await table(db, 'trades', ['account', 'market_ticker', 'trade_no'], {
    text: ['account', 'market_ticker', 'kind', 'run_id', 'action', 'side'],
    integer: [
      'trade_no',
      'price_e4',
      'quantity_e2',
      'fee_e6',
      'realized_pnl_e6',
      'position_after_e2',
      'cost_after_e6',
      'at_ms',
    ],
    textOrNull: ['fill_id', 'order_id'],
  }).execute();
  await table(db, 'settlements', ['account', 'market_ticker'], {
    text: ['account', 'market_ticker', 'run_id', 'result'],
    integer: ['settlement_price_e4', 'settled_ms'],
  }).execute();
  await table(db, 'position_history', ['run_id', 'sequence', 'market_ticker'], {
    text: ['run_id', 'account', 'market_ticker'],
    integer: ['sequence', 'at_ms', 'position_e2'],
    integerOrNull: ['unrealized_pnl_e6'],
  }).execute();
}

async function observationTables(db: Kysely<unknown>): Promise<void> {
  const mid = (bid: string, ask: string) =>
    sql`case when yes_bid_e4 = 0 or yes_ask_e4 = 10000 then null else (${sql.raw(bid)} + ${sql.raw(ask)}) / 2.0 end`;
  await table(db, 'market_snapshots', ['run_id', 'sequence', 'session_id'], {
    text: ['run_id', 'session_id', 'market_ticker'],
    integer: ['sequence', 'at_ms', 'yes_bid_e4', 'yes_ask_e4', 'current_position_e2'],
    realOrNull: ['reservation_price_cents'],
    integerOrNull: ['computed_bid_e4', 'computed_ask_e4'],
    textOrNull: ['gate', 'gate_value', 'gate_limit'],
  })
    .addColumn('yes_mid_e4', 'double precision', (c) =>
      c.generatedAlwaysAs(mid('yes_bid_e4', 'yes_ask_e4')).stored(),
    )
    .addColumn('no_bid_e4', 'bigint', (c) => c.generatedAlwaysAs(sql`10000 - yes_ask_e4`).stored())
    .addColumn('no_ask_e4', 'bigint', (c) => c.generatedAlwaysAs(sql`10000 - yes_bid_e4`).stored())
    .addColumn('no_mid_e4', 'double precision', (c) =>
      c.generatedAlwaysAs(mid('10000 - yes_ask_e4', '10000 - yes_bid_e4')).stored(),
    )
    .addColumn('spread_e4', 'bigint', (c) =>
      c.generatedAlwaysAs(sql`computed_ask_e4 - computed_bid_e4`).stored(),
    )
    .execute();
  await table(db, 'volatility_events', ['event_id'], {
    text: ['event_id', 'run_id', 'market_ticker'],
    integer: ['at_ms', 'close_ms'],
    real: ['signal_strength', 'sigma'],
    realOrNull: ['jump_magnitude_cents'],
    textOrNull: ['direction', 'session_id', 'end_reason'],
    integerOrNull: ['ended_ms'],
  }).execute();
  await table(db, 'volatility_sessions', ['run_id', 'session_id'], {
    text: ['run_id', 'session_id', 'market_ticker', 'start_reason'],
    integer: ['start_ms'],
    textOrNull: ['event_id', 'kill_reason'],
    integerOrNull: ['planned_end_ms', 'end_ms', 'final_pnl_e6', 'final_fees_e6', 'final_position_e2'],
  }).execute();
}

/** Column names by type; `bigint` and `double precision` mean the same in SQLite and Postgres. */
interface Columns {
  readonly text?: readonly string[];
  readonly textOrNull?: readonly string[];
  readonly integer?: readonly string[];
  readonly integerOrNull?: readonly string[];
  readonly real?: readonly string[];
  readonly realOrNull?: readonly string[];
}

function table(
  db: Kysely<unknown>,
  name: string,
  key: readonly string[],
  columns: Columns,
): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name).ifNotExists();
  const add = (
    names: readonly string[] | undefined,
    type: 'text' | 'bigint' | 'double precision',
    nullable: boolean,
  ) => {
    for (const column of names ?? []) {
      builder = builder.addColumn(column, type, (c) => (nullable ? c : c.notNull()));
    }
  };
  add(columns.text, 'text', false);
  add(columns.integer, 'bigint', false);
  add(columns.real, 'double precision', false);
  add(columns.textOrNull, 'text', true);
  add(columns.integerOrNull, 'bigint', true);
  add(columns.realOrNull, 'double precision', true);
  return builder.addPrimaryKeyConstraint(`${name}_key`, [...key]);
}
