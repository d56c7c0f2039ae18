import { type Command, Count, type PlaceOrder, Price, type TimeInForce } from '@kalshi-mm/core';
import type { OrderRequest } from './order-transport.ts';
import { route } from './route.ts';

/** Translates a command into its V2 request. */
export function orderRequest(command: Command): OrderRequest {
  switch (command.type) {
    case 'order.place':
      return {
        method: 'POST',
        route: route`/portfolio/events/orders`,
        query: '',
        body: JSON.stringify(createBody(command)),
      };
    case 'order.amend': {
      const body = {
        ticker: command.ticker,
        side: command.side,
        price: Price.format(command.price),
        count: Count.format(command.totalCount),
        client_order_id: command.clientOrderId,
        ...shardOf(command.exchangeIndex),
      };
      return {
        method: 'POST',
        route: route`/portfolio/events/orders/${command.orderId}/amend`,
        query: '',
        body: JSON.stringify(body),
      };
    }
    case 'order.decrease': {
      const body = {
        reduce_to: Count.format(command.reduceTo),
        market_ticker: command.ticker,
        ...shardOf(command.exchangeIndex),
      };
      return {
        method: 'POST',
        route: route`/portfolio/events/orders/${command.orderId}/decrease`,
        query: '',
        body: JSON.stringify(body),
      };
    }
    case 'order.cancel': {
      const query = new URLSearchParams({ market_ticker: command.ticker });
      if (command.exchangeIndex >= 0) query.set('exchange_index', String(command.exchangeIndex));
      return {
        method: 'DELETE',
        route: route`/portfolio/events/orders/${command.orderId}`,
        query: `?${query}`,
        body: null,
      };
    }
  }
}

function createBody(order: PlaceOrder): Record<string, unknown> {
  const rests = order.timeInForce === 'good-till-canceled';
  return {
    ticker: order.ticker,
    client_order_id: order.clientOrderId,
    side: order.side,
    count: Count.format(order.count),
    price: Price.format(order.price),
    time_in_force: TIME_IN_FORCE[order.timeInForce],
    // Our own older order wins; the younger one is canceled.
    self_trade_prevention_type: 'taker_at_cross',
    post_only: order.postOnly,
    ...(order.reduceOnly ? { reduce_only: true } : {}),
    cancel_order_on_pause: true,
    // Whole seconds, cut downwards: never alive longer than asked. An order that cannot rest has no expiration.
    ...(rests && order.expirationMs !== null
      ? { expiration_time: Math.floor(order.expirationMs / 1000) }
      : {}),
    ...shardOf(order.exchangeIndex),
  };
}

/** A negative index stands for "not known": the exchange then finds the shard by the ticker. */
function shardOf(exchangeIndex: number): { exchange_index?: number } {
  return exchangeIndex >= 0 ? { exchange_index: exchangeIndex } : {};
}

const TIME_IN_FORCE: Readonly<Record<TimeInForce, string>> = {
  'good-till-canceled': 'good_till_canceled',
  'immediate-or-cancel': 'immediate_or_cancel',
  'fill-or-kill': 'fill_or_kill',
};
