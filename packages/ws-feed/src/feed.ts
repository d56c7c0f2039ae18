import { type Fill, MmError, type Ticker, type Timestamp } from '@kalshi-mm/core';
import { CHANNELS, type ChannelName, type PriceChannelName } from './channels.ts';
import { FeedLine } from './feed-line.ts';
import { type FeedOptions, withDefaults } from './feed-options.ts';
import { createFeedStats, type FeedStats } from './feed-stats.ts';
import { FillRecovery } from './fill-recovery.ts';
import { createFrameDecoder } from './frame-decoder.ts';
import type { SubscriptionListing } from './frames.ts';
import { RecentSet } from './recent-set.ts';
import type { FeedMemory } from './session-port.ts';
import { Settlements } from './settlements.ts';
import { shardMarkets } from './shard-markets.ts';

export interface FeedHealth {
  /** Every connection is open. */
  readonly connected: boolean;
  /** Connected, every channel acknowledged, and not lost, on every connection. */
  readonly live: boolean;
  /** When anything last came, heartbeats included, over the quietest open connection; null before the first one. */
  readonly lastFrameMs: number | null;
  /** Age of `lastFrameMs`. */
  readonly silentMs: number | null;
  /** Receive time less exchange time of the latest book change; the two clocks are not the same. */
  readonly lagMs: number | null;
  readonly untrustedBooks: number;
  readonly markets: number;
  readonly connections: number;
}

/** How current one market's book is; a quiet market has an old change, a dead connection an old heartbeat. */
export interface MarketClocks {
  /** Since anything, heartbeats included, came over its connection; null: not connected. */
  readonly heartbeatAgeMs: number | null;
  /** Receive time less exchange time of its latest change; null before the first one. */
  readonly serverAgeMs: number | null;
  /** Since its book last changed or came whole; null before the first time on this connection. */
  readonly changeAgeMs: number | null;
  /** False while a snapshot is awaited: the book is stale whatever the clocks say. */
  readonly trusted: boolean;
}

export interface Feed {
  /**
   * Resolves when connected and subscribed; until then connecting is repeated for ever.
   * @throws MmError (recovery `fix`) when the exchange refuses the first connection or a subscription for good
   */
  start(): Promise<void>;
  /** The markets to follow from now on; may be called at any time, with the difference sent to the exchange. */
  setMarkets(tickers: readonly Ticker[]): void;
  /** The reference prices to follow from now on, of a channel in `channels`; `['all']` for all. */
  setPrices(channel: PriceChannelName, names: readonly string[]): void;
  /** The reference prices that a channel in `channels` has. @throws MmError `feed-unanswered` */
  listPrices(channel: PriceChannelName): Promise<readonly string[]>;
  /** What the exchange says is subscribed, by connection. @throws MmError `feed-unanswered` */
  listSubscriptions(): Promise<readonly (readonly SubscriptionListing[])[]>;
  /** Tells the feed that a book cannot be right: it is reported as gapped and its snapshot is asked for. */
  requestSnapshot(ticker: Ticker): void;
  close(): void;
  readonly stats: Readonly<FeedStats>;
  health(nowMs: number): FeedHealth;
  /** Null for a market that is not followed. */
  clocks(ticker: Ticker, nowMs: number): MarketClocks | null;
}

/** Fills remembered for recognising repetitions. */
const RECENT_FILLS = 10_000;
const MARKET_CHANNELS = new Set(
  CHANNELS.filter((channel) => channel.scope === 'markets').map((channel) => channel.name),
);

/**
 * A feed of one account, for as long as it is not closed.
 *
 * @throws MmError `ws-url`
 */
export function createFeed(options: FeedOptions): Feed {
  if (!/^wss?:$/.test(URL.parse(options.wsUrl)?.protocol ?? '')) {
    throw new MmError('ws-url', `Not the WebSocket address of an exchange: ${options.wsUrl}`, {
      todo: 'Use e.g. wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2, with the path.',
    });
  }
  const tickers = new Map<Ticker, Ticker>();
  return new KalshiFeed({
    options: withDefaults(options),
    stats: createFeedStats(),
    tickers,
    decoder: createFrameDecoder((ticker) => tickers.get(ticker) ?? ticker),
    recentFills: new RecentSet(RECENT_FILLS),
    settlements: new Settlements(),
    prices: new Map(Object.entries(options.prices ?? {}) as [PriceChannelName, readonly string[]][]),
  });
}

