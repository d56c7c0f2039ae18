import type { Ticker, Timestamp } from '@kalshi-mm/core';
import { BookChannel } from './book-channel.ts';
import type { Channel } from './channels.ts';
import { createFrameTarget, type FrameTarget } from './frame-decoder.ts';
import { orderChanged, orderFilled, positionReported, tickerChanged, tradePrinted } from './frame-events.ts';
import type {
  AckFrame,
  ErrorFrame,
  FillFrame,
  Frame,
  LifecycleFrame,
  SubscribedFrame,
  TradeFrame,
} from './frames.ts';
import { createLogSampler } from './log-sampler.ts';
import { parseFrame } from './parse-frame.ts';
import type { FeedMemory, SessionPort } from './session-port.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';

/** What is said on one connection: frames in, events and commands out. */
export class FeedSession {
  readonly #memory: FeedMemory;
  readonly #port: SessionPort;
  readonly #books: BookChannel;
  readonly #subscriptions: Subscriptions;
  readonly #target: FrameTarget = createFrameTarget();
  readonly #log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  #complete = false;
  #ready = false;

  constructor(memory: FeedMemory, port: SessionPort) {
    this.#memory = memory;
    this.#port = port;
    const { options, stats } = memory;
    this.#log = createLogSampler(options.log);
    this.#books = new BookChannel({
      sink: options.sink,
      stats,
      inYesPrices: options.useYesPrice,
      repairSpacingMs: options.repairSpacingMs,
      repairTimeoutMs: options.repairTimeoutMs,
      now: () => options.clock.now(),
      log: this.#log,
      requestSnapshots: (tickers) => this.#subscriptions.requestSnapshots(tickers),
      resubscribe: (reason) => this.#subscriptions.resubscribe('orderbook_delta', reason),
      onWhole: () => this.#checkReady(),
      onLate: (missing) => this.#onLate(missing),
    });
    this.#subscriptions = new Subscriptions({
      channels: options.channels,
      useYesPrice: options.useYesPrice,
      commandTimeoutMs: options.commandTimeoutMs,
      retryBaseMs: options.reconnectBaseDelayMs,
      retryMaxMs: options.reconnectMaxDelayMs,
      random: options.random,
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
      onEnded: (channel, reason) => this.#onEnded(channel, reason),
      onComplete: () => {
        this.#complete = true;
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

  /** The reader of the book found that it cannot be right. */
  requestSnapshot(ticker: Ticker): void {
    this.#books.distrust(ticker);
  }

  close(): void {
    this.#books.close();
    this.#subscriptions.close();
  }

  get untrustedBooks(): number {
    return this.#books.untrustedCount;
  }

  get lagMs(): number | null {
    return this.#books.lagMs;
  }

  onRaw(raw: Buffer, atMs: Timestamp): void {
    const { decoder, stats } = this.#memory;
    const hot = decoder.decode(raw, this.#target);
    if (hot === 'fallback') {
      this.#onUnscanned(raw, atMs);
      return;
    }
    stats.scanned++;
    const frame = hot === 'trade' ? this.#target.trade : this.#target.delta;
    const subscription = this.#admit(frame.type, frame.sid, frame.seq);
    if (subscription !== undefined) this.#dispatch(frame, atMs);
  }

  #onUnscanned(raw: Buffer, atMs: Timestamp): void {
    let value: unknown;
    let frame: Frame;
    try {
      value = JSON.parse(raw.toString('utf8'));
      frame = parseFrame(value);
    } catch (error) {
      this.#onMalformed(raw, value, error);
      return;
    }
    if (frame.type === 'subscribed' || frame.type === 'ok' || frame.type === 'unsubscribed') {
      this.#onAnswer(frame);
    } else if (frame.type === 'error') this.#onError(frame);
    else if (frame.sid !== null && this.#admit(frame.type, frame.sid, frame.seq) !== undefined) {
      this.#dispatch(frame, atMs);
    }
  }

  #onAnswer(frame: SubscribedFrame | AckFrame): void {
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
  #countAnswer(frame: AckFrame | ErrorFrame): void {
    const subscription = frame.sid === null ? undefined : this.#subscriptions.bySid(frame.sid);
    if (subscription !== undefined) this.#checkSequence(subscription, frame.seq);
  }

  /** The subscription of a frame that is to be handled; undefined for one that is stray or was here before. */
  #admit(type: string, sid: number, seq: number | null): Subscription | undefined {
    const subscription = this.#subscriptions.find(sid, type);
    if (subscription === undefined) {
      this.#memory.stats.dropped++;
      return undefined;
    }
    return this.#checkSequence(subscription, seq) ? subscription : undefined;
  }

  #dispatch(
    frame: Exclude<Frame, { type: 'subscribed' | 'ok' | 'unsubscribed' | 'error' }>,
    atMs: Timestamp,
  ): void {
    const { sink } = this.#memory.options;
    if (frame.type === 'orderbook_delta') this.#books.onDelta(frame, atMs);
    else if (frame.type === 'trade') this.#onTrade(frame, atMs);
    else if (frame.type === 'orderbook_snapshot') this.#books.onSnapshot(frame, atMs);
    else if (frame.type === 'ticker') sink(tickerChanged(frame, atMs));
    else if (frame.type === 'fill') this.#onFill(frame, atMs);
    else if (frame.type === 'user_order') {
      const event = orderChanged(frame, atMs);
      if (event !== null) sink(event);
    } else if (frame.type === 'market_position') sink(positionReported(frame, atMs));
    else if (frame.type === 'market_lifecycle_v2') this.#onLifecycle(frame, atMs);
    else if (frame.type === 'unknown') {
      this.#memory.stats.unknown++;
      this.#log('a frame of an unknown type', { type: frame.wireType });
    } else this.#notify(frame.type, null, frame.eventTicker);
  }

  #onTrade(frame: TradeFrame, atMs: Timestamp): void {
    const { stats, options } = this.#memory;
    if (frame.block) {
      stats.blockTrades++;
      return;
    }
    stats.trades++;
    options.sink(tradePrinted(frame, atMs));
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
      else this.#notify('settled', ticker, null);
    } else {
      // Resting orders are gone when a paused market comes back; whether deltas say so is not documented.
      if (eventType === 'activated') this.#books.distrust(ticker);
      this.#notify(eventType, ticker, null);
    }
  }

  #notify(kind: string, ticker: Ticker | null, eventTicker: string | null): void {
    this.#memory.options.onLifecycle({ kind, ticker, eventTicker });
  }

  /** @returns false if the frame was here before */
  #checkSequence(subscription: Subscription, seq: number | null): boolean {
    if (seq === null || !subscription.channel.numbered) return true;
    const verdict = subscription.sequence.check(seq);
    if (verdict === 'next') return true;
    const { stats, options } = this.#memory;
    if (verdict === 'repeat') {
      stats.duplicates++;
      return false;
    }
    stats.gaps++;
    const { name } = subscription.channel;
    this.#log('frames were lost', { channel: name, seq });
    if (name === 'orderbook_delta') this.#books.distrustAll();
    else options.onMissed(name);
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
    if (subscription?.channel.name !== 'orderbook_delta') return;
    const ticker = (msg as Readonly<Record<string, unknown>> | null | undefined)?.market_ticker as Ticker;
    if (isCount(seq) && this.#books.has(ticker)) this.#books.distrust(ticker);
    else this.#books.distrustAll();
  }

  #onEnded(channel: Channel, reason: string): void {
    const { stats, options } = this.#memory;
    stats.resubscriptions++;
    this.#log('a channel is subscribed anew', { channel: channel.name, reason });
    if (channel.name === 'orderbook_delta') this.#books.onEnded();
    else options.onMissed(channel.name);
  }

  #onLate(missing: readonly Ticker[]): void {
    this.#log('snapshots did not come in time', {
      markets: missing.slice(0, 5).join(' '),
      count: missing.length,
    });
    if (this.#ready || !this.#complete) return;
    // One market without a book must not hold back all others.
    const { sink, clock } = this.#memory.options;
    for (const ticker of missing) sink({ type: 'feed.gapped', ticker, atMs: clock.now() });
    this.#ready = true;
    this.#port.onBooksReady();
  }

  #checkReady(): void {
    if (this.#ready || !this.#complete || this.#books.untrustedCount > 0) return;
    this.#ready = true;
    this.#port.onBooksReady();
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
