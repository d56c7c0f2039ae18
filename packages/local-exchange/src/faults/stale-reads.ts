import { type OrderId, Timestamp } from '@kalshi-mm/core';
import type {
  Exchange,
  ExchangeOrder,
  ExchangePosition,
  ShardBalance,
  SimulatedExchange,
  UserId,
} from '@kalshi-mm/simulator';

/** One account as it was at some moment. */
interface Shown {
  orders: Map<OrderId, ExchangeOrder>;
  positions: readonly ExchangePosition[];
  balance: ReturnType<Exchange['balance']>;
  shards: readonly ShardBalance[];
}

/** What changed in an account, to be shown once it is old enough. */
interface Change extends Omit<Shown, 'orders'> {
  readonly atMs: Timestamp;
  readonly userId: UserId;
  readonly orders: readonly ExchangeOrder[];
}

/** Keeps accounts as they were a while ago: the exchange's reads may lag behind its writes. */
export class StaleReads {
  readonly #exchange: SimulatedExchange;
  readonly #delayMs: number;
  readonly #startMs: Timestamp;
  readonly #shown = new Map<UserId, Shown>();
  readonly #changed = new Map<UserId, Set<ExchangeOrder>>();
  #pending: Change[] = [];

  constructor(exchange: SimulatedExchange, delayMs: number, users: Iterable<UserId>) {
    this.#exchange = exchange;
    this.#delayMs = delayMs;
    this.#startMs = exchange.nowMs;
    for (const userId of users) {
      const orders = exchange.orders(userId).map((order) => [order.orderId, copy(order)] as const);
      this.#shown.set(userId, { ...accountOf(exchange, userId), orders: new Map(orders) });
    }
    exchange.addListener((output) => {
      if (output.type === 'order') this.#touch(output.order.userId).add(output.order);
      else if (output.type === 'fill') this.#touch(output.fill.userId);
      else if (output.type === 'position' || output.type === 'settlement' || output.type === 'cash')
        this.#touch(output.userId);
    });
  }

  /** Takes down what has changed; called when nothing is half done. */
  record(): void {
    for (const [userId, orders] of this.#changed) {
      this.#pending.push({
        ...accountOf(this.#exchange, userId),
        atMs: this.#exchange.nowMs,
        userId,
        orders: [...orders].map(copy),
      });
    }
    this.#changed.clear();
  }

  /** The exchange with the accounts of a while ago, and its clock at that moment; markets are of now. */
  view(): Exchange {
    this.record();
    const asOfMs = this.#exchange.nowMs - this.#delayMs;
    const firstLater = this.#pending.findIndex(({ atMs }) => atMs > asOfMs);
    const ripe = this.#pending.splice(0, firstLater < 0 ? this.#pending.length : firstLater);
    for (const change of ripe) this.#show(change);
    return overlay(this.#exchange, {
      nowMs: Timestamp.of(Math.max(this.#startMs, asOfMs)),
      order: (userId, orderId) => this.#shown.get(userId)?.orders.get(orderId) ?? null,
      orders: (userId) => [...(this.#shown.get(userId)?.orders.values() ?? [])],
      fills: (userId) => this.#exchange.fills(userId).filter(({ atMs }) => atMs <= asOfMs),
      settlements: (userId) => this.#exchange.settlements(userId).filter(({ atMs }) => atMs <= asOfMs),
      positions: (userId) => this.#shown.get(userId)?.positions ?? [],
      balance: (userId, exchangeIndex) => {
        const shown = this.#shown.get(userId);
        if (exchangeIndex === undefined) return shown?.balance ?? null;
        return (
          shown?.shards.find((shard) => (shard.exchangeIndex ?? exchangeIndex) === exchangeIndex) ?? null
        );
      },
      shardBalances: (userId) => this.#shown.get(userId)?.shards ?? [],
    });
  }

  #touch(userId: UserId): Set<ExchangeOrder> {
    const found = this.#changed.get(userId) ?? new Set();
    this.#changed.set(userId, found);
    return found;
  }

  #show({ userId, orders, atMs: _, ...account }: Change): void {
    const shown = this.#shown.get(userId) ?? { ...account, orders: new Map() };
    for (const order of orders) shown.orders.set(order.orderId, order);
    this.#shown.set(userId, { ...account, orders: shown.orders });
  }
}

function accountOf(exchange: Exchange, userId: UserId): Omit<Shown, 'orders'> {
  return {
    positions: exchange.positions(userId).map((position) => ({ ...position })),
    balance: exchange.balance(userId),
    shards: exchange.shardBalances(userId).map((shard) => ({ ...shard })),
  };
}

/** An order without its places in the queues, which would keep the whole queue alive. */
function copy(order: ExchangeOrder): ExchangeOrder {
  const { orderGroupId } = order;
  return { ...order, orderGroupId, group: null, previous: null, next: null } as ExchangeOrder;
}

/** The exchange with some members replaced; the others keep their own `this`. */
function overlay(exchange: Exchange, members: Partial<Exchange>): Exchange {
  return new Proxy(exchange, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
