import { ClientOrderId, type Count, OrderId, type OrderReport, Ticker } from '@kalshi-mm/core';
import { z } from 'zod';
import { count, isoTime, msTime, optional, price, shard } from './wire-fields.ts';

const wireOrder = z
  .object({
    order_id: z.string().min(1),
    client_order_id: z.string(),
    ticker: z.string().min(1),
    book_side: z.enum(['bid', 'ask']),
    status: z.string(),
    /** The limit price, also after a better fill. */
    yes_price_dollars: price,
    initial_count_fp: count,
    fill_count_fp: count,
    remaining_count_fp: count,
    created_time: optional(isoTime),
    expiration_time: optional(isoTime),
    exchange_index: shard,
  })
  .transform(
    (wire): OrderReport => ({
      orderId: OrderId.of(wire.order_id),
      clientOrderId: ClientOrderId.of(wire.client_order_id),
      ticker: Ticker.of(wire.ticker),
      side: wire.book_side,
      price: wire.yes_price_dollars,
      status: toStatus(wire.status, wire.remaining_count_fp, wire.fill_count_fp, wire.initial_count_fp),
      initial: wire.initial_count_fp,
      filled: wire.fill_count_fp,
      remaining: wire.remaining_count_fp,
      createdMs: wire.created_time,
      expirationMs: wire.expiration_time,
      exchangeIndex: wire.exchange_index ?? UNKNOWN_SHARD,
    }),
  );

/**
 * Stands for a shard that the exchange did not name. Requests then leave `exchange_index` out, and the exchange
 * finds the shard by the market's ticker.
 */
export const UNKNOWN_SHARD = -1;

export const ordersPage = z.object({ orders: z.array(wireOrder), cursor: optional(z.string()) });

export const orderAnswer = z.object({ order: wireOrder });

/** An unknown status is read from the counts: what still has a remainder rests. */
function toStatus(status: string, remaining: Count, filled: Count, initial: Count): OrderReport['status'] {
  if (status === 'resting' || status === 'canceled' || status === 'executed') return status;
  if (remaining > 0) return 'resting';
  return filled >= initial ? 'executed' : 'canceled';
}

const queuePosition = z
  .object({ order_id: z.string().min(1), queue_position_fp: count })
  .transform((wire) => ({ orderId: OrderId.of(wire.order_id), ahead: wire.queue_position_fp }));

export const queuePositionsAnswer = z.object({ queue_positions: optional(z.array(queuePosition)) });

/** 201 of create. */
export const createAnswer = z.object({
  order_id: z.string().min(1),
  client_order_id: optional(z.string()),
  fill_count: count,
  remaining_count: count,
  ts_ms: msTime,
});

/** 200 of amend and decrease. */
export const changeAnswer = z.object({
  order_id: z.string().min(1),
  remaining_count: count,
  ts_ms: msTime,
});

/** 200 of cancel. */
export const cancelAnswer = z.object({ order_id: z.string().min(1), reduced_by: count, ts_ms: msTime });
