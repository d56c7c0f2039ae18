import type {
  ClientOrderId,
  OrderAccepted,
  OrderAmended,
  OrderCanceled,
  OrderExpired,
  OrderId,
  OrderRejected,
  OrderReport,
  OrdersReported,
  OrderUnconfirmed,
  PlaceOrder,
} from '@kalshi-mm/core';
import type { Selectable } from 'kysely';
import type { OrderStatus, OrdersTable } from './database.ts';
import type { Projection } from './projection.ts';
import { YesAction } from './yes-action.ts';

type Order = Selectable<OrdersTable>;

/** Statuses in which an order may still match. */
export const OPEN_STATUSES = ['placed', 'unconfirmed', 'partially_filled'] as const satisfies OrderStatus[];

/** An order that a complete read of the exchange no longer shows. Fills may still complete it. */
const NOT_REPORTED = 'not-reported';

export function projectPlaced(p: Projection, command: PlaceOrder): void {
  p.store.insert('orders', {
    account: p.account,
    client_order_id: command.clientOrderId,
    order_id: null,
    run_id: p.record.runId,
    market_ticker: command.ticker,
    ...YesAction.of(command.side),
    purpose: command.purpose,
    time_in_force: command.timeInForce,
    placed_ms: p.record.atMs,
    placed_price_e4: command.price,
    placed_quantity_e2: command.count,
    price_e4: command.price,
    quantity_e2: command.count,
    status: 'placed',
    filled_quantity_e2: 0,
    filled_notional_e6: 0,
    expiration_ms: command.expirationMs,
    ended_ms: null,
    end_reason: null,
  });
}

export function projectAccepted(p: Projection, event: OrderAccepted): void {
  const order = find(p, event.clientOrderId);
  if (order === undefined) return;
  const resurrected = order.status === 'rejected' || order.end_reason === NOT_REPORTED;
  if (resurrected || order.status === 'unconfirmed') {
    change(p, order, { status: 'placed', ended_ms: null, end_reason: null });
  }
  takeFills(p, event.clientOrderId, event.orderId);
  // Nothing rests and not everything matched: the exchange has dropped the rest of a taking order.
  if (event.remaining === 0 && event.filled < order.quantity_e2) {
    end(p, event.clientOrderId, 'cancelled', event.atMs, 'nothing-resting');
  }
}

export function projectRejected(p: Projection, event: OrderRejected): void {
  const order = find(p, event.clientOrderId);
  if (order === undefined || order.order_id !== null || order.filled_quantity_e2 > 0) return;
  change(p, order, { status: 'rejected', ended_ms: event.atMs, end_reason: event.reason });
}

/** An unknown amend, decrease or cancel leaves the order what it was. */
export function projectUnconfirmed(p: Projection, event: OrderUnconfirmed): void {
  if (event.request !== 'place') return;
  const order = find(p, event.clientOrderId);
  if (order?.status === 'placed' && order.order_id === null) change(p, order, { status: 'unconfirmed' });
}

export function projectAmended(p: Projection, event: OrderAmended): void {
  const order = find(p, event.clientOrderId);
  if (order === undefined) return;
  change(p, order, { price_e4: event.price, quantity_e2: order.filled_quantity_e2 + event.remaining });
  takeFills(p, event.clientOrderId, event.orderId);
  if (event.remaining === 0) end(p, event.clientOrderId, 'cancelled', event.atMs, 'decreased-to-zero');
}

export function projectEnded(p: Projection, event: OrderCanceled | OrderExpired): void {
  takeFills(p, event.clientOrderId, event.orderId);
  if (event.type === 'order.expired') end(p, event.clientOrderId, 'expired', event.atMs, 'expired');
  else end(p, event.clientOrderId, 'cancelled', event.atMs, event.reason);
}

