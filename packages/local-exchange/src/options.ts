import type { CalendarName, Population, QueueModel, WorldConfig } from '@kalshi-mm/simulator';
import type { LocalUser } from './access/account.ts';
import type { Tier } from './access/tier.ts';
import type { ControlOptions } from './control/create-control.ts';
import type { FaultOptions } from './faults/fault-options.ts';
import type { FeedOptions } from './feed/feed.ts';
import type { RecordsOptions } from './records/records.ts';
import type { HttpLimits } from './rest/http-limits.ts';
import type { LatencyOptions } from './time/wire-latency.ts';
import type { IncentiveProgram } from './wire/incentive-program.ts';
import type { World } from './world/world.ts';

/** What the local exchange plays. */
export type WorldOptions =
  /** Generated markets and participants; the same seed gives the same world. */
  | {
      readonly kind: 'synthetic';
      readonly seed: number | string;
      readonly startMs?: number;
      /** What is listed and who lives there: the name of a calendar, or one's own. @default 'small' */
      readonly config?: CalendarName | WorldConfig;
    }
  /** Recorded markets: the tape's books and trades, with the orders of the users queued among them. */
  | {
      readonly kind: 'tape';
      readonly paths: readonly string[];
      readonly seed?: number | string;
      /** What moves the users' orders in their queues. @default half of every cancel was in front of them */
      readonly queueModel?: QueueModel;
    }
  /** Recorded and generated markets side by side, on the time of the recording. */
  | {
      readonly kind: 'mixed';
      readonly paths: readonly string[];
      readonly seed: number | string;
      /** @default 'small' */
      readonly config?: CalendarName | WorldConfig;
      /** Generated agents in every recorded market, beside the users. @default none */
      readonly recordedPopulation?: Population;
      /** As for a tape. */
      readonly queueModel?: QueueModel;
    }
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
  /** Decides the token buckets; users on `basic` may raise themselves to `advanced`. @default 'advanced' */
  readonly tier?: Tier;
  /**
   * Trading pauses every Thursday from 03:00 to 05:00 in New York, and `/exchange/schedule` says so.
   * @default false
   */
  readonly weeklyMaintenance?: boolean;
  /** Every feed connection is cut when the hours of the weekly maintenance begin. @default false */
  readonly maintenanceCutsFeed?: boolean;
  /**
   * The body of a 429: `{"error":{"code":…}}`, as recorded, or `{"error":"too many requests"}`, as documented.
   * @default 'nested'
   */
  readonly tooManyRequests?: 'nested' | 'flat';
  /**
   * A post-only order that would trade: refused with 400, or created and canceled at once (`PostOnlyCrossCancel`).
   * @default 'reject', or what the world's exchange was made with
   */
  readonly postOnlyCross?: 'reject' | 'cancel';
  /** Let time run at once instead of from the first signed request. @default false */
  readonly startImmediately?: boolean;
  /** Milliseconds since the epoch, for signatures, buckets and the pace of time. @default Date.now */
  readonly wallClock?: () => number;
  /** Heartbeat, bounds, compression and times of the WebSocket side. */
  readonly feed?: Partial<FeedOptions>;
  /** Time and bytes that one HTTP request may take. */
  readonly http?: Partial<HttpLimits>;
  /** How long REST is on its way, there and back; feed and books are not delayed. @default no time */
  readonly latency?: LatencyOptions;
  /** Rows of `GET /incentive_programs`; liquidity programs with a target size are scored and paid. @default none */
  readonly incentivePrograms?: readonly IncentiveProgram[];
  /** What goes wrong, and how often. @default nothing */
  readonly faults?: FaultOptions;
  /** Opens a second port, with a token, to move time, break things and read the books. @default none */
  readonly control?: ControlOptions;
  /** Told when the world breaks (a damaged tape, say); time stands still from then on. @default rethrows */
  readonly onError?: (error: unknown) => void;
}