class KalshiFeed implements Feed {
  readonly #memory: FeedMemory;
  readonly #started = Promise.withResolvers<void>();
  /** The first has the channels of the account; the others have markets alone. */
  readonly #lines: FeedLine[];
  readonly #home = new Map<Ticker, FeedLine>();
  readonly #recovery: FillRecovery | null;
  #state: 'new' | 'running' | 'closed' = 'new';
  #lost = false;

  constructor(memory: FeedMemory) {
    this.#memory = memory;
    // A failure that nobody awaits is told through the log as well.
    this.#started.promise.catch(() => {});
    this.#recovery = this.#createRecovery();
    this.#lines = [this.#createLine(memory.options.channels)];
  }

  get stats(): Readonly<FeedStats> {
    return this.#memory.stats;
  }

  start(): Promise<void> {
    if (this.#state === 'new') {
      this.#state = 'running';
      for (const line of [...this.#lines]) line.connect();
    }
    return this.#started.promise;
  }

  setMarkets(tickers: readonly Ticker[]): void {
    if (this.#state === 'closed') return;
    const { marketsPerConnection, channels } = this.#memory.options;
    this.#memory.tickers.clear();
    for (const ticker of tickers) this.#memory.tickers.set(ticker, ticker);
    const shards = shardMarkets(
      new Set(tickers),
      this.#lines.map((line) => line.markets),
      marketsPerConnection,
    );
    const added: FeedLine[] = [];
    while (this.#lines.length < shards.length) {
      const line = this.#createLine(channels.filter((name) => MARKET_CHANNELS.has(name)));
      this.#lines.push(line);
      added.push(line);
    }
    const leaving = this.#leaving(new Set(tickers));
    this.#home.clear();
    for (const [index, line] of [...this.#lines].entries()) {
      const shard = shards[index]!;
      for (const ticker of shard) this.#home.set(ticker, line);
      line.setMarkets(shard);
      if (index === 0 || shard.size > 0) continue;
      line.close();
      this.#lines.splice(this.#lines.indexOf(line), 1);
    }
    if (this.#state === 'running') for (const line of added) line.connect();
    this.#tellGapped(leaving);
  }

  setPrices(channel: PriceChannelName, names: readonly string[]): void {
    this.#memory.prices.set(channel, [...names]);
    this.#main.session?.reconcile();
  }

  async listPrices(channel: PriceChannelName): Promise<readonly string[]> {
    return openSession(this.#main).listPrices(channel);
  }

  listSubscriptions(): Promise<readonly (readonly SubscriptionListing[])[]> {
    return Promise.all(this.#lines.map(async (line) => openSession(line).listSubscriptions()));
  }

  requestSnapshot(ticker: Ticker): void {
    this.#home.get(ticker)?.session?.requestSnapshot(ticker);
  }

  health(nowMs: number): FeedHealth {
    const lines = this.#lines;
    const heard = lines
      .filter((line, index) => index === 0 || line.isOpen)
      .map((line) => line.lastFrameMs)
      .filter((ms) => ms !== null);
    const lags = lines.map((line) => line.lagMs).filter((ms) => ms !== null);
    const lastFrameMs = heard.length === 0 ? null : Math.min(...heard);
    return {
      connected: lines.every((line) => line.isOpen),
      live: lines.every((line) => line.isLive),
      lastFrameMs,
      silentMs: lastFrameMs === null ? null : nowMs - lastFrameMs,
      lagMs: lags.length === 0 ? null : Math.max(...lags),
      untrustedBooks: lines.reduce((sum, line) => sum + line.untrustedBooks, 0),
      markets: lines.reduce((sum, line) => sum + line.markets.size, 0),
      connections: lines.length,
    };
  }

  clocks(ticker: Ticker, nowMs: number): MarketClocks | null {
    const line = this.#home.get(ticker);
    if (line === undefined) return null;
    const { session, lastFrameMs } = line;
    const record = session?.bookRecord(ticker);
    return {
      heartbeatAgeMs: session === null || lastFrameMs === null ? null : nowMs - lastFrameMs,
      serverAgeMs: record?.lagMs ?? null,
      changeAgeMs: record?.changedMs == null ? null : nowMs - record.changedMs,
      trusted: record?.trusted ?? false,
    };
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#recovery?.stop();
    for (const line of this.#lines) line.close();
    this.#started.reject(new MmError('feed-closed', 'The feed was closed before it was subscribed'));
  }

  get #main(): FeedLine {
    return this.#lines[0]!;
  }

  /** Markets that are not followed any more, and whose books are held for right: nobody keeps them so. */
  #leaving(wanted: ReadonlySet<Ticker>): Ticker[] {
    const isTrusted = ([ticker, line]: readonly [Ticker, FeedLine]): boolean =>
      line.session?.bookRecord(ticker)?.trusted === true;
    return [...this.#home]
      .filter((entry) => !wanted.has(entry[0]) && isTrusted(entry))
      .map(([ticker]) => ticker);
  }

  #createLine(channels: readonly ChannelName[]): FeedLine {
    const line: FeedLine = new FeedLine(this.#memory, channels, {
      isAlone: () => this.#lines.length === 1,
      onSubscribed: () => this.#onSubscribed(line),
      onReady: () => this.#onReady(line),
      onMissed: (channel, sinceMs) => this.#onMissed(channel, sinceMs),
      onLost: (reason) => this.#onLost(line, reason),
      onLostBooks: (tickers) => this.#tellGapped(tickers),
      onFatal: (error) => this.#fail(error),
    });
    return line;
  }

  #onSubscribed(line: FeedLine): void {
    if (line === this.#main) this.#recovery?.begin();
    if (this.#lines.every((each) => each.everSubscribed)) this.#started.resolve();
  }

  #onReady(line: FeedLine): void {
    const { options } = this.#memory;
    if (line !== this.#main || !this.#lost) return;
    this.#lost = false;
    options.sink({ type: 'feed.restored', atMs: options.clock.now() });
  }

  #onMissed(channel: ChannelName, sinceMs: Timestamp): void {
    if (channel === 'fills' && this.#recovery !== null) this.#recovery.soon();
    else this.#memory.options.onMissed(channel, sinceMs);
  }

  #onLost(line: FeedLine, reason: string): void {
    const { options } = this.#memory;
    if (line !== this.#main) {
      this.#tellGapped(line.markets);
      return;
    }
    this.#lost = true;
    options.sink({ type: 'feed.lost', reason, atMs: options.clock.now() });
    // Whoever hears that the feed is lost gives up every book: those of the other connections come anew.
    for (const other of this.#lines) if (other !== line) other.session?.renewBooks();
  }

  #tellGapped(tickers: Iterable<Ticker>): void {
    const { sink, clock } = this.#memory.options;
    const atMs = clock.now();
    for (const ticker of tickers) sink({ type: 'feed.gapped', ticker, atMs });
  }

  #createRecovery(): FillRecovery | null {
    const { options } = this.#memory;
    const { fetchFills } = options;
    if (fetchFills === undefined || !options.channels.includes('fills')) return null;
    return new FillRecovery({
      fetchFills,
      overlapMs: options.fillOverlapMs,
      everyMs: options.fillReadEveryMs,
      retryBaseMs: options.reconnectBaseDelayMs,
      retryMaxMs: options.reconnectMaxDelayMs,
      random: options.random,
      now: () => options.clock.now(),
      onFill: (fill) => this.#onReadFill(fill),
      log: options.log,
    });
  }

  #onReadFill(fill: Fill): void {
    const { recentFills, stats, options } = this.#memory;
    if (!recentFills.add(`${fill.fillId} ${fill.orderId}`)) return;
    stats.fills++;
    stats.recoveredFills++;
    options.sink({ type: 'order.filled', atMs: options.clock.now(), fill });
  }

  #fail(error: MmError): void {
    this.#memory.options.log(error.message, { code: error.code });
    this.#started.reject(error);
    this.close();
  }
}

function openSession(line: FeedLine): NonNullable<FeedLine['session']> {
  if (line.session !== null) return line.session;
  throw new MmError('feed-unanswered', 'There is no connection to ask over', { recovery: 'retry' });
}
