import {
  type AmendOrder,
  type Approved,
  type CancelOrder,
  ClientOrderId,
  type Clock,
  type Command,
  Count,
  type DecreaseOrder,
  OrderId,
  type PlaceOrder,
  Price,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';

export const systemClock: Clock = { now: () => Timestamp.of(Date.now()) };

/** Tests stand in for risk, the only other maker of approved commands. */
function approve<C extends Command>(command: C): Approved<C> {
  return command as Approved<C>;
}

export function aPlace(changes: Partial<PlaceOrder> = {}): Approved<PlaceOrder> {
  return approve({
    type: 'order.place',
    clientOrderId: ClientOrderId.of('run-1-0'),
    ticker: Ticker.of('KXTEST-26NOV20-A'),
    side: 'bid',
    price: Price.of(4_700),
    count: Count.of(1_000),
    timeInForce: 'good-till-canceled',
    postOnly: true,
    reduceOnly: false,
    expirationMs: null,
    purpose: 'quote',
    exchangeIndex: 0,
    ...changes,
  });
}

export function aCancel(changes: Partial<CancelOrder> = {}): Approved<CancelOrder> {
  return approve({
    type: 'order.cancel',
    clientOrderId: ClientOrderId.of('run-1-0'),
    orderId: OrderId.of('X1'),
    ticker: Ticker.of('KXTEST-26NOV20-A'),
    exchangeIndex: 0,
    ...changes,
  });
}

export function anAmend(changes: Partial<AmendOrder> = {}): Approved<AmendOrder> {
  return approve({
    type: 'order.amend',
    clientOrderId: ClientOrderId.of('run-1-0'),
    orderId: OrderId.of('X1'),
    ticker: Ticker.of('KXTEST-26NOV20-A'),
    side: 'bid',
    price: Price.of(4_600),
    totalCount: Count.of(1_000),
    exchangeIndex: 0,
    ...changes,
  });
}

export function aDecrease(changes: Partial<DecreaseOrder> = {}): Approved<DecreaseOrder> {
  return approve({
    type: 'order.decrease',
    clientOrderId: ClientOrderId.of('run-1-0'),
    orderId: OrderId.of('X1'),
    ticker: Ticker.of('KXTEST-26NOV20-A'),
    reduceTo: Count.of(400),
    exchangeIndex: 0,
    ...changes,
  });
}
