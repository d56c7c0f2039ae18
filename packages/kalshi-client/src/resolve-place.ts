import type { Clock, OrderEvent, PlaceOrder, Timestamp } from '@kalshi-mm/core';
import type { Evidence } from './evidence.ts';
import type { Patience } from './patience.ts';

/** What the resolvers work with. */
export interface ResolveContext {
  readonly evidence: Evidence;
  readonly patience: Patience;
  readonly clock: Clock;
}

export interface PlaceInDoubt {
  readonly startedMs: Timestamp;
  /** When the attempt was given up; the request may still have been on its way. */
  readonly endedMs: Timestamp;
  /** The exchange said that the id is taken, so the order may be an old one. */
  readonly isDuplicate: boolean;
}

/**
 * Finds out whether an order exists. It does when it is seen; it does not when two complete reads, both newer than
 * the attempt, do not show it. It is never sent again.
 *
 * @returns `order.accepted` or `order.rejected`; null when closed before there was proof
 */
export function resolvePlace(
  { evidence, patience, clock }: ResolveContext,
  command: PlaceOrder,
  doubt: PlaceInDoubt,
): Promise<OrderEvent | null> {
  const { clientOrderId, ticker } = command;
  const sinceMs = doubt.isDuplicate ? null : doubt.startedMs - OVERLAP_MS;
  let absences = 0;
  return patience.until(async (): Promise<OrderEvent | null> => {
    // Asked first: the read that follows is at least as new.
    const isFresh = await evidence.isFresh(doubt.endedMs);
    const report = await evidence.find(ticker, clientOrderId, sinceMs);
    if (report !== null) {
      return {
        type: 'order.accepted',
        clientOrderId,
        orderId: report.orderId,
        ticker,
        remaining: report.remaining,
        filled: report.filled,
        atMs: clock.now(),
      };
    }
    if (isFresh) absences++;
    if (absences < 2) return null;
    return {
      type: 'order.rejected',
      clientOrderId,
      ticker,
      reason: doubt.isDuplicate ? 'duplicate-client-order-id' : 'other',
      message: doubt.isDuplicate
        ? 'the id is taken by an order that is not listed any more'
        : 'never arrived',
      atMs: clock.now(),
    };
  });
}

/** Far more than clocks can differ: the exchange refuses signatures that are half a minute off. */
const OVERLAP_MS = 600_000;