/** Takes over what the exchange says of our orders; one that is not in a complete read has ended meanwhile. */
export function projectReported(p: Projection, event: OrdersReported): void {
  const reported = new Set<string>();
  for (const report of event.orders) {
    reported.add(report.clientOrderId);
    projectReport(p, event, report);
  }
  if (!event.complete) return;
  for (const status of OPEN_STATUSES) {
    for (const order of p.store.all('orders', { account: p.account, status })) {
      if (reported.has(order.client_order_id) || order.placed_ms >= event.asOfMs) continue;
      const expired = order.expiration_ms !== null && order.expiration_ms <= event.asOfMs;
      end(p, order.client_order_id, expired ? 'expired' : 'cancelled', event.atMs, NOT_REPORTED);
    }
  }
}

function projectReport(p: Projection, event: OrdersReported, report: OrderReport): void {
  const known = find(p, report.clientOrderId);
  if (known === undefined) adopt(p, event, report);
  else if (known.status === 'unconfirmed') change(p, known, { status: 'placed' });
  if (known !== undefined && report.status === 'resting') {
    change(p, known, { price_e4: report.price, quantity_e2: report.filled + report.remaining });
  }
  takeFills(p, report.clientOrderId, report.orderId);
  // `executed` says nothing here: the fills make an order filled.
  if (report.status === 'canceled') end(p, report.clientOrderId, 'cancelled', event.atMs, 'reported');
}

function adopt(p: Projection, event: OrdersReported, report: OrderReport): void {
  p.store.insert('orders', {
    account: p.account,
    client_order_id: report.clientOrderId,
    order_id: report.orderId,
    run_id: null,
    market_ticker: report.ticker,
    ...YesAction.of(report.side),
    purpose: null,
    time_in_force: null,
    placed_ms: report.createdMs ?? event.atMs,
    placed_price_e4: report.price,
    placed_quantity_e2: report.initial,
    price_e4: report.price,
    quantity_e2: report.initial,
    status: 'placed',
    filled_quantity_e2: 0,
    filled_notional_e6: 0,
    expiration_ms: report.expirationMs,
    ended_ms: null,
    end_reason: null,
  });
}

/** Joins an order with its exchange id and counts its fills anew. */
export function takeFills(
  p: Projection,
  clientOrderId: ClientOrderId | string,
  orderId: OrderId | string,
): void {
  const order = find(p, clientOrderId);
  if (order === undefined) return;
  let quantity = 0;
  let notional = 0;
  for (const fill of p.store.all('order_fills', { account: p.account, order_id: orderId })) {
    quantity += fill.count_e2;
    notional += fill.count_e2 * fill.price_e4;
  }
  const changed: Partial<Order> = {
    order_id: orderId,
    filled_quantity_e2: quantity,
    filled_notional_e6: notional,
  };
  if (quantity > 0 && quantity >= order.quantity_e2) {
    change(p, order, { ...changed, status: 'filled', ended_ms: order.ended_ms ?? p.record.atMs });
  } else if (quantity > 0 && order.status !== 'cancelled' && order.status !== 'expired') {
    change(p, order, { ...changed, status: 'partially_filled', ended_ms: null, end_reason: null });
  } else {
    change(p, order, changed);
  }
}

/** Ends an order that can still match; a filled one stays filled, the first reason stays. */
function end(
  p: Projection,
  clientOrderId: string,
  status: 'cancelled' | 'expired',
  atMs: number,
  reason: string,
): void {
  const order = find(p, clientOrderId);
  if (order === undefined || order.status === 'filled') return;
  if (order.ended_ms !== null && order.end_reason !== NOT_REPORTED && order.status !== 'rejected') return;
  change(p, order, { status, ended_ms: atMs, end_reason: reason });
}

function find(p: Projection, clientOrderId: string): Order | undefined {
  return p.store.first('orders', { account: p.account, client_order_id: clientOrderId });
}

function change(p: Projection, order: Order, changes: Partial<Order>): void {
  p.store.update('orders', { account: p.account, client_order_id: order.client_order_id }, changes);
}
