import {
  type BookChanged,
  type Command,
  createRandom,
  type Event,
  type Fill,
  type Ticker,
  type Timestamp,
} from '@kalshi-mm/core';
import type { SimulatedExchange } from '../create-exchange.ts';
import type {
  ExchangeFill,
  ExchangeOrder,
  ExchangeOutput,
  SelfTradePrevention,
  UserId,
} from '../exchange-api.ts';
import type { LatencyModel } from '../latency/latency-model.ts';
import { createMessageLane, type MessageLane } from '../latency/message-lane.ts';
import { Schedule } from '../schedule.ts';
import { CommandDesk, type Deliver } from './command-desk.ts';
import { PublicEvents } from './public-events.ts';
import { goneReason } from './reasons.ts';

export interface SimulatedVenueOptions {
  readonly exchange: SimulatedExchange;
  readonly userId: UserId;
  /**
   * From `submit` to the matching engine. Market data comes on the receive clock of the recording, so the delay of
   * the feed is in it already; what the order needs on top belongs here. A number is a constant.
   */
  readonly entryLatencyMs: number | LatencyModel;
  /** From the matching engine back to us: answers, fills, balances. A number is a constant. */
  readonly responseLatencyMs: number | LatencyModel;
  /** Latencies that vary follow from it. @default 'latency' */
  readonly latencySeed?: number | string;
  /**
   * Called synchronously. `book.changed` and `trade.printed` are one reused object each, valid during the call.
   * Must not move the clock; may `submit`.
   */
  readonly onEvent: (event: Event) => void;
  /** Where `book.changed` go instead of `onEvent`: nearly all events are of that type. */
  readonly onBookChanged?: (event: BookChanged) => void;
  /** @default 'taker-at-cross' */
  readonly selfTradePrevention?: SelfTradePrevention;
  /** Ask the exchange to cancel our orders when a pause begins. @default false */
  readonly cancelOnPause?: boolean;
}

/** An exchange as an engine sees it: commands in, events out, both after their latency. */
export interface SimulatedVenue {
  /** Sends a command; it reaches the exchange `entryLatencyMs` after `atMs`, and never before an earlier one. */
  submit(command: Command, atMs: Timestamp): void;
  /** Does everything that is due up to and including a time, in time order: exchange first, then us. */
  advanceTo(atMs: Timestamp): void;
  /** When the next thing is due, `Infinity` when nothing is. */
  readonly nextMs: number;
  /** Whether something is due at a time or before it. */
  isDue(atMs: number): boolean;
  /** Tells of every market that trades now, with its book: for a start in the middle. */
  announce(): void;
  /** Tells that time has passed. */
  tick(atMs: Timestamp): void;
  /** Tells that a market's book is not to be trusted until its next replacement. */
  gap(ticker: Ticker): void;
  /** While true, public events are swallowed; `announce` afterwards. */
  muted: boolean;
  /** Commands and answers that are still on their way. */
  readonly inFlight: number;
  /** Nothing trades and nothing is on its way: time may be skipped. */
  readonly idle: boolean;
  /** Stops listening to the exchange. */
  close(): void;
}

/** Connects one account of a simulated exchange to an engine, for backtest and paper. */
export function createSimulatedVenue(options: SimulatedVenueOptions): SimulatedVenue {
  return new Venue(options);
}

class Venue implements SimulatedVenue {
  readonly #exchange: SimulatedExchange;
  readonly #userId: UserId;
  readonly #entry: MessageLane;
  readonly #response: MessageLane;
  readonly #onEvent: (event: Event) => void;
  readonly #pending = new Schedule();
  readonly #public: PublicEvents;
  readonly #desk: CommandDesk;
  readonly #unlisten: () => void;

