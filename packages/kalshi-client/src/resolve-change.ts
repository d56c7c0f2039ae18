import {
  type AmendOrder,
  Count,
  type DecreaseOrder,
  type OrderEvent,
  type OrderReport,
  type Timestamp,
} from '@kalshi-mm/core';
import type { ResolveContext } from './resolve-place.ts';

/**
 * Finds out what an amend or decrease has left behind: at once when the order looks as wanted or is dead, else
 * after two reads that are newer than the attempt.
 *
 * @returns `order.amended` with the price and remainder that the order really has, `order.canceled`, or
 * `order.accepted` with nothing remaining when it has been filled; null when closed
 */
export function resolveChange(
  { evidence, patience, clock }: ResolveContext,
  command: AmendOrder | DecreaseOrder,
  endedMs: Timestamp,
): Promise<OrderEvent | null> {
  const { clientOrderId, orderId, ticker } = command;
  let freshLooks = 0;
  return patience.until(async (): Promise<OrderEvent | null> => {
    const isFresh = await evidence.isFresh(endedMs);
    const report = await evidence.order(orderId);
    if (isFresh) freshLooks++;
    const names = { clientOrderId, orderId, ticker, atMs: clock.now() };
    if (report === null) {
      return freshLooks < 2 ? null : { type: 'order.canceled', reason: 'not-found', ...names };
    }
    const { status, price, remaining, filled } = report;
    if (status === 'canceled') return { type: 'order.canceled', reason: 'found-canceled', filled, ...names };
    if (status === 'executed') return { type: 'order.accepted', remaining: Count.ZERO, filled, ...names };
    if (freshLooks < 2 && !isAsWanted(command, report)) return null;
    return { type: 'order.amended', price, remaining, ...names };
  });
}

function isAsWanted(command: AmendOrder | DecreaseOrder, report: OrderReport): boolean {
  if (command.type === 'order.decrease') return report.remaining <= command.reduceTo;
  return report.price === command.price && report.filled + report.remaining === command.totalCount;
}
