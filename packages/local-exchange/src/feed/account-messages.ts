import { Count, Money, Position, type Timestamp } from '@kalshi-mm/core';
import {
  type ExchangeFill,
  type ExchangeOrder,
  type ExchangePosition,
  type OrderGroupOutput,
  Subaccount,
  type UserId,
} from '@kalshi-mm/simulator';
import { directionJson } from '../wire/direction-json.ts';
import { isoTime, unixSeconds } from '../wire/iso-time.ts';
import { orderTotalsJson, selfTradePreventionJson } from '../wire/order-json.ts';

/** `msg` of a `fill`. */
export function fillMessage(fill: ExchangeFill, exchangeIndex: number): object {
  const { no_price_dollars: _, ...direction } = directionJson(fill.side, fill.price);
  return {
    trade_id: fill.fillId,
    order_id: fill.orderId,
    client_order_id: fill.clientOrderId,
    market_ticker: fill.ticker,
    exchange_index: exchangeIndex,
    is_taker: fill.role === 'taker',
    ...direction,
    purchased_side: direction.outcome_side,
    count_fp: Count.format(fill.count),
    fee_cost: Money.format(fill.fee),
    post_position_fp: Position.format(fill.positionAfter),
    ts: unixSeconds(fill.atMs),
    ts_ms: fill.atMs,
    subaccount: Subaccount.numberOf(fill.userId),
  };
}

/** `msg` of a `user_order`. */
export function orderMessage(order: ExchangeOrder, exchangeIndex: number, atMs: Timestamp): object {
  const { outcome_side, book_side, side, yes_price_dollars } = directionJson(order.side, order.price);
  return {
    order_id: order.orderId,
    user_id: Subaccount.ownerOf(order.userId),
    ticker: order.ticker,
    exchange_index: exchangeIndex,
    status: order.status,
    outcome_side,
    book_side,
    side,
    is_yes: side === 'yes',
    yes_price_dollars,
    ...orderTotalsJson(order),
    client_order_id: order.clientOrderId,
    ...(order.orderGroupId === null ? {} : { order_group_id: order.orderGroupId }),
    self_trade_prevention_type: selfTradePreventionJson(order.selfTradePrevention),
    created_time: isoTime(order.createdMs),
    created_ts_ms: order.createdMs,
    last_update_time: isoTime(atMs),
    last_updated_ts_ms: atMs,
    ...(order.expirationMs === null
      ? {}
      : { expiration_time: isoTime(order.expirationMs), expiration_ts_ms: order.expirationMs }),
    ...(order.lastUpdateReason === null ? {} : { last_update_reason: order.lastUpdateReason }),
    subaccount_number: Subaccount.numberOf(order.userId),
  };
}

/** `msg` of a `market_position`. @param volume contracts that the account has traded in the market so far */
export function positionMessage(account: UserId, held: ExchangePosition, volume: Count): object {
  return {
    user_id: Subaccount.ownerOf(account),
    market_ticker: held.ticker,
    position_fp: Position.format(held.position),
    position_cost_dollars: Money.format(held.exposure),
    realized_pnl_dollars: Money.format(held.realizedPnl),
    fees_paid_dollars: Money.format(held.feesPaid),
    position_fee_cost_dollars: Money.format(held.feesPaid),
    volume_fp: Count.format(volume),
    subaccount: Subaccount.numberOf(account),
  };
}

/** `msg` of an `order_group_updates`. */
export function orderGroupMessage({ change, groupId, exchangeIndex, limit, atMs }: OrderGroupOutput): object {
  return {
    event_type: change,
    order_group_id: groupId,
    ...(change === 'created' || change === 'limit_updated'
      ? { contracts_limit_fp: Count.format(limit) }
      : {}),
    exchange_index: exchangeIndex,
    ts_ms: atMs,
  };
}
