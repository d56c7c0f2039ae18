import type { Clock, EventSink, Ticker } from '@kalshi-mm/core';
import { CHANNELS, type ChannelName } from './channels.ts';

/** A change that the frames do not tell completely: read the market, or the event's markets, over REST. */
export interface LifecycleNotice {
  /**
   * As sent, e.g. `created`, `activated`, `close_date_updated`, `metadata_updated`, `price_level_structure_updated`,
   * `event_lifecycle`, `event_fee_update`; `settled` when the determination before it was not seen.
   */
  readonly kind: string;
  readonly ticker: Ticker | null;
  readonly eventTicker: string | null;
}

export interface FeedOptions {
  /** E.g. `wss://external-api-ws.kalshi.com/trade-api/ws/v2`. */
  readonly wsUrl: string;
  /** Fresh authentication headers; called for every connection. Without it none are sent. */
  readonly signHeaders?: () => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly sink: EventSink;
  /** Ask for NO levels in YES prices; the events are the same either way. Default true. */
  readonly useYesPrice?: boolean;
  /** Default: all. */
  readonly channels?: readonly ChannelName[];
  readonly reconnectBaseDelayMs?: number;
  readonly reconnectMaxDelayMs?: number;
  /** Neither frame nor ping nor pong for this long: the connection is dead. The exchange pings every 10 s. */
  readonly idleTimeoutMs?: number;
  /** Own pings, whose answers prove a quiet feed alive; the exchange answers them. Default 2 s. */
  readonly pingIntervalMs?: number;
  readonly handshakeTimeoutMs?: number;
  /** No answer to a command for this long: the connection is given up. */
  readonly commandTimeoutMs?: number;
  /** Least time between two snapshot requests. */
  readonly repairSpacingMs?: number;
  /** How long missing snapshots are awaited before the book channel is subscribed anew. */
  readonly repairTimeoutMs?: number;
  /** Uniform in [0, 1), for jitter. */
  readonly random?: () => number;
  /** Every frame as it came, before it is decoded: for recording. */
  readonly onFrame?: (raw: Buffer, atMs: number) => void;
  readonly onLifecycle?: (notice: LifecycleNotice) => void;
  /** Frames of a channel were lost, or may have been, that cannot be asked for again: a gap, a lost connection. */
  readonly onMissed?: (channel: ChannelName) => void;
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

type Complete = Required<Omit<FeedOptions, 'onFrame'>> & Pick<FeedOptions, 'onFrame'>;

const nothing = (): void => {};

export function withDefaults(options: FeedOptions): Complete {
  return {
    signHeaders: () => ({}),
    useYesPrice: true,
    channels: CHANNELS.map((channel) => channel.name),
    reconnectBaseDelayMs: 500,
    reconnectMaxDelayMs: 5_000,
    idleTimeoutMs: 30_000,
    pingIntervalMs: 2_000,
    handshakeTimeoutMs: 10_000,
    commandTimeoutMs: 10_000,
    repairSpacingMs: 250,
    repairTimeoutMs: 5_000,
    random: Math.random,
    onLifecycle: nothing,
    onMissed: nothing,
    log: nothing,
    ...options,
  };
}
