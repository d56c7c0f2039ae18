import { Count, Money } from '@kalshi-mm/core';
import { type ExchangeOrder, type SelfTradePrevention, Subaccount } from '@kalshi-mm/simulator';
import { directionJson } from './direction-json.ts';
import { isoTime } from './iso-time.ts';

/** An order as `GET /portfolio/orders` shows it; `yes_price_dollars` is the limit. */
export function orderJson(order: ExchangeOrder, exchangeIndex: number) {
  return {
    order_id: order.orderId,
    user_id: Subaccount.ownerOf(order.userId),
    client_order_id: order.clientOrderId,
    ticker: order.ticker,
    type: 'limit',
    status: order.status,
    ...directionJson(order.side, order.price),
    ...orderTotalsJson(order),
    created_time: isoTime(order.createdMs),
    last_update_time: isoTime(order.updatedMs),
    ...(order.expirationMs === null ? {} : { expiration_time: isoTime(order.expirationMs) }),
    self_trade_prevention_type: selfTradePreventionJson(order.selfTradePrevention),
    ...(order.orderGroupId === null ? {} : { order_group_id: order.orderGroupId }),
    cancel_order_on_pause: order.cancelOnPause,
    ...(order.lastUpdateReason === null ? {} : { last_update_reason: order.lastUpdateReason }),
    subaccount_number: Subaccount.numberOf(order.userId),
    exchange_index: exchangeIndex,
  };
}

/** The order's counts, costs and fees, the same in REST and WebSocket. */
export function orderTotalsJson(order: ExchangeOrder) {
  return {
    initial_count_fp: Count.format(order.initial),
    fill_count_fp: Count.format(order.filled),
    remaining_count_fp: Count.format(order.remaining),
    taker_fill_cost_dollars: Money.format(order.takerCost),
    maker_fill_cost_dollars: Money.format(order.makerCost),
    taker_fees_dollars: Money.format(order.takerFees),
    maker_fees_dollars: Money.format(order.makerFees),
  };
}

export function selfTradePreventionJson(mode: SelfTradePrevention): 'taker_at_cross' | 'maker' {
  return mode === 'maker' ? 'maker' : 'taker_at_cross';
}
