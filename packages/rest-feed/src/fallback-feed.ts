import type { Clock, Event, EventSink, Ticker, Timestamp } from '@kalshi-mm/core';
import type { MarketFeed, MarketFeedHealth } from './market-feed.ts';
import type { RestReads } from './rest-reads.ts';
import { TradeRelay } from './trade-relay.ts';

export interface FallbackFeedOptions {
  readonly clock: Clock;
  readonly sink: EventSink;
  /**
   * Makes the feed that is preferred.
   *
   * @param onMissedTrades to be told when it has missed trades by itself, and since when; they are read over REST
   */
  readonly webSocket: (sink: EventSink, onMissedTrades: (sinceMs: Timestamp) => void) => MarketFeed;
  /** Makes the feed that steps in; made anew each time. */
  readonly polling: (sink: EventSink) => MarketFeed;
  /** Reads the trades that fell between the two, e.g. `client.trades`. */
  readonly readTrades: RestReads['trades'];
  /** The WebSocket is not live, or silent, for this long: polling begins. ms of wall time. @default 10000 */
  readonly fallbackAfterMs?: number;
  /** Clock seconds per second of wall time, for an exchange on simulated time. @default 1 */
  readonly speed?: () => number;
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface FallbackFeed extends MarketFeed {
  readonly source: 'websocket' | 'polling';
}

/**
 * A WebSocket feed that is replaced by polling while it does not work. Every switch is told as `feed.switched`.
 * While polling, each market goes back by itself: from its next snapshot over the WebSocket on, its polled data is
 * dropped, so that an older read never overwrites a newer book. Trades come from one source at a time, and those of
 * the moment of a switch are read: each is told once.
 */
export function createFallbackFeed(options: FallbackFeedOptions): FallbackFeed {
  return new SwitchingFeed(options);
}

const CHECK_EVERY_MS = 100;
/** Snapshots are asked for this often, and so many times, of a WebSocket that has come back to life by itself. */
const ASK_EVERY_MS = 2_000;
const ASK_TIMES = 3;

class SwitchingFeed implements FallbackFeed {
  readonly #options: Required<FallbackFeedOptions>;
  readonly #webSocket: MarketFeed;
  readonly #started = Promise.withResolvers<void>();
  /** Markets that the WebSocket has told whole again while polling. */
  readonly #regained = new Set<Ticker>();
  readonly #trades: TradeRelay;
  #polling: MarketFeed | null = null;
  /** When the source that counts last spoke while it worked: nothing of before is missing. */
  #soundMs = 0;
  #wanted: readonly Ticker[] = [];
  #timer: NodeJS.Timeout | null = null;
  #notLiveSinceMs: number | null = null;
  #lost = false;
  #asked = 0;
  #askAtMs = 0;

  constructor(options: FallbackFeedOptions) {
    this.#options = { fallbackAfterMs: 10_000, speed: () => 1, log: () => {}, ...options };
    this.#trades = new TradeRelay(this.#options);
    this.#webSocket = options.webSocket(
      (event) => this.#onWebSocket(event),
      (sinceMs) => this.#onMissedTrades(sinceMs),
    );
    this.#started.promise.catch(() => {});
  }

  get source(): 'websocket' | 'polling' {
    return this.#polling === null ? 'websocket' : 'polling';
  }

  start(): Promise<void> {
    if (this.#timer === null) {
      this.#notLiveSinceMs = performance.now();
      this.#soundMs = this.#options.clock.now();
      this.#timer = setInterval(() => this.#check(), CHECK_EVERY_MS);
      this.#webSocket.start().then(this.#started.resolve, this.#started.reject);
    }
    return this.#started.promise;
  }

