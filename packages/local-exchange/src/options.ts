import type { LocalUser } from './access/account.ts';
import type { Tier } from './access/tier.ts';
import type { ControlOptions } from './control/create-control.ts';
import type { FaultOptions } from './faults/fault-options.ts';
import type { FeedOptions } from './feed/feed.ts';
import type { RecordsOptions } from './records/records.ts';
import type { World } from './world/world.ts';

/** What the local exchange plays. */
export type WorldOptions =
  /** Generated markets and participants; the same seed gives the same world. */
  | { readonly kind: 'synthetic'; readonly seed: number | string; readonly startMs?: number }
  /** Recorded markets: the tape's books and trades, with the orders of the users queued among them. */
  | { readonly kind: 'tape'; readonly paths: readonly string[]; readonly seed?: number | string }
  /** A world of the caller's own. */
  | { readonly kind: 'custom'; readonly world: World };

export interface LocalExchangeOptions extends RecordsOptions {
  readonly world: WorldOptions;
  readonly users: readonly LocalUser[];
  /** Simulated time per wall time. @default 1 */
  readonly speed?: number;
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: '127.0.0.1' | '::1' | 'localhost';
  /** Decides the token buckets. @default 'advanced' */
  readonly tier?: Tier;
  /** Let time run at once instead of from the first signed request. @default false */
  readonly startImmediately?: boolean;
  /** Milliseconds since the epoch, for signatures, buckets and the pace of time. @default Date.now */
  readonly wallClock?: () => number;
  /** Heartbeat and buffer bounds of the WebSocket side. */
  readonly feed?: Partial<FeedOptions>;
  /** What goes wrong, and how often. @default nothing */
  readonly faults?: FaultOptions;
  /** Opens a second port, with a token, to move time, break things and read the books. @default none */
  readonly control?: ControlOptions;
  /** Told when the world breaks (a damaged tape, say); time stands still from then on. @default rethrows */
  readonly onError?: (error: unknown) => void;
}
