import { isUtf8 } from 'node:buffer';
import type { Ticker, Timestamp } from '@kalshi-mm/core';
import { BookChannel } from './book-channel.ts';
import type { BookRecord } from './book-trust.ts';
import type { ChannelName, PriceChannelName } from './channels.ts';
import { createFrameTarget, type FrameTarget } from './frame-decoder.ts';
import { orderChanged, orderFilled, positionReported, tickerChanged, tradePrinted } from './frame-events.ts';
import type {
  AckFrame,
  ErrorFrame,
  FillFrame,
  Frame,
  LifecycleFrame,
  PriceNamesFrame,
  SubscribedFrame,
  SubscriptionListing,
  TradeFrame,
} from './frames.ts';
import { createLogSampler } from './log-sampler.ts';
import { parseFrame } from './parse-frame.ts';
import type { FeedMemory, SessionPort } from './session-port.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';
import { tradeIdOf } from './trade-id.ts';

/** What is said on one connection: frames in, events and commands out. */
export class FeedSession {
  readonly #memory: FeedMemory;
  readonly #port: SessionPort;
  readonly #books: BookChannel;
  readonly #subscriptions: Subscriptions;
  readonly #target: FrameTarget = createFrameTarget();
  readonly #log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Receive time of the frame at hand. */
  #atMs: Timestamp;
  #ready = false;

