import {
  type FeeSchedule,
  type Market,
  type MarketResult,
  MmError,
  type Money,
  type Price,
  type Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import type { Account } from './account.ts';
import type { ListWith } from './create-exchange.ts';
import type { Exchange, PublicTrade, ShardFunding, ShardStatus, UserId } from './exchange-api.ts';
import type { BookChangedOutput, ExchangeState, OutputListener } from './exchange-state.ts';
import type { IncentiveDesk, IncentiveTerms } from './incentives/incentive-api.ts';
import { determine, dispute, outcomeOf, redetermine, setCloseTime, setMarketActive } from './lifecycle.ts';
import type { ListedMarket } from './listed-market.ts';
import { setEventFees, updateMarket } from './market-update.ts';
import { MatchingEngine } from './matching-engine.ts';
import { amend, cancel, cancelResting, decrease, place } from './order-entry.ts';
import * as groups from './order-groups.ts';
import { refuse } from './order-rules.ts';
import { addAccount, createSubaccount, deposit, transferCash } from './shard-cash.ts';
import type { ListingOptions, MarketUpdate, SimulatedExchange } from './simulated-exchange.ts';
import { NO_TARGET, setTargetAllocation } from './target-allocation.ts';

/** The exchange as its users and its makers see it. */
export class ExchangeFacade implements SimulatedExchange {
  readonly #state: ExchangeState;
  readonly #list: ListWith;
  readonly #incentives: IncentiveDesk;

  constructor(state: ExchangeState, list: ListWith, incentives: IncentiveDesk) {
    this.#state = state;
    this.#list = list;
    this.#incentives = incentives;
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
  get postOnlyCross() {
    return this.#state.postOnlyCross;
  }
  set postOnlyCross(mode) {
    this.#state.postOnlyCross = mode;
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
  addListener(listener: OutputListener, onBookChanged?: (output: BookChangedOutput) => void) {
    this.#state.listen(listener, onBookChanged);
    return () => this.#state.unlisten(listener);
  }

  addUser(userId: UserId, cash: Money | readonly ShardFunding[]): void {
    addAccount(this.#state, userId, cash, false);
  }
  addHouseUser(userId: UserId, cash: Money): void {
    addAccount(this.#state, userId, cash, true);
  }
  deposit(userId: UserId, amount: Money, exchangeIndex = 0): void {
    deposit(this.#state, userId, amount, exchangeIndex);
  }
  transferCash: Exchange['transferCash'] = (userId, from, to, amount, options = {}) =>
    transferCash(this.#state, userId, from, to, amount, options);
  transfers: Exchange['transfers'] = (userId) => this.#account(userId)?.transfers ?? [];

  createSubaccount: Exchange['createSubaccount'] = (userId, exchangeIndex = 0) =>
    createSubaccount(this.#state, userId, exchangeIndex);
  accountsOf: Exchange['accountsOf'] = (userId) =>
    (this.#account(userId)?.family ?? []).map((account) => account.userId);
  netting: Exchange['netting'] = (userId) => this.#account(userId)?.netting ?? false;
  setNetting: Exchange['setNetting'] = (userId, enabled) => {
    const account = this.#account(userId);
    if (account === undefined) return refuse('user_not_found');
    account.netting = enabled;
    return { ok: true, value: enabled };
  };
  targetAllocation: Exchange['targetAllocation'] = (userId) => this.#account(userId)?.target ?? NO_TARGET;
  setTargetAllocation: Exchange['setTargetAllocation'] = (userId, target) =>
    setTargetAllocation(this.#state, userId, target);

  place: Exchange['place'] = (userId, request) => place(this.#state, userId, request);
  cancel: Exchange['cancel'] = (userId, orderId) => cancel(this.#state, userId, orderId);
  amend: Exchange['amend'] = (userId, orderId, change) => amend(this.#state, userId, orderId, change);
  decrease: Exchange['decrease'] = (userId, orderId, reduceTo) =>
    decrease(this.#state, userId, orderId, reduceTo);
  cancelAll: Exchange['cancelAll'] = (userId) => {
    const state = this.#state;
    const resting = (this.#account(userId)?.orders ?? []).filter(
      ({ status, ticker }) =>
        status === 'resting' && state.isExchangeActive(this.#listed(ticker).market.exchangeIndex),
    );
    for (const order of resting) cancelResting(state, order, 'Decrease');
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

  setTradingActive(active: boolean, exchangeIndex?: number): void {
    const state = this.#state;
    if (!active) this.#cancelOnPause(exchangeIndex);
    if (exchangeIndex === undefined) state.tradingActive = active;
    else if (active) state.tradingPaused.delete(exchangeIndex);
    else state.tradingPaused.add(exchangeIndex);
    if (active) this.#resume(exchangeIndex);
  }
  setExchangeActive(active: boolean, exchangeIndex?: number): void {
    const state = this.#state;
    if (!active) this.#cancelOnPause(exchangeIndex);
    if (exchangeIndex === undefined) state.exchangeActive = active;
    else if (active) state.exchangePaused.delete(exchangeIndex);
    else state.exchangePaused.add(exchangeIndex);
    if (active) this.#resume(exchangeIndex);
  }
  shards(): readonly ShardStatus[] {
    const state = this.#state;
    return [...state.shards]
      .sort((a, b) => a - b)
      .map((exchangeIndex) => ({
        exchangeIndex,
        tradingActive: state.isTradingActive(exchangeIndex),
        exchangeActive: state.isExchangeActive(exchangeIndex),
      }));
  }

  addIncentiveProgram(terms: IncentiveTerms, paidOut?: boolean): void {
    this.#incentives.addIncentiveProgram(terms, paidOut);
  }
  incentivePrograms = () => this.#incentives.incentivePrograms();
  incentiveScores = (programId: string) => this.#incentives.incentiveScores(programId);

  listMarket(market: Market, options?: ListingOptions): void {
    this.#list(market, (host) => new MatchingEngine(market.grid, host), options);
  }
  determine(ticker: Ticker, result: MarketResult, settlementPrice: Price | null = null): void {
    const outcome = outcomeOf(ticker, result, settlementPrice);
    determine(this.#state, this.#listed(ticker), outcome!);
  }
  dispute(ticker: Ticker): void {
    dispute(this.#state, this.#listed(ticker));
  }
  redetermine(ticker: Ticker, result: MarketResult, settlementPrice: Price | null = null): void {
    const outcome = outcomeOf(ticker, result, settlementPrice);
    redetermine(this.#state, this.#listed(ticker), outcome!);
  }
  setMarketActive(ticker: Ticker, active: boolean): void {
    setMarketActive(this.#state, this.#listed(ticker), active);
  }
  setCloseTime(ticker: Ticker, closeMs: Timestamp): void {
    setCloseTime(this.#state, this.#listed(ticker), closeMs);
  }
  updateMarket(ticker: Ticker, change: MarketUpdate): void {
    updateMarket(this.#state, this.#listed(ticker), change);
  }
  setEventFees(eventTicker: string, fees: FeeSchedule | null): void {
    setEventFees(this.#state, eventTicker, fees);
  }

  eventFees = (eventTicker: string) => this.#state.eventFees.get(eventTicker) ?? null;
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
  balance: Exchange['balance'] = (userId, exchangeIndex) => {
    const account = this.#account(userId);
    if (account === undefined) return null;
    if (exchangeIndex !== undefined) return account.purse(exchangeIndex)?.balance() ?? null;
    let cash = 0;
    let reserved = 0;
    for (const purse of account.purses()) {
      cash += purse.free;
      reserved += purse.reserved;
    }
    return { cash: cash as Money, reserved: reserved as Money };
  };
  shardBalances: Exchange['shardBalances'] = (userId) =>
    this.#account(userId)
      ?.purses()
      .map((purse) => purse.balance()) ?? [];

  #account(userId: UserId): Account | undefined {
    return this.#state.accounts.get(userId);
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
  #resume(exchangeIndex: number | undefined): void {
    for (const { engine, market } of this.#state.markets.values()) {
      if (exchangeIndex === undefined || market.exchangeIndex === exchangeIndex) engine.resume();
    }
  }
  /** Orders that asked for it go when a pause begins; while it lasts none can come. */
  #cancelOnPause(exchangeIndex: number | undefined): void {
    for (const listed of this.#state.markets.values()) {
      if (exchangeIndex !== undefined && listed.market.exchangeIndex !== exchangeIndex) continue;
      for (const order of [...listed.resting]) {
        if (order.cancelOnPause) cancelResting(this.#state, order, 'HaltCancel');
      }
    }
  }
}
