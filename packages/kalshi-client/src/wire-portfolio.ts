import {
  type Count,
  type Fill,
  FillId,
  type Money,
  OrderId,
  type Position,
  Ticker,
  type Timestamp,
  WireError,
} from '@kalshi-mm/core';
import * as z from 'zod';
import {
  cents,
  count,
  cursor,
  flag,
  id,
  isoTime,
  money,
  optional,
  outcome,
  position,
  price,
  secondsTime,
  shard,
  side,
  text,
  whole,
  wire,
  word,
} from './wire-fields.ts';

export const balanceOnShard = wire({ exchange_index: whole, balance: money });

export const wireBalance = wire({
  /** Truncated to cents: use `balance_dollars`. */
  balance: cents,
  balance_dollars: money,
  portfolio_value: cents,
  updated_ts: secondsTime,
  balance_breakdown: optional(z.array(balanceOnShard)),
});

export type WireBalance = z.output<typeof wireBalance>;

/** Cash, without positions. */
export interface Balance {
  /** Sum over the shards: more than one shard alone can spend. */
  readonly balance: Money;
  /** Value of the positions by the exchange's own marks. */
  readonly portfolioValue: Money;
  readonly byShard: readonly { readonly exchangeIndex: number; readonly balance: Money }[];
}

export function toBalance(balance: WireBalance): Balance {
  return {
    balance: balance.balance_dollars,
    portfolioValue: balance.portfolio_value,
    byShard: (balance.balance_breakdown ?? []).map((part) => ({
      exchangeIndex: part.exchange_index,
      balance: part.balance,
    })),
  };
}

const wirePosition = wire({
  ticker: id,
  /** Positive holds YES, negative NO. */
  position_fp: position,
  total_traded_dollars: money,
  market_exposure_dollars: money,
  realized_pnl_dollars: money,
  fees_paid_dollars: money,
  last_updated_ts: isoTime,
  exchange_index: shard,
});

const eventPosition = wire({
  event_ticker: id,
  total_cost_dollars: money,
  total_cost_shares_fp: count,
  event_exposure_dollars: money,
  realized_pnl_dollars: money,
  fees_paid_dollars: money,
});

export const positionsPage = wire({
  market_positions: z.array(wirePosition),
  event_positions: optional(z.array(eventPosition)),
  cursor,
});

export type PositionsPage = z.output<typeof positionsPage>;

/** What the account holds in one market. */
export interface MarketPosition {
  readonly ticker: Ticker;
  readonly position: Position;
  readonly exposure: Money;
  readonly realizedPnl: Money;
  readonly feesPaid: Money;
  readonly updatedMs: Timestamp | null;
}

export function toMarketPosition(held: z.output<typeof wirePosition>): MarketPosition {
  return {
    ticker: Ticker.of(held.ticker),
    position: held.position_fp,
    exposure: held.market_exposure_dollars,
    realizedPnl: held.realized_pnl_dollars,
    feesPaid: held.fees_paid_dollars,
    updatedMs: held.last_updated_ts,
  };
}

const wireFill = wire({
  trade_id: id,
  fill_id: text,
  order_id: id,
  ticker: id,
  outcome_side: optional(outcome),
  book_side: side,
  count_fp: count,
  yes_price_dollars: price,
  no_price_dollars: price,
  is_taker: flag,
  /** Of this fill, in all. */
  fee_cost: money,
  created_time: optional(isoTime),
  ts: optional(secondsTime),
  subaccount_number: optional(whole),
  exchange_index: shard,
});

export const fillsPage = wire({ fills: z.array(wireFill), cursor });

export type FillsPage = z.output<typeof fillsPage>;

export function toFill(fill: z.output<typeof wireFill>): Fill {
  return {
    fillId: FillId.of(fill.trade_id),
    orderId: OrderId.of(fill.order_id),
    clientOrderId: null,
    ticker: Ticker.of(fill.ticker),
    side: fill.book_side,
    price: fill.yes_price_dollars,
    count: fill.count_fp,
    fee: fill.fee_cost,
    role: fill.is_taker ? 'taker' : 'maker',
    exchangeMs: fill.created_time ?? fill.ts ?? noTime(fill.trade_id),
  };
}

function noTime(tradeId: string): never {
  throw new WireError(`fill ${tradeId}: created_time`, 'an RFC 3339 time', undefined);
}

const wireSettlement = wire({
  ticker: id,
  event_ticker: z.string(),
  market_result: word('yes', 'no', 'scalar'),
  yes_count_fp: count,
  yes_total_cost_dollars: money,
  no_count_fp: count,
  no_total_cost_dollars: money,
  /** Whole cents: too coarse for sub-cent payouts. */
  revenue: cents,
  /** Payout of one YES contract. */
  value: optional(cents),
  fee_cost: money,
  settled_time: isoTime,
  exchange_index: shard,
});

export const settlementsPage = wire({ settlements: z.array(wireSettlement), cursor });

export type SettlementsPage = z.output<typeof settlementsPage>;

/** What one market paid at its end. */
export interface Settlement {
  readonly ticker: Ticker;
  readonly eventTicker: string;
  /** `yes`, `no`, `scalar`, or a word added later. */
  readonly result: string;
  readonly yesCount: Count;
  readonly noCount: Count;
  /** Whole cents on the wire: too coarse for sub-cent payouts. */
  readonly revenue: Money;
  readonly fee: Money;
  readonly settledMs: Timestamp;
  readonly exchangeIndex: number | null;
}

export function toSettlement(settled: z.output<typeof wireSettlement>): Settlement {
  return {
    ticker: Ticker.of(settled.ticker),
    eventTicker: settled.event_ticker,
    result: settled.market_result,
    yesCount: settled.yes_count_fp,
    noCount: settled.no_count_fp,
    revenue: settled.revenue,
    fee: settled.fee_cost,
    settledMs: settled.settled_time,
    exchangeIndex: settled.exchange_index,
  };
}
