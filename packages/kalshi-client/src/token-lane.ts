import { type Clock, MmError } from '@kalshi-mm/core';
import type { Timer } from './timer.ts';
import type { BucketLimits } from './wire-account.ts';

/** Who goes first when tokens are short. `read` is also for writes that can wait, such as transfers. */
export type Priority = 'cancel' | 'exit' | 'quote' | 'read';

const ORDER: readonly Priority[] = ['cancel', 'exit', 'quote', 'read'];

/** The right to send one request; call it when the request has been answered or given up. */
export type Lease = () => void;

/** One token bucket with a queue before it. */
export interface TokenLane {
  /**
   * Waits for its turn and for `cost` tokens, and takes them. Whoever is more urgent goes first; cancels may use
   * the reserve.
   *
   * @returns null when the queue is full or the lane has closed: the request must not be sent
   */
  acquire(cost: number, priority: Priority): Promise<Lease | null>;
  /** How long a request other than a cancel would wait now, behind all that are as urgent or more so. */
  waitMs(cost: number, priority: Priority): number;
  /** The exchange said that the bucket is empty: start from zero. */
  emptied(): void;
  close(): void;
}

export interface TokenLaneOptions {
  readonly limits: BucketLimits;
  readonly clock: Clock;
  readonly timer: Timer;
  /** Tokens that only cancels may use. */
  readonly reserve: number;
  /** Requests other than cancels that may wait at the same time. */
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
  const queues: Readonly<Record<Priority, Waiter[]>> = { cancel: [], exit: [], quote: [], read: [] };
  let queued = 0;
  let callOff: (() => void) | null = null;
  let closed = false;

  const refill = (): void => {
    const now = clock.now();
    level = Math.min(capacity, level + Math.max(0, now - levelMs) * rate);
    levelMs = now;
  };

  const reserveFor = (priority: Priority): number => (priority === 'cancel' ? 0 : reserve);

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
      const priority = ORDER.find((one) => queues[one].length > 0);
      if (priority === undefined) return;
      const head = queues[priority][0]!;
      refill();
      const missing = (head.cost + reserveFor(priority) + inFlight) * 1000 - level;
      if (missing > 0) {
        // A full bucket refills no more: then the next answer makes room.
        if (level < capacity) callOff = timer.after(Math.max(1, Math.ceil(missing / rate)), pump);
        return;
      }
      queues[priority].shift();
      if (priority !== 'cancel') queued--;
      head.answer(lease(head.cost));
    }
  };

  return {
    acquire(cost, priority) {
      if ((cost + reserveFor(priority)) * 1000 > capacity) {
        throw new MmError('request-exceeds-bucket', `A request of ${cost} tokens can never be paid`, {
          facts: { cost, reserve, usableTokens: capacity / 1000 },
          todo: 'Lower the reserve for cancels, or send smaller batches.',
        });
      }
      const waits = priority !== 'cancel';
      if (closed || (waits && queued >= options.maxQueued)) return Promise.resolve(null);
      return new Promise((answer) => {
        queues[priority].push({ cost, answer });
        if (waits) queued++;
        pump();
      });
    },
    waitMs(cost, priority) {
      refill();
      let needed = cost + reserve + inFlight;
      for (const before of ORDER.slice(0, ORDER.indexOf(priority) + 1)) {
        for (const waiter of queues[before]) needed += waiter.cost;
      }
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
      queued = 0;
      for (const priority of ORDER) for (const waiter of queues[priority].splice(0)) waiter.answer(null);
    },
  };
}
