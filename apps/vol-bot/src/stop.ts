import { MmError, type OrderReport } from '@kalshi-mm/core';
import { collect } from '@kalshi-mm/kalshi-client';
import { ORDER_PREFIX } from './account-read.ts';
import type { BotParts } from './wire.ts';

/**
 * Ends trading: the engine cancels everything, then the exchange is asked until it has no order of ours left.
 *
 * @throws MmError when orders of ours may still rest; they expire by themselves
 */
export async function stopTrading(parts: BotParts): Promise<void> {
  const { host, clock, execution, reconciler, universe, log, paper } = parts;
  host.post({ type: 'trading.stopped', atMs: clock.now(), reason: 'operator' });
  universe.stop();
  await reconciler?.stop();
  await execution.drain();
  if (paper !== null) return;
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const left = await restingOrders(parts);
    if (left.length === 0) break;
    if (Date.now() > deadline) throw stillResting(left);
    log.warn({ orders: left.length }, 'orders still rest; canceling again');
    // By the exchange's own list, in case the engine does not know one of them.
    host.post({
      type: 'orders.reported',
      atMs: clock.now(),
      orders: left,
      complete: false,
      asOfMs: clock.now(),
    });
    await execution.drain();
    await pause(250);
  }
  log.info('no order rests');
  // Fills that were on their way while we canceled.
  await reconciler?.read();
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const DEADLINE_MS = 20_000;
