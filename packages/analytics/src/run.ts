import type { RunId, Ticker, Timestamp } from '@kalshi-mm/core';

export type RunMode = 'live' | 'paper' | 'backtest' | 'replay';

export interface RunStart {
  readonly runId: RunId;
  readonly strategyName: string;
  /** Every parameter of the run, without secrets. */
  readonly configJson: string;
  readonly startedMs: Timestamp;
  readonly mode: RunMode;
  /** For a program that trades one market. */
  readonly marketTicker?: Ticker;
  /**
   * Whose fills and positions these are. By default `live` for live runs, and the run's own id for any other: each
   * simulated run starts with a fresh account, and its fill ids mean nothing elsewhere. Name it to keep demo and
   * production apart, or to continue a paper account.
   */
  readonly account?: string;
}

export interface RunEnd {
  readonly runId: RunId;
  readonly endedMs: Timestamp;
  /** Anything that JSON can carry. */
  readonly summary?: unknown;
}
