import { type Clock, Timestamp } from '@kalshi-mm/core';
import type { Timer } from '../timer.ts';

/** A clock that stands still until it is told to go, and the timers that hang on it. */
export interface FakeTime {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Moves time on, running what falls due on the way, in order, with what it sets off. */
  advance(ms: number): Promise<void>;
}

export function createFakeTime(startMs = 1_000_000): FakeTime {
  let nowMs = startMs;
  let due: { atMs: number; call: () => void }[] = [];
  return {
    clock: { now: () => Timestamp.of(nowMs) },
    timer: {
      after(ms, call) {
        const entry = { atMs: nowMs + ms, call };
        due.push(entry);
        return () => {
          due = due.filter((other) => other !== entry);
        };
      },
    },
    async advance(ms) {
      await settle();
      const endMs = nowMs + ms;
      for (;;) {
        const next = due.filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        due = due.filter((entry) => entry !== next);
        nowMs = next.atMs;
        next.call();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

/** Lets the promises that are already settled run their continuations, and what these set off. */
export function settle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
