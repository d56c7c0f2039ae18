import {
  FeeRounding,
  type Market,
  type MarketResult,
  MmError,
  type Money,
  type Price,
  type Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { Account } from './account.ts';
import { bookMatch } from './book-match.ts';
import type { Exchange, PublicTrade, UserId } from './exchange-api.ts';
import { ExchangeState, type OutputListener } from './exchange-state.ts';
import { createIds } from './ids.ts';
import { determine, listMarket, outcomeOf, setCloseTime, setMarketActive } from './lifecycle.ts';
import { ListedMarket } from './listed-market.ts';
import type { EngineHost, MarketEngine } from './market-engine.ts';
import { MatchingEngine } from './matching-engine.ts';
import { amend, cancel, cancelResting, decrease, place } from './order-entry.ts';
import * as groups from './order-groups.ts';

export interface ExchangeOptions {
  /** @default Timestamp 0 */
  readonly startMs?: Timestamp;
  /** @default FeeRounding.DIRECT_MEMBER */
  readonly rounding?: FeeRounding;
  /** Told of everything in the order of happening, during the call that makes it happen. */
  readonly onOutput?: OutputListener;
  /** Order and trade ids follow from it. */
  readonly idSeed: number | string;
  /**
   * A post-only order that would trade: refused, or created and at once canceled with `PostOnlyCrossCancel`
   * (kalshi-api.md 13.5). @default 'reject'
   */
  readonly postOnlyCross?: 'reject' | 'cancel';
}

export interface ListingOptions {
  /** From determination to payout. @default 1000 */
  readonly settlementTimerMs?: number;
}

/** The exchange with the hands that move it from outside: listings, results, pauses, clockwork. */
export interface SimulatedExchange extends Exchange {
  /**
   * Lists a market whose orders meet each other. A `result` in it is kept back until after the close; without one
   * the market stays closed until `determine`.
   */
  listMarket(market: Market, options?: ListingOptions): void;
  /** An account of the simulation itself: its orders and fills leave no history and no private outputs. */
  addHouseUser(userId: UserId, cash: Money): void;
  /** Closes the market if need be and sets its result; `settlementPrice` is needed for `scalar`. */
  determine(ticker: Ticker, result: MarketResult, settlementPrice?: Price): void;
  /** Pauses or reactivates one market; reactivation cancels what rests. */
  setMarketActive(ticker: Ticker, active: boolean): void;
  /** Moves the close of a market; a time that has passed closes it now. */
  setCloseTime(ticker: Ticker, closeMs: Timestamp): void;
  /** Changes fees or descriptive fields of a market while it trades. */
  updateMarket(ticker: Ticker, change: Partial<Pick<Market, 'title' | 'fees' | 'floorStrike'>>): void;
  /** A pause of everything, cancels included. */
  setExchangeActive(active: boolean): void;
  readonly exchangeActive: boolean;
  /** Another listener of outputs. @returns a function that takes it off again */
  addListener(listener: OutputListener): () => void;
  /** False for a recorded market whose book no snapshot has told yet. */
  bookKnown(ticker: Ticker): boolean;
  /** Runs something at an exact time during `advanceTo`. */
  schedule(atMs: Timestamp, run: () => void): void;
  /** When the next planned thing happens, `Infinity` when nothing is planned. */
  readonly nextMs: number;
  /** What the exchange itself has earned: fees, and crumbs of rounded payouts. */
  readonly feesCollected: Money;
}

/** Makes an exchange with no users and no markets. */
export function createExchange(options: ExchangeOptions): SimulatedExchange {
  return createExchangeParts(options).exchange;
}

/** For siblings that list markets with engines of their own. */
export function createExchangeParts(options: ExchangeOptions): {
  readonly exchange: SimulatedExchange;
  readonly state: ExchangeState;
  readonly list: (
    market: Market,
    makeEngine: (host: EngineHost, listed: ListedMarket) => MarketEngine,
    listing?: ListingOptions,
  ) => ListedMarket;
} {
  const state = new ExchangeState(
    options.startMs ?? Timestamp.of(0),
    options.rounding ?? FeeRounding.DIRECT_MEMBER,
    options.postOnlyCross ?? 'reject',
    createIds(options.idSeed),
  );
  if (options.onOutput !== undefined) state.listeners.push(options.onOutput);
  const list = (
    market: Market,
    makeEngine: (host: EngineHost, listed: ListedMarket) => MarketEngine,
    listing: ListingOptions = {},
  ): ListedMarket => {
    const outcome = outcomeOf(market.ticker, market.result, market.settlementPrice);
    const listed = new ListedMarket(market, outcome, listing.settlementTimerMs ?? 1000);
    listed.engine = makeEngine(createHost(state, listed), listed);
    listMarket(state, listed);
    return listed;
  };
  return { exchange: new ExchangeFacade(state, list), state, list };
}

function createHost(state: ExchangeState, listed: ListedMarket): EngineHost {
  const { ticker } = listed.market;
  return {
    bookChanged(side, price, delta, cause) {
      state.emit({
        type: 'book.changed',
        ticker,
        side,
        price,
        delta,
        atMs: state.nowMs,
        userId: cause?.userId ?? null,
        clientOrderId: cause?.clientOrderId ?? null,
      });
    },
    bookReplaced: () => state.emit({ type: 'book.replaced', ticker, atMs: state.nowMs }),
    matched: (...match) => bookMatch(state, listed, ...match),
    selfTradeCanceled: (order) => cancelResting(state, order, 'SelfTradeCancel'),
  };
}

class ExchangeFacade implements SimulatedExchange {
  readonly #state: ExchangeState;
  readonly #list: ReturnType<typeof createExchangeParts>['list'];

  constructor(state: ExchangeState, list: ReturnType<typeof createExchangeParts>['list']) {
    this.#state = state;
    this.#list = list;
  }

  get nowMs() {
    return this.#state.nowMs;
  }
  get nextMs() {
    return this.#state.schedule.nextMs;
  }
  get tradingActive() {
    return this.#state.tradingActive;
  }
  get exchangeActive() {
    return this.#state.exchangeActive;
  }
  get feesCollected() {
    return this.#state.feesCollected as Money;
  }

  advanceTo(atMs: Timestamp): void {
    const state = this.#state;
    const { schedule } = state;
    while (schedule.nextMs <= atMs) {
      const item = schedule.take()!;
      if (item.atMs > state.nowMs) state.nowMs = item.atMs as Timestamp;
      item.run();
    }
    // Time that steps back (a receive clock does) stands still here.
    if (atMs > state.nowMs) state.nowMs = atMs;
  }

  schedule(atMs: Timestamp, run: () => void): void {
    this.#state.schedule.add(atMs, run);
  }
  addListener(listener: OutputListener) {
    const { listeners } = this.#state;
    listeners.push(listener);
    return () => {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    };
  }

  addUser(userId: UserId, cash: Money): void {
    this.#addAccount(userId, cash, false);
  }
  addHouseUser(userId: UserId, cash: Money): void {
    this.#addAccount(userId, cash, true);
  }

  place: Exchange['place'] = (userId, request) => place(this.#state, userId, request);
  cancel: Exchange['cancel'] = (userId, orderId) => cancel(this.#state, userId, orderId);
  amend: Exchange['amend'] = (userId, orderId, change) => amend(this.#state, userId, orderId, change);
  decrease: Exchange['decrease'] = (userId, orderId, reduceTo) =>
    decrease(this.#state, userId, orderId, reduceTo);
  cancelAll: Exchange['cancelAll'] = (userId) => {
    if (!this.#state.exchangeActive) return [];
    const resting = this.#account(userId)?.orders.filter((order) => order.status === 'resting') ?? [];
    for (const order of resting) cancelResting(this.#state, order, 'Decrease');
    return resting;
  };

  createOrderGroup: Exchange['createOrderGroup'] = (userId, limit, exchangeIndex = 0) =>
    groups.createOrderGroup(this.#state, userId, limit, exchangeIndex);
  orderGroup: Exchange['orderGroup'] = (userId, groupId) =>
    groups.readOrderGroup(this.#state, userId, groupId);
  orderGroups: Exchange['orderGroups'] = (userId) => groups.listOrderGroups(this.#state, userId);
  resetOrderGroup: Exchange['resetOrderGroup'] = (userId, groupId) =>
    groups.resetOrderGroup(this.#state, userId, groupId);
  triggerOrderGroup: Exchange['triggerOrderGroup'] = (userId, groupId) =>
    groups.triggerOrderGroup(this.#state, userId, groupId);
  setOrderGroupLimit: Exchange['setOrderGroupLimit'] = (userId, groupId, limit) =>
    groups.setOrderGroupLimit(this.#state, userId, groupId, limit);
  deleteOrderGroup: Exchange['deleteOrderGroup'] = (userId, groupId) =>
    groups.deleteOrderGroup(this.#state, userId, groupId);

  setTradingActive(active: boolean): void {
    if (this.#state.tradingActive && !active) this.#cancelOnPause();
    this.#state.tradingActive = active;
  }
  setExchangeActive(active: boolean): void {
    if (this.#state.exchangeActive && !active) this.#cancelOnPause();
    this.#state.exchangeActive = active;
  }

  listMarket(market: Market, options?: ListingOptions): void {
    this.#list(market, (host) => new MatchingEngine(market.grid, host), options);
  }
  determine(ticker: Ticker, result: MarketResult, settlementPrice: Price | null = null): void {
    const outcome = outcomeOf(ticker, result, settlementPrice);
    determine(this.#state, this.#listed(ticker), outcome!);
  }
  setMarketActive(ticker: Ticker, active: boolean): void {
    setMarketActive(this.#state, this.#listed(ticker), active);
  }
  setCloseTime(ticker: Ticker, closeMs: Timestamp): void {
    setCloseTime(this.#state, this.#listed(ticker), closeMs);
  }
  updateMarket(ticker: Ticker, change: Partial<Pick<Market, 'title' | 'fees' | 'floorStrike'>>): void {
    const listed = this.#listed(ticker);
    listed.market = { ...listed.market, ...change };
    listed.forgetFees();
    const { market } = listed;
    this.#state.emit({ type: 'market', change: 'metadata', market, atMs: this.#state.nowMs });
  }

  markets = () => [...this.#state.markets.values()].map((listed) => listed.market);
  market = (ticker: Ticker) => this.#state.markets.get(ticker)?.market ?? null;
  statistics = (ticker: Ticker) => this.#listed(ticker).statistics(this.#state.nowMs);
  book = (ticker: Ticker) => this.#listed(ticker).engine.book;
  bookKnown = (ticker: Ticker) => this.#listed(ticker).engine.bookKnown;
  trades(ticker: Ticker | null): readonly PublicTrade[] {
    if (ticker !== null) return this.#listed(ticker).trades.toReversed();
    const all = [...this.#state.markets.values()].flatMap((listed) => listed.trades.toReversed());
    return all.sort((a, b) => b.atMs - a.atMs);
  }
  order: Exchange['order'] = (userId, orderId) => {
    const order = this.#state.orders.get(orderId);
    return order?.userId === userId ? order : null;
  };
  orders: Exchange['orders'] = (userId) => this.#account(userId)?.orders ?? [];
  fills: Exchange['fills'] = (userId) => this.#account(userId)?.fills ?? [];
  settlements: Exchange['settlements'] = (userId) => this.#account(userId)?.settlements ?? [];
  positions: Exchange['positions'] = (userId) =>
    [...(this.#account(userId)?.holdings.values() ?? [])]
      .filter((holding) => holding.totalTraded > 0)
      .map((holding) => holding.snapshot());
  queueAhead: Exchange['queueAhead'] = (orderId) => {
    const order = this.#state.orders.get(orderId);
    if (order === undefined || !order.queued) {
      throw new MmError('order-not-resting', `Order ${orderId} is in no queue`);
    }
    return this.#listed(order.ticker).engine.ahead(order) as never;
  };
  balance: Exchange['balance'] = (userId) => {
    const account = this.#account(userId);
    if (account === undefined) return null;
    return { cash: account.free as Money, reserved: account.reserved as Money };
  };

  #account(userId: UserId): Account | undefined {
    return this.#state.accounts.get(userId);
  }
  #addAccount(userId: UserId, cash: Money, house: boolean): void {
    if (this.#state.accounts.has(userId)) {
      throw new MmError('user-exists', `User ${userId} exists already`);
    }
    this.#state.accounts.set(userId, new Account(userId, cash, house));
  }
  #listed(ticker: Ticker): ListedMarket {
    const listed = this.#state.markets.get(ticker);
    if (listed === undefined) {
      throw new MmError('market-not-listed', `Market ${ticker} is not listed on this exchange`, {
        todo: 'List it first, or ask `market(ticker)` whether it exists.',
      });
    }
    return listed;
  }
  #cancelOnPause(): void {
    for (const listed of this.#state.markets.values()) {
      for (const order of [...listed.resting]) {
        if (order.cancelOnPause) cancelResting(this.#state, order, 'HaltCancel');
      }
    }
  }
}
