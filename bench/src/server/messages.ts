import type { LocalUser } from '@kalshi-mm/local-exchange';

/** What the benchmark tells its server process. */
export type ToServer =
  | { readonly type: 'start'; readonly users: readonly LocalUser[] }
  /** Change one level of the local exchange's book so often. */
  | { readonly type: 'change-book'; readonly times: number }
  /** Send these frames to every client of the bare WebSocket server. */
  | { readonly type: 'send-frames'; readonly frames: readonly string[] }
  | { readonly type: 'stop' };

/** The one answer, when everything listens. */
export interface FromServer {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly echoUrl: string;
  readonly echoWsUrl: string;
  readonly ticker: string;
}
