import { MmError, type Ticker, type Timestamp } from '@kalshi-mm/core';
import { backoffMs } from './backoff.ts';
import { CHANNELS, type Channel, type ChannelName, type PriceChannelName } from './channels.ts';
import {
  listPrices,
  listSubscriptions,
  subscribe,
  unsubscribe,
  updateMarkets,
  updatePrices,
  type WireCommand,
} from './commands.ts';
import type {
  AckFrame,
  ErrorFrame,
  PriceNamesFrame,
  SubscribedFrame,
  SubscriptionListing,
} from './frames.ts';
import { Sequence } from './sequence.ts';

export interface SubscriptionsOptions {
  readonly channels: readonly ChannelName[];
  readonly useYesPrice: boolean;
  /** Without an answer to a command for this long the connection is given up. */
  readonly commandTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly random: () => number;
  /** Names wanted on a channel of reference prices. */
  wantedPrices(channel: PriceChannelName): readonly string[];
  send(command: WireCommand): void;
  /** A channel is asked for with these markets; with none, it is not wanted any more. */
  onSubscribing(channel: Channel, tickers: readonly Ticker[]): void;
  onAdding(channel: Channel, tickers: readonly Ticker[]): void;
  onRemoving(channel: Channel, tickers: readonly Ticker[]): void;
  now(): Timestamp;
  /** A subscription ended by itself or was given up; a new one will be asked for. */
  onEnded(subscription: Subscription, reason: string): void;
  /** A subscription is answered; its data comes after this. */
  onWorking(channel: Channel): void;
  /** Every channel is acknowledged. */
  onComplete(): void;
  /** The exchange does not want this subscription, and says no reason that would pass by itself. */
  onRefused(channel: Channel, error: ErrorFrame): void;
  /** The connection as a whole is of no more use. */
  onBroken(reason: string): void;
}

/** One channel on this connection. */
export interface Subscription {
  readonly channel: Channel;
  /** Null until acknowledged, or until its first frame came. */
  sid: number | null;
  /** Asked for and not yet ended. */
  active: boolean;
  /** Acknowledged. */
  live: boolean;
  /** Markets, or names of prices, that the exchange has been told. */
  readonly told: Set<string>;
  sequence: Sequence;
  failures: number;
  /** Acknowledged at, in process time. */
  liveSinceMs: number;
  /** Receive time of its latest data, or of its acknowledgement: nothing of before is missing. */
  heardMs: Timestamp;
  retry: NodeJS.Timeout | null;
}

interface PendingCommand {
  readonly kind: 'subscribe' | 'unsubscribe' | 'update' | 'snapshot' | 'list';
  /** Null for a command that is about none. */
  readonly subscription: Subscription | null;
  readonly timer: NodeJS.Timeout;
  /** Of `list`. */
  readonly answer: Answer | null;
}

interface Answer {
  readonly resolve: (frame: AckFrame | PriceNamesFrame) => void;
  readonly reject: (error: Error) => void;
}

/** A subscription that lived this long has worked: its next failure is its first. */
const STABLE_AFTER_MS = 60_000;
/** Ended by the exchange: channel error, subscription buffer overflow. */
const TERMINAL = new Set([10, 25]);
/** Passes by itself: could not process, time-out, market limit, command rate. */
const PASSING = new Set([1, 18, 26, 27]);

