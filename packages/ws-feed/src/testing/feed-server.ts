import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatDecimal } from '@kalshi-mm/core';
import { type WebSocket, WebSocketServer } from 'ws';

interface Subscription {
  readonly sid: number;
  readonly channel: string;
  readonly socket: WebSocket;
  readonly useYesPrice: boolean;
  markets: string[];
  seq: number;
}

interface Command {
  readonly id: number;
  readonly cmd: string;
  readonly params: {
    readonly channels?: string[];
    readonly market_tickers?: string[];
    readonly use_yes_price?: boolean;
    readonly action?: string;
    readonly sid?: number;
    readonly sids?: number[];
  };
}

type Level = Map<number, number>;
const NUMBERED = new Set([
  'orderbook_delta',
  'trade',
  'market_lifecycle_v2',
  'order_group_updates',
  'communications',
]);

/** A WebSocket exchange with books, that speaks the documented frames and misbehaves on demand. */
export class FeedServer {
  readonly commands: Command[] = [];
  /** Headers of each upgrade request. */
  readonly upgrades: Record<string, unknown>[] = [];
  /** Answer to upgrade requests; 101 lets them in. */
  status = 101;
  /** Called before a command is answered; true keeps the server silent about it. */
  ignores: (command: Command) => boolean = () => false;
  /** Markets that never get a snapshot. */
  readonly bookless = new Set<string>();
  /** Pings that were answered. */
  pings = 0;
  onPing: () => void = () => {};
  /** Sends nothing more, not even pongs. */
  deaf = false;
  readonly #http: Server;
  readonly #server: WebSocketServer;
  readonly #books = new Map<string, { yes: Level; no: Level }>();
  #subscriptions: Subscription[] = [];
  #nextSid = 1;

