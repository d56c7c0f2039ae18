import type { Clock, EventSink, Ticker, Timestamp } from '@kalshi-mm/core';
import { WebSocket } from 'ws';
import { CHANNELS, type ChannelName, type PriceChannelName } from './channels.ts';
import type { OpenSocket } from './connection.ts';
import type { FetchFills } from './fill-recovery.ts';
import type {
  EventFeeFrame,
  EventListedFrame,
  LifecycleFrame,
  OrderGroupFrame,
  PriceFrame,
  QuoteExecutedFrame,
  QuoteFrame,
  RfqFrame,
} from './frames.ts';

/** A change that the frames do not tell completely: read the market, or the event's markets, over REST. */
export interface LifecycleNotice {
  /**
   * As sent, e.g. `created`, `activated`, `close_date_updated`, `metadata_updated`, `price_level_structure_updated`,
   * `event_lifecycle`, `event_fee_update`; `settled` when the determination before it was not seen.
   */
  readonly kind: string;
  readonly ticker: Ticker | null;
  readonly eventTicker: string | null;
  /** All that was said. */
  readonly frame: LifecycleFrame | EventListedFrame | EventFeeFrame;
}

/** What no event of core tells: reference prices, order groups, requests for quotes. Told apart by `type`. */
export type FeedNotice = PriceFrame | OrderGroupFrame | RfqFrame | QuoteFrame | QuoteExecutedFrame;

export interface FeedOptions {
  /** E.g. `wss://external-api-ws.kalshi.com/trade-api/ws/v2`. */
  readonly wsUrl: string;
  /** Fresh authentication headers; called for every connection. Without it none are sent. */
  readonly signHeaders?: () => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly sink: EventSink;
  /** Ask for NO levels in YES prices; the events are the same either way. Default true. */
  readonly useYesPrice?: boolean;
  /** Default: the seven that market making needs, those with `standard` in `CHANNELS`. */
  readonly channels?: readonly ChannelName[];
  /** Names to begin with on the channels of reference prices, e.g. `{ index_prices: ['BRTI'] }`. */
  readonly prices?: Readonly<Partial<Record<PriceChannelName, readonly string[]>>>;
  /** More markets get a further connection. Default 200. */
  readonly marketsPerConnection?: number;
  /**
   * Reads own fills over REST: after a reconnection, and regularly for the frames that got lost without a trace.
   * Leave it out where the host reads the account itself; `onMissed` then names `fills`.
   */
  readonly fetchFills?: FetchFills;
  /** Reads of fills overlap by this much, for those that REST tells late. Default 60 s. */
  readonly fillOverlapMs?: number;
  /** Pause between two regular reads of fills. Default 30 s. */
  readonly fillReadEveryMs?: number;
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
  /**
   * Every frame as it came, before it is decoded: for recording. The bytes are valid during the call only.
   * @param connection number of the connection, as `onConnection` told it
   */
  readonly onFrame?: (raw: Buffer, atMs: number, connection: number) => void;
  readonly onConnection?: (change: ConnectionChange) => void;
  readonly onLifecycle?: (notice: LifecycleNotice) => void;
  readonly onNotice?: (notice: FeedNotice, atMs: Timestamp) => void;
  /** Makes the sockets. Default: `ws` as it is. */
  readonly openSocket?: OpenSocket;
  /**
   * Frames of a channel were lost, or may have been, that cannot be asked for again: a gap, an ended subscription, a
   * lost connection, a frame that cannot be read. Told when the channel works again. Everything of before `sinceMs` was told.
   */
  readonly onMissed?: (channel: ChannelName, sinceMs: Timestamp) => void;
  /** The numbering of a channel has a hole: frames of it were lost on an open connection. Books are asked for anew. */
  readonly onGap?: (channel: ChannelName, connection: number) => void;
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** A connection is open, before its first frame, or has ended, after its last one. They are numbered from 1. */
export type ConnectionChange =
  | { readonly connection: number; readonly open: true }
  | { readonly connection: number; readonly open: false; readonly reason: string };

type Complete = Required<Omit<FeedOptions, 'onFrame' | 'fetchFills'>> &
  Pick<FeedOptions, 'onFrame' | 'fetchFills'>;

const nothing = (): void => {};

export function withDefaults(options: FeedOptions): Complete {
  return {
    signHeaders: () => ({}),
    useYesPrice: true,
    channels: CHANNELS.filter((channel) => channel.standard).map((channel) => channel.name),
    prices: {},
    marketsPerConnection: 200,
    fillOverlapMs: 60_000,
    fillReadEveryMs: 30_000,
    reconnectBaseDelayMs: 500,
    reconnectMaxDelayMs: 5_000,
    idleTimeoutMs: 30_000,
    pingIntervalMs: 2_000,
    handshakeTimeoutMs: 10_000,
    commandTimeoutMs: 10_000,
    repairSpacingMs: 250,
    repairTimeoutMs: 5_000,
    random: Math.random,
    onConnection: nothing,
    onLifecycle: nothing,
    onNotice: nothing,
    openSocket: (url, settings) => new WebSocket(url, settings),
    onMissed: nothing,
    onGap: nothing,
    log: nothing,
    ...options,
  };
}
