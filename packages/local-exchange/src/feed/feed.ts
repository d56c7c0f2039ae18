import type { Duplex } from 'node:stream';
import { Count, type MarketStatus, type Ticker } from '@kalshi-mm/core';
import type { Exchange, ExchangeOutput } from '@kalshi-mm/simulator';
import type { WebSocket } from 'ws';
import { fillMessage, orderGroupMessage, orderMessage, positionMessage } from './account-messages.ts';
import { FeedConnection } from './feed-connection.ts';
import type { FrameFaults } from './frame-line.ts';
import { deltaMessage, eventFeeMessage, lifecycleMessage, tradeMessage } from './market-messages.ts';
import { type Channel, type Subscription, wants } from './subscription.ts';

export interface FeedOptions {
  /** A ping goes out this often. @default 10_000 */
  readonly pingEveryMs: number;
  /** Clients silent for longer are dropped. @default 30_000 */
  readonly dropAfterMs: number;
  /** Unsent bytes of one client beyond which its subscriptions end with error 25. @default 16 MiB */
  readonly maxBufferedBytes: number;
}

/** Turns what the exchange tells into messages for everybody who has subscribed. */
export class Feed {
  readonly #exchange: Exchange;
  readonly #wallClock: () => number;
  readonly #options: FeedOptions;
  readonly #frames: FrameFaults;
  readonly #connections = new Set<FeedConnection>();
  /** Markets whose ticker may have changed since the last flush. */
  readonly #stale = new Set<Ticker>();
  readonly #lastTradeSize = new Map<Ticker, Count>();
  /** Contracts traded per user and market. */
  readonly #volumes = new Map<string, Count>();
  readonly #statuses = new Map<Ticker, MarketStatus>();
  readonly #heart: NodeJS.Timeout;

  constructor(exchange: Exchange, wallClock: () => number, options: FeedOptions, frames: FrameFaults) {
    this.#frames = frames;
    this.#exchange = exchange;
    this.#wallClock = wallClock;
    this.#options = options;
    for (const { ticker, status } of exchange.markets()) this.#statuses.set(ticker, status);
    this.#heart = setInterval(() => this.#beat(), options.pingEveryMs);
  }

