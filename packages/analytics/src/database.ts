import type { ColumnType } from 'kysely';

/**
 * The tables as Kysely sees them. Suffixes name the unit of an integer: `_e4` is 0.0001 dollar per contract (core's
 * Price), `_e2` 0.01 contract (Count, Position), `_e6` 0.000001 dollar (Money), `_ms` milliseconds since the epoch.
 * Prices are YES prices; `action` and `side` read as core's `Side.of(action, side)`.
 */
export interface Database {
  strategy_runs: StrategyRunsTable;
  market_snapshots: MarketSnapshotsTable;
  orders: OrdersTable;
  order_fills: OrderFillsTable;
  trades: TradesTable;
  settlements: SettlementsTable;
  position_history: PositionHistoryTable;
  volatility_events: VolatilityEventsTable;
  volatility_sessions: VolatilitySessionsTable;
}

/** A column that the database computes from others. */
type Computed<T> = ColumnType<T, never, never>;

export interface StrategyRunsTable {
  run_id: string;
  /** The money that the run trades with; fills and positions belong to it, not to the run. */
  account: string;
  strategy_name: string;
  /** Set only by a program that trades a single market. */
  market_ticker: string | null;
  mode: string;
  start_ms: number;
  end_ms: number | null;
  /** JSON. */
  config_params: string;
  /** JSON. */
  summary: string | null;
  /** Sequence of the last audit record that is in the database. */
  last_sequence: number;
  /** Audit records of the run that never arrived here. */
  missing_records: number;
}

/** What one session saw and wanted in one step. */
export interface MarketSnapshotsTable {
  run_id: string;
  sequence: number;
  session_id: string;
  at_ms: number;
  market_ticker: string;
  /** 0: no bid. */
  yes_bid_e4: number;
  /** 10,000: no ask. */
  yes_ask_e4: number;
  /** Null when a side is empty. */
  yes_mid_e4: Computed<number | null>;
  no_bid_e4: Computed<number>;
  no_ask_e4: Computed<number>;
  no_mid_e4: Computed<number | null>;
  current_position_e2: number;
  /** Model output in cents, not rounded. */
  reservation_price_cents: number | null;
  computed_bid_e4: number | null;
  computed_ask_e4: number | null;
  spread_e4: Computed<number | null>;
  /** Why there was no quote. */
  gate: string | null;
  gate_value: string | null;
  gate_limit: string | null;
}

export type OrderStatus =
  | 'placed'
  | 'unconfirmed'
  | 'partially_filled'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected';

export interface OrdersTable {
  account: string;
  client_order_id: string;
  /** Null until the exchange has answered. */
  order_id: string | null;
  /** Null for an order that was found on the exchange. */
  run_id: string | null;
  market_ticker: string;
  action: string;
  side: string;
  purpose: string | null;
  time_in_force: string | null;
  placed_ms: number;
  placed_price_e4: number;
  placed_quantity_e2: number;
  /** Price now, after amendments. */
  price_e4: number;
  /** Total now, after amendments; filled when the fills reach it. */
  quantity_e2: number;
  status: OrderStatus;
  filled_quantity_e2: number;
  /** Σ price × count of the fills, exact; the average price is this over the quantity. */
  filled_notional_e6: number;
  expiration_ms: number | null;
  ended_ms: number | null;
  end_reason: string | null;
}

/** The exchange's fills: the only authority on quantity. */
export interface OrderFillsTable {
  account: string;
  fill_id: string;
  order_id: string;
  client_order_id: string | null;
  /** The run that learned of it. */
  run_id: string;
  sequence: number;
  market_ticker: string;
  action: string;
  side: string;
  price_e4: number;
  count_e2: number;
  fee_e6: number;
  role: string;
  exchange_ms: number;
  received_ms: number;
}

/** Fills and settlements of one market in the exchange's order, with the average-cost account after each. */
export interface TradesTable {
  account: string;
  market_ticker: string;
  /** 1, 2, 3 … within account and market. */
  trade_no: number;
  kind: 'fill' | 'settlement';
  run_id: string;
  fill_id: string | null;
  order_id: string | null;
  action: string;
  side: string;
  price_e4: number;
  quantity_e2: number;
  fee_e6: number;
  /** What this trade realised, before fees. */
  realized_pnl_e6: number;
  position_after_e2: number;
  /** Premium paid for the open position. */
  cost_after_e6: number;
  at_ms: number;
}

export interface SettlementsTable {
  account: string;
  market_ticker: string;
  run_id: string;
  result: string;
  settlement_price_e4: number;
  settled_ms: number;
}

export interface PositionHistoryTable {
  run_id: string;
  sequence: number;
  account: string;
  market_ticker: string;
  at_ms: number;
  position_e2: number;
  /** At the price at which the position could leave (best bid for YES, best ask for NO); null when unknown. */
  unrealized_pnl_e6: number | null;
}

export interface VolatilityEventsTable {
  event_id: string;
  run_id: string;
  market_ticker: string;
  at_ms: number;
  signal_strength: number;
  /** Dollars per observation. */
  sigma: number;
  jump_magnitude_cents: number | null;
  direction: string | null;
  close_ms: number;
  /** The session that it started, if any. */
  session_id: string | null;
  ended_ms: number | null;
  end_reason: string | null;
}

export interface VolatilitySessionsTable {
  run_id: string;
  session_id: string;
  event_id: string | null;
  market_ticker: string;
  start_ms: number;
  start_reason: string;
  planned_end_ms: number | null;
  end_ms: number | null;
  kill_reason: string | null;
  /** Realised, after fees. */
  final_pnl_e6: number | null;
  final_fees_e6: number | null;
  final_position_e2: number | null;
}
