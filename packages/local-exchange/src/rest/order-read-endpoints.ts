import { Count, OrderId } from '@kalshi-mm/core';
import type { ExchangeOrder } from '@kalshi-mm/simulator';
import { orderJson } from '../wire/order-json.ts';
import { merged, openAccounts, queryAccount, queryAccounts } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, laggingRead, ok, ownRead, type RestCall } from './endpoint.ts';
import { pageOf } from './page.ts';
import { shardFilter, shardOf, timeFilter } from './portfolio-endpoints.ts';
import { queryOf } from './query.ts';

/** Reads of the signer's orders. */
export const orderReadEndpoints: readonly Endpoint[] = [
  laggingRead('/portfolio/orders', 'signed', (call) => ordersPage(call, 'GetOrders')),
  ownRead('/portfolio/orders/queue_positions', queuePositions),
  { ...laggingRead('/portfolio/orders/:order_id', 'signed', one), cost: 2 },
  ownRead('/portfolio/orders/:order_id/queue_position', queuePosition),
];

/** Orders of the live or the historical tier; what rests is always live. */
export function ordersPage(call: RestCall, operation: 'GetOrders' | 'GetHistoricalOrders') {
  const { exchange } = call;
  const query = queryOf(call, operation);
  const accounts = queryAccounts(call, operation);
  const status = query.oneOf('status', ['resting', 'canceled', 'executed']);
  const ticker = query.text('ticker');
  const events = query.list('event_ticker', 10);
  const inTime = timeFilter(query);
  const onShard = shardFilter(call, query);
  const all = merged(accounts, exchange.orders, (order) => order.createdMs)
    .filter(
      (order) =>
        isOld(call, order) === (operation === 'GetHistoricalOrders') &&
        (status === null || order.status === status) &&
        (ticker === null || order.ticker === ticker) &&
        (events === null || events.includes(exchange.market(order.ticker)?.eventTicker ?? '')) &&
        onShard(order.ticker) &&
        inTime(order.createdMs),
    )
    .reverse();
  const page = pageOf(query, all, (order) => order.orderId);
  const orders = page.items.map((order) => orderJson(order, shardOf(exchange, order.ticker)));
  return ok({ orders, cursor: page.cursor });
}

function isOld({ records }: RestCall, { status, updatedMs }: ExchangeOrder): boolean {
  return status !== 'resting' && updatedMs < records.cutoffMs;
}

function one(call: RestCall) {
  const order = orderOr404(call);
  return ok({ order: orderJson(order, shardOf(call.exchange, order.ticker)) });
}

function queuePosition(call: RestCall) {
  const order = orderOr404(call);
  if (order.status !== 'resting') throw ApiError.nested(404, 'not_found');
  return ok({ queue_position_fp: Count.format(call.exchange.queueAhead(order.orderId)) });
}

function queuePositions(call: RestCall) {
  const { exchange } = call;
  const query = queryOf(call, 'GetOrderQueuePositions');
  const tickers = query.list('market_tickers');
  const event = query.text('event_ticker');
  if (tickers === null && event === null) {
    throw ApiError.nested(400, 'invalid_parameters', 'market_tickers or event_ticker is required');
  }
  const rows = exchange
    .orders(queryAccount(call, 'GetOrderQueuePositions'))
    .filter(
      (order) =>
        order.status === 'resting' &&
        (tickers === null || tickers.includes(order.ticker)) &&
        (event === null || exchange.market(order.ticker)?.eventTicker === event),
    )
    .map((order) => ({
      order_id: order.orderId,
      market_ticker: order.ticker,
      queue_position_fp: Count.format(exchange.queueAhead(order.orderId)),
    }));
  return ok({ queue_positions: rows });
}

/** @throws ApiError 404 `not_found` */
function orderOr404(call: RestCall): ExchangeOrder {
  const orderId = OrderId.of(call.param('order_id'));
  for (const account of openAccounts(call)) {
    const order = call.exchange.order(account, orderId);
    if (order !== null) return order;
  }
  throw ApiError.nested(404, 'not_found');
}
