import { EventEmitter } from 'node:events';
import {
  type ClientOrderId,
  Count,
  type Fill,
  Money,
  type OrderId,
  Price,
  PriceGrid,
  type Random,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { createExchange, type SimulatedExchange } from '@kalshi-mm/simulator';
import { aMarket } from '@kalshi-mm/testing';
import type { WebSocket } from 'ws';
// The feed of the local exchange, without its ports.
import type { readAccount } from '../../../local-exchange/src/access/account.ts';
import type { FaultOptions } from '../../../local-exchange/src/faults/fault-options.ts';
import { Faults } from '../../../local-exchange/src/faults/faults.ts';
import { Feed as ExchangeFeed } from '../../../local-exchange/src/feed/feed.ts';
import { WallTimers } from '../../../local-exchange/src/time/wall-timers.ts';
import { NO_REFERENCE } from '../../../local-exchange/src/world/no-reference.ts';
import type { OpenSocket } from '../connection.ts';

/** How long a frame, a command or the end of a connection is on its way. */
const WAY_MS = 1;
const MARKETS = 3;

/**
 * The feed of the local exchange and clients of it in one process, joined by timers instead of sockets: with timers
 * that a test moves, thousands of runs take seconds. It misbehaves as its fault rates say.
 */
export class InProcessExchange {
  readonly exchange: SimulatedExchange;
  readonly tickers: readonly Ticker[];
  readonly #feed: ExchangeFeed;
  readonly #faults: Faults;
  readonly #timers: WallTimers;
  readonly #random: Random;
  readonly #account: ReturnType<typeof readAccount>;
  readonly #resting: { readonly user: string; readonly orderId: OrderId }[] = [];
  #placed = 0;
  /** False: nothing goes wrong any more. */
  faulty = true;

  constructor(random: Random, faults: FaultOptions, account: ReturnType<typeof readAccount>) {
    this.#random = random;
    this.#account = account;
    this.exchange = createExchange({ idSeed: 'in-process' });
    for (const user of USERS) this.exchange.addUser(user, Money.fromDollars(1_000_000));
    this.tickers = Array.from({ length: MARKETS }, (_, i) => Ticker.of(`KXRUN-${i}`));
    this.exchange.advanceTo(Timestamp.of(Date.now()));
    for (const ticker of this.tickers) {
      this.exchange.listMarket({
        ...aMarket({ ticker, grid: PriceGrid.cent() }),
        status: 'active',
        openMs: Timestamp.of(0),
        closeMs: Timestamp.of(Date.now() + 86_400_000),
      });
    }
    this.#faults = new Faults(faults);
    this.#timers = new WallTimers(Date.now);
    this.#feed = new ExchangeFeed(
      this.exchange,
      Date.now,
      FEED,
      { faults: this.#switchable(), timers: this.#timers, speed: () => 1 },
      NO_REFERENCE,
    );
    this.exchange.addListener((output) => this.#feed.publish(output));
  }

  /** One of the users does something somewhere. */
  act(): void {
    const { exchange } = this;
    exchange.advanceTo(Timestamp.of(Date.now()));
    const dice = this.#random.next();
    if (dice < 0.35 && this.#resting.length > 0) {
      const [order] = this.#resting.splice(this.#random.integer(this.#resting.length), 1);
      exchange.cancel(order!.user, order!.orderId);
    } else this.#place(this.tickers[this.#random.integer(MARKETS)]!);
  }

  /** A change of each market, because a frame that was lost as the last one shows only at the next. */
  nudge(): void {
    this.exchange.advanceTo(Timestamp.of(Date.now()));
    for (const ticker of this.tickers) this.#rest(ticker, 'house-1', 'bid', 1, 100);
    this.#feed.flush();
  }

  flush(): void {
    this.#feed.flush();
  }

  happened(name: Parameters<Faults['happened']>[0]): number {
    return this.#faults.happened(name);
  }

  /** Levels as `{ 'bid 4700': 300 }`. */
  book(ticker: Ticker): Record<string, number> {
    const levels: Record<string, number> = {};
    for (const side of ['bid', 'ask'] as const) {
      this.exchange.book(ticker).forEachLevel(side, (price, count) => {
        levels[`${side} ${price}`] = count;
        return true;
      });
    }
    return levels;
  }

  /** Own fills as REST gives them: now and then not at all, and never the latest ones. */
  async *fetchFills(sinceMs: number): AsyncIterable<readonly Fill[]> {
    if (this.faulty && this.#random.next() < 0.3) throw new Error('503');
    const untilMs = this.faulty ? Date.now() - 500 : Number.POSITIVE_INFINITY;
    const fills = this.exchange.fills('me').filter((fill) => fill.atMs >= sinceMs && fill.atMs <= untilMs);
    for (let at = 0; at < fills.length; at += 10) {
      yield fills.slice(at, at + 10).map(({ atMs, userId: _, positionAfter: __, cause: ___, ...fill }) => ({
        ...fill,
        clientOrderId: null,
        exchangeMs: atMs,
      }));
    }
  }

  /** For `FeedOptions.openSocket`. */
  readonly openSocket: OpenSocket = () => {
    const [client, server] = SocketEnd.pair();
    setTimeout(() => {
      if (client.readyState !== client.CONNECTING) return;
      client.readyState = client.OPEN;
      server.readyState = server.OPEN;
      this.#feed.attach(server as unknown as WebSocket, { cork() {}, uncork() {} } as never, this.#account);
      client.emit('open');
    }, WAY_MS);
    return client as unknown as WebSocket;
  };

  close(): void {
    this.#feed.close();
    this.#timers.close();
  }

  #place(ticker: Ticker): void {
    const bid = this.#random.next() < 0.5;
    const takes = this.#random.next() < 0.3;
    const cents = takes ? (bid ? 56 : 44) : bid ? 49 - this.#random.integer(8) : 51 + this.#random.integer(8);
    const user = USERS[this.#random.integer(USERS.length)]!;
    this.#rest(ticker, user, bid ? 'bid' : 'ask', cents, 100 * (1 + this.#random.integer(9)));
  }

  #rest(ticker: Ticker, user: string, side: 'bid' | 'ask', cents: number, count: number): void {
    const placed = this.exchange.place(user, {
      ticker,
      side,
      price: Price.of(100 * cents),
      count: Count.of(count),
      clientOrderId: `order-${this.#placed++}` as ClientOrderId,
      timeInForce: 'good-till-canceled',
      selfTradePrevention: 'maker',
      postOnly: false,
      reduceOnly: false,
      cancelOnPause: false,
      expirationMs: null,
    });
    if (!placed.ok) throw new Error(placed.error.code);
    const { order } = placed.value;
    if (order.remaining > 0) this.#resting.push({ user, orderId: order.orderId });
  }

  #switchable(): Faults {
    const faults = this.#faults;
    const isOn = (): boolean => this.faulty;
    return {
      options: faults.options,
      get isActive() {
        return isOn() && faults.isActive;
      },
      happens: (...parts: Parameters<Faults['happens']>) => isOn() && faults.happens(...parts),
      happened: (name: Parameters<Faults['happened']>[0]) => faults.happened(name),
    } as unknown as Faults;
  }
}

const USERS = ['me', 'house-1', 'house-2'];
const FEED = {
  pingEveryMs: 10_000,
  dropAfterMs: 30_000,
  maxBufferedBytes: 16 << 20,
  maxCommandsPerSecond: 10_000,
  maxMarkets: 500_000,
  sendingTs: false,
  compression: false,
};

/** One end of a connection: what `ws` offers, as far as both sides use it. */
class SocketEnd extends EventEmitter {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readyState: number = this.CONNECTING;
  readonly bufferedAmount = 0;
  #other!: SocketEnd;
  #paused = false;

  static pair(): [SocketEnd, SocketEnd] {
    const pair: [SocketEnd, SocketEnd] = [new SocketEnd(), new SocketEnd()];
    pair[0].#other = pair[1];
    pair[1].#other = pair[0];
    return pair;
  }

  send(text: string): void {
    const data = Buffer.from(text);
    this.#toOther((other) => other.emit('message', data, false));
  }

  ping(): void {
    this.#toOther((other) => {
      other.emit('ping');
      other.#toOther((self) => self.emit('pong'));
    });
  }

  pause(): void {
    this.#paused = true;
  }

  close(): void {
    this.terminate();
  }

  terminate(): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    setTimeout(() => this.emit('close', 1006, Buffer.alloc(0)), 0);
    // An end that hears nothing does not hear of this either.
    this.#toOther((other) => other.terminate());
  }

  #toOther(act: (other: SocketEnd) => void): void {
    const other = this.#other;
    setTimeout(() => {
      if (!other.#paused && other.readyState === other.OPEN) act(other);
    }, WAY_MS);
  }
}
