import { MmError, type OrderReport } from '@kalshi-mm/core';
import { collect } from '@kalshi-mm/kalshi-client';
import { ORDER_PREFIX } from './account-read.ts';
import type { BotParts } from './wire.ts';

/**
 * Lets the engine cancel every order of ours that the exchange lists, until it lists none and no request of ours is
 * without a known outcome: a list read meanwhile proves nothing. The engine must be in a state in which it wants no
 * orders: before trading begins, or after it has been stopped.
 *
 * @throws MmError when orders of ours may still rest; they expire by themselves
 */
export async function cancelOrders(parts: BotParts): Promise<void> {
  const { host, clock, log } = parts;
  const { execution } = parts.connection;
  const deadline = Date.now() + DEADLINE_MS;
  await execution.drain();
  for (;;) {
    // Before the list: what becomes known only while it is read may be missing from it.
    const unknown = execution.openRequests();
    const left = await restingOrders(parts);
    if (left.length === 0 && unknown === 0) return;
    if (Date.now() > deadline) throw left.length > 0 ? stillResting(left) : outcomeUnknown(unknown);
    log.debug({ orders: left.length, unknown }, 'orders still rest or may rest; canceling again');
    // By the exchange's own list, in case the engine does not know one of them.
    const atMs = clock.now();
    host.post({ type: 'orders.reported', atMs, orders: left, complete: false, asOfMs: atMs });
    await execution.drain();
    await pause(PAUSE_MS);
  }
}

async function restingOrders({ connection }: BotParts): Promise<OrderReport[]> {
  const orders = await collect(connection.client.orders({ status: 'resting' }));
  return orders.filter((order) => order.clientOrderId.startsWith(ORDER_PREFIX));
}

function stillResting(orders: readonly OrderReport[]): MmError {
  return new MmError('orders-still-resting', `${orders.length} orders could not be canceled`, {
    facts: { orders: orders.map((order) => `${order.ticker} ${order.orderId}`).join(', ') },
    recovery: 'reconcile',
    todo: 'Cancel them on the exchange’s site. They expire by themselves within execution.order_ttl_seconds.',
  });
}

function outcomeUnknown(requests: number): MmError {
  return new MmError('orders-outcome-unknown', `The outcome of ${requests} requests is still unknown`, {
    recovery: 'reconcile',
    todo: 'Look at the orders on the exchange’s site. What rests expires by itself within execution.order_ttl_seconds.',
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** More than an unknown outcome needs while the exchange does not say how old its data is (15 s). */
const DEADLINE_MS = 30_000;
const PAUSE_MS = 100;
