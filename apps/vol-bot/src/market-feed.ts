import type { EventSink, Timestamp } from '@kalshi-mm/core';
import type { KalshiConnection } from '@kalshi-mm/kalshi-client';
import { createFallbackFeed, createRestFeed, type MarketFeed } from '@kalshi-mm/rest-feed';
import { type ExchangeClock, systemClock } from '@kalshi-mm/runtime';
import { createFeed } from '@kalshi-mm/ws-feed';
import type { BotOptions } from './bot.ts';
import type { Recording } from './recording.ts';

export type FeedSource = 'websocket' | 'polling';

export interface FeedNotices extends Partial<Recording['feedOptions']> {
  readonly onLifecycle: () => void;
  /** Frames about the account are missing. */
  readonly onMissedAccount: () => void;
  readonly onTrouble: (reason: string) => void;
  /** Tells the engine of the account; called at the pace of polling. */
  readonly readAccount: () => Promise<void>;
}

/** The WebSocket, with polling while it does not work; or one of the two alone, by configuration. */
export function createMarketFeed(
  options: BotOptions,
  connection: KalshiConnection,
  clock: ExchangeClock,
  sink: EventSink,
  notices: FeedNotices,
): { readonly feed: MarketFeed; readonly source: () => FeedSource } {
  const { config, log } = options;
  const { enabled, polling_fallback, fallback_after_seconds } = config.websockets;
  const polling = (to: EventSink) => pollingFeed(options, connection, clock, to, notices);
  if (!enabled) return { feed: polling(sink), source: () => 'polling' };
  const webSocket = (to: EventSink, onMissedTrades: (sinceMs: Timestamp) => void) =>
    webSocketFeed(options, clock, to, onMissedTrades, notices);
  if (!polling_fallback) return { feed: webSocket(sink, () => {}), source: () => 'websocket' };
  const feed = createFallbackFeed({
    ...{ clock, sink, webSocket, polling },
    readTrades: connection.client.trades,
    fallbackAfterMs: fallback_after_seconds * 1_000,
    speed: () => clock.speed,
    log: (message, facts) => log.debug(facts, message),
  });
  return { feed, source: () => feed.source };
}

function webSocketFeed(
  { config, signer, wsUrl, paper, log }: BotOptions,
  clock: ExchangeClock,
  sink: EventSink,
  onMissedTrades: (sinceMs: Timestamp) => void,
  { onTrouble, onMissedAccount, readAccount: _, ...notices }: FeedNotices,
): MarketFeed {
  const { websockets } = config;
  return createFeed({
    wsUrl,
    signHeaders: () => signer.headers('GET', new URL(wsUrl).pathname, systemClock.now()),
    clock,
    sink,
    reconnectBaseDelayMs: websockets.reconnect_base_delay_seconds * 1_000,
    reconnectMaxDelayMs: websockets.reconnect_max_delay_seconds * 1_000,
    idleTimeoutMs: websockets.idle_timeout_seconds * 1_000,
    pingIntervalMs: websockets.ping_interval_seconds * 1_000,
    ...notices,
    onMissed: (channel, sinceMs) => {
      if (channel === 'trades') onMissedTrades(sinceMs);
      else if (channel !== 'ticker') onMissedAccount();
    },
    log: (message, facts) => {
      if (typeof facts.reason === 'string') onTrouble(facts.reason);
      log.debug(facts, message);
    },
    ...(paper ? { channels: ['orderbook_delta', 'trades', 'ticker', 'lifecycle'] as const } : {}),
  });
}

function pollingFeed(
  { config: { polling }, log }: BotOptions,
  { client, limits }: KalshiConnection,
  clock: ExchangeClock,
  sink: EventSink,
  { onTrouble, onLifecycle, readAccount }: FeedNotices,
): MarketFeed {
  // Intervals are in exchange time, as everything that the engine counts; the budget is in ours.
  const wallMs = (seconds: number): number => (seconds * 1_000) / clock.speed;
  return createRestFeed({
    ...{ reads: client, clock, sink, readAccount },
    booksEveryMs: wallMs(polling.book_seconds),
    marketsEveryMs: wallMs(polling.listing_seconds),
    accountEveryMs: Math.max(MIN_ACCOUNT_PAUSE_MS, wallMs(polling.account_seconds)),
    spacingMs: (READ_COST * 1_000) / (limits.read.refillPerSecond * polling.read_budget_share),
    onNotice: onLifecycle,
    log: (message, facts) => {
      if (typeof facts.reason === 'string') onTrouble(facts.reason);
      log.debug(facts, message);
    },
  });
}

/** Tokens of one read, by the exchange's default. */
const READ_COST = 10;
const MIN_ACCOUNT_PAUSE_MS = 500;