  constructor(memory: FeedMemory, channels: readonly ChannelName[], port: SessionPort) {
    this.#memory = memory;
    this.#port = port;
    const { options, stats } = memory;
    this.#log = createLogSampler(options.log);
    this.#atMs = options.clock.now();
    this.#books = new BookChannel({
      sink: options.sink,
      stats,
      inYesPrices: options.useYesPrice,
      repairSpacingMs: options.repairSpacingMs,
      repairTimeoutMs: options.repairTimeoutMs,
      isAlone: () => port.isAlone(),
      now: () => options.clock.now(),
      log: this.#log,
      requestSnapshots: (tickers) => this.#subscriptions.requestSnapshots(tickers),
      resubscribe: (reason) => this.#subscriptions.resubscribe('orderbook_delta', reason),
      onWhole: () => this.#checkReady(),
      onLate: (missing) => this.#onLate(missing),
    });
    this.#subscriptions = new Subscriptions({
      channels,
      useYesPrice: options.useYesPrice,
      commandTimeoutMs: options.commandTimeoutMs,
      retryBaseMs: options.reconnectBaseDelayMs,
      retryMaxMs: options.reconnectMaxDelayMs,
      random: options.random,
      wantedPrices: (name) => memory.prices.get(name) ?? [],
      send: (command) => port.send(command),
      onSubscribing: (channel, tickers) => {
        if (channel.name === 'orderbook_delta') this.#books.onSubscribing(tickers);
      },
      onAdding: (channel, tickers) => {
        if (channel.name === 'orderbook_delta') this.#books.onAdding(tickers);
      },
      onRemoving: (channel, tickers) => {
        if (channel.name === 'orderbook_delta') this.#books.onRemoving(tickers);
      },
      now: () => options.clock.now(),
      onEnded: (subscription, reason) => this.#onEnded(subscription, reason),
      onWorking: (channel) => port.onWorking(channel.name),
      onComplete: () => {
        port.onSubscribed();
        this.#checkReady();
      },
      onRefused: (channel, error) => port.onRefused(channel, error),
      onBroken: (reason) => port.onBroken(reason),
    });
  }

  setMarkets(wanted: ReadonlySet<Ticker>): void {
    this.#subscriptions.setWanted(wanted);
  }

  /** Sends what is missing between what is wanted and what the exchange has been told. */
  reconcile(): void {
    this.#subscriptions.reconcile();
  }

  listPrices(channel: PriceChannelName): Promise<readonly string[]> {
    return this.#subscriptions.listPrices(channel);
  }

  listSubscriptions(): Promise<readonly SubscriptionListing[]> {
    return this.#subscriptions.listSubscriptions();
  }

  bookRecord(ticker: Ticker): Readonly<BookRecord> | undefined {
    return this.#books.record(ticker);
  }

  /** Nobody has kept the books: all are told as gapped and asked for again. */
  renewBooks(): void {
    this.#books.distrustAll();
  }

  /** The reader of the book found that it cannot be right. */
  requestSnapshot(ticker: Ticker): void {
    this.#books.distrust(ticker);
  }

  close(): void {
    this.#books.close();
    this.#subscriptions.close();
  }

  /** Every channel is acknowledged. */
  get subscribed(): boolean {
    return this.#subscriptions.complete;
  }

  /** A channel is subscribed, and what the exchange says there is heard. */
  isWorking(channel: ChannelName): boolean {
    return this.#subscriptions.isWorking(channel);
  }

  get untrustedBooks(): number {
    return this.#books.untrustedCount;
  }

  get lagMs(): number | null {
    return this.#books.lagMs;
  }

  /** @param atMs when it came */
  onFrame(bytes: Buffer, start: number, end: number, atMs: Timestamp): void {
    this.#atMs = atMs;
    const { decoder, stats } = this.#memory;
    const hot = decoder.decode(bytes, this.#target, start, end);
    if (hot === 'fallback') {
      this.#onUnscanned(bytes.subarray(start, end), atMs);
      return;
    }
    stats.scanned++;
    const frame = hot === 'trade' ? this.#target.trade : this.#target.delta;
    if (this.#admit(frame.type, frame.sid, frame.seq, frame) === undefined) return;
    if (hot === 'orderbook_delta') this.#books.onDelta(this.#target.delta, atMs);
    else this.#onTrade(this.#target.trade, bytes.subarray(start, end), atMs);
  }

  #onUnscanned(raw: Buffer, atMs: Timestamp): void {
    let value: unknown;
    let frame: Frame;
    try {
      if (!isUtf8(raw)) throw new Error('The text is not UTF-8');
      value = JSON.parse(raw.toString('utf8'));
      frame = parseFrame(value);
    } catch (error) {
      this.#onMalformed(raw, value, error);
      return;
    }
    if (
      frame.type === 'subscribed' ||
      frame.type === 'ok' ||
      frame.type === 'unsubscribed' ||
      'names' in frame
    ) {
      this.#onAnswer(frame);
    } else if (frame.type === 'error') this.#onError(frame);
    else if (
      frame.sid !== null &&
      this.#admit(wireTypeOf(frame), frame.sid, frame.seq, frame) !== undefined
    ) {
      this.#dispatch(frame, raw, atMs);
    }
  }

  #onAnswer(frame: SubscribedFrame | AckFrame | PriceNamesFrame): void {
    if (frame.type === 'subscribed') {
      this.#subscriptions.onSubscribed(frame);
      return;
    }
    this.#countAnswer(frame);
    this.#subscriptions.onAck(frame);
  }

  #onError(frame: ErrorFrame): void {
    this.#memory.stats.errors++;
    this.#log('the exchange reports an error', { code: frame.code, message: frame.message });
    this.#countAnswer(frame);
    this.#subscriptions.onError(frame);
  }

  /** Answers are numbered together with the data of their subscription. */
  #countAnswer(frame: AckFrame | ErrorFrame | PriceNamesFrame): void {
    const subscription = frame.sid === null ? undefined : this.#subscriptions.bySid(frame.sid);
    if (subscription !== undefined) this.#checkSequence(subscription, frame.seq);
  }

  /** The subscription of a frame that is to be handled; undefined for one that is stray or was here before. */
  #admit(
    type: string,
    sid: number,
    seq: number | null,
    frame: DataFrame | null = null,
  ): Subscription | undefined {
    const subscription = this.#subscriptions.find(sid, type);
    if (subscription === undefined) {
      this.#memory.stats.dropped++;
      return undefined;
    }
    const isNew = this.#checkSequence(subscription, seq, frame);
    subscription.heardMs = this.#atMs;
    return isNew ? subscription : undefined;
  }

  #dispatch(frame: DataFrame, raw: Buffer, atMs: Timestamp): void {
    const { options } = this.#memory;
    const { sink, onNotice } = options;
    if (frame.type === 'orderbook_delta') this.#books.onDelta(frame, atMs);
    else if (frame.type === 'trade') this.#onTrade(frame, raw, atMs);
    else if (frame.type === 'orderbook_snapshot') this.#books.onSnapshot(frame, atMs);
    else if (frame.type === 'ticker') sink(tickerChanged(frame, atMs));
    else if (frame.type === 'fill') this.#onFill(frame, atMs);
    else if (frame.type === 'user_order') {
      const event = orderChanged(frame, atMs);
      if (event !== null) sink(event);
    } else if (frame.type === 'market_position') sink(positionReported(frame, atMs));
    else if (isLifecycle(frame)) this.#onLifecycle(frame, atMs);
    else if (frame.type === 'unknown') {
      this.#memory.stats.unknown++;
      this.#log('a frame of an unknown type', { type: frame.wireType });
    } else if (frame.type === 'event_lifecycle' || frame.type === 'event_fee_update') {
      options.onLifecycle({ kind: frame.type, ticker: null, eventTicker: frame.eventTicker, frame });
    } else onNotice(frame, atMs);
  }

  #onTrade(frame: TradeFrame, raw: Buffer, atMs: Timestamp): void {
    const { stats, options } = this.#memory;
    if (frame.block) {
      stats.blockTrades++;
      return;
    }
    stats.trades++;
    options.sink(tradePrinted(frame, tradeIdOf(raw), atMs));
  }

  #onFill(frame: FillFrame, atMs: Timestamp): void {
    const { stats, recentFills, options } = this.#memory;
    if (!recentFills.add(`${frame.tradeId} ${frame.orderId}`)) {
      stats.duplicates++;
      return;
    }
    stats.fills++;
    options.sink(orderFilled(frame, atMs));
  }

  #onLifecycle(frame: LifecycleFrame, atMs: Timestamp): void {
    const { settlements, options } = this.#memory;
    const { ticker, eventType } = frame;
    if (eventType === 'deactivated') options.sink({ type: 'market.closed', ticker, reason: 'paused', atMs });
    else if (eventType === 'determined') {
      settlements.determine(frame);
      options.sink({ type: 'market.closed', ticker, reason: 'determined', atMs });
    } else if (eventType === 'settled') {
      const event = settlements.settle(ticker, atMs);
      if (event !== null) options.sink(event);
      else options.onLifecycle({ kind: 'settled', ticker, eventTicker: null, frame });
    } else {
      // Resting orders are gone when a paused market comes back; whether deltas say so is not documented.
      if (eventType === 'activated') this.#books.distrust(ticker);
      options.onLifecycle({ kind: eventType, ticker, eventTicker: null, frame });
    }
  }

  /** @returns false if the frame was here before */
  #checkSequence(subscription: Subscription, seq: number | null, frame: DataFrame | null = null): boolean {
    if (seq === null || !subscription.channel.numbered) return true;
    const verdict = subscription.sequence.check(seq);
    if (verdict === 'next') return true;
    const { stats } = this.#memory;
    if (verdict === 'repeat') {
      // The frame again, or another one under its number? Two equal changes look the same: ask for the book.
      if (frame?.type === 'orderbook_delta' || frame?.type === 'orderbook_snapshot') {
        this.#books.distrust(frame.ticker);
      }
      stats.duplicates++;
      return false;
    }
    stats.gaps++;
    const { name } = subscription.channel;
    this.#log('frames were lost', { channel: name, seq });
    this.#port.onGap(name);
    if (name === 'orderbook_delta') this.#books.distrustAll();
    else this.#port.onMissed(name, subscription.heardMs);
    return true;
  }

  /** A frame that cannot be read: what it would have changed is not known any more. */
  #onMalformed(raw: Buffer, value: unknown, error: unknown): void {
    this.#memory.stats.malformed++;
    this.#log('a malformed frame', {
      problem: error instanceof Error ? error.message : String(error),
      frame: raw.subarray(0, 300).toString('utf8'),
    });
    const { type, sid, seq, msg } = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof type !== 'string' || !isCount(sid)) {
      // Whose frame it was is not even known: the books are what must not be wrong.
      if (typeof type !== 'string' || type.startsWith('orderbook_')) this.#books.distrustAll();
      return;
    }
    const subscription = this.#admit(type, sid, isCount(seq) ? seq : null);
    if (subscription === undefined) return;
    const { name } = subscription.channel;
    if (name !== 'orderbook_delta') {
      this.#port.onMissed(name, subscription.heardMs);
      return;
    }
    const ticker = (msg as Readonly<Record<string, unknown>> | null | undefined)?.market_ticker as Ticker;
    if (isCount(seq) && this.#books.has(ticker)) this.#books.distrust(ticker);
    else this.#books.distrustAll();
  }

  #onEnded({ channel, heardMs }: Subscription, reason: string): void {
    this.#memory.stats.resubscriptions++;
    this.#log('a channel is subscribed anew', { channel: channel.name, reason });
    if (channel.name === 'orderbook_delta') this.#books.onEnded();
    else this.#port.onMissed(channel.name, heardMs);
  }

  #onLate(missing: readonly Ticker[]): void {
    this.#log('snapshots did not come in time', {
      markets: missing.slice(0, 5).join(' '),
      count: missing.length,
    });
    if (this.#ready || !this.subscribed) return;
    // One market without a book must not hold back all others.
    const { sink, clock } = this.#memory.options;
    for (const ticker of missing) sink({ type: 'feed.gapped', ticker, atMs: clock.now() });
    this.#ready = true;
    this.#port.onBooksReady();
  }

  #checkReady(): void {
    if (this.#ready || !this.subscribed || this.#books.untrustedCount > 0) return;
    this.#ready = true;
    this.#port.onBooksReady();
  }
}

type DataFrame = Exclude<
  Frame,
  { type: 'subscribed' | 'ok' | 'unsubscribed' | 'error' | PriceNamesFrame['type'] }
>;

function isLifecycle(frame: DataFrame): frame is LifecycleFrame {
  return frame.type === 'market_lifecycle_v2' || frame.type === 'multivariate_market_lifecycle';
}

function wireTypeOf(frame: DataFrame): string {
  return frame.type === 'unknown' ? frame.wireType : frame.type;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
