import {
  type Count,
  type Fill,
  FillId,
  type Money,
  OrderId,
  type Position,
  Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import { z } from 'zod';
import { cents, count, isoTime, money, optional, position, price, shard } from './wire-fields.ts';

/** Cash, without positions. */
export interface Balance {
  /** Sum over the shards: more than one shard alone can spend. */
  readonly balance: Money;
  /** Value of the positions by the exchange's own marks. */
  readonly portfolioValue: Money;
  readonly byShard: readonly { readonly exchangeIndex: number; readonly balance: Money }[];
}

export const balanceAnswer = z
  .object({
    balance_dollars: money,
    portfolio_value: cents,
    balance_breakdown: optional(z.array(z.object({ exchange_index: z.number().int(), balance: money }))),
  })
  .transform(
    (wire): Balance => ({
      balance: wire.balance_dollars,
      portfolioValue: wire.portfolio_value,
      byShard: (wire.balance_breakdown ?? []).map((part) => ({
        exchangeIndex: part.exchange_index,
        balance: part.balance,
      })),
    }),
  );

/** What the account holds in one market. */
export interface MarketPosition {
  readonly ticker: Ticker;
  readonly position: Position;
  readonly exposure: Money;
  readonly realizedPnl: Money;
  readonly feesPaid: Money;
  readonly updatedMs: Timestamp | null;
}

const wirePosition = z
  .object({
    ticker: z.string().min(1),
    position_fp: position,
    market_exposure_dollars: money,
    realized_pnl_dollars: money,
    fees_paid_dollars: money,
    last_updated_ts: optional(isoTime),
  })
  .transform(
    (wire): MarketPosition => ({
      ticker: Ticker.of(wire.ticker),
      position: wire.position_fp,
      exposure: wire.market_exposure_dollars,
      realizedPnl: wire.realized_pnl_dollars,
      feesPaid: wire.fees_paid_dollars,
      updatedMs: wire.last_updated_ts,
    }),
  );

export const positionsPage = z.object({
  market_positions: z.array(wirePosition),
  cursor: optional(z.string()),
});

const wireFill = z
  .object({
    trade_id: z.string().min(1),
    order_id: z.string().min(1),
    ticker: z.string().min(1),
    book_side: z.enum(['bid', 'ask']),
    count_fp: count,
    yes_price_dollars: price,
    is_taker: z.boolean(),
    fee_cost: money,
    created_time: isoTime,
  })
  .transform(
    (wire): Fill => ({
      fillId: FillId.of(wire.trade_id),
      orderId: OrderId.of(wire.order_id),
      clientOrderId: null,
      ticker: Ticker.of(wire.ticker),
      side: wire.book_side,
      price: wire.yes_price_dollars,
      count: wire.count_fp,
      fee: wire.fee_cost,
      role: wire.is_taker ? 'taker' : 'maker',
      exchangeMs: wire.created_time,
    }),
  );

export const fillsPage = z.object({ fills: z.array(wireFill), cursor: optional(z.string()) });

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

const wireSettlement = z
  .object({
    ticker: z.string().min(1),
    event_ticker: z.string(),
    market_result: z.string(),
    yes_count_fp: count,
    no_count_fp: count,
    revenue: cents,
    fee_cost: money,
    settled_time: isoTime,
    exchange_index: shard,
  })
  .transform(
    (wire): Settlement => ({
      ticker: Ticker.of(wire.ticker),
      eventTicker: wire.event_ticker,
      result: wire.market_result,
      yesCount: wire.yes_count_fp,
      noCount: wire.no_count_fp,
      revenue: wire.revenue,
      fee: wire.fee_cost,
      settledMs: wire.settled_time,
      exchangeIndex: wire.exchange_index,
    }),
  );

export const settlementsPage = z.object({
  settlements: z.array(wireSettlement),
  cursor: optional(z.string()),
});
