import { ClientOrderId, type Count, OrderId, type OrderReport, Ticker } from '@kalshi-mm/core';
import * as z from 'zod';
import {
  count,
  cursor,
  flag,
  id,
  isoTime,
  money,
  msTime,
  optional,
  outcome,
  price,
  shard,
  side,
  text,
  whole,
  wire,
  word,
} from './wire-fields.ts';

/** An order as the account's lists show it. */
export const wireOrder = wire({
  order_id: id,
  user_id: text,
  client_order_id: z.string(),
  ticker: id,
  outcome_side: optional(outcome),
  book_side: side,
  type: optional(word('limit')),
  status: word('resting', 'canceled', 'executed'),
  /** The limit price, also after a better fill. */
  yes_price_dollars: price,
  no_price_dollars: price,
  initial_count_fp: count,
  fill_count_fp: count,
  remaining_count_fp: count,
  /** Totals over the order's fills. */
  taker_fill_cost_dollars: money,
  maker_fill_cost_dollars: money,
  taker_fees_dollars: money,
  maker_fees_dollars: money,
  created_time: optional(isoTime),
  last_update_time: optional(isoTime),
  expiration_time: optional(isoTime),
  self_trade_prevention_type: optional(word('taker_at_cross', 'maker')),
  order_group_id: text,
  cancel_order_on_pause: optional(flag),
  subaccount_number: optional(whole),
  exchange_index: shard,
});

export type WireOrder = z.output<typeof wireOrder>;

export function toOrderReport(order: WireOrder): OrderReport {
  const { remaining_count_fp: remaining, fill_count_fp: filled, initial_count_fp: initial } = order;
  return {
    orderId: OrderId.of(order.order_id),
    clientOrderId: ClientOrderId.of(order.client_order_id),
    ticker: Ticker.of(order.ticker),
    side: order.book_side,
    price: order.yes_price_dollars,
    status: toStatus(order.status, remaining, filled, initial),
    initial,
    filled,
    remaining,
    createdMs: order.created_time,
    expirationMs: order.expiration_time,
    exchangeIndex: order.exchange_index ?? UNKNOWN_SHARD,
  };
}

/**
 * Stands for a shard that the exchange did not name. Requests then leave `exchange_index` out, and the exchange
 * finds the shard by the market's ticker.
 */
export const UNKNOWN_SHARD = -1;

export const ordersPage = wire({ orders: z.array(wireOrder), cursor });

export type OrdersPage = z.output<typeof ordersPage>;

export const orderAnswer = wire({ order: wireOrder });

/** An unknown status is read from the counts: what still has a remainder rests. */
function toStatus(status: string, remaining: Count, filled: Count, initial: Count): OrderReport['status'] {
  if (status === 'resting' || status === 'canceled' || status === 'executed') return status;
  if (remaining > 0) return 'resting';
  return filled >= initial ? 'executed' : 'canceled';
}

export const queuePosition = wire({
  order_id: id,
  market_ticker: text,
  /** Contracts that match before ours. */
  queue_position_fp: count,
});

export type WireQueuePosition = z.output<typeof queuePosition>;

export const queuePositionsAnswer = wire({ queue_positions: optional(z.array(queuePosition)) });

/** 201 of create. */
export const createAnswer = wire({
  order_id: id,
  client_order_id: text,
  fill_count: count,
  /** What rests now; none for an order that does not rest. */
  remaining_count: count,
  /** Per contract; absent when nothing was filled. */
  average_fill_price: optional(money),
  average_fee_paid: optional(money),
  ts_ms: msTime,
});

export type CreateAnswer = z.output<typeof createAnswer>;

/** 200 of decrease, and of amend where the answer is complete. */
export const changeAnswer = wire({
  order_id: id,
  client_order_id: text,
  remaining_count: count,
  fill_count: optional(count),
  average_fill_price: optional(money),
  average_fee_paid: optional(money),
  ts_ms: msTime,
});

export const amendAnswer = wire({ ...changeAnswer.shape, remaining_count: optional(count) });

export type AmendAnswer = z.output<typeof amendAnswer>;

export type ChangeAnswer = z.output<typeof changeAnswer>;

/** 200 of cancel. */
export const cancelAnswer = wire({ order_id: id, client_order_id: text, reduced_by: count, ts_ms: msTime });

export type CancelAnswer = z.output<typeof cancelAnswer>;

const entryError = wire({ code: text, message: text, details: text });

/** One order of a batch: placed, or refused with `error`. */
const createEntry = wire({
  order_id: text,
  client_order_id: text,
  fill_count: optional(count),
  remaining_count: optional(count),
  average_fill_price: optional(money),
  average_fee_paid: optional(money),
  ts_ms: optional(msTime),
  error: optional(entryError),
}).refine((entry) => entry.error !== null || entry.order_id !== null, {
  path: ['order_id'],
  message: 'an order or an error',
});

export const createOrdersAnswer = wire({ orders: z.array(createEntry) });

export type CreateOrdersAnswer = z.output<typeof createOrdersAnswer>;

const cancelEntry = wire({
  order_id: id,
  client_order_id: text,
  reduced_by: count,
  ts_ms: optional(msTime),
  error: optional(entryError),
});

export const cancelOrdersAnswer = wire({ orders: z.array(cancelEntry) });

export type CancelOrdersAnswer = z.output<typeof cancelOrdersAnswer>;
