import { Count, Money, OrderId, Ticker } from '@kalshi-mm/core';
import type { ExchangeOrder, PlacedOrder, UserId } from '@kalshi-mm/simulator';
import type { z } from 'zod';
import { accountOf, queryAccount, queryAccounts } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, type RestCall } from './endpoint.ts';
import { marketOr404 } from './market-endpoints.ts';
import {
  accepted,
  amendBody,
  batchCancelBody,
  batchCreateBody,
  createBody,
  decreaseBody,
  invalid,
  readClientOrderId,
  readCount,
  readExpiration,
  readOrder,
  readPrice,
  readSide,
} from './order-body.ts';
import { shardOf } from './portfolio-endpoints.ts';
import { queryOf } from './query.ts';

const write = {
  access: 'signed',
  bucket: 'write',
  scope: 'write::trade',
  forLockedKeys: true,
  cost: DEFAULT_COST,
} as const;
const ROOT = '/portfolio/events/orders';

/** Everything that changes orders. */
export const orderWriteEndpoints: readonly Endpoint[] = [
  { ...write, method: 'POST', path: ROOT, takesBody: true, handle: create },
  { ...write, method: 'POST', path: `${ROOT}/batched`, perItem: true, takesBody: true, handle: batchCreate },
  {
    ...write,
    method: 'DELETE',
    path: `${ROOT}/batched`,
    cost: 2,
    perItem: true,
    takesBody: true,
    handle: batchCancel,
  },
  { ...write, method: 'DELETE', path: ROOT, cost: 2, handle: cancelAll },
  { ...write, method: 'DELETE', path: `${ROOT}/:order_id`, cost: 2, handle: cancel },
  { ...write, method: 'POST', path: `${ROOT}/:order_id/amend`, takesBody: true, handle: amend },
  { ...write, method: 'POST', path: `${ROOT}/:order_id/decrease`, takesBody: true, handle: decrease },
];

function create(call: RestCall) {
  return {
    status: 201,
    body: place(call, decodeBody(createBody, call.body, 'CreateOrderV2Request')),
  } as const;
}

function batchCreate(call: RestCall) {
  const { orders } = decodeBody(batchCreateBody, call.body, 'BatchCreateOrdersV2Request');
  const entries = orders.map((order) =>
    entry(
      call,
      () => place(call, order),
      order.client_order_id ? { client_order_id: order.client_order_id } : {},
    ),
  );
  return { status: 201, body: { orders: entries } } as const;
}

function place(call: RestCall, body: z.infer<typeof createBody>): object {
  const request = readOrder(body);
  const market = marketOr404(call.exchange, request.ticker);
  const wanted = body.exchange_index ?? -1;
  // A named shard that does not list the market cannot find it.
  if (wanted >= 0 && wanted !== market.exchangeIndex) throw ApiError.nested(404, 'market_not_found');
  const placed = accepted(call.exchange.place(accountOf(call, body.subaccount), request));
  return placedJson(call, placed);
}

function cancel(call: RestCall) {
  const query = queryOf(call, 'CancelOrderV2');
  return ok(
    cancelOne(call, queryAccount(call, 'CancelOrderV2'), {
      order_id: call.param('order_id'),
      market_ticker: query.text('market_ticker'),
      exchange_index: query.integer('exchange_index', -1, 1_000),
    }),
  );
}

function batchCancel(call: RestCall) {
  const { orders } = decodeBody(batchCancelBody, call.body, 'BatchCancelOrdersV2Request');
  const entries = orders.map((order) =>
    entry(call, () => cancelOne(call, accountOf(call, order.subaccount), order), {
      order_id: order.order_id,
      reduced_by: '0.00',
    }),
  );
  return ok({ orders: entries });
}

function cancelOne(
  call: RestCall,
  account: UserId,
  body: z.infer<typeof batchCancelBody>['orders'][number],
): object {
  requireShard(call, account, body.order_id, body);
  const { order, reducedBy } = accepted(call.exchange.cancel(account, OrderId.of(body.order_id)));
  return { ...namesJson(order), reduced_by: Count.format(reducedBy), ts_ms: call.exchange.nowMs };
}

