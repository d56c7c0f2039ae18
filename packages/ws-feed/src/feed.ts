import { MmError, type Ticker } from '@kalshi-mm/core';
import { backoffMs } from './backoff.ts';
import type { Channel } from './channels.ts';
import { Connection, type ConnectionEnd } from './connection.ts';
import { type FeedOptions, withDefaults } from './feed-options.ts';
import { FeedSession } from './feed-session.ts';
import { createFeedStats, type FeedStats } from './feed-stats.ts';
import { createFrameDecoder } from './frame-decoder.ts';
import type { ErrorFrame } from './frames.ts';
import { RecentSet } from './recent-set.ts';
import type { FeedMemory } from './session-port.ts';
import { Settlements } from './settlements.ts';

export interface FeedHealth {
  readonly connected: boolean;
  /** Connected, every channel acknowledged, and not lost. */
  readonly live: boolean;
  /** When anything last came, heartbeats included; null before the first connection. */
  readonly lastFrameMs: number | null;
  /** Age of `lastFrameMs`. */
  readonly silentMs: number | null;
  /** Receive time less exchange time of the latest book change; the two clocks are not the same. */
  readonly lagMs: number | null;
  readonly untrustedBooks: number;
  readonly markets: number;
}

export interface Feed {
  /**
   * Resolves when connected and subscribed; until then connecting is repeated for ever.
   * @throws MmError (recovery `fix`) when the exchange refuses the first connection or a subscription for good
   */
  start(): Promise<void>;
  /** The markets to follow from now on; may be called at any time, with the difference sent to the exchange. */
  setMarkets(tickers: readonly Ticker[]): void;
  /** Tells the feed that a book cannot be right: it is reported as gapped and its snapshot is asked for. */
  requestSnapshot(ticker: Ticker): void;
  close(): void;
  readonly stats: Readonly<FeedStats>;
  health(nowMs: number): FeedHealth;
}

/** Fills remembered for recognising repetitions. */
const RECENT_FILLS = 10_000;

/** A feed of one account over one WebSocket connection at a time, for as long as it is not closed. */
export function createFeed(options: FeedOptions): Feed {
  return new KalshiFeed({
    options: withDefaults(options),
    stats: createFeedStats(),
    decoder: createFrameDecoder(),
    recentFills: new RecentSet(RECENT_FILLS),
    settlements: new Settlements(),
  });
}

class KalshiFeed implements Feed {
  readonly #memory: FeedMemory;
  readonly #started = Promise.withResolvers<void>();
  #wanted: ReadonlySet<Ticker> = new Set();
  #connection: Connection | null = null;
  #session: FeedSession | null = null;
  #reconnect: NodeJS.Timeout | null = null;
  #attempt = 0;
  #everSubscribed = false;
  #open = false;
  #lost = false;
  #state: 'new' | 'running' | 'closed' = 'new';
  #lastFrameMs: number | null = null;

  constructor(memory: FeedMemory) {
    this.#memory = memory;
    // A failure that nobody awaits is told through the log as well.
    this.#started.promise.catch(() => {});
  }

  get stats(): Readonly<FeedStats> {
    return this.#memory.stats;
  }

  start(): Promise<void> {
    if (this.#state === 'new') {
      this.#state = 'running';
      this.#connect();
    }
    return this.#started.promise;
  }

