import { type CancelOrder, Count, type OrderEvent, type Timestamp } from '@kalshi-mm/core';
import type { Outcome } from './interpret-answer.ts';
import type { ResolveContext } from './resolve-place.ts';

/**
 * Finds out whether an order still rests, and cancels it again while it does: a second cancel of the same order
 * can do no harm.
 *
 * @returns `order.canceled`, `order.accepted` with nothing remaining when it has been filled, or `cancel.rejected`
 * when it is not known any more or cannot be canceled; null when closed
 */
export function resolveCancel(
  { evidence, patience, clock }: ResolveContext,
  command: CancelOrder,
  endedMs: Timestamp,
  cancelAgain: () => Promise<Outcome>,
): Promise<OrderEvent | null> {
  const { clientOrderId, orderId, ticker } = command;
  let absences = 0;
  return patience.until(async (): Promise<OrderEvent | null> => {
    const isFresh = await evidence.isFresh(endedMs);
    const report = await evidence.order(orderId);
    const names = { clientOrderId, ticker, atMs: clock.now() };
    if (report === null) {
      if (isFresh) absences++;
      return absences < 2 ? null : { type: 'cancel.rejected', reason: 'not-found', ...names };
    }
    const { status, filled } = report;
    if (status === 'executed') {
      return { type: 'order.accepted', orderId, remaining: Count.ZERO, filled, ...names };
    }
    if (status === 'canceled')
      return { type: 'order.canceled', orderId, reason: 'requested', filled, ...names };
    const outcome = await cancelAgain();
    // "Not found" beside a read that shows it resting: the read was old. The next one will tell how it ended.
    return outcome.kind === 'settled' ? outcome.event : null;
  });
}