  constructor(options: SimulatedVenueOptions) {
    const { exchange, userId, onEvent } = options;
    this.#exchange = exchange;
    this.#userId = userId;
    const random = createRandom(options.latencySeed ?? 'latency');
    this.#entry = createMessageLane(modelOf(options.entryLatencyMs), random.fork('entry'));
    this.#response = createMessageLane(modelOf(options.responseLatencyMs), random.fork('response'));
    this.#onEvent = onEvent;
    this.#public = new PublicEvents(exchange, onEvent, options.onBookChanged ?? onEvent);
    this.#desk = new CommandDesk({
      exchange,
      userId,
      selfTradePrevention: options.selfTradePrevention ?? 'taker-at-cross',
      cancelOnPause: options.cancelOnPause ?? false,
      deliver: this.#deliver,
      deliverFill: (fill) => this.#deliverFill(fill),
    });
    this.#unlisten = exchange.addListener(
      (output) => this.#hear(output),
      (output) => this.#public.bookChanged(output),
    );
  }

  get muted(): boolean {
    return this.#public.muted;
  }
  set muted(muted: boolean) {
    this.#public.muted = muted;
  }

  get nextMs(): number {
    return Math.min(this.#pending.nextMs, this.#exchange.nextMs);
  }

  isDue(atMs: number): boolean {
    return this.#pending.nextMs <= atMs || this.#exchange.nextMs <= atMs;
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  get idle(): boolean {
    return this.inFlight === 0 && this.#exchange.markets().every((market) => market.status !== 'active');
  }

  submit(command: Command, atMs: Timestamp): void {
    this.#pending.add(this.#entry.arrivesMs(atMs), () => {
      if (this.#desk.execute(command)) this.#deliverBalance();
    });
  }

  advanceTo(atMs: Timestamp): void {
    const exchange = this.#exchange;
    const pending = this.#pending;
    for (;;) {
      const exchangeMs = exchange.nextMs;
      const ownMs = pending.nextMs;
      if (exchangeMs > atMs && ownMs > atMs) break;
      if (exchangeMs <= ownMs) {
        exchange.advanceTo(exchangeMs as Timestamp);
      } else {
        exchange.advanceTo(ownMs as Timestamp);
        pending.take()!.run();
      }
    }
    exchange.advanceTo(atMs);
  }

  announce(): void {
    for (const market of this.#exchange.markets()) {
      if (market.status !== 'active') continue;
      this.#onEvent({ type: 'market.opened', atMs: this.#exchange.nowMs, market });
      this.#public.bookReplaced(market.ticker);
    }
  }

  tick(atMs: Timestamp): void {
    this.#onEvent({ type: 'clock.ticked', atMs, feedAgeMs: null });
  }

  gap(ticker: Ticker): void {
    if (!this.muted) this.#onEvent({ type: 'feed.gapped', atMs: this.#exchange.nowMs, ticker });
  }

  close(): void {
    this.#unlisten();
  }

  #hear(output: ExchangeOutput): void {
    switch (output.type) {
      case 'book.changed':
        // Has a listener of its own.
        return;
      case 'trade':
        this.#public.traded(output);
        return;
      case 'book.replaced':
        this.#public.bookReplaced(output.ticker);
        return;
      case 'market':
        this.#public.marketChanged(output);
        return;
      case 'order':
        if (output.order.userId === this.#userId) this.#hearOrder(output.order);
        return;
      case 'fill':
        if (output.fill.userId === this.#userId) this.#hearFill(output.fill);
        return;
      case 'settlement':
        if (output.userId === this.#userId) this.#deliverBalance();
        return;
      case 'cash':
        if (output.userId === this.#userId && output.reason === 'incentive') this.#deliverBalance();
        return;
      case 'position':
      case 'order-group':
      case 'event-fees':
        return;
    }
  }

  #hearOrder(order: ExchangeOrder): void {
    if (order.status !== 'canceled' || order.clientOrderId === this.#desk.executing) return;
    const { clientOrderId, orderId, ticker, lastUpdateReason } = order;
    if (lastUpdateReason === 'ExpiryCancel') {
      this.#deliver((atMs) => ({ type: 'order.expired', atMs, clientOrderId, orderId, ticker }));
    } else {
      const reason = goneReason(lastUpdateReason);
      this.#deliver((atMs) => ({ type: 'order.canceled', atMs, clientOrderId, orderId, ticker, reason }));
    }
  }

  #hearFill(fill: ExchangeFill): void {
    if (this.#desk.executing !== null) {
      this.#desk.keepFill(fill);
      return;
    }
    this.#deliverFill(fill);
    this.#deliverBalance();
  }

  #deliverFill(from: ExchangeFill): void {
    const fill: Fill = {
      fillId: from.fillId,
      orderId: from.orderId,
      clientOrderId: from.clientOrderId,
      ticker: from.ticker,
      side: from.side,
      price: from.price,
      count: from.count,
      fee: from.fee,
      role: from.role,
      exchangeMs: from.atMs,
    };
    this.#deliver((atMs) => ({ type: 'order.filled', atMs, fill }));
  }

  #deliverBalance(): void {
    const balance = this.#exchange.balance(this.#userId);
    if (balance === null) return;
    this.#deliver((atMs) => ({ type: 'balance.changed', atMs, balance: balance.cash }));
  }

  readonly #deliver: Deliver = (make) => {
    const exchange = this.#exchange;
    this.#pending.add(this.#response.arrivesMs(exchange.nowMs), () => this.#onEvent(make(exchange.nowMs)));
  };
}

function modelOf(latency: number | LatencyModel): LatencyModel {
  return typeof latency === 'number' ? { kind: 'constant', ms: latency } : latency;
}
