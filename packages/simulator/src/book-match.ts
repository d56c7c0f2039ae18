import {
  type Count,
  chargeFill,
  type FillId,
  type LiquidityRole,
  type Money,
  type Position,
  type Price,
  Side,
} from '@kalshi-mm/core';
import type { Account } from './account.ts';
import type { ExchangeFill, PublicTrade } from './exchange-api.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { Holding } from './holding.ts';
import type { ListedMarket } from './listed-market.ts';
import type { EngineHost } from './market-engine.ts';
import type { Order } from './order.ts';
import { countGroupMatch } from './order-groups.ts';

/** Books one match: the public print, then a fill, the order and the position of each party, maker first. */
export function bookMatch(
  state: ExchangeState,
  listed: ListedMarket,
  ...[price, count, taker, maker, cause, printed]: Parameters<EngineHost['matched']>
): void {
  const fillId = state.nextId() as FillId;
  if (printed) {
    const trade: PublicTrade = {
      tradeId: fillId,
      ticker: listed.market.ticker,
      price,
      count: count as Count,
      takerSide: taker !== null ? taker.side : Side.opposite(maker!.side),
      atMs: state.nowMs,
    };
    listed.countTrade(price, count, state.nowMs);
    listed.keepTrade(trade);
    state.emit({ type: 'trade', trade });
  }
  if (maker !== null) fillOrder(state, listed, maker, 'maker', price, count, fillId, cause);
  if (taker !== null) fillOrder(state, listed, taker, 'taker', price, count, fillId, 'match');
  // After both parties are booked: the match that reaches a limit stands in full.
  if (maker !== null && maker.group !== null) countGroupMatch(state, maker.group, count);
  if (taker !== null && taker.group !== null) countGroupMatch(state, taker.group, count);
}

function fillOrder(
  state: ExchangeState,
  listed: ListedMarket,
  order: Order,
  role: LiquidityRole,
  price: Price,
  count: number,
  fillId: FillId,
  cause: ExchangeFill['cause'],
): void {
  const account = state.accounts.get(order.userId)!;
  const holding = account.holding(listed.market);
  const { purse } = holding;
  if (role === 'maker') holding.reduceOrder(order, count);
  order.remaining = (order.remaining - count) as Count;
  order.filled = (order.filled + count) as Count;
  order.updatedMs = state.nowMs;
  order.lastUpdateReason = 'Trade';
  if (order.remaining === 0) order.status = 'executed';
  if (role === 'maker' && order.remaining === 0) {
    holding.removeOrder(order);
    listed.dropOrder(order);
    account.owner.openOrders--;
    if (account.house) state.orders.delete(order.orderId);
  }
  const longBefore = Math.max(0, holding.position);
  purse.cash += holding.fill(order.side, price, count);
  listed.openInterest += Math.max(0, holding.position) - longBefore;
  holding.updatedMs = state.nowMs;
  const charge = chargeFill(
    listed.market.fees,
    role,
    order.side,
    price,
    count as Count,
    order.accumulatedRounding,
    state.rounding,
  );
  order.accumulatedRounding = charge.accumulated;
  purse.cash -= charge.fee;
  holding.feesPaid += charge.fee;
  state.feesCollected += charge.fee;
  addToOrder(order, role, Side.cost(order.side, price) * count, charge.fee);
  holding.refresh();
  const fill: ExchangeFill = {
    fillId,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    userId: order.userId,
    ticker: order.ticker,
    side: order.side,
    price,
    count: count as Count,
    role,
    fee: charge.fee,
    atMs: state.nowMs,
    positionAfter: holding.position as Position,
    cause,
  };
  if (role === 'taker') state.takerFills.push(fill);
  if (!account.house) tell(state, account, holding, order, fill);
}

function tell(
  state: ExchangeState,
  account: Account,
  holding: Holding,
  order: Order,
  fill: ExchangeFill,
): void {
  account.fills.push(fill);
  state.emit({ type: 'fill', fill });
  state.emit({ type: 'order', order, atMs: state.nowMs });
  state.emit({
    type: 'position',
    userId: account.userId,
    position: holding.snapshot(),
    atMs: state.nowMs,
  });
}

function addToOrder(order: Order, role: LiquidityRole, cost: number, fee: number): void {
  if (role === 'maker') {
    order.makerCost = (order.makerCost + cost) as Money;
    order.makerFees = (order.makerFees + fee) as Money;
  } else {
    order.takerCost = (order.takerCost + cost) as Money;
    order.takerFees = (order.takerFees + fee) as Money;
  }
}
