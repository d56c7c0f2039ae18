import {
  type AuditRecord,
  type Clock,
  type Event,
  type EventSink,
  type ExecutionPort,
  Timestamp,
} from '@kalshi-mm/core';
import type { Engine } from '@kalshi-mm/engine';
import { isApproved } from '@kalshi-mm/risk';
import type { Journal } from './journal.ts';

export interface HostOptions {
  readonly engine: Pick<Engine, 'step'>;
  readonly execution: ExecutionPort;
  readonly journal: Journal;
  /** Observers: storage, logs, metrics. They see records only and may not reach into the engine. */
  readonly onAudit: (record: AuditRecord) => void;
}

/** Runs an engine on events from anywhere: one step at a time, journal first, then dispatch. */
export interface Host {
  /** The sink for every adapter. Processes the event before it returns, unless a step is in progress. */
  readonly post: EventSink;
  /**
   * Posts `clock.ticked` until the returned function is called. Time is told in steps of at most `stepMs` of the
   * clock: when the process was busy, or the clock is a fast one, the missed ticks follow in order.
   */
  startTicking(ticking: Ticking): () => void;
}

export interface Ticking {
  readonly clock: Clock;
  /** How often to look at the clock, in wall time. */
  readonly everyMs: number;
  /** Longest step between two ticks, in the clock's time. */
  readonly stepMs: number;
  readonly feedAgeMs: (nowMs: number) => number | null;
}

/** After a longer jump (a suspended machine) the steps between are not made up. */
const MAX_CATCH_UP_STEPS = 240;

export function createHost({ engine, execution, journal, onAudit }: HostOptions): Host {
  const waiting: Event[] = [];
  let stepping = false;

  const process = (event: Event): void => {
    const { commands, audit } = engine.step(event);
    if (audit === null) return;
    journal.append(audit);
    if (commands.length > 0) {
      for (const command of commands) {
        if (!isApproved(command)) throw new Error(`Unapproved command ${command.type}: this is a bug`);
      }
      execution.send(commands);
    }
    onAudit(audit);
  };

  let ticking: Ticking | null = null;
  let lastTickMs = 0;

  /** Tells the time up to `nowMs`, so that no event is further from the tick before it than a step. */
  const tickUpTo = (nowMs: number, { stepMs, feedAgeMs }: Ticking): void => {
    const feedAge = feedAgeMs(nowMs);
    if (nowMs - lastTickMs > stepMs * MAX_CATCH_UP_STEPS) lastTickMs = nowMs - stepMs;
    for (let at = lastTickMs + stepMs; at <= nowMs; at += stepMs) {
      lastTickMs = at;
      process({ type: 'clock.ticked', atMs: Timestamp.of(Math.floor(at)), feedAgeMs: feedAge });
    }
  };

  const post: EventSink = (event) => {
    if (stepping) {
      // A source that answers at once, inside the dispatch. Hot events are reused objects: keep a copy.
      waiting.push({ ...event });
      return;
    }
    stepping = true;
    try {
      if (ticking !== null && event.atMs >= lastTickMs + ticking.stepMs) tickUpTo(event.atMs, ticking);
      process(event);
      while (waiting.length > 0) process(waiting.shift()!);
    } finally {
      stepping = false;
    }
  };

  return {
    post,
    startTicking(options) {
      ticking = options;
      lastTickMs = options.clock.now();
      const timer = setInterval(() => {
        // Within `post` for its guard against re-entry: the tick itself brings the missed ones.
        const atMs = options.clock.now();
        if (atMs >= lastTickMs + options.stepMs)
          post({ type: 'clock.ticked', atMs, feedAgeMs: options.feedAgeMs(atMs) });
      }, options.everyMs);
      return () => {
        ticking = null;
        clearInterval(timer);
      };
    },
  };
}
