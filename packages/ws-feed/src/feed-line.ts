import { MmError, type Ticker, type Timestamp } from '@kalshi-mm/core';
import { backoffMs } from './backoff.ts';
import type { Channel, ChannelName } from './channels.ts';
import { Connection, type ConnectionEnd } from './connection.ts';
import { FeedSession } from './feed-session.ts';
import type { ErrorFrame } from './frames.ts';
import type { FeedMemory } from './session-port.ts';

/** What a line tells the feed that it belongs to. */
export interface LinePort {
  /** It has the only books. */
  isAlone(): boolean;
  /** Every channel is acknowledged; again after each time that this was not so. */
  onSubscribed(): void;
  /** Its books are whole, for the first time since a connection was made. */
  onReady(): void;
  /** A channel lost frames and works again; books excepted, which come anew by themselves. */
  onMissed(channel: ChannelName, sinceMs: Timestamp): void;
  /** No connection any more, though another will be made; told once until the next `onReady`. */
  onLost(reason: string): void;
  /** Lost again before `onReady`, with books that had come meanwhile. */
  onLostBooks(tickers: readonly Ticker[]): void;
  /** It would be of no use to go on. */
  onFatal(error: MmError): void;
}

/** One WebSocket connection after another, with the same channels and markets. */
export class FeedLine {
  readonly #memory: FeedMemory;
  readonly #channels: readonly ChannelName[];
  readonly #port: LinePort;
  #wanted: ReadonlySet<Ticker> = new Set();
  #connection: Connection | null = null;
  #session: FeedSession | null = null;
  #reconnect: NodeJS.Timeout | null = null;
  /** Of the open connection; 0: none is open. */
  #number = 0;
  #attempt = 0;
  #closed = false;
  #everSubscribed = false;
  #lost = false;
  #lastFrameMs: Timestamp | null = null;
  /** Channels that lost frames, and since when; told when they work again. */
  readonly #missed = new Map<ChannelName, Timestamp>();

  constructor(memory: FeedMemory, channels: readonly ChannelName[], port: LinePort) {
    this.#memory = memory;
    this.#channels = channels;
    this.#port = port;
  }

  get markets(): ReadonlySet<Ticker> {
    return this.#wanted;
  }

  get isOpen(): boolean {
    return this.#number > 0;
  }

  /** Connected, every channel acknowledged, and not lost. */
  get isLive(): boolean {
    return this.session?.subscribed === true && !this.#lost;
  }

  get everSubscribed(): boolean {
    return this.#everSubscribed;
  }

  /** When anything last came, heartbeats included; null before the first connection. */
  get lastFrameMs(): Timestamp | null {
    return this.#lastFrameMs;
  }

  get untrustedBooks(): number {
    return this.#session?.untrustedBooks ?? this.#wanted.size;
  }

  get lagMs(): number | null {
    return this.#session?.lagMs ?? null;
  }

  /** Null while there is no connection. */
  get session(): FeedSession | null {
    return this.isOpen ? this.#session : null;
  }

  setMarkets(wanted: ReadonlySet<Ticker>): void {
    this.#wanted = wanted;
    this.session?.setMarkets(wanted);
  }

  connect(): void {
    const { options } = this.#memory;
    let headers: Readonly<Record<string, string>>;
    try {
      headers = options.signHeaders();
    } catch (error) {
      this.#onEnd({ reason: `signing failed: ${(error as Error).message}`, status: null }, error);
      return;
    }
    let number = 0;
    const connection: Connection = new Connection({
      url: options.wsUrl,
      headers,
      idleTimeoutMs: options.idleTimeoutMs,
      pingIntervalMs: options.pingIntervalMs,
      handshakeTimeoutMs: options.handshakeTimeoutMs,
      openSocket: options.openSocket,
      onArrival: () => {
        this.#lastFrameMs = options.clock.now();
      },
      onFrame: (bytes, start, end) => {
        // Messages that came in one piece came at one time.
        const atMs = this.#lastFrameMs!;
        this.#memory.stats.frames++;
        options.onFrame?.(bytes.subarray(start, end), atMs, number);
        session.onFrame(bytes, start, end, atMs);
      },
    });
    const session = this.#createSession(connection);
    this.#connection = connection;
    this.#session = session;
    connection.on('open', () => {
      number = ++this.#memory.stats.connections;
      this.#number = number;
      options.onConnection({ connection: number, open: true });
      this.#lastFrameMs = options.clock.now();
      session.setMarkets(this.#wanted);
    });
    connection.on('end', (end) => this.#onEnd(end));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#reconnect !== null) clearTimeout(this.#reconnect);
    this.#session?.close();
    this.#connection?.removeAllListeners();
    this.#connection?.end('closed by this side');
    this.#tellEnd('closed by this side');
  }

  #createSession(connection: Connection): FeedSession {
    return new FeedSession(this.#memory, this.#channels, {
      send: (command) => connection.send(command),
      isAlone: () => this.#port.isAlone(),
      onBroken: (reason) => connection.end(reason),
      onSubscribed: () => {
        this.#everSubscribed = true;
        this.#port.onSubscribed();
      },
      onBooksReady: () => {
        this.#attempt = 0;
        this.#lost = false;
        this.#port.onReady();
      },
      onMissed: (channel, sinceMs) => {
        this.#noteMissed(channel, sinceMs);
        if (this.#session?.isWorking(channel) === true) this.#tellMissed(channel);
      },
      onWorking: (channel) => this.#tellMissed(channel),
      onRefused: (channel, error) => this.#onRefused(channel, error),
      onGap: (channel) => this.#memory.options.onGap(channel, this.#number),
    });
  }

  #noteMissed(channel: ChannelName, sinceMs: Timestamp): void {
    const knownMs = this.#missed.get(channel);
    if (knownMs === undefined || sinceMs < knownMs) this.#missed.set(channel, sinceMs);
  }

  #tellMissed(channel: ChannelName): void {
    const sinceMs = this.#missed.get(channel);
    if (sinceMs === undefined) return;
    this.#missed.delete(channel);
    this.#port.onMissed(channel, sinceMs);
  }

  #onRefused(channel: Channel, error: ErrorFrame): void {
    if (this.#everSubscribed) return;
    this.#port.onFatal(
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
    this.#tellEnd(end.reason);
    const session = this.#session;
    const books = [...this.#wanted].filter((ticker) => session?.bookRecord(ticker)?.trusted === true);
    session?.close();
    this.#session = null;
    this.#connection = null;
    if (this.#closed) return;
    const { options } = this.#memory;
    const refused = end.status === 401 || end.status === 403 || cause !== undefined;
    if (refused && !this.#everSubscribed) {
      this.#port.onFatal(refusal(end, options.wsUrl, cause));
      return;
    }
    const delayMs = backoffMs(
      this.#attempt++,
      options.reconnectBaseDelayMs,
      options.reconnectMaxDelayMs,
      options.random,
    );
    options.log('the connection ended and will be made again', { reason: end.reason, delayMs });
    this.#reconnect = setTimeout(() => this.connect(), delayMs);
    const sinceMs = this.#lastFrameMs ?? options.clock.now();
    for (const channel of this.#channels) {
      if (channel !== 'orderbook_delta') this.#noteMissed(channel, sinceMs);
    }
    if (this.#lost) {
      this.#port.onLostBooks(books);
      return;
    }
    this.#lost = true;
    this.#port.onLost(end.reason);
  }

  #tellEnd(reason: string): void {
    const connection = this.#number;
    if (connection === 0) return;
    this.#number = 0;
    this.#memory.options.onConnection({ connection, open: false, reason });
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
