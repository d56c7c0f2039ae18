import type { FeeRounding, FeeSchedule, OrderId, Ticker, Timestamp } from '@kalshi-mm/core';
import type { Account } from './account.ts';
import type { ExchangeFill, ExchangeOutput, UserId } from './exchange-api.ts';
import type { ListedMarket } from './listed-market.ts';
import type { Order } from './order.ts';
import type { OrderGroup } from './order-group.ts';
import { Schedule } from './schedule.ts';

/** Receives what the exchange tells, during the call that made it happen. */
export type OutputListener = (output: ExchangeOutput) => void;

/** The one kind of output that nearly all are. */
export type BookChangedOutput = Extract<ExchangeOutput, { type: 'book.changed' }>;

/** Everything the exchange knows; the functions of order entry, booking and life cycle work on it. */
export class ExchangeState {
  nowMs: Timestamp;
  tradingActive = true;
  exchangeActive = true;
  /** Shards paused by themselves. */
  readonly tradingPaused = new Set<number>();
  readonly exchangePaused = new Set<number>();
  readonly shards: Set<number>;
  readonly accounts = new Map<UserId, Account>();
  readonly markets = new Map<Ticker, ListedMarket>();
  readonly orders = new Map<OrderId, Order>();
  /** Fees that override those of an event's markets. */
  readonly eventFees = new Map<string, FeeSchedule>();
  readonly groups = new Map<string, OrderGroup>();
  readonly schedule = new Schedule();
  readonly listeners: OutputListener[] = [];
  /** Beside each listener, where its `book.changed` go: code that sees one shape of object runs faster. */
  readonly bookListeners: ((output: BookChangedOutput) => void)[] = [];
  readonly rounding: FeeRounding;
  postOnlyCross: 'reject' | 'cancel';
  readonly nextId: () => string;
  /** The exchange's own purse: fees, and what rounding of payouts leaves. */
  feesCollected = 0;
  /** Fills of the incoming order that is being matched. */
  takerFills: ExchangeFill[] = [];
  #priority = 0;

  constructor(
    nowMs: Timestamp,
    rounding: FeeRounding,
    postOnlyCross: 'reject' | 'cancel',
    nextId: () => string,
    shards: readonly number[],
  ) {
    this.nowMs = nowMs;
    this.rounding = rounding;
    this.postOnlyCross = postOnlyCross;
    this.nextId = nextId;
    this.shards = new Set(shards);
  }

  /** @param exchangeIndex null asks for the exchange as a whole */
  isTradingActive(exchangeIndex: number | null): boolean {
    return this.tradingActive && !(exchangeIndex !== null && this.tradingPaused.has(exchangeIndex));
  }

  isExchangeActive(exchangeIndex: number | null): boolean {
    return this.exchangeActive && !(exchangeIndex !== null && this.exchangePaused.has(exchangeIndex));
  }

  nextPriority(): number {
    return ++this.#priority;
  }

  listen(listener: OutputListener, onBookChanged: (output: BookChangedOutput) => void = listener): void {
    this.listeners.push(listener);
    this.bookListeners.push(onBookChanged);
  }

  unlisten(listener: OutputListener): void {
    const at = this.listeners.indexOf(listener);
    if (at < 0) return;
    this.listeners.splice(at, 1);
    this.bookListeners.splice(at, 1);
  }

  emitBookChanged(output: BookChangedOutput): void {
    const listeners = this.bookListeners;
    for (let i = 0; i < listeners.length; i++) listeners[i]!(output);
  }

  /** Everything but `book.changed`. */
  emit(output: Exclude<ExchangeOutput, BookChangedOutput>): void {
    const listeners = this.listeners;
    for (let i = 0; i < listeners.length; i++) listeners[i]!(output);
  }

  /** Tells the owner of an order about it; house accounts are not told anything. */
  emitOrder(account: Account, order: Order): void {
    if (!account.house) this.emit({ type: 'order', order, atMs: this.nowMs });
  }
}
