import type { Duplex } from 'node:stream';
import type { Count, Ticker } from '@kalshi-mm/core';
import type { Exchange } from '@kalshi-mm/simulator';
import type { WebSocket } from 'ws';
import { commandId, type FeedCommand, readCommand } from './feed-command.ts';
import { FEED_ERRORS, FeedError } from './feed-error.ts';
import { type FrameFaults, FrameLine } from './frame-line.ts';
import { snapshotMessage, tickerMessage } from './market-messages.ts';
import { type Channel, isNumbered, type Subscription } from './subscription.ts';

/** One client: its subscriptions and its commands. Everything it sends goes out in the order of the calls. */
export class FeedConnection {
  readonly userId: string;
  readonly subscriptions = new Map<number, Subscription>();
  readonly #exchange: Exchange;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #maxBufferedBytes: number;
  readonly #lastTradeSize: (ticker: Ticker) => Count;
  readonly #line: FrameLine;
  readonly #faults: FrameFaults['faults'];
  #nextSid = 1;
  #isMute = false;
  /** Wall time of the last sign of life. */
  heardMs: number;

  constructor(options: {
    readonly exchange: Exchange;
    readonly socket: WebSocket;
    readonly stream: Duplex;
    readonly userId: string;
    readonly maxBufferedBytes: number;
    readonly lastTradeSize: (ticker: Ticker) => Count;
    readonly wallMs: number;
    readonly frames: FrameFaults;
  }) {
    this.#exchange = options.exchange;
    this.#socket = options.socket;
    this.#stream = options.stream;
    this.userId = options.userId;
    this.#maxBufferedBytes = options.maxBufferedBytes;
    this.#lastTradeSize = options.lastTradeSize;
    this.heardMs = options.wallMs;
    this.#faults = options.frames.faults;
    this.#line = new FrameLine((text) => this.#write(text), options.frames);
  }

  /** Whether it is half open: connected, and silent for good. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** Holds frames back until `uncork`, so that one turn's frames leave in few packets. */
  cork(): void {
    this.#stream.cork();
  }

  uncork(): void {
    this.#stream.uncork();
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping('heartbeat');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  close(): void {
    if (this.#isMute) this.#socket.terminate();
    else this.#socket.close(1001);
  }

  /** Sends a data message of a subscription, or ends the subscription when its reader is too slow. */
  push(subscription: Subscription, type: string, msg: object, id: number | null = null): void {
    if (!this.subscriptions.has(subscription.sid)) return;
    if (this.#socket.bufferedAmount > this.#maxBufferedBytes) {
      this.#end(subscription, 25);
      return;
    }
    const { sid, channel } = subscription;
    if (this.#faults.isActive && this.#breaksAt(type, subscription)) return;
    const head = id === null ? { type, sid } : { type, id, sid };
    const message = isNumbered(channel) ? { ...head, seq: ++subscription.seq, msg } : { ...head, msg };
    this.#line.data(type, JSON.stringify(message));
  }

  /** Ends a subscription for good. */
  #end(subscription: Subscription, code: 10 | 25): void {
    this.subscriptions.delete(subscription.sid);
    this.#send({
      type: 'error',
      sid: subscription.sid,
      ...(isNumbered(subscription.channel) ? { seq: ++subscription.seq } : {}),
      msg: { code, msg: FEED_ERRORS[code] },
    });
  }

