import type { Event, EventSink, ExecutionPort, RunId } from '@kalshi-mm/core';
import type { ExchangeClock } from '@kalshi-mm/runtime';

export interface PaperExecution {
  readonly execution: ExecutionPort;
  readonly sink: EventSink;
  advanceTo(nowMs: number): void;
}
export function createPaperExecution(_: {
  clock: ExchangeClock;
  post: (e: Event) => void;
  runId: RunId;
}): PaperExecution {
  throw new Error('x');
}
