import * as z from 'zod';
import { OutcomeUnknownError } from '../outcome-unknown-error.ts';
import {
  encode,
  page,
  request,
  toCommas,
  toCount,
  toCountOrZero,
  toPrice,
  toSeconds,
  toShard,
  toSubaccount,
} from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import type { Priority } from '../token-lane.ts';
import { count, wire } from '../wire-fields.ts';
import {
  type AmendAnswer,
  amendAnswer,
  type CancelAnswer,
  type CancelOrdersAnswer,
  type ChangeAnswer,
  type CreateAnswer,
  type CreateOrdersAnswer,
  cancelAnswer,
  cancelOrdersAnswer,
  changeAnswer,
  createAnswer,
  createOrdersAnswer,
  type OrdersPage,
  orderAnswer,
  ordersPage,
  queuePositionsAnswer,
  type WireOrder,
  type WireQueuePosition,
} from '../wire-order.ts';

const createBody = request({
  ticker: z.string().min(1),
  /** Both sides are quoted in YES prices: `bid` buys YES, `ask` sells it, which is buying NO at 1 − price. */
  side: z.enum(['bid', 'ask']),
  count: toCount,
  price: toPrice,
  time_in_force: z.enum(['good_till_canceled', 'immediate_or_cancel', 'fill_or_kill']),
  /** Who gives way when own orders meet: the younger (`taker_at_cross`) or the resting one (`maker`). */
  self_trade_prevention_type: z.enum(['taker_at_cross', 'maker']),
  /** Names the order for ever. Without one, an order whose answer is lost cannot be told from others. */
  client_order_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, "_" and "-"')
    .optional(),
  /** With `good_till_canceled` only. */
  expiration_time: toSeconds.optional(),
  post_only: z.boolean().optional(),
  /** With `immediate_or_cancel` only. */
  reduce_only: z.boolean().optional(),
  cancel_order_on_pause: z.boolean().optional(),
  order_group_id: z.string().optional(),
  subaccount: toSubaccount.optional(),
  /** Absent: the exchange finds the shard by the ticker, more slowly. */
  exchange_index: toShard.optional(),
});

export type CreateOrder = z.input<typeof createBody>;

/** How urgent a write is among others that wait for tokens. @default 'quote' */
export interface WriteOptions {
  readonly priority?: Priority;
}

/**
 * Places an order; sent once.
 *
 * @throws OutcomeUnknownError when it may or may not have been placed: look for its `client_order_id`
 */
export function createOrder(
  http: RestWriter,
  order: CreateOrder,
  { priority = 'quote' }: WriteOptions = {},
): Promise<CreateAnswer> {
  const body = encode(createBody, order, 'POST /portfolio/events/orders');
  return http.send(
    { method: 'POST', route: route`/portfolio/events/orders`, body, priority, shard: body.exchange_index },
    createAnswer,
  );
}

/** Places several orders; each has its own outcome, also in one answer. Billed per order: it saves time alone. */
export function createOrders(
  http: RestWriter,
  orders: readonly CreateOrder[],
  { priority = 'quote' }: WriteOptions = {},
): Promise<CreateOrdersAnswer> {
  const source = 'POST /portfolio/events/orders/batched';
  const body = encode(request({ orders: z.array(createBody).min(1) }), { orders: [...orders] }, source);
  return http.send(
    {
      method: 'POST',
      route: route`/portfolio/events/orders/batched`,
      body,
      priority,
      items: orders.length,
      shard: commonShard(body.orders),
    },
    createOrdersAnswer,
  );
}

/** Where an order rests. With neither ticker nor shard the exchange looks on shard 0 alone. */
const target = {
  market_ticker: z.string().optional(),
  exchange_index: toShard.optional(),
  subaccount: toSubaccount.optional(),
};

const cancelQuery = request(target);

export type CancelOrderTarget = z.input<typeof cancelQuery>;

/** Cancels an order. A 404 says that it does not rest, not that it was not filled. */
export async function cancelOrder(
  http: RestWriter,
  orderId: string,
  query: CancelOrderTarget,
): Promise<CancelAnswer> {
  const filters = encode(cancelQuery, query, 'DELETE /portfolio/events/orders/{order_id}');
  const at = route`/portfolio/events/orders/${orderId}`;
  const answer = await http.send(
    { method: 'DELETE', route: at, query: filters, priority: 'cancel', shard: filters.exchange_index },
    cancelAnswer,
  );
  return sameOrder(answer, orderId, `DELETE ${at.path}`);
}

const cancelEntry = request({ ...target, order_id: z.string().min(1) });

export type CancelOrdersEntry = z.input<typeof cancelEntry>;

/** Cancels several orders; each has its own outcome. */
export function cancelOrders(
  http: RestWriter,
  orders: readonly CancelOrdersEntry[],
): Promise<CancelOrdersAnswer> {
  const source = 'DELETE /portfolio/events/orders/batched';
  const body = encode(request({ orders: z.array(cancelEntry).min(1) }), { orders: [...orders] }, source);
  return http.send(
    {
      method: 'DELETE',
      route: route`/portfolio/events/orders/batched`,
      body,
      priority: 'cancel',
      items: orders.length,
      shard: commonShard(body.orders),
    },
    cancelOrdersAnswer,
  );
}

const cancelAllQuery = request({ subaccount: toSubaccount.optional() });

export type CancelAllOrders = z.input<typeof cancelAllQuery>;

/**
 * Cancels everything on all shards, of all subaccounts unless one is named. A kill switch: orders placed within
 * the next minute may be canceled too.
 */
