import { Count, type Market, type MarketStatus, type Ticker } from '@kalshi-mm/core';
import type { Exchange, UserId } from '@kalshi-mm/simulator';

const FORGET_EVERY_MARKETS = 50;

/**
 * What messages say of a market that its exchange does not tell: what it was before, its last trade, what an account has
 * traded in it. It goes once the market is settled, so that a feed that runs for weeks does not grow.
 */
export class MarketMemory {
  readonly #exchange: Exchange;
  readonly #statuses = new Map<Ticker, MarketStatus>();
  readonly #tradeSizes = new Map<Ticker, Count>();
  readonly #volumes = new Map<Ticker, Map<UserId, Count>>();
  /** Events that have been told, while one of their markets is to be settled. */
  readonly #events = new Set<string>();
  #created = 0;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    for (const { ticker, eventTicker, status } of exchange.markets()) {
      this.#statuses.set(ticker, status);
      this.#events.add(eventTicker);
    }
  }

  /** Entries in all. */
  get size(): number {
    return this.#statuses.size + this.#tradeSizes.size + this.#volumes.size + this.#events.size;
  }

  /** Takes a market's status down. @returns the one before; undefined: none is known */
  turn({ ticker, status }: Market): MarketStatus | undefined {
    const before = this.#statuses.get(ticker);
    this.#statuses.set(ticker, status);
    return before;
  }

  /** @returns whether an event is heard of for the first time */
  meet(eventTicker: string): boolean {
    if (this.#events.has(eventTicker)) return false;
    this.#events.add(eventTicker);
    return true;
  }

  trade(ticker: Ticker, count: Count): void {
    this.#tradeSizes.set(ticker, count);
  }

  lastTradeSize(ticker: Ticker): Count {
    return this.#tradeSizes.get(ticker) ?? Count.ZERO;
  }

  fill(userId: UserId, ticker: Ticker, count: Count): void {
    const volumes = this.#volumes.get(ticker) ?? new Map<UserId, Count>();
    this.#volumes.set(ticker, volumes);
    volumes.set(userId, Count.of((volumes.get(userId) ?? 0) + count));
  }

  /** Contracts that an account has traded in a market. */
  volume(userId: UserId, ticker: Ticker): Count {
    return this.#volumes.get(ticker)?.get(userId) ?? Count.ZERO;
  }

  /** Called for every new market. @returns whether what concerns settled markets has gone, as it does now and then */
  sweep(): boolean {
    if (++this.#created % FORGET_EVERY_MARKETS !== 0) return false;
    for (const map of [this.#statuses, this.#tradeSizes, this.#volumes]) {
      for (const ticker of map.keys()) if (this.isOver(ticker)) map.delete(ticker);
    }
    const events = new Set<string>();
    for (const { eventTicker, status } of this.#exchange.markets()) {
      if (status !== 'finalized') events.add(eventTicker);
    }
    for (const event of this.#events) if (!events.has(event)) this.#events.delete(event);
    return true;
  }

  /** Whether nothing more will be told of a market. */
  isOver(ticker: Ticker): boolean {
    const market = this.#exchange.market(ticker);
    return market === null || market.status === 'finalized';
  }
}
