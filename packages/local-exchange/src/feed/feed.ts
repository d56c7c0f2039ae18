import type { Duplex } from 'node:stream';
import type { Ticker } from '@kalshi-mm/core';
import type { ExchangeOutput, SimulatedExchange, UserId, WorldReference } from '@kalshi-mm/simulator';
import type { WebSocket } from 'ws';
import type { Account } from '../access/account.ts';
import { isCombination } from '../wire/is-combination.ts';
import { fillMessage, orderGroupMessage, orderMessage, positionMessage } from './account-messages.ts';
import { FeedConnection, type FeedLimits } from './feed-connection.ts';
import type { FrameFaults } from './frame-line.ts';
import { MarketMemory } from './market-memory.ts';
import {
  deltaMessage,
  eventFeeMessage,
  eventMessage,
  lifecycleMessage,
  tickerMessage,
  tradeMessage,
} from './market-messages.ts';
import { PriceTicks } from './price-ticks.ts';
import { type Channel, type Subscription, wants } from './subscription.ts';

export interface FeedOptions extends FeedLimits {
  /** A ping goes out this often. @default 10_000 */
  readonly pingEveryMs: number;
  /** Clients silent for longer are dropped. @default 30_000 */
  readonly dropAfterMs: number;
  /** Every frame carries `sending_ts_ms`, the simulated time at which it was handed to the socket. @default false */
  readonly sendingTs: boolean;
  /** Frames are compressed for clients that offer it (permessage-deflate). @default false */
  readonly compression: boolean;
}

/** Turns what the exchange tells into messages for everybody who has subscribed. */
export class Feed {
  readonly #exchange: SimulatedExchange;
  readonly #reference: WorldReference;
  readonly #wallClock: () => number;
  readonly #options: FeedOptions;
  readonly #frames: FrameFaults;
  readonly #connections = new Set<FeedConnection>();
  /** Markets whose ticker may have changed since the last flush. */
  readonly #stale = new Set<Ticker>();
  readonly #memory: MarketMemory;
  readonly #prices: PriceTicks;
  readonly #heart: NodeJS.Timeout;

