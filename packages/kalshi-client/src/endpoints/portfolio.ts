import * as z from 'zod';
import { encode, page, request, toSeconds, toShard, toSubaccount } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { anyTime, cents, cursor, id, optional, wire, word } from '../wire-fields.ts';
import {
  balanceOnShard,
  type FillsPage,
  fillsPage,
  type PositionsPage,
  positionsPage,
  type SettlementsPage,
  settlementsPage,
  type WireBalance,
  wireBalance,
} from '../wire-portfolio.ts';

const balanceQuery = request({
  /** @default 0 */
  subaccount: toSubaccount.optional(),
  /** Absent: the sum over all shards, more than one of them can spend. */
  exchange_index: toShard.optional(),
});

export type GetBalance = z.input<typeof balanceQuery>;

export function getBalance(http: RestReader, query: GetBalance = {}): Promise<WireBalance> {
  const filters = encode(balanceQuery, query, 'GET /portfolio/balance');
  return http.get(route`/portfolio/balance`, wireBalance, filters);
}

const positionsQuery = request({
  ...page,
  /** Leaves out what is zero in it. */
  count_filter: z.enum(['position', 'total_traded']).optional(),
  ticker: z.string().optional(),
  event_ticker: z.string().optional(),
  settlement_status: z.enum(['unsettled', 'settled', 'all']).optional(),
  /** @default 0 */
  subaccount: toSubaccount.optional(),
  exchange_index: toShard.optional(),
});

export type GetPositions = z.input<typeof positionsQuery>;

export function getPositions(http: RestReader, query: GetPositions = {}): Promise<PositionsPage> {
  const filters = encode(positionsQuery, query, 'GET /portfolio/positions');
  return http.get(route`/portfolio/positions`, positionsPage, filters);
}

const fillsQuery = request({
  ...page,
  ticker: z.string().optional(),
  order_id: z.string().optional(),
  min_ts: toSeconds.optional(),
  max_ts: toSeconds.optional(),
  /** Absent: of all subaccounts. */
  subaccount: toSubaccount.optional(),
  exchange_index: toShard.optional(),
});

export type GetFills = z.input<typeof fillsQuery>;

export function getFills(http: RestReader, query: GetFills = {}): Promise<FillsPage> {
  return http.get(route`/portfolio/fills`, fillsPage, encode(fillsQuery, query, 'GET /portfolio/fills'));
}

const settlementsQuery = request({
  ...page,
  ticker: z.string().optional(),
  event_ticker: z.string().optional(),
  min_ts: toSeconds.optional(),
  max_ts: toSeconds.optional(),
  /** Absent: of all subaccounts. */
  subaccount: toSubaccount.optional(),
});

export type GetSettlements = z.input<typeof settlementsQuery>;

export function getSettlements(http: RestReader, query: GetSettlements = {}): Promise<SettlementsPage> {
  const filters = encode(settlementsQuery, query, 'GET /portfolio/settlements');
  return http.get(route`/portfolio/settlements`, settlementsPage, filters);
}

const restingValueAnswer = wire({
  total_resting_order_value: cents,
  resting_order_value_breakdown: optional(z.array(balanceOnShard)),
});

export type RestingOrderValue = z.output<typeof restingValueAnswer>;

/** What resting orders are worth; for members of clearing firms, refused for others. */
export function getRestingOrderValue(http: RestReader): Promise<RestingOrderValue> {
  return http.get(route`/portfolio/summary/total_resting_order_value`, restingValueAnswer);
}

const listQuery = request(page);

export type GetMoneyMovements = z.input<typeof listQuery>;

const movement = wire({
  id,
  status: word('pending', 'applied', 'failed', 'returned'),
  type: word('ach', 'wire', 'crypto', 'debit', 'apm'),
  amount_cents: cents,
  fee_cents: cents,
  created_ts: anyTime,
  finalized_ts: optional(anyTime),
});

/** A deposit or a withdrawal. */
export type MoneyMovement = z.output<typeof movement>;

const depositsPage = wire({ deposits: z.array(movement), cursor });

export type DepositsPage = z.output<typeof depositsPage>;

export function getDeposits(http: RestReader, query: GetMoneyMovements = {}): Promise<DepositsPage> {
  const filters = encode(listQuery, query, 'GET /portfolio/deposits');
  return http.get(route`/portfolio/deposits`, depositsPage, filters);
}

const withdrawalsPage = wire({ withdrawals: z.array(movement), cursor });

export type WithdrawalsPage = z.output<typeof withdrawalsPage>;

export function getWithdrawals(http: RestReader, query: GetMoneyMovements = {}): Promise<WithdrawalsPage> {
  const filters = encode(listQuery, query, 'GET /portfolio/withdrawals');
  return http.get(route`/portfolio/withdrawals`, withdrawalsPage, filters);
}
