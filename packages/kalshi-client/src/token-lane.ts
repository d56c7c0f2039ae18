import { type Clock, MmError } from '@kalshi-mm/core';
import type { Timer } from './timer.ts';
import type { BucketLimits } from './wire-account.ts';

/** The right to send one request; call it when the request has been answered or given up. */
export type Lease = () => void;

/** One token bucket with a queue before it. */
export interface TokenLane {
  /**
   * Waits for its turn and for `cost` tokens, and takes them. Urgent requests go before all others and may use
   * the reserve.
   *
   * @returns null when the queue is full or the lane has closed: the request must not be sent
   */
  acquire(cost: number, urgent: boolean): Promise<Lease | null>;
  /** How long a request that is not urgent would wait now. */
  waitMs(cost: number): number;
  /** The exchange said that the bucket is empty: start from zero. */
  emptied(): void;
  close(): void;
}

export interface TokenLaneOptions {
  readonly limits: BucketLimits;
  readonly clock: Clock;
  readonly timer: Timer;
  /** Tokens that only urgent requests may use. */
  readonly reserve: number;
  /** Requests that are not urgent and may wait at the same time. */
  readonly maxQueued: number;
  /** Milliseconds of refill that are left unused, for the grain of the clocks. */
  readonly marginMs: number;
}

interface Waiter {
  readonly cost: number;
  readonly answer: (lease: Lease | null) => void;
}

/**
 * A lane on the exchange's rule: continuous refill up to a capacity; what does not fit waits. The exchange takes a
 * request's tokens at some moment between sending and answer. The later, the less is left afterwards, so that the
 * lane counts them as taken with the answer and, until then, as spoken for: however requests bunch up on their
 * way, the exchange never sees more than its bucket holds.
 */
export function createTokenLane(options: TokenLaneOptions): TokenLane {
  const { clock, timer, reserve } = options;
  // Levels are thousandths of a token, so that rate per second is rate per millisecond.
  const rate = options.limits.refillPerSecond;
  const capacity = options.limits.capacity * 1000 - rate * options.marginMs;
  let level = capacity;
  let levelMs: number = clock.now();
  let inFlight = 0;
  const urgentQueue: Waiter[] = [];
  const queue: Waiter[] = [];
  let callOff: (() => void) | null = null;
  let closed = false;

  const refill = (): void => {
    const now = clock.now();
    level = Math.min(capacity, level + Math.max(0, now - levelMs) * rate);
    levelMs = now;
  };

  const lease = (cost: number): Lease => {
    inFlight += cost;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      refill();
      inFlight -= cost;
      level -= cost * 1000;
      pump();
    };
  };

  const pump = (): void => {
    callOff?.();
    callOff = null;
    for (;;) {
      const urgent = urgentQueue[0] !== undefined;
      const head = urgentQueue[0] ?? queue[0];
      if (head === undefined) return;
      refill();
      const missing = (head.cost + (urgent ? 0 : reserve) + inFlight) * 1000 - level;
      if (missing > 0) {
        // A full bucket refills no more: then the next answer makes room.
        if (level < capacity) callOff = timer.after(Math.max(1, Math.ceil(missing / rate)), pump);
        return;
      }
      (urgent ? urgentQueue : queue).shift();
      head.answer(lease(head.cost));
    }
  };

  return {
    acquire(cost, urgent) {
      if ((cost + (urgent ? 0 : reserve)) * 1000 > capacity) {
        throw new MmError('request-exceeds-bucket', `A request of ${cost} tokens can never be paid`, {
          facts: { cost, reserve, usableTokens: capacity / 1000 },
          todo: 'Lower the reserve for cancels, or send smaller batches.',
        });
      }
      if (closed || (!urgent && queue.length >= options.maxQueued)) return Promise.resolve(null);
      return new Promise((answer) => {
        (urgent ? urgentQueue : queue).push({ cost, answer });
        pump();
      });
    },
    waitMs(cost) {
      refill();
      let needed = cost + reserve + inFlight;
      for (const waiter of urgentQueue) needed += waiter.cost;
      for (const waiter of queue) needed += waiter.cost;
      return Math.max(0, Math.ceil((needed * 1000 - level) / rate));
    },
    emptied() {
      refill();
      level = Math.min(level, 0);
      pump();
    },
    close() {
      closed = true;
      callOff?.();
      callOff = null;
      for (const waiter of [...urgentQueue.splice(0), ...queue.splice(0)]) waiter.answer(null);
    },
  };
}