export async function cancelAllOrders(http: RestWriter, query: CancelAllOrders = {}): Promise<void> {
  const filters = encode(cancelAllQuery, query, 'DELETE /portfolio/events/orders');
  await http.send(
    { method: 'DELETE', route: route`/portfolio/events/orders`, query: filters, priority: 'cancel' },
    z.unknown(),
  );
}

const amendBody = request({
  ticker: z.string().min(1),
  side: z.enum(['bid', 'ask']),
  price: toPrice,
  /** Total: what is filled already and what is to rest. */
  count: toCount,
  client_order_id: z.string().optional(),
  updated_client_order_id: z.string().optional(),
  /** Absent: stays as it is. */
  expiration_time: toSeconds.optional(),
  exchange_index: toShard.optional(),
});

export type AmendOrderBody = z.input<typeof amendBody>;

/** `subaccount` is in the query of these two. */
export interface ChangeOptions extends WriteOptions {
  readonly subaccount?: number;
}

/** Changes price and size. The place in the queue is kept only when nothing but the size shrinks. */
export async function amendOrder(
  http: RestWriter,
  orderId: string,
  change: AmendOrderBody,
  { priority = 'quote', subaccount }: ChangeOptions = {},
): Promise<AmendAnswer> {
  const body = encode(amendBody, change, 'POST /portfolio/events/orders/{order_id}/amend');
  const at = route`/portfolio/events/orders/${orderId}/amend`;
  const answer = await http.send(
    { method: 'POST', route: at, query: { subaccount }, body, priority, shard: body.exchange_index },
    amendAnswer,
  );
  return sameOrder(answer, orderId, `POST ${at.path}`);
}

const decreaseBody = request({
  reduce_by: toCount.optional(),
  reduce_to: toCountOrZero.optional(),
  market_ticker: z.string().optional(),
  exchange_index: toShard.optional(),
}).refine((body) => (body.reduce_by === undefined) !== (body.reduce_to === undefined), {
  message: 'exactly one of reduce_by and reduce_to',
});

export type DecreaseOrderBody = z.input<typeof decreaseBody>;

/** Takes size away; the order keeps its place in the queue. */
export async function decreaseOrder(
  http: RestWriter,
  orderId: string,
  change: DecreaseOrderBody,
  { priority = 'quote', subaccount }: ChangeOptions = {},
): Promise<ChangeAnswer> {
  const body = encode(decreaseBody, change, 'POST /portfolio/events/orders/{order_id}/decrease');
  const at = route`/portfolio/events/orders/${orderId}/decrease`;
  const answer = await http.send(
    { method: 'POST', route: at, query: { subaccount }, body, priority, shard: body.exchange_index },
    changeAnswer,
  );
  return sameOrder(answer, orderId, `POST ${at.path}`);
}

const ordersQuery = request({
  ...page,
  ticker: z.string().optional(),
  event_ticker: toCommas.optional(),
  status: z.enum(['resting', 'canceled', 'executed']).optional(),
  min_ts: toSeconds.optional(),
  max_ts: toSeconds.optional(),
  /** Absent: of all subaccounts. */
  subaccount: toSubaccount.optional(),
  exchange_index: toShard.optional(),
});

export type GetOrders = z.input<typeof ordersQuery>;

/** One page of the account's orders, 1,000 at most. Reads lag writes. */
export function getOrders(http: RestReader, query: GetOrders = {}): Promise<OrdersPage> {
  return http.get(route`/portfolio/orders`, ordersPage, encode(ordersQuery, query, 'GET /portfolio/orders'));
}

export async function getOrder(http: RestReader, orderId: string): Promise<WireOrder> {
  return (await http.get(route`/portfolio/orders/${orderId}`, orderAnswer)).order;
}

const queueQuery = request({
  market_tickers: toCommas.optional(),
  event_ticker: z.string().optional(),
  /** @default 0 */
  subaccount: toSubaccount.optional(),
}).refine((query) => query.market_tickers !== undefined || query.event_ticker !== undefined, {
  message: 'market_tickers or event_ticker',
});

export type GetQueuePositions = z.input<typeof queueQuery>;

/** Contracts ahead of each resting order of some markets. */
export async function getQueuePositions(
  http: RestReader,
  query: GetQueuePositions,
): Promise<readonly WireQueuePosition[]> {
  const filters = encode(queueQuery, query, 'GET /portfolio/orders/queue_positions');
  const answer = await http.get(route`/portfolio/orders/queue_positions`, queuePositionsAnswer, filters);
  return answer.queue_positions ?? [];
}

const queuePositionAnswer = wire({ queue_position_fp: count });

/** Contracts ahead of one order. */
export async function getQueuePosition(
  http: RestReader,
  orderId: string,
): Promise<z.output<typeof queuePositionAnswer>['queue_position_fp']> {
  const at = route`/portfolio/orders/${orderId}/queue_position`;
  return (await http.get(at, queuePositionAnswer)).queue_position_fp;
}

/** Answers have described another order than the one acted upon. */
function sameOrder<Answer extends { readonly order_id: string }>(
  answer: Answer,
  orderId: string,
  source: string,
): Answer {
  if (answer.order_id === orderId) return answer;
  throw new OutcomeUnknownError(source, 'the answer describes another order');
}

/** A batch over several shards is billed to the common bucket, as far as is known. */
function commonShard(
  orders: readonly { readonly exchange_index?: number | undefined }[],
): number | undefined {
  const shard = orders[0]?.exchange_index;
  return orders.every((order) => order.exchange_index === shard) ? shard : undefined;
}
