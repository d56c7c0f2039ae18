import type { CancelOrder, OrderEvent, Timestamp } from '@kalshi-mm/core';
import type { Outcome } from './interpret-answer.ts';
import type { ResolveContext } from './resolve-place.ts';

/**
 * Finds out whether an order still rests, and cancels it again while it does: a second cancel of the same order
 * can do no harm.
 *
 * @returns `order.canceled`, or `cancel.rejected` when it is gone otherwise or cannot be canceled; null when closed
 */
export function resolveCancel(
  { evidence, patience, clock }: ResolveContext,
  command: CancelOrder,
  endedMs: Timestamp,
  cancelAgain: () => Promise<Outcome>,
): Promise<OrderEvent | null> {
  const { clientOrderId, orderId, ticker } = command;
  let absences = 0;
  const notFound = (): OrderEvent => ({
    type: 'cancel.rejected',
    clientOrderId,
    ticker,
    reason: 'not-found',
    atMs: clock.now(),
  });
  return patience.until(async (): Promise<OrderEvent | null> => {
    const isFresh = await evidence.isFresh(endedMs);
    const report = await evidence.order(orderId);
    if (report === null) {
      if (isFresh) absences++;
      return absences < 2 ? null : notFound();
    }
    if (report.status === 'executed') return notFound();
    if (report.status === 'canceled') {
      return {
        type: 'order.canceled',
        clientOrderId,
        orderId,
        ticker,
        reason: 'requested',
        atMs: clock.now(),
      };
    }
    const outcome = await cancelAgain();
    if (outcome.kind !== 'settled') return null;
    // "Not found" beside a read that shows it resting: the read was old. The next one will tell how it ended.
    const isOldRead = outcome.event.type === 'cancel.rejected' && outcome.event.reason === 'not-found';
    return isOldRead ? null : outcome.event;
  });
}