  constructor(http: Server) {
    this.#http = http;
    this.#server = new WebSocketServer({ noServer: true, autoPong: false });
    http.on('upgrade', (request, socket, head) => {
      this.upgrades.push(request.headers);
      if (this.status !== 101) {
        socket.end(`HTTP/1.1 ${this.status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client));
    });
  }

  static async listen(): Promise<FeedServer> {
    const http = createServer();
    const server = new FeedServer(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/trade-api/ws/v2`;
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** Cuts every connection without a close frame. */
  drop(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#subscriptions = [];
  }

  /** Cuts one connection; they are counted in the order in which they were opened, from 0. */
  dropOne(index: number): void {
    const client = [...this.#server.clients][index]!;
    client.terminate();
    this.#subscriptions = this.#subscriptions.filter(({ socket }) => socket !== client);
  }

  /** Levels as `["price" in units, count]`, NO side in YES prices, as the client should hold them. */
  book(ticker: string): Record<string, number> {
    const { yes, no } = this.#bookOf(ticker);
    return Object.fromEntries([
      ...[...yes].map(([price, count]) => [`bid ${price}`, count] as const),
      ...[...no].map(([price, count]) => [`ask ${10_000 - price}`, count] as const),
    ]);
  }

  /** Changes a level (NO in NO prices) and tells it: once, twice, or not at all although it was numbered. */
  change(ticker: string, side: 'yes' | 'no', price: number, delta: number, tell: 0 | 1 | 2 = 1): void {
    const level = this.#bookOf(ticker)[side];
    const count = (level.get(price) ?? 0) + delta;
    if (count === 0) level.delete(price);
    else level.set(price, count);
    for (const subscription of this.#subscribers('orderbook_delta', ticker)) {
      const seq = ++subscription.seq;
      const text = JSON.stringify({
        type: 'orderbook_delta',
        sid: subscription.sid,
        seq,
        msg: {
          market_ticker: ticker,
          market_id: 'a5aa63ee-5c6b-4c2c-9c8f-0d8a1f0f2c11',
          price_dollars: dollars(side === 'no' && subscription.useYesPrice ? 10_000 - price : price),
          delta_fp: formatDecimal(delta, 2),
          side,
          ts: '2026-06-11T06:31:29.957081Z',
          ts_ms: 1781159489957,
        },
      });
      for (let i = 0; i < tell; i++) this.#send(subscription.socket, text);
    }
  }

  /** Sends a message of a channel to all of its subscribers. */
  push(channel: string, type: string, msg: object): void {
    for (const subscription of this.#subscribers(channel)) {
      const seq = NUMBERED.has(channel) ? { seq: ++subscription.seq } : {};
      this.#send(subscription.socket, JSON.stringify({ type, sid: subscription.sid, ...seq, msg }));
    }
  }

  /** Numbers a message that nobody gets. */
  skip(channel: string): void {
    for (const subscription of this.#subscribers(channel)) subscription.seq++;
  }

  /** Ends a channel with a terminal error. */
  fail(channel: string, code: number): void {
    for (const { socket, sid } of this.#subscribers(channel)) {
      this.#send(socket, JSON.stringify({ type: 'error', sid, msg: { code, msg: 'buffer overflow' } }));
    }
    this.#subscriptions = this.#subscriptions.filter((item) => item.channel !== channel);
  }

  raw(text: string): void {
    for (const client of this.#server.clients) this.#send(client, text);
  }

  markets(channel: string): string[] {
    return this.#subscribers(channel).flatMap((subscription) => subscription.markets);
  }

  #accept(client: WebSocket): void {
    client.on('ping', (data) => {
      if (this.deaf) return;
      client.pong(data);
      this.pings++;
      this.onPing();
    });
    client.on('message', (data: Buffer) => this.#onCommand(client, JSON.parse(data.toString()) as Command));
  }

  #onCommand(socket: WebSocket, command: Command): void {
    this.commands.push(command);
    if (this.ignores(command)) return;
    const { id, params } = command;
    if (command.cmd === 'subscribe') {
      for (const channel of params.channels ?? []) this.#subscribe(socket, id, channel, params);
      return;
    }
    const sid = params.sid ?? params.sids?.[0];
    const subscription = this.#subscriptions.find((item) => item.sid === sid && item.socket === socket);
    if (subscription === undefined) {
      this.#send(
        socket,
        JSON.stringify({ id, type: 'error', msg: { code: 7, msg: 'Unknown subscription ID' } }),
      );
    } else if (command.cmd === 'unsubscribe') {
      this.#subscriptions = this.#subscriptions.filter((item) => item !== subscription);
      this.#send(socket, JSON.stringify({ id, sid, seq: ++subscription.seq, type: 'unsubscribed' }));
    } else this.#update(subscription, id, params.action ?? '', params.market_tickers ?? []);
  }

  #subscribe(socket: WebSocket, id: number, channel: string, params: Command['params']): void {
    const subscription: Subscription = {
      sid: this.#nextSid++,
      channel,
      socket,
      useYesPrice: params.use_yes_price ?? false,
      markets: params.market_tickers ?? [],
      seq: 0,
    };
    this.#subscriptions.push(subscription);
    this.#send(socket, JSON.stringify({ type: 'subscribed', id, msg: { channel, sid: subscription.sid } }));
    if (channel === 'orderbook_delta')
      for (const ticker of subscription.markets) this.#snapshot(subscription, ticker);
  }

  #update(subscription: Subscription, id: number, action: string, tickers: string[]): void {
    if (action === 'get_snapshot') {
      for (const ticker of tickers) this.#snapshot(subscription, ticker, id);
      return;
    }
    const { markets } = subscription;
    subscription.markets =
      action === 'add_markets'
        ? [...markets, ...tickers]
        : markets.filter((ticker) => !tickers.includes(ticker));
    this.#send(
      subscription.socket,
      JSON.stringify({
        id,
        sid: subscription.sid,
        ...(NUMBERED.has(subscription.channel) ? { seq: ++subscription.seq } : {}),
        type: 'ok',
        msg: { market_tickers: subscription.markets },
      }),
    );
    if (action === 'add_markets' && subscription.channel === 'orderbook_delta') {
      for (const ticker of tickers) this.#snapshot(subscription, ticker);
    }
  }

  #snapshot(subscription: Subscription, ticker: string, id?: number): void {
    if (this.bookless.has(ticker)) return;
    const { yes, no } = this.#bookOf(ticker);
    const levels = (level: Level, mirrored: boolean): [string, string][] =>
      [...level].map(([price, count]) => [
        dollars(mirrored ? 10_000 - price : price),
        formatDecimal(count, 2),
      ]);
    const msg = {
      market_ticker: ticker,
      market_id: 'a5aa63ee-5c6b-4c2c-9c8f-0d8a1f0f2c11',
      ...(yes.size === 0 ? {} : { yes_dollars_fp: levels(yes, false) }),
      ...(no.size === 0 ? {} : { no_dollars_fp: levels(no, subscription.useYesPrice) }),
    };
    const frame = { type: 'orderbook_snapshot', sid: subscription.sid, seq: ++subscription.seq, msg };
    this.#send(subscription.socket, JSON.stringify(id === undefined ? frame : { ...frame, id }));
  }

  #subscribers(channel: string, ticker?: string): Subscription[] {
    return this.#subscriptions.filter(
      (item) => item.channel === channel && (ticker === undefined || item.markets.includes(ticker)),
    );
  }

  #bookOf(ticker: string): { yes: Level; no: Level } {
    let book = this.#books.get(ticker);
    if (book === undefined) {
      book = { yes: new Map(), no: new Map() };
      this.#books.set(ticker, book);
    }
    return book;
  }

  #send(socket: WebSocket, text: string): void {
    if (!this.deaf) socket.send(text);
  }
}

function dollars(price: number): string {
  return formatDecimal(price, 4);
}
