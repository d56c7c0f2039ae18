import {
  type ClientOrderId,
  Count,
  type Event,
  type Fill,
  type OrderAccepted,
  type OrderCanceled,
  type OrderExpired,
  type OrderId,
  type OrderPurpose,
  type OrderReport,
  type PlaceOrder,
  type Price,
  type Side,
  type Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import type { OpenOrder } from '@kalshi-mm/risk';
import { OrderStatus, type OrderTrigger } from './order-status.ts';

/** One of our orders, as far as evidence goes. */
export interface Order extends OpenOrder {
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly total: Count;
  /** From fills alone. */
  readonly filled: Count;
  /** The most that the exchange has said has matched; fills may be behind it. */
  readonly matched: Count;
  /** What may still be filled: matches without their fills included. */
  readonly remaining: Count;
  readonly status: OrderStatus;
  readonly purpose: OrderPurpose;
  readonly expirationMs: Timestamp | null;
  readonly exchangeIndex: number;
  readonly updatedMs: Timestamp;
  /** A decrease is on its way: one change at a time per order. */
  readonly changing: boolean;
  /** After a refused cancel or decrease, the next one waits until here. */
  readonly cancelNotBeforeMs: number;
}

type MutableOrder = { -readonly [K in keyof Order]: Order[K] } & {
  /** The last change of ours: what it left, and what had been filled before it as far as we know. */
  amended?: { readonly exchangeMs: Timestamp; readonly remaining: Count; filledBefore: number };
};

/** What an event meant for our orders. */
export interface OrderChange {
  readonly ticker: Ticker;
  readonly order: Order | null;
  /** A fill that had not been seen before; already booked on the order. */
  readonly fill: Fill | null;
}

/** All orders of a run, open ones and the last dead ones, moved by the transition table alone. */
export class Orders {
  readonly #byClientId = new Map<ClientOrderId, MutableOrder>();
  readonly #byOrderId = new Map<OrderId, MutableOrder>();
  readonly #openByTicker = new Map<Ticker, MutableOrder[]>();
  readonly #seenFills = new Set<string>();
  readonly #prefix: string;
  /** Illegal (status, trigger) pairs met so far. */
  anomalies = 0;
  /**
   * While true, fills of unknown orders are ours too: what an earlier run has left is being read, market by market.
   */
  recovering: boolean;

  /** @param prefix start of the client order ids of this bot, in any run; orders with other ids are not ours */
  constructor(prefix: string, recovering: boolean) {
    this.#prefix = prefix;
    this.recovering = recovering;
  }

  /** Orders of a market that may still be filled, oldest first. Valid until the next change. */
  openIn(ticker: Ticker): readonly Order[] {
    return this.#openByTicker.get(ticker) ?? NONE;
  }

  /** Markets with orders that may still be filled. */
  tickersWithOpenOrders(): Iterable<Ticker> {
    return this.#openByTicker.keys();
  }

  get(clientOrderId: ClientOrderId): Order | null {
    return this.#byClientId.get(clientOrderId) ?? null;
  }

  placed(command: PlaceOrder, atMs: Timestamp): void {
    this.#add({
      clientOrderId: command.clientOrderId,
      orderId: null,
      ticker: command.ticker,
      side: command.side,
      price: command.price,
      total: command.count,
      filled: Count.ZERO,
      matched: Count.ZERO,
      remaining: command.count,
      status: 'submitting',
      purpose: command.purpose,
      expirationMs: command.expirationMs,
      exchangeIndex: command.exchangeIndex,
      updatedMs: atMs,
      cancelNotBeforeMs: 0,
      changing: false,
    });
  }

  cancelSent(clientOrderId: ClientOrderId, atMs: Timestamp): void {
    const order = this.#byClientId.get(clientOrderId);
    if (order !== undefined) this.#move(order, 'cancel-sent', atMs);
  }

  decreaseSent(clientOrderId: ClientOrderId): void {
    const order = this.#byClientId.get(clientOrderId);
    if (order !== undefined) order.changing = true;
  }

  /** Folds an order event; null for events that are not about orders. */
  absorb(event: Event): OrderChange | null {
    switch (event.type) {
      case 'order.accepted': {
        const order = this.#byClientId.get(event.clientOrderId);
        if (order === undefined) return { ticker: event.ticker, order: null, fill: null };
        this.#identify(order, event.orderId);
        this.#accept(order, event);
        return { ticker: event.ticker, order, fill: null };
      }
      case 'order.rejected':
        return this.#trigger(event.clientOrderId, event.ticker, 'rejected', event.atMs);
      case 'order.unconfirmed':
        return this.#trigger(event.clientOrderId, event.ticker, 'unconfirmed', event.atMs);
      case 'order.canceled':
      case 'order.expired': {
        const order = this.#byClientId.get(event.clientOrderId);
        if (order === undefined) return { ticker: event.ticker, order: null, fill: null };
        noteEnd(order, event);
        this.#close(order, event.type === 'order.canceled' ? 'canceled' : 'expired', event.atMs);
        return { ticker: event.ticker, order, fill: null };
      }
      case 'cancel.rejected': {
        const order = this.#byClientId.get(event.clientOrderId);
        // No cancel is sent while a decrease is under way: then it is the decrease that was refused.
        if (order !== undefined) order.changing = false;
        if (event.reason === 'not-found') {
          return this.#trigger(event.clientOrderId, event.ticker, 'cancel-not-found', event.atMs);
        }
        if (order !== undefined) order.cancelNotBeforeMs = event.atMs + CANCEL_RETRY_MS;
        return this.#trigger(event.clientOrderId, event.ticker, 'cancel-refused', event.atMs);
      }
      case 'order.amended': {
        const order = this.#byClientId.get(event.clientOrderId);
        if (order === undefined) return { ticker: event.ticker, order: null, fill: null };
        order.price = event.price;
        order.changing = false;
        if (order.status === 'unconfirmed') this.#move(order, 'reported-resting', event.atMs);
        if (event.exchangeMs !== undefined) {
          const { exchangeMs, remaining } = event;
          order.amended = { exchangeMs, remaining, filledBefore: order.filled };
        }
        if (mayRest(order))
          this.#resize(order, Count.of(Math.max(order.filled, order.matched) + event.remaining), event.atMs);
        return { ticker: event.ticker, order, fill: null };
      }
      case 'order.filled':
        return this.#fill(event.fill, event.atMs);
      default:
        return null;
    }
  }

  /**
   * Takes over a read of our orders: unknown resting orders are adopted, known ones confirmed, and those missing
   * from a complete read that is newer than our last news of them do not rest any more.
   */
  report(reports: readonly OrderReport[], complete: boolean, asOfMs: Timestamp, atMs: Timestamp): void {
    const resting = new Set<ClientOrderId>();
    for (const report of reports) {
      if (report.status !== 'resting') continue;
      resting.add(report.clientOrderId);
      const known = this.#byClientId.get(report.clientOrderId);
      if (known === undefined) this.#adopt(report, atMs);
      else {
        this.#identify(known, report.orderId);
        this.#confirm(known, report, asOfMs);
      }
    }
    if (!complete) return;
    for (const orders of [...this.#openByTicker.values()]) {
      for (const order of [...orders]) {
        if (!resting.has(order.clientOrderId) && order.updatedMs + READ_MARGIN_MS < asOfMs) {
          this.#move(order, 'reported-absent', atMs);
        }
      }
    }
  }

  #accept(order: MutableOrder, event: OrderAccepted): void {
    if (event.remaining === 0) {
      // The last word: nothing can match any more.
      order.matched = event.filled;
      this.#close(order, 'accepted-done', event.atMs);
      return;
    }
    noteMatched(order, event.filled);
    // Taken for filled, because a decrease was answered before a match that it did not count: more rests after all.
    const isAlive = order.status === 'filled' && event.filled >= order.filled;
    this.#move(order, isAlive ? 'reported-alive' : 'accepted', event.atMs);
    const total = event.filled + event.remaining;
    // The exchange's own sum: a decrease may have been answered before we knew what had matched.
    if (mayRest(order) && total !== order.total) this.#resize(order, Count.of(total), event.atMs);
  }

  /** Nothing rests any more. What has matched without our having its fills still counts until they come. */
  #close(order: MutableOrder, trigger: 'accepted-done' | 'canceled' | 'expired', atMs: Timestamp): void {
    if (order.matched <= order.filled || !OrderStatus.isOpen(order.status)) {
      this.#move(order, trigger, atMs);
      return;
    }
    order.total = order.matched;
    order.remaining = Count.of(order.matched - order.filled);
    this.#move(order, 'accepted-matched', atMs);
  }

  /** Reads lag writes: a dead order comes back only by a read that is clearly newer than its death. */
  #confirm(order: MutableOrder, report: OrderReport, asOfMs: Timestamp): void {
    if (!DEAD.has(order.status)) this.#move(order, 'reported-resting', order.updatedMs);
    else if (order.updatedMs + READ_MARGIN_MS < asOfMs) {
      this.#move(order, 'reported-alive', asOfMs);
      this.#resize(order, Count.of(report.filled + report.remaining), asOfMs);
    }
  }

  #adopt(report: OrderReport, atMs: Timestamp): void {
    this.#add({
      clientOrderId: report.clientOrderId,
      orderId: report.orderId,
      ticker: report.ticker,
      side: report.side,
      price: report.price,
      total: Count.of(report.filled + report.remaining),
      filled: report.filled,
      matched: report.filled,
      remaining: report.remaining,
      status: 'resting',
      purpose: 'quote',
      expirationMs: report.expirationMs,
      exchangeIndex: report.exchangeIndex,
      updatedMs: atMs,
      cancelNotBeforeMs: 0,
      changing: false,
    });
  }

  #add(order: MutableOrder): void {
    this.#byClientId.set(order.clientOrderId, order);
    if (order.orderId !== null) this.#byOrderId.set(order.orderId, order);
    this.#keep(order);
    if (this.#byClientId.size > MAX_ORDERS) this.#forgetDead();
  }

  #identify(order: MutableOrder, orderId: OrderId): void {
    if (order.orderId !== null) return;
    order.orderId = orderId;
    this.#byOrderId.set(orderId, order);
  }

  /**
   * Books a fill once. A fill without a client order id whose order we do not know (a read overtook the answer to
   * our request, or somebody else trades on the account) is left until it comes again: reads overlap.
   */
  #fill(fill: Fill, atMs: Timestamp): OrderChange | null {
    const key = `${fill.fillId}/${fill.orderId}`;
    if (this.#seenFills.has(key)) return null;
    const order =
      this.#byOrderId.get(fill.orderId) ??
      (fill.clientOrderId === null ? undefined : this.#byClientId.get(fill.clientOrderId));
    if (order === undefined) {
      const ours =
        fill.clientOrderId === null ? this.recovering : fill.clientOrderId.startsWith(this.#prefix);
      if (!ours) return null;
      this.#remember(key);
      return { ticker: fill.ticker, order: null, fill };
    }
    this.#remember(key);
    this.#identify(order, fill.orderId);
    this.#book(order, fill, atMs);
    return { ticker: fill.ticker, order, fill };
  }

  #book(order: MutableOrder, fill: Fill, atMs: Timestamp): void {
    order.filled = Count.of(order.filled + fill.count);
    const { amended } = order;
    if (amended !== undefined && fill.exchangeMs <= amended.exchangeMs && mayRest(order)) {
      amended.filledBefore += fill.count;
      order.total = Count.of(Math.max(order.total, amended.filledBefore + amended.remaining));
    }
    order.remaining = Count.of(Math.max(0, order.total - order.filled));
    if (order.filled >= order.total) this.#move(order, 'filled', atMs);
  }

  #resize(order: MutableOrder, total: Count, atMs: Timestamp): void {
    order.total = total;
    order.remaining = Count.of(Math.max(0, total - order.filled));
    if (order.remaining === 0) this.#move(order, 'canceled', atMs);
    else order.updatedMs = atMs;
  }

  #trigger(id: ClientOrderId, ticker: Ticker, trigger: OrderTrigger, atMs: Timestamp): OrderChange {
    const order = this.#byClientId.get(id);
    if (order !== undefined) this.#move(order, trigger, atMs);
    return { ticker, order: order ?? null, fill: null };
  }

  #move(order: MutableOrder, trigger: OrderTrigger, atMs: Timestamp): void {
    const next = OrderStatus.after(order.status, trigger);
    if (next === null) {
      this.anomalies++;
      return;
    }
    const wasOpen = OrderStatus.isOpen(order.status);
    order.status = next;
    order.updatedMs = atMs;
    if (wasOpen === OrderStatus.isOpen(next)) return;
    if (wasOpen) this.#forget(order);
    else this.#keep(order);
  }

  #keep(order: MutableOrder): void {
    const open = this.#openByTicker.get(order.ticker);
    if (open === undefined) this.#openByTicker.set(order.ticker, [order]);
    else open.push(order);
  }

  #forget(order: MutableOrder): void {
    const open = this.#openByTicker.get(order.ticker)!;
    open.splice(open.indexOf(order), 1);
    if (open.length === 0) this.#openByTicker.delete(order.ticker);
  }

  #remember(key: string): void {
    this.#seenFills.add(key);
    if (this.#seenFills.size > MAX_FILLS) this.#seenFills.delete(this.#seenFills.values().next().value!);
  }

  #forgetDead(): void {
    for (const [id, order] of this.#byClientId) {
      if (this.#byClientId.size <= MAX_ORDERS / 2) return;
      if (OrderStatus.isOpen(order.status)) continue;
      this.#byClientId.delete(id);
      if (order.orderId !== null) this.#byOrderId.delete(order.orderId);
    }
  }
}

function noteMatched(order: MutableOrder, matched: number): void {
  order.matched = Count.of(Math.max(order.matched, matched));
}

/** What the end of an order tells about its matches: the sum is the last word, what was canceled a hint. */
function noteEnd(order: MutableOrder, event: OrderCanceled | OrderExpired): void {
  if (event.filled !== undefined) order.matched = event.filled;
  else if (event.type === 'order.canceled' && event.canceled !== undefined)
    noteMatched(order, order.total - event.canceled);
}

function mayRest({ status }: Order): boolean {
  return OrderStatus.isOpen(status) && status !== 'matched';
}

const NONE: readonly Order[] = [];
const DEAD: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['canceled', 'expired', 'filled']);
/** How much newer than our news a read must claim to be before it overrules them: clocks differ, reads lag. */
const READ_MARGIN_MS = 5_000;
/** Pause between cancels of one order after the exchange has refused one. */
const CANCEL_RETRY_MS = 2_000;
const MAX_ORDERS = 20_000;
const MAX_FILLS = 100_000;