  setMarkets(tickers: readonly Ticker[]): void {
    this.#wanted = new Set(tickers);
    if (this.#open) this.#session?.setMarkets(this.#wanted);
  }

  requestSnapshot(ticker: Ticker): void {
    if (this.#open) this.#session?.requestSnapshot(ticker);
  }

  health(nowMs: number): FeedHealth {
    return {
      connected: this.#open,
      live: this.#open && this.#everSubscribed && !this.#lost,
      lastFrameMs: this.#lastFrameMs,
      silentMs: this.#lastFrameMs === null ? null : nowMs - this.#lastFrameMs,
      lagMs: this.#session?.lagMs ?? null,
      untrustedBooks: this.#session?.untrustedBooks ?? this.#wanted.size,
      markets: this.#wanted.size,
    };
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    if (this.#reconnect !== null) clearTimeout(this.#reconnect);
    this.#session?.close();
    this.#connection?.removeAllListeners();
    this.#connection?.end('closed by this side');
    this.#open = false;
    this.#started.reject(new MmError('feed-closed', 'The feed was closed before it was subscribed'));
  }

  #connect(): void {
    const { options } = this.#memory;
    let headers: Readonly<Record<string, string>>;
    try {
      headers = options.signHeaders();
    } catch (error) {
      this.#onEnd({ reason: `signing failed: ${(error as Error).message}`, status: null }, error);
      return;
    }
    const connection = new Connection({
      url: options.wsUrl,
      headers,
      idleTimeoutMs: options.idleTimeoutMs,
      pingIntervalMs: options.pingIntervalMs,
      handshakeTimeoutMs: options.handshakeTimeoutMs,
    });
    const session = this.#createSession(connection);
    this.#connection = connection;
    this.#session = session;
    connection.on('open', () => {
      this.#open = true;
      this.#memory.stats.connections++;
      this.#lastFrameMs = options.clock.now();
      session.setMarkets(this.#wanted);
    });
    connection.on('heartbeat', () => {
      this.#lastFrameMs = options.clock.now();
    });
    connection.on('frame', (raw) => {
      const atMs = options.clock.now();
      this.#lastFrameMs = atMs;
      this.#memory.stats.frames++;
      options.onFrame?.(raw, atMs);
      session.onRaw(raw, atMs);
    });
    connection.on('end', (end) => this.#onEnd(end));
  }

  #createSession(connection: Connection): FeedSession {
    return new FeedSession(this.#memory, {
      send: (command) => connection.send(command),
      onBroken: (reason) => connection.end(reason),
      onSubscribed: () => {
        this.#everSubscribed = true;
        this.#started.resolve();
      },
      onBooksReady: () => this.#onBooksReady(),
      onRefused: (channel, error) => this.#onRefused(channel, error),
    });
  }

  #onBooksReady(): void {
    this.#attempt = 0;
    if (!this.#lost) return;
    this.#lost = false;
    const { options } = this.#memory;
    options.sink({ type: 'feed.restored', atMs: options.clock.now() });
    // Books start anew; of the rest, nobody repeats what was said meanwhile.
    for (const name of options.channels) if (name !== 'orderbook_delta') options.onMissed(name);
  }

  #onRefused(channel: Channel, error: ErrorFrame): void {
    if (this.#everSubscribed) return;
    this.#fail(
      new MmError(
        'subscription-refused',
        `The exchange refuses the channel ${channel.wire}: ${error.message}`,
        {
          facts: { code: error.code, url: this.#memory.options.wsUrl },
          todo: 'Check that the API key may read this account, or leave the channel out of `channels`.',
        },
      ),
    );
  }

  #onEnd(end: ConnectionEnd, cause?: unknown): void {
    this.#open = false;
    this.#session?.close();
    this.#session = null;
    this.#connection = null;
    if (this.#state === 'closed') return;
    const { options } = this.#memory;
    const refused = end.status === 401 || end.status === 403 || cause !== undefined;
    if (refused && !this.#everSubscribed) {
      this.#fail(refusal(end, options.wsUrl, cause));
      return;
    }
    const delayMs = backoffMs(
      this.#attempt++,
      options.reconnectBaseDelayMs,
      options.reconnectMaxDelayMs,
      options.random,
    );
    options.log('the connection ended and will be made again', { reason: end.reason, delayMs });
    this.#reconnect = setTimeout(() => this.#connect(), delayMs);
    if (this.#lost) return;
    this.#lost = true;
    options.sink({ type: 'feed.lost', reason: end.reason, atMs: options.clock.now() });
  }

  #fail(error: MmError): void {
    this.#memory.options.log(error.message, { code: error.code });
    this.#started.reject(error);
    this.close();
  }
}

function refusal(end: ConnectionEnd, url: string, cause: unknown): MmError {
  if (cause !== undefined) {
    return new MmError('feed-signing-failed', 'The headers of the WebSocket request could not be signed', {
      facts: { url },
      todo: 'Check the API key id and its private key.',
      cause,
    });
  }
  return new MmError('feed-unauthorized', `The exchange refused the WebSocket connection (${end.status})`, {
    facts: { url, status: end.status },
    todo: 'Check that the API key belongs to this environment and that the clock is right within 5 seconds.',
  });
}
