import type { Duplex } from 'node:stream';
import type { Ticker } from '@kalshi-mm/core';
import { type Exchange, Subaccount, type UserId } from '@kalshi-mm/simulator';
import type { WebSocket } from 'ws';
import type { Account } from '../access/account.ts';
import { marketId } from '../wire/market-id.ts';
import { commandId, type FeedCommand, readCommand } from './feed-command.ts';
import { FEED_ERRORS, FeedError } from './feed-error.ts';
import { type FrameFaults, FrameLine } from './frame-line.ts';
import { snapshotMessage } from './market-messages.ts';
import { isPriceChannel, PRICE_CHANNELS } from './price-channels.ts';
import { changeNames, type PriceCommand } from './price-command.ts';
import type { PriceTicks } from './price-ticks.ts';
import { type Channel, isNumbered, type Subscription } from './subscription.ts';

/** What one client may ask for. */
export interface FeedLimits {
  /** Unsent bytes beyond which its subscriptions end with error 25, and with twice as many itself. @default 16 MiB */
  readonly maxBufferedBytes: number;
  /** Commands per wall second; more get error 27. @default 10_000 */
  readonly maxCommandsPerSecond: number;
  /** Markets in all its subscriptions; more get error 26. @default 500_000 */
  readonly maxMarkets: number;
}

/** One client: its subscriptions and its commands. Everything it sends goes out in the order of the calls. */
export class FeedConnection {
  /** What it was opened with. */
  readonly key: Account;
  readonly subscriptions = new Map<number, Subscription>();
  readonly #exchange: Exchange;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #limits: FeedLimits;
  readonly #tickerText: (ticker: Ticker) => string;
  readonly #prices: PriceTicks;
  readonly #sendingTs: boolean;
  readonly #line: FrameLine;
  readonly #faults: FrameFaults['faults'];
  #nextSid = 1;
  /** Commands in the wall second of the last one. */
  #commands = 0;
  #second = 0;
  #isMute = false;
  /** Wall time of the last sign of life. */
  heardMs: number;

  constructor(options: {
    readonly exchange: Exchange;
    readonly socket: WebSocket;
    readonly stream: Duplex;
    readonly key: Account;
    readonly limits: FeedLimits;
    /** What a ticker says at present, as JSON without its times. */
    readonly tickerText: (ticker: Ticker) => string;
    readonly prices: PriceTicks;
    readonly sendingTs: boolean;
    readonly wallMs: number;
    readonly frames: FrameFaults;
  }) {
    this.#exchange = options.exchange;
    this.#socket = options.socket;
    this.#stream = options.stream;
    this.key = options.key;
    this.#limits = options.limits;
    this.#tickerText = options.tickerText;
    this.#prices = options.prices;
    this.#sendingTs = options.sendingTs;
    this.heardMs = options.wallMs;
    this.#faults = options.frames.faults;
    this.#line = new FrameLine((text) => this.#write(text), options.frames);
  }