function cancelAll(call: RestCall) {
  for (const account of queryAccounts(call, 'CancelAllOrders')) call.exchange.cancelAll(account);
  return { status: 204, body: null } as const;
}

function amend(call: RestCall) {
  const account = queryAccount(call, 'AmendOrderV2');
  const body = decodeBody(amendBody, call.body, 'AmendOrderV2Request');
  const expiration = body.expiration_time ?? null;
  const change = {
    side: readSide(body.side),
    price: readPrice(body.price),
    totalCount: readCount(body.count, 'count'),
    clientOrderId: readClientOrderId(body.updated_client_order_id),
    // Omitted it stays, zero clears it.
    ...(expiration === null ? {} : { expirationMs: expiration === 0 ? null : readExpiration(expiration) }),
  };
  const orderId = OrderId.of(call.param('order_id'));
  requireShard(call, account, orderId, { market_ticker: body.ticker, exchange_index: body.exchange_index });
  if (call.exchange.order(account, orderId)?.ticker !== body.ticker) throw ApiError.nested(404, 'not_found');
  return ok(placedJson(call, accepted(call.exchange.amend(account, orderId, change))));
}

function decrease(call: RestCall) {
  const account = queryAccount(call, 'DecreaseOrderV2');
  const body = decodeBody(decreaseBody, call.body, 'DecreaseOrderV2Request');
  const by = body.reduce_by ?? null;
  const to = body.reduce_to ?? null;
  if ((by === null) === (to === null)) throw invalid('give exactly one of reduce_by and reduce_to');
  const orderId = OrderId.of(call.param('order_id'));
  requireShard(call, account, orderId, body);
  const order = call.exchange.order(account, orderId);
  if (order === null) throw ApiError.nested(404, 'not_found');
  const target =
    to === null
      ? Count.of(Math.max(0, order.remaining - readCount(by!, 'reduce_by')))
      : readCount(to, 'reduce_to', 0);
  const left = accepted(call.exchange.decrease(account, orderId, target));
  return ok({
    ...namesJson(left),
    remaining_count: Count.format(left.remaining),
    ts_ms: call.exchange.nowMs,
  });
}

/** Without a market or a shard, shard 0 is meant; an order on another shard is then not found. */
function requireShard(
  call: RestCall,
  account: UserId,
  orderId: string,
  route: {
    readonly market_ticker?: string | null | undefined;
    readonly exchange_index?: number | null | undefined;
  },
): void {
  const order = call.exchange.order(account, OrderId.of(orderId));
  if (order === null) throw ApiError.nested(404, 'not_found');
  const named = route.exchange_index ?? -1;
  const market = route.market_ticker ? call.exchange.market(Ticker.of(route.market_ticker)) : undefined;
  // A market that does not exist leads nowhere.
  const shard = named >= 0 ? named : market === undefined ? 0 : market?.exchangeIndex;
  if (shard !== shardOf(call.exchange, order.ticker)) throw ApiError.nested(404, 'not_found');
}

/** One entry of a batch: what succeeded, or the given names with the error. */
function entry(call: RestCall, act: () => object, names: object): object {
  try {
    if (call.entryFails()) throw ApiError.nested(503, 'service_unavailable');
    return act();
  } catch (error) {
    if (error instanceof ApiError) return { ...names, error: error.entry };
    throw error;
  }
}

function namesJson(order: ExchangeOrder) {
  return { order_id: order.orderId, client_order_id: order.clientOrderId };
}

function placedJson(call: RestCall, { order, fills }: PlacedOrder) {
  const filled = fills.reduce((sum, fill) => sum + fill.count, 0);
  return {
    ...namesJson(order),
    fill_count: Count.format(order.filled),
    remaining_count: Count.format(order.remaining),
    ...(filled === 0
      ? {}
      : {
          average_fill_price: perContract(
            fills.reduce((sum, fill) => sum + Money.notional(fill.price, fill.count), 0),
            filled,
          ),
          average_fee_paid: perContract(
            fills.reduce((sum, fill) => sum + fill.fee, 0),
            filled,
          ),
        }),
    ts_ms: call.exchange.nowMs,
  };
}

/** An amount per contract, four decimals, to the nearest. */
function perContract(amount: number, count: number): string {
  return Money.format(Money.of(Math.round(amount / count) * 100)).slice(0, -2);
}
