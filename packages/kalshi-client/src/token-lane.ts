import { type Clock, MmError } from '@kalshi-mm/core';
import type { Timer } from './timer.ts';
import type { BucketLimits } from './wire-account.ts';

/** One token bucket with a queue before it. */
export interface TokenLane {
  /**
   * Waits for its turn and for `cost` tokens, and takes them. Urgent requests go before all others and may use
   * the reserve.
   *
   * @returns false when the queue is full or the lane has closed: the request must not be sent
   */
  acquire(cost: number, urgent: boolean): Promise<boolean>;
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
  /**
   * Requests bunch up on their way by about this much; so many milliseconds of refill are left unused, or the
   * exchange would see more in a moment than was sent in it.
   */
  readonly jitterMarginMs: number;
}

interface Waiter {
  readonly cost: number;
  readonly answer: (granted: boolean) => void;
}

/** A lane on the exchange's rule: continuous refill up to a capacity; what does not fit waits. */
export function createTokenLane(options: TokenLaneOptions): TokenLane {
  const { clock, timer, reserve } = options;
  // Levels are thousandths of a token, so that rate per second is rate per millisecond.
  const rate = options.limits.refillPerSecond;
  const capacity = options.limits.capacity * 1000 - rate * options.jitterMarginMs;
  let level = capacity;
  let levelMs: number = clock.now();
  const urgentQueue: Waiter[] = [];
  const queue: Waiter[] = [];
  let callOff: (() => void) | null = null;
  let closed = false;

  const refill = (): void => {
    const now = clock.now();
    level = Math.min(capacity, level + Math.max(0, now - levelMs) * rate);
    levelMs = now;
  };

  const pump = (): void => {
    callOff?.();
    callOff = null;
    for (;;) {
      const urgent = urgentQueue[0] !== undefined;
      const head = urgentQueue[0] ?? queue[0];
      if (head === undefined) return;
      refill();
      const missing = (head.cost + (urgent ? 0 : reserve)) * 1000 - level;
      if (missing > 0) {
        callOff = timer.after(Math.max(1, Math.ceil(missing / rate)), pump);
        return;
      }
      level -= head.cost * 1000;
      (urgent ? urgentQueue : queue).shift();
      head.answer(true);
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
      if (closed || (!urgent && queue.length >= options.maxQueued)) return Promise.resolve(false);
      return new Promise((answer) => {
        (urgent ? urgentQueue : queue).push({ cost, answer });
        pump();
      });
    },
    waitMs(cost) {
      refill();
      let needed = cost + reserve;
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
      for (const waiter of [...urgentQueue.splice(0), ...queue.splice(0)]) waiter.answer(false);
    },
  };
}