/**
 * The subscriptions of one connection. `wanted` is compared with what the exchange has been told, and the difference
 * is sent: at any moment, as often as needed, with the same result.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #all: readonly Subscription[];
  readonly #bySid = new Map<number, Subscription>();
  readonly #retired = new Set<number>();
  readonly #pending = new Map<number, PendingCommand>();
  readonly #refused = new Set<Ticker>();
  #wanted: ReadonlySet<Ticker> = new Set();
  #nextId = 1;
  #completed = false;
  #closed = false;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#all = CHANNELS.filter((channel) => options.channels.includes(channel.name)).map((channel) => ({
      channel,
      sid: null,
      active: false,
      live: false,
      told: new Set(),
      sequence: new Sequence(),
      failures: 0,
      liveSinceMs: 0,
      heardMs: options.now(),
      retry: null,
    }));
  }

  /** Every channel that is wanted is acknowledged. */
  get complete(): boolean {
    return this.#completed;
  }

  isWorking(name: ChannelName): boolean {
    return this.#all.some((item) => item.channel.name === name && item.sid !== null);
  }

  setWanted(wanted: ReadonlySet<Ticker>): void {
    this.#wanted = wanted;
    this.#refused.clear();
    this.reconcile();
  }

  /** Sends what is missing between what is wanted and what the exchange has been told. */
  reconcile(): void {
    if (this.#closed) return;
    for (const subscription of this.#all) this.#reconcile(subscription);
    const complete = this.#all.every(
      (subscription) => subscription.live || (!subscription.active && subscription.retry === null),
    );
    const wasComplete = this.#completed;
    this.#completed = complete;
    if (complete && !wasComplete) this.#options.onComplete();
  }

  /** The subscription that a frame belongs to; undefined for one that was left, or was never asked for. */
  find(sid: number, frameType: string): Subscription | undefined {
    const known = this.#bySid.get(sid);
    if (known !== undefined) return known;
    // Frames can come before the acknowledgement that tells the sid.
    if (this.#retired.has(sid)) return undefined;
    const waiting = this.#all.filter(
      (item) => item.active && item.sid === null && item.channel.frames.includes(frameType),
    );
    // Two channels can tell the same: the acknowledgement will say which one this is.
    if (waiting.length !== 1) return undefined;
    this.#adopt(waiting[0]!, sid);
    return waiting[0];
  }

  bySid(sid: number): Subscription | undefined {
    return this.#bySid.get(sid);
  }

  requestSnapshots(tickers: readonly Ticker[]): void {
    const book = this.#all.find((item) => item.channel.name === 'orderbook_delta');
    if (book === undefined || book.sid === null || tickers.length === 0) return;
    const id = this.#register('snapshot', book);
    this.#options.send(updateMarkets(id, book.channel, book.sid, 'get_snapshot', tickers));
  }

  /** What the exchange says is subscribed on this connection. */
  async listSubscriptions(): Promise<readonly SubscriptionListing[]> {
    const frame = await this.#ask(null, (id) => listSubscriptions(id));
    return frame.type === 'ok' ? (frame.subscriptions ?? []) : [];
  }

  /** The names that a channel of reference prices has. */
  async listPrices(name: PriceChannelName): Promise<readonly string[]> {
    const subscription = this.#all.find((item) => item.channel.name === name);
    const sid = subscription?.sid ?? null;
    if (subscription === undefined || sid === null) throw unanswered(`The channel ${name} is not subscribed`);
    const frame = await this.#ask(subscription, (id) => listPrices(id, subscription.channel.prices!, sid));
    return 'names' in frame ? frame.names : [];
  }

  /** Leaves a channel and asks for it anew, after a delay that grows with each failure in a row. */
  resubscribe(name: ChannelName, reason: string): void {
    const subscription = this.#all.find((item) => item.channel.name === name);
    if (subscription !== undefined) this.#restart(subscription, reason, true);
  }

  onSubscribed(frame: SubscribedFrame): void {
    const pending = frame.id === null ? undefined : this.#settle(frame.id);
    const subscription =
      pending?.subscription ?? this.#all.find((item) => item.channel.wire === frame.channel && item.active);
    if (subscription == null || !subscription.active) return;
    if (subscription.sid !== frame.sid) this.#adopt(subscription, frame.sid);
    subscription.live = true;
    subscription.liveSinceMs = performance.now();
    subscription.heardMs = this.#options.now();
    this.reconcile();
  }

  onAck(frame: AckFrame | PriceNamesFrame): void {
    if (frame.id !== null) this.#settle(frame.id)?.answer?.resolve(frame);
  }

  onError(frame: ErrorFrame): void {
    const pending = frame.id === null ? undefined : this.#settle(frame.id);
    const subscription =
      (frame.sid === null ? undefined : this.#bySid.get(frame.sid)) ?? pending?.subscription ?? undefined;
    const reason = `error ${frame.code}: ${frame.message}`;
    pending?.answer?.reject(unanswered(`The exchange answers: ${reason}`));
    if (subscription === undefined) {
      if (TERMINAL.has(frame.code)) this.#options.onBroken(`${reason}, without saying of which subscription`);
      return;
    }
    if (TERMINAL.has(frame.code)) {
      this.#restart(subscription, reason, false);
      return;
    }
    if (pending === undefined || pending.kind === 'unsubscribe' || pending.kind === 'list') return;
    const passing = PASSING.has(frame.code);
    // The repair asks again by itself.
    if (pending.kind === 'snapshot' && passing) return;
    for (const ticker of frame.tickers) this.#refused.add(ticker);
    if (pending.kind === 'update' && frame.tickers.length > 0) {
      for (const ticker of frame.tickers) subscription.told.delete(ticker);
      this.#options.onRemoving(subscription.channel, frame.tickers);
      return;
    }
    if (pending.kind === 'subscribe' && frame.tickers.length === 0 && !passing) {
      this.#options.onRefused(subscription.channel, frame);
    }
    this.#restart(subscription, reason, true);
  }

  close(): void {
    this.#closed = true;
    for (const { timer, answer } of this.#pending.values()) {
      clearTimeout(timer);
      answer?.reject(unanswered('The connection ended before the answer'));
    }
    for (const { retry } of this.#all) if (retry !== null) clearTimeout(retry);
    this.#pending.clear();
  }

  #reconcile(subscription: Subscription): void {
    if (subscription.retry !== null) return;
    const { channel, told } = subscription;
    const wanted = this.#wantedOf(channel);
    if (!subscription.active) {
      // A market channel without a list of markets would mean every market of the exchange.
      if (channel.scope !== 'markets' || wanted.length > 0) this.#subscribe(subscription, wanted);
      else this.#options.onSubscribing(channel, []);
      return;
    }
    if (!subscription.live || subscription.sid === null || channel.scope === 'account') return;
    if (wanted.length === 0 && channel.scope === 'markets') {
      this.#options.onRemoving(channel, [...told] as Ticker[]);
      this.#leave(subscription, true);
      return;
    }
    this.#update(subscription, subscription.sid, wanted);
  }

  #subscribe(subscription: Subscription, names: readonly string[]): void {
    subscription.active = true;
    subscription.sequence = new Sequence();
    for (const name of names) subscription.told.add(name);
    this.#options.onSubscribing(subscription.channel, names as readonly Ticker[]);
    const id = this.#register('subscribe', subscription);
    this.#options.send(subscribe(id, subscription.channel, names, this.#options.useYesPrice));
  }

  #update(subscription: Subscription, sid: number, wanted: readonly string[]): void {
    const { channel, told } = subscription;
    const { prices } = channel;
    const added = wanted.filter((name) => !told.has(name));
    const keep = new Set(wanted);
    const removed = [...told].filter((name) => !keep.has(name));
    if (added.length > 0) {
      for (const name of added) told.add(name);
      this.#options.onAdding(channel, added as Ticker[]);
      const id = this.#register('update', subscription);
      this.#options.send(
        prices === undefined
          ? updateMarkets(id, channel, sid, 'add_markets', added)
          : updatePrices(id, prices, sid, 'add', added),
      );
    }
    if (removed.length > 0) {
      for (const name of removed) told.delete(name);
      this.#options.onRemoving(channel, removed as Ticker[]);
      const id = this.#register('update', subscription);
      this.#options.send(
        prices === undefined
          ? updateMarkets(id, channel, sid, 'delete_markets', removed)
          : updatePrices(id, prices, sid, 'remove', removed),
      );
    }
  }

  #restart(subscription: Subscription, reason: string, tellExchange: boolean): void {
    if (this.#closed || subscription.retry !== null) return;
    this.#completed = false;
    const { retryBaseMs, retryMaxMs, random } = this.#options;
    if (subscription.live && performance.now() - subscription.liveSinceMs > STABLE_AFTER_MS) {
      subscription.failures = 0;
    }
    const delayMs = backoffMs(subscription.failures++, retryBaseMs, retryMaxMs, random);
    this.#leave(subscription, tellExchange);
    subscription.retry = setTimeout(() => {
      subscription.retry = null;
      this.reconcile();
    }, delayMs);
    this.#options.onEnded(subscription, reason);
  }

  #leave(subscription: Subscription, tellExchange: boolean): void {
    const { sid } = subscription;
    subscription.active = false;
    subscription.live = false;
    subscription.sid = null;
    subscription.told.clear();
    if (sid === null) return;
    this.#bySid.delete(sid);
    this.#retired.add(sid);
    if (tellExchange) this.#options.send(unsubscribe(this.#register('unsubscribe', subscription), sid));
  }

  #adopt(subscription: Subscription, sid: number): void {
    if (subscription.sid !== null) this.#bySid.delete(subscription.sid);
    subscription.sid = sid;
    this.#bySid.set(sid, subscription);
    this.#options.onWorking(subscription.channel);
  }

  #register(
    kind: PendingCommand['kind'],
    subscription: Subscription | null,
    answer: Answer | null = null,
  ): number {
    const id = this.#nextId++;
    const onTimeout = (): void => {
      // A snapshot request is answered by snapshots, which the repair awaits itself: no error has come, and that is all.
      if (kind === 'snapshot') this.#pending.delete(id);
      else this.#options.onBroken(`no answer to ${kind} of ${subscription?.channel.name ?? 'everything'}`);
    };
    const timer = setTimeout(onTimeout, this.#options.commandTimeoutMs);
    this.#pending.set(id, { kind, subscription, timer, answer });
    return id;
  }

  #ask(
    subscription: Subscription | null,
    command: (id: number) => WireCommand,
  ): Promise<AckFrame | PriceNamesFrame> {
    if (this.#closed) return Promise.reject(unanswered('The connection has ended'));
    return new Promise((resolve, reject) => {
      const id = this.#register('list', subscription, { resolve, reject });
      this.#options.send(command(id));
    });
  }

  #settle(id: number): PendingCommand | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    return pending;
  }

  #wantedOf(channel: Channel): readonly string[] {
    if (channel.scope === 'account') return [];
    if (channel.scope === 'prices') return this.#options.wantedPrices(channel.name as PriceChannelName);
    return [...this.#wanted].filter((ticker) => !this.#refused.has(ticker));
  }
}

function unanswered(message: string): MmError {
  return new MmError('feed-unanswered', message, { recovery: 'retry' });
}