  constructor(
    exchange: SimulatedExchange,
    wallClock: () => number,
    options: FeedOptions,
    frames: FrameFaults,
    reference: WorldReference,
  ) {
    this.#frames = frames;
    this.#exchange = exchange;
    this.#reference = reference;
    this.#wallClock = wallClock;
    this.#options = options;
    this.#memory = new MarketMemory(exchange);
    this.#prices = new PriceTicks({
      exchange,
      coins: () => reference.coinPrices(),
      each: (channel, visit) =>
        this.#each(channel, (connection, subscription) =>
          visit(subscription, (type, msg) => connection.push(subscription, type, msg)),
        ),
    });
    this.#heart = setInterval(() => this.#beat(), options.pingEveryMs);
  }

  attach(socket: WebSocket, stream: Duplex, key: Account): void {
    const connection = new FeedConnection({
      exchange: this.#exchange,
      socket,
      stream,
      key,
      limits: this.#options,
      tickerText: (ticker) => this.#tickerText(ticker),
      prices: this.#prices,
      sendingTs: this.#options.sendingTs,
      wallMs: this.#wallClock(),
      frames: this.#frames,
    });
    this.#connections.add(connection);
    const hear = (): void => {
      connection.heardMs = this.#wallClock();
    };
    socket.on('pong', hear);
    socket.on('message', (data, isBinary) => {
      hear();
      connection.receive(isBinary ? null : String(data));
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
      const texts = new Map<Ticker, string>();
      const textOf = (ticker: Ticker): string => {
        const text = texts.get(ticker) ?? this.#tickerText(ticker);
        texts.set(ticker, text);
        return text;
      };
      this.#each('ticker', (connection, subscription) => {
        for (const ticker of this.#stale) {
          if (wants(subscription, ticker)) connection.pushTicker(subscription, ticker, textOf(ticker));
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

  /** Ends the connections of a key that is no more. */
  dropKey(keyId: string): void {
    for (const connection of this.#connections) if (connection.key.keyId === keyId) connection.close();
  }

  /** Says goodbye to clients that did not close by themselves. */
  terminate(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  /** Tells the subscribers; called at the instant at which it happens, so that books and messages agree. */
  publish(output: ExchangeOutput): void {
    switch (output.type) {
      case 'book.changed':
        this.#publishDelta(output);
        return;
      case 'book.replaced':
        this.#stale.add(output.ticker);
        this.#each('orderbook_delta', (connection, subscription) => {
          if (wants(subscription, output.ticker)) connection.pushSnapshot(subscription, output.ticker);
        });
        return;
      case 'trade':
        this.#stale.add(output.trade.ticker);
        this.#memory.trade(output.trade.ticker, output.trade.count);
        this.#tell('trade', 'trade', null, output.trade.ticker, () => tradeMessage(output.trade));
        return;
      case 'market':
        this.#publishMarket(output);
        return;
      case 'order-group':
        this.#each('order_group_updates', (connection, subscription) => {
          if (!connection.sees(output.userId)) return;
          connection.push(subscription, 'order_group_updates', JSON.stringify(orderGroupMessage(output)));
        });
        return;
      case 'event-fees': {
        const msg = JSON.stringify(eventFeeMessage(output));
        this.#each(lifecycleOf(output.eventTicker), (connection, subscription) => {
          connection.push(subscription, 'event_fee_update', msg);
        });
        return;
      }
      case 'settlement':
      case 'cash':
        return;
      default:
        this.#publishAccount(output);
    }
  }

  #publishDelta(output: Extract<ExchangeOutput, { type: 'book.changed' }>): void {
    const { ticker, userId } = output;
    this.#stale.add(ticker);
    // Four forms at most, each written once for all its readers.
    const forms: (string | undefined)[] = [];
    this.#each('orderbook_delta', (connection, subscription) => {
      if (!wants(subscription, ticker)) return;
      const isOwn = userId !== null && connection.sees(userId);
      const { useYesPrice } = subscription;
      const form = (isOwn ? 2 : 0) + (useYesPrice ? 1 : 0);
      forms[form] ??= JSON.stringify(deltaMessage(output, isOwn, useYesPrice));
      connection.pushDelta(subscription, ticker, forms[form]);
    });
  }

  #publishAccount(output: Extract<ExchangeOutput, { type: 'order' | 'fill' | 'position' }>): void {
    if (output.type === 'order') {
      const { order, atMs } = output;
      this.#tell('user_orders', 'user_order', order.userId, order.ticker, () =>
        orderMessage(order, this.#shard(order.ticker), atMs),
      );
    } else if (output.type === 'fill') {
      const { fill } = output;
      this.#memory.fill(fill.userId, fill.ticker, fill.count);
      this.#tell('fill', 'fill', fill.userId, fill.ticker, () => fillMessage(fill, this.#shard(fill.ticker)));
    } else {
      const { userId, position } = output;
      const volume = this.#memory.volume(userId, position.ticker);
      this.#tell('market_positions', 'market_position', userId, position.ticker, () =>
        positionMessage(userId, position, volume),
      );
    }
  }

  #publishMarket(output: Extract<ExchangeOutput, { type: 'market' }>): void {
    const { change, market } = output;
    const before = this.#memory.turn(market);
    this.#stale.add(market.ticker);
    if (change === 'created') this.#forgetNowAndThen();
    // A market that opens by the clock says nothing.
    if (change === 'activated' && (before === undefined || before === 'initialized')) return;
    const channel = lifecycleOf(market.ticker);
    if (change === 'created' && this.#memory.meet(market.eventTicker)) {
      this.#tell(channel, 'event_lifecycle', null, market.ticker, () =>
        eventMessage(market, this.#reference.event(market.eventTicker)),
      );
    }
    const msg = lifecycleMessage(output, this.#reference.market(market.ticker));
    if (msg !== null) this.#tell(channel, channel, null, market.ticker, () => msg);
  }

  #forgetNowAndThen(): void {
    if (!this.#memory.sweep()) return;
    this.#each('ticker', (_, { lastTicker }) => {
      for (const ticker of lastTicker.keys()) if (this.#memory.isOver(ticker)) lastTicker.delete(ticker);
    });
  }

  /** @param account whom it concerns; null: everybody */
  #tell(channel: Channel, type: string, account: UserId | null, ticker: Ticker, message: () => object): void {
    let msg: string | null = null;
    this.#each(channel, (connection, subscription) => {
      if (account !== null && !connection.sees(account)) return;
      if (!wants(subscription, ticker)) return;
      msg ??= JSON.stringify(message());
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

  #tickerText(ticker: Ticker): string {
    return JSON.stringify(tickerMessage(this.#exchange, ticker, this.#memory.lastTradeSize(ticker)));
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

/** Combinations have a lifecycle channel of their own. */
function lifecycleOf(ticker: string): 'market_lifecycle_v2' | 'multivariate_market_lifecycle' {
  return isCombination(ticker) ? 'multivariate_market_lifecycle' : 'market_lifecycle_v2';
}