  setMarkets(tickers: readonly Ticker[]): void {
    this.#wanted = [...tickers];
    const wanted = new Set(tickers);
    for (const ticker of this.#regained) if (!wanted.has(ticker)) this.#regained.delete(ticker);
    this.#trades.setMarkets(tickers);
    this.#webSocket.setMarkets(tickers);
    this.#polling?.setMarkets(tickers);
  }

  requestSnapshot(ticker: Ticker): void {
    const source = this.#regained.has(ticker) ? this.#webSocket : (this.#polling ?? this.#webSocket);
    source.requestSnapshot(ticker);
  }

  health(nowMs: number): MarketFeedHealth {
    return (this.#polling ?? this.#webSocket).health(nowMs);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#polling?.close();
    this.#webSocket.close();
    this.#trades.close();
  }

  #check(): void {
    const { clock, fallbackAfterMs, speed } = this.#options;
    const nowMs = performance.now();
    const source = this.health(clock.now());
    if (source.live && source.lastFrameMs !== null) this.#soundMs = source.lastFrameMs;
    const { live, silentMs, markets } = this.#webSocket.health(clock.now());
    const silentWallMs = silentMs === null ? 0 : silentMs / speed();
    if (live) this.#notLiveSinceMs = null;
    else this.#notLiveSinceMs ??= nowMs;
    const troubleMs = live ? silentWallMs : nowMs - this.#notLiveSinceMs!;
    if (this.#polling === null) {
      if (troubleMs > fallbackAfterMs) {
        this.#fallBack(live ? 'the WebSocket is silent' : 'the WebSocket is not live');
      }
      return;
    }
    if (!live || silentWallMs > fallbackAfterMs / 2) return;
    if (markets === this.#wanted.length && this.#missing().length === 0) this.#goBack();
    else if (nowMs >= this.#askAtMs) this.#ask(nowMs);
  }

  /** A connection that was only silent goes on as if nothing had been; its books are of before. */
  #ask(nowMs: number): void {
    this.#askAtMs = nowMs + ASK_EVERY_MS;
    if (this.#asked++ >= ASK_TIMES) this.#goBack();
    else for (const ticker of this.#missing()) this.#webSocket.requestSnapshot(ticker);
  }

  #missing(): Ticker[] {
    return this.#wanted.filter((ticker) => !this.#regained.has(ticker));
  }

  #fallBack(reason: string): void {
    const { clock, log } = this.#options;
    log('market data is polled until the WebSocket is back', { reason });
    this.#regained.clear();
    this.#asked = 0;
    this.#askAtMs = 0;
    this.#tell({ type: 'feed.lost', reason, atMs: clock.now() });
    this.#tell({ type: 'feed.switched', to: 'polling', reason, atMs: clock.now() });
    const polling = this.#options.polling((event) => {
      if (this.#polling === polling) this.#onPolled(event);
    });
    this.#polling = polling;
    this.#trades.catchUp(this.#soundMs);
    polling.setMarkets(this.#wanted);
    polling.start().then(
      () => {
        if (this.#polling !== polling) return;
        this.#tell({ type: 'feed.restored', atMs: clock.now() });
        this.#started.resolve();
      },
      (error) => log('polling does not work either', { reason: String(error) }),
    );
  }

  #goBack(): void {
    const { clock, sink, log } = this.#options;
    const missing = this.#missing();
    this.#polling?.close();
    this.#polling = null;
    this.#regained.clear();
    this.#notLiveSinceMs = null;
    log('market data comes over the WebSocket again', { marketsWithoutBook: missing.length });
    const atMs = clock.now();
    this.#tell({ type: 'feed.switched', to: 'websocket', reason: 'the WebSocket is live again', atMs });
    for (const ticker of missing) sink({ type: 'feed.gapped', ticker, atMs });
    this.#trades.changeOver(this.#soundMs);
    this.#tell({ type: 'feed.restored', atMs });
  }

  #onWebSocket(event: Event): void {
    if (this.#polling === null) {
      this.#tell(event);
      return;
    }
    switch (event.type) {
      case 'feed.lost':
        this.#giveBack([...this.#regained]);
        return;
      case 'feed.gapped':
        if (event.ticker === null) this.#giveBack([...this.#regained]);
        else if (this.#regained.has(event.ticker)) this.#giveBack([event.ticker]);
        return;
      case 'feed.restored':
        this.#goBack();
        return;
      case 'book.replaced':
        this.#regained.add(event.ticker);
        this.#options.sink(event);
        return;
      case 'trade.printed':
        this.#trades.keep(event);
        return;
      case 'book.changed':
      case 'ticker.changed':
        if (this.#regained.has(event.ticker)) this.#options.sink(event);
        return;
      default:
        this.#tell(event);
    }
  }

  /** The WebSocket has failed again before every market was back. */
  #giveBack(tickers: readonly Ticker[]): void {
    for (const ticker of tickers) {
      this.#regained.delete(ticker);
      this.#polling?.requestSnapshot(ticker);
    }
  }

  /** While polling every trade is read anyway. */
  #onMissedTrades(sinceMs: Timestamp): void {
    if (this.#polling === null) this.#trades.catchUp(sinceMs);
  }

  #onPolled(event: Event): void {
    const isOfMarket = event.type !== 'trade.printed' && 'ticker' in event && event.ticker !== null;
    if (!isOfMarket || !this.#regained.has(event.ticker)) this.#tell(event);
  }

  /** A feed is lost once and restored once, whichever source says so. */
  #tell(event: Event): void {
    if (event.type === 'trade.printed') {
      this.#trades.pass(event);
      return;
    }
    if (event.type === 'feed.lost') {
      if (this.#lost) return;
      this.#lost = true;
    } else if (event.type === 'feed.restored') {
      if (!this.#lost) return;
      this.#lost = false;
    }
    this.#options.sink(event);
  }
}
