import { z } from 'zod';
import {
  bookSide,
  count,
  integer,
  money,
  optionalId,
  optionalText,
  position,
  text,
  ticker,
  time,
  tradable,
} from './wire-fields.ts';

export const FillMessage = z
  .object({
    type: z.literal('fill'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      trade_id: text,
      order_id: text,
      client_order_id: optionalText,
      market_ticker: ticker,
      book_side: bookSide,
      yes_price_dollars: tradable,
      count_fp: count,
      fee_cost: money,
      is_taker: z.boolean(),
      ts_ms: time,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    tradeId: msg.trade_id,
    orderId: msg.order_id,
    clientOrderId: msg.client_order_id ?? null,
    ticker: msg.market_ticker,
    side: msg.book_side,
    price: msg.yes_price_dollars,
    count: msg.count_fp,
    fee: msg.fee_cost,
    taker: msg.is_taker,
    exchangeMs: msg.ts_ms,
  }));

export const UserOrder = z
  .object({
    type: z.literal('user_order'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      order_id: text,
      client_order_id: optionalText,
      ticker,
      status: text,
      fill_count_fp: count,
      remaining_count_fp: count,
      last_update_reason: optionalText,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    orderId: msg.order_id,
    clientOrderId: msg.client_order_id ?? null,
    ticker: msg.ticker,
    status: msg.status,
    filled: msg.fill_count_fp,
    remaining: msg.remaining_count_fp,
    lastUpdateReason: msg.last_update_reason ?? null,
  }));

export const MarketPosition = z
  .object({
    type: z.literal('market_position'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      market_ticker: ticker,
      position_fp: position,
      position_cost_dollars: money.nullish(),
      fees_paid_dollars: money,
      realized_pnl_dollars: money,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    ticker: msg.market_ticker,
    position: msg.position_fp,
    cost: msg.position_cost_dollars ?? null,
    feesPaid: msg.fees_paid_dollars,
    realizedPnl: msg.realized_pnl_dollars,
  }));
