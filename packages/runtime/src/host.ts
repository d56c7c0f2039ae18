import type { AuditRecord, Clock, Event, EventSink, ExecutionPort } from '@kalshi-mm/core';
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
  /** Posts `clock.ticked` every `everyMs` of wall time until the returned function is called. */
  startTicking(clock: Clock, everyMs: number, feedAgeMs: (nowMs: number) => number | null): () => void;
}

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

  const post: EventSink = (event) => {
    if (stepping) {
      // A source that answers at once, inside the dispatch. Hot events are reused objects: keep a copy.
      waiting.push({ ...event });
      return;
    }
    stepping = true;
    try {
      process(event);
      while (waiting.length > 0) process(waiting.shift()!);
    } finally {
      stepping = false;
    }
  };

  return {
    post,
    startTicking(clock, everyMs, feedAgeMs) {
      const timer = setInterval(() => {
        const atMs = clock.now();
        post({ type: 'clock.ticked', atMs, feedAgeMs: feedAgeMs(atMs) });
      }, everyMs);
      return () => clearInterval(timer);
    },
  };
}
