import type {
  Count,
  Gate,
  Holding,
  QuoteIntent,
  SessionContext,
  SessionView,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import type { ExitState } from './exit-plan.ts';

/** One market being made, from its opening by the policy to the last order gone. */
export interface Session extends SessionView {
  readonly sessionId: string;
  readonly ticker: Ticker;
  readonly startedMs: Timestamp;
  readonly endsMs: Timestamp | null;
  readonly maxPosition: Count;
  /** The strategy's own state; null for a session that only works out a position. */
  readonly memory: unknown;
  /** The market's holding when the session began. */
  readonly opening: Holding;
  phase: 'quoting' | 'exiting';
  exit: ExitState | null;
  endReason: string;
  nextWakeMs: number;
  /** What the strategy last wanted; null after a stand-down. */
  wanted: QuoteIntent | null;
  /** Why nothing is quoted; null while something is. */
  gate: Gate | null;
  /** Set by a rejection: no new order before the next wake, so that a refusal is not repeated in a loop. */
  latched: boolean;
  /** Orders or wishes have changed: compare them again in this step. */
  dirty: boolean;
}

export interface SessionStart extends SessionContext {
  readonly endsMs: Timestamp | null;
  readonly memory: unknown;
  readonly opening: Holding;
}

/** A session as it begins: due for its first look at once. */
export function newSession({ endsMs, memory, opening, ...context }: SessionStart): Session {
  return {
    ...context,
    endsMs,
    memory,
    opening,
    phase: 'quoting',
    exit: null,
    endReason: '',
    nextWakeMs: context.startedMs,
    wanted: null,
    gate: null,
    latched: false,
    dirty: false,
  };
}