  attach(socket: WebSocket, stream: Duplex, userId: string): void {
    const connection = new FeedConnection({
      exchange: this.#exchange,
      socket,
      stream,
      userId,
      maxBufferedBytes: this.#options.maxBufferedBytes,
      lastTradeSize: (ticker) => this.#lastTradeSize.get(ticker) ?? Count.ZERO,
      wallMs: this.#wallClock(),
      frames: this.#frames,
    });
    this.#connections.add(connection);
    const hear = (): void => {
      connection.heardMs = this.#wallClock();
    };
    socket.on('pong', hear);
    socket.on('message', (data) => {
      hear();
      connection.receive(String(data));
    });
    // A broken connection ends with `close` in any case.
    socket.on('error', () => {});
    socket.on('close', () => this.#connections.delete(connection));
  }

  cork(): void {
    for (const connection of this.#connections) connection.cork();
  }

  /** Sends the tickers that have changed, and lets go what `cork` held back. */
  flush(): void {
    if (this.#stale.size > 0) {
      this.#each('ticker', (connection, subscription) => {
        for (const ticker of this.#stale) {
          if (wants(subscription, ticker)) connection.pushTicker(subscription, ticker);
        }
      });
      this.#stale.clear();
    }
    for (const connection of this.#connections) connection.uncork();
  }

  close(): void {
    clearInterval(this.#heart);
    for (const connection of this.#connections) connection.close();
  }

  /** Says goodbye to clients that did not close by themselves. */
  terminate(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  /** Tells the subscribers; called at the instant at which it happens, so that books and messages agree. */
  publish(output: ExchangeOutput): void {
    switch (output.type) {
      case 'book.changed':
        this.#stale.add(output.ticker);
        this.#each('orderbook_delta', (connection, subscription) => {
          if (!wants(subscription, output.ticker)) return;
          const msg = deltaMessage(output, connection.userId, subscription.useYesPrice);
          connection.push(subscription, 'orderbook_delta', msg);
        });
        return;
      case 'book.replaced':
        this.#stale.add(output.ticker);
        this.#each('orderbook_delta', (connection, subscription) => {
          if (wants(subscription, output.ticker)) connection.pushSnapshot(subscription, output.ticker);
        });
        return;
      case 'trade':
        this.#stale.add(output.trade.ticker);
        this.#lastTradeSize.set(output.trade.ticker, output.trade.count);
        this.#tell('trade', 'trade', null, output.trade.ticker, () => tradeMessage(output.trade));
        return;
      case 'market':
        this.#publishMarket(output);
        return;
      case 'order-group':
        this.#each('order_group_updates', (connection, subscription) => {
          if (connection.userId !== output.userId) return;
          connection.push(subscription, 'order_group_updates', orderGroupMessage(output));
        });
        return;
      case 'event-fees':
        this.#each('market_lifecycle_v2', (connection, subscription) => {
          connection.push(subscription, 'event_fee_update', eventFeeMessage(output));
        });
        return;
      case 'settlement':
      case 'cash':
        return;
      default:
        this.#publishAccount(output);
    }
  }

  #publishAccount(output: Extract<ExchangeOutput, { type: 'order' | 'fill' | 'position' }>): void {
    if (output.type === 'order') {
      const { order, atMs } = output;
      this.#tell('user_orders', 'user_order', order.userId, order.ticker, () =>
        orderMessage(order, this.#shard(order.ticker), atMs),
      );
    } else if (output.type === 'fill') {
      const { fill } = output;
      const key = `${fill.userId}/${fill.ticker}`;
      this.#volumes.set(key, Count.of((this.#volumes.get(key) ?? 0) + fill.count));
      this.#tell('fill', 'fill', fill.userId, fill.ticker, () => fillMessage(fill, this.#shard(fill.ticker)));
    } else {
      const { userId, position } = output;
      const volume = this.#volumes.get(`${userId}/${position.ticker}`) ?? Count.ZERO;
      this.#tell('market_positions', 'market_position', userId, position.ticker, () =>
        positionMessage(userId, position, volume),
      );
    }
  }

  #publishMarket({ change, market, atMs }: Extract<ExchangeOutput, { type: 'market' }>): void {
    const before = this.#statuses.get(market.ticker);
    this.#statuses.set(market.ticker, market.status);
    this.#stale.add(market.ticker);
    // A market that opens by the clock says nothing.
    if (change === 'activated' && (before === undefined || before === 'initialized')) return;
    const msg = lifecycleMessage(change, market, atMs);
    if (msg !== null)
      this.#tell('market_lifecycle_v2', 'market_lifecycle_v2', null, market.ticker, () => msg);
  }

  /** @param userId whom it concerns; null: everybody */
  #tell(channel: Channel, type: string, userId: string | null, ticker: Ticker, message: () => object): void {
    let msg: object | null = null;
    this.#each(channel, (connection, subscription) => {
      if (userId !== null && connection.userId !== userId) return;
      if (!wants(subscription, ticker)) return;
      msg ??= message();
      connection.push(subscription, type, msg);
    });
  }

  #each(channel: Channel, visit: (connection: FeedConnection, subscription: Subscription) => void): void {
    for (const connection of this.#connections) {
      for (const subscription of connection.subscriptions.values()) {
        if (subscription.channel === channel) visit(connection, subscription);
      }
    }
  }

  #shard(ticker: Ticker): number {
    return this.#exchange.market(ticker)?.exchangeIndex ?? 0;
  }

  #beat(): void {
    const now = this.#wallClock();
    for (const connection of this.#connections) {
      if (connection.isMute) continue;
      if (now - connection.heardMs > this.#options.dropAfterMs) connection.terminate();
      else connection.ping();
    }
  }
}
