import { MmError } from '@kalshi-mm/core';
import type { Timer } from './timer.ts';

export interface PatienceOptions {
  readonly timer: Timer;
  /** Before the first look: reads lag writes. */
  readonly firstPauseMs: number;
  /** The pause doubles up to this. */
  readonly maxPauseMs: number;
  /** Told of every look that failed; looking goes on. */
  readonly onTrouble: (error: MmError) => void;
}

/** Looks again and again, ever more slowly, until there is an answer. */
export interface Patience {
  /** @returns what `look` found, or null when closed before */
  until<Found>(look: () => Promise<Found | null>): Promise<Found | null>;
  /** Ends all waiting. */
  close(): void;
}

export function createPatience(options: PatienceOptions): Patience {
  const waiting = new Set<() => void>();
  let closed = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        callOff();
        resolve();
      };
      const callOff = options.timer.after(ms, wake);
      waiting.add(wake);
    });

  return {
    async until(look) {
      let pauseMs = options.firstPauseMs;
      while (!closed) {
        await pause(pauseMs);
        if (closed) return null;
        pauseMs = Math.min(pauseMs * 2, options.maxPauseMs);
        try {
          const found = await look();
          if (found !== null) return found;
        } catch (error) {
          if (!(error instanceof MmError)) throw error;
          options.onTrouble(error);
        }
      }
      return null;
    },
    close() {
      closed = true;
      for (const wake of [...waiting]) wake();
    },
  };
}
