import type { EventSink, ExecutionPort, RunId, Timestamp } from '@kalshi-mm/core';

/** Simulated fills on live data. */
export interface PaperVenue {
  readonly execution: ExecutionPort;
  /** Takes what the live feed says, before the engine gets it. */
  readonly sink: EventSink;
  advanceTo(nowMs: Timestamp): void;
}

export function createPaperVenue(_post: EventSink, _runId: RunId): PaperVenue {
  throw new Error('x');
}