  /** The faults that end something, and those of the count. @returns true when the frame cannot be sent any more */
  #breaksAt(type: string, subscription: Subscription): boolean {
    const faults = this.#faults;
    if (faults.happens('feedDisconnect', type)) {
      this.subscriptions.clear();
      this.#socket.terminate();
      return true;
    }
    if (faults.happens('feedHalfOpen', type)) {
      this.#isMute = true;
      this.#socket.pause();
      return true;
    }
    for (const [name, code] of [['feedChannelError', 10] as const, ['feedOverflow', 25] as const]) {
      if (!faults.happens(name, type)) continue;
      this.#end(subscription, code);
      return true;
    }
    if (isNumbered(subscription.channel)) {
      if (faults.happens('feedSkipSeq', type)) subscription.seq++;
      if (subscription.seq > 0 && faults.happens('feedRepeatSeq', type)) subscription.seq--;
    }
    return false;
  }

  /** Carries out one message of the client. */
  receive(text: string): void {
    let id: number | null = null;
    try {
      const message = parseJson(text);
      id = commandId(message);
      this.#execute(readCommand(message), id);
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
      const msg = { code: error.code, msg: error.message, ...error.extra };
      this.#send({ ...(id === null ? {} : { id }), type: 'error', msg });
    }
  }

  /** Sends the market's ticker if it says something new. */
  pushTicker(subscription: Subscription, ticker: Ticker): void {
    const msg = tickerMessage(this.#exchange, ticker, this.#lastTradeSize(ticker));
    const text = JSON.stringify(msg);
    if (subscription.lastTicker.get(ticker) === text) return;
    subscription.lastTicker.set(ticker, text);
    const now = this.#exchange.nowMs;
    const time = new Date(now).toISOString();
    this.push(subscription, 'ticker', { ...msg, ts: Math.floor(now / 1_000), ts_ms: now, time });
  }

  pushSnapshot(subscription: Subscription, ticker: Ticker, id: number | null = null): void {
    const msg = snapshotMessage(ticker, this.#exchange.book(ticker), subscription.useYesPrice);
    this.push(subscription, 'orderbook_snapshot', msg, id);
  }

  #execute(command: FeedCommand, id: number | null): void {
    switch (command.cmd) {
      case 'subscribe':
        this.#subscribe(command, id);
        break;
      case 'unsubscribe':
        this.#unsubscribe(command.sids, id);
        break;
      case 'list_subscriptions': {
        const msg = [...this.subscriptions.values()].map(({ channel, sid }) => ({ channel, sid }));
        this.#send({ ...(id === null ? {} : { id }), type: 'ok', msg });
        break;
      }
      case 'update_subscription':
        this.#update(command, id);
        break;
    }
  }

  #subscribe(command: Extract<FeedCommand, { cmd: 'subscribe' }>, id: number | null): void {
    this.#requireKnown(command.tickers ?? []);
    for (const channel of command.channels) {
      const subscription: Subscription = {
        sid: this.#nextSid++,
        channel,
        tickers: command.tickers === null || !isFiltered(channel) ? null : new Set(command.tickers),
        useYesPrice: command.useYesPrice,
        skipTickerAck: command.skipTickerAck,
        seq: 0,
        lastTicker: new Map(),
      };
      this.subscriptions.set(subscription.sid, subscription);
      this.#send({
        type: 'subscribed',
        ...(id === null ? {} : { id }),
        msg: { channel, sid: subscription.sid },
      });
      const all = subscription.tickers ?? this.#exchange.markets().map((market) => market.ticker);
      this.#begin(subscription, all, command.sendInitialSnapshot);
    }
  }

  /** The state that a subscription starts from. */
  #begin(subscription: Subscription, tickers: Iterable<Ticker>, sendInitialSnapshot: boolean): void {
    if (subscription.channel === 'orderbook_delta') {
      for (const ticker of tickers) this.pushSnapshot(subscription, ticker);
    } else if (subscription.channel === 'ticker' && sendInitialSnapshot) {
      for (const ticker of tickers) this.pushTicker(subscription, ticker);
    }
  }

  #unsubscribe(sids: readonly number[], id: number | null): void {
    if (sids.some((sid) => !this.subscriptions.has(sid))) throw new FeedError(7);
    for (const sid of sids) {
      const subscription = this.subscriptions.get(sid);
      if (subscription === undefined) continue;
      this.subscriptions.delete(sid);
      this.#send({ ...(id === null ? {} : { id }), sid, seq: ++subscription.seq, type: 'unsubscribed' });
    }
  }

  #update(command: Extract<FeedCommand, { cmd: 'update_subscription' }>, id: number | null): void {
    const subscription = this.subscriptions.get(command.sid);
    if (subscription === undefined) throw new FeedError(7);
    const { tickers } = subscription;
    this.#requireKnown(command.tickers);
    if (command.action === 'get_snapshot') {
      if (subscription.channel !== 'orderbook_delta') throw new FeedError(13);
      this.#requireKnown(command.tickers, tickers);
      for (const ticker of command.tickers) this.pushSnapshot(subscription, ticker, id);
      return;
    }
    if (tickers === null) throw new FeedError(13);
    const added = command.tickers.filter(
      (ticker) => command.action === 'add_markets' && !tickers.has(ticker),
    );
    for (const ticker of command.tickers) {
      if (command.action === 'add_markets') tickers.add(ticker);
      else {
        tickers.delete(ticker);
        subscription.lastTicker.delete(ticker);
      }
    }
    this.#send({
      ...(id === null ? {} : { id }),
      sid: subscription.sid,
      seq: ++subscription.seq,
      type: 'ok',
      ...(subscription.skipTickerAck ? {} : { msg: { market_tickers: [...tickers] } }),
    });
    this.#begin(subscription, added, command.sendInitialSnapshot);
  }

  /** @throws FeedError 11 naming the tickers that do not exist, or are not in `among` */
  #requireKnown(tickers: readonly Ticker[], among: ReadonlySet<Ticker> | null = null): void {
    const unknown = tickers.filter((ticker) =>
      among === null ? this.#exchange.market(ticker) === null : !among.has(ticker),
    );
    if (unknown.length > 0) throw new FeedError(11, { market_tickers: unknown });
  }

  #send(message: object): void {
    this.#line.reply(JSON.stringify(message));
  }

  #write(text: string): void {
    if (!this.#isMute && this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }
}

/** Lifecycle and order-group messages know no market filter. */
function isFiltered(channel: Channel): boolean {
  return channel !== 'market_lifecycle_v2' && channel !== 'order_group_updates';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FeedError(1);
  }
}