  /** Whether it is half open: connected, and silent for good. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** Whether an account's private messages are for it: all of its user's, or those of the key's one subaccount. */
  sees(account: UserId): boolean {
    const { userId, subaccount } = this.key;
    if (subaccount !== null) return account === Subaccount.idOf(userId, subaccount);
    return Subaccount.ownerOf(account) === userId;
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

  /**
   * Sends a data message of a subscription, or ends the subscription when its reader is too slow.
   *
   * @param msg as JSON, which several connections may share
   */
  push(subscription: Subscription, type: string, msg: string, id: number | null = null): void {
    if (!this.subscriptions.has(subscription.sid)) return;
    if (this.#socket.bufferedAmount > this.#limits.maxBufferedBytes) {
      this.#end(subscription, 25);
      return;
    }
    const { sid, channel } = subscription;
    if (this.#faults.isActive && this.#breaksAt(type, subscription)) return;
    const named = id === null ? '' : `"id":${id},`;
    const numbered = isNumbered(channel) ? `"seq":${++subscription.seq},` : '';
    this.#line.data(type, `{"type":"${type}",${named}"sid":${sid},${numbered}"msg":${msg}}`);
  }

  /** Sends a change of a book, told right after it happened. */
  pushDelta(subscription: Subscription, ticker: Ticker, msg: string): void {
    this.push(subscription, 'orderbook_delta', msg);
    if (!this.subscriptions.has(subscription.sid)) return;
    if (this.#faults.happens('feedSnapshot', 'orderbook_delta')) this.pushSnapshot(subscription, ticker);
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

  /** Carries out one message of the client that has come at `heardMs`; null is a binary frame, which says nothing. */
  receive(text: string | null): void {
    let id: number | null = null;
    try {
      const message = text === null ? null : parseJson(text);
      id = commandId(message);
      this.#countCommand();
      this.#execute(
        readCommand(message, () => this.#marketsById()),
        id,
      );
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
      const msg = { code: error.code, msg: error.message, ...error.extra };
      this.#send({ ...(id === null ? {} : { id }), type: 'error', msg });
    }
  }

  /** Sends the market's ticker if it says something new. @param text what it says, as JSON without its times */
  pushTicker(subscription: Subscription, ticker: Ticker, text: string): void {
    if (subscription.lastTicker.get(ticker) === text) return;
    subscription.lastTicker.set(ticker, text);
    const now = this.#exchange.nowMs;
    const times = `"ts":${Math.floor(now / 1_000)},"ts_ms":${now},"time":"${new Date(now).toISOString()}"`;
    this.push(subscription, 'ticker', `${text.slice(0, -1)},${times}}`);
  }

  pushSnapshot(subscription: Subscription, ticker: Ticker, id: number | null = null): void {
    const msg = snapshotMessage(ticker, this.#exchange.book(ticker), subscription.useYesPrice);
    this.push(subscription, 'orderbook_snapshot', JSON.stringify(msg), id);
  }

  /** @throws FeedError 27 */
  #countCommand(): void {
    const second = Math.floor(this.heardMs / 1_000);
    if (second !== this.#second) this.#commands = 0;
    this.#second = second;
    if (++this.#commands > this.#limits.maxCommandsPerSecond) throw new FeedError(27);
  }

  #marketsById(): Map<string, Ticker> {
    return new Map(this.#exchange.markets().map(({ ticker }) => [marketId(ticker), ticker]));
  }

  /** @throws FeedError 26 when so many more markets are too many for one connection */
  #requireRoom(more: number): void {
    let all = more;
    for (const { tickers } of this.subscriptions.values()) all += tickers?.size ?? 0;
    if (all > this.#limits.maxMarkets) throw new FeedError(26);
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
      case 'update_prices':
        this.#updatePrices(command, id);
        break;
    }
  }

  #subscribe(command: Extract<FeedCommand, { cmd: 'subscribe' }>, id: number | null): void {
    this.#requireKnown(command.tickers ?? []);
    const named = new Set(command.tickers ?? []).size;
    this.#requireRoom(named * command.channels.filter(isFiltered).length);
    for (const channel of command.channels) {
      const names = isPriceChannel(channel) ? command.names[PRICE_CHANNELS[channel].parameter] : [];
      const subscription: Subscription = {
        sid: this.#nextSid++,
        channel,
        names: new Set(names),
        tickers: command.tickers === null || !isFiltered(channel) ? null : new Set(command.tickers),
        byId: command.byId,
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
    } else if (isPriceChannel(subscription.channel)) {
      if (subscription.names.size > 0) this.#prices.start(subscription.channel);
    } else if (subscription.channel === 'ticker' && sendInitialSnapshot) {
      for (const ticker of tickers) this.pushTicker(subscription, ticker, this.#tickerText(ticker));
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
    if (command.byId && subscription.channel !== 'ticker') throw new FeedError(11);
    const added = command.tickers.filter(
      (ticker) => command.action === 'add_markets' && !tickers.has(ticker),
    );
    this.#requireRoom(new Set(added).size);
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
      ...(subscription.skipTickerAck ? {} : { msg: namesJson(subscription.byId, tickers) }),
    });
    this.#begin(subscription, added, command.sendInitialSnapshot);
  }

  #updatePrices(command: PriceCommand, id: number | null): void {
    const subscription = this.subscriptions.get(command.sid);
    if (subscription === undefined) throw new FeedError(7);
    const { channel, names, sid } = subscription;
    if (!isPriceChannel(channel)) throw new FeedError(13);
    const { parameter, listType } = PRICE_CHANNELS[channel];
    if (parameter !== command.parameter) throw new FeedError(13);
    const known = this.#prices.names(channel);
    const isList = command.change === 'list';
    if (!isList) changeNames(names, command, known);
    this.#send({
      ...(id === null ? {} : { id }),
      sid,
      seq: ++subscription.seq,
      type: isList ? listType : 'ok',
      ...(!isList && subscription.skipTickerAck ? {} : { msg: { [parameter]: isList ? known : [...names] } }),
    });
    this.#begin(subscription, [], false);
  }

  /** @throws FeedError 11 naming the tickers that do not exist, or are not in `among` */
  #requireKnown(tickers: readonly Ticker[], among: ReadonlySet<Ticker> | null = null): void {
    const unknown = tickers.filter((ticker) =>
      among === null ? this.#exchange.market(ticker) === null : !among.has(ticker),
    );
    if (unknown.length > 0) throw new FeedError(11, { market_tickers: unknown });
  }

  #send(message: object): void {
    // Who asks on and on without reading the answers would fill the memory.
    if (this.#socket.bufferedAmount > 2 * this.#limits.maxBufferedBytes) this.#socket.terminate();
    else this.#line.reply(JSON.stringify(message));
  }

  #write(text: string): void {
    if (this.#isMute || this.#socket.readyState !== this.#socket.OPEN) return;
    const { nowMs } = this.#exchange;
    this.#socket.send(this.#sendingTs ? `${text.slice(0, -1)},"sending_ts_ms":${nowMs}}` : text);
  }
}

function namesJson(byId: boolean, tickers: ReadonlySet<Ticker>): object {
  return byId ? { market_ids: [...tickers].map(marketId) } : { market_tickers: [...tickers] };
}

function isFiltered(channel: Channel): boolean {
  return !UNFILTERED.has(channel) && !isPriceChannel(channel);
}

/** They know no market filter. */
const UNFILTERED: ReadonlySet<Channel> = new Set([
  'market_lifecycle_v2',
  'multivariate_market_lifecycle',
  'order_group_updates',
  'communications',
]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FeedError(1);
  }
}
