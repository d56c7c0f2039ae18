import { type QueueModel, type ShareAhead, shareAhead } from './queue-model.ts';

/** An order's place in a recorded queue. */
export interface QueuePlace {
  recordedAhead: number;
  cancelParts: number;
}

/** Moves resting orders forward when somebody else's order at their price is canceled. */
export interface QueueAdvance {
  /** Whether a trade at our price can fill us. */
  readonly fillsAtPrice: boolean;
  /** How much is in front of an order that comes to rest behind `recorded`. */
  startsBehind(recorded: number): number;
  /** A cancel of `count` at the order's level, which held `recorded` before it. */
  credit(order: QueuePlace, count: number, recorded: number): void;
}

/** @throws MmError `queue-model` */
export function createQueueAdvance(model: QueueModel): QueueAdvance {
  const share = shareAhead(model);
  return {
    fillsAtPrice: model.kind !== 'through-only',
    startsBehind: model.kind === 'touch' ? () => 0 : (recorded) => recorded,
    credit: model.kind === 'share' ? constantCredit(model.share) : modelCredit(share),
  };
}

/** Rounded down at every cancel: a constant is a guess, and this keeps the guess cautious. */
function constantCredit(share: number): QueueAdvance['credit'] {
  return (order, count) => {
    order.recordedAhead = Math.max(0, order.recordedAhead - Math.floor(share * count));
  };
}

/**
 * Advances by the expected count. The share is a whole number of 2⁻²⁰ parts, so share × count is a whole number of
 * parts below 2⁵³; what does not make a unit of count stays with the order. The advances so add up to the credits
 * rounded down once, whatever their number.
 */
function modelCredit(share: ShareAhead): QueueAdvance['credit'] {
  return (order, count, recorded) => {
    const front = order.recordedAhead;
    if (front === 0) return;
    const parts = Math.round(share(front, Math.max(0, recorded - front)) * PARTS);
    const credit = parts * count + order.cancelParts;
    const advance = Math.floor(credit / PARTS);
    order.cancelParts = credit - advance * PARTS;
    order.recordedAhead = Math.max(0, front - advance);
  };
}

const PARTS = 2 ** 20;
