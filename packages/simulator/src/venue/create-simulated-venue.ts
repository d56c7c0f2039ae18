import type {
  AmendOrder,
  BookChanged,
  BookLevel,
  CancelOrder,
  ClientOrderId,
  Command,
  Count,
  DecreaseOrder,
  Event,
  Fill,
  OrderId,
  PlaceOrder,
  Price,
  Ticker,
  Timestamp,
  TradePrinted,
} from '@kalshi-mm/core';
import type { SimulatedExchange } from '../create-exchange.ts';
import type {
  ExchangeError,
  ExchangeFill,
  ExchangeOrder,
  ExchangeOutput,
  SelfTradePrevention,
  UserId,
} from '../exchange-api.ts';
import { Schedule } from '../schedule.ts';
import { cancelReason, goneReason, rejectReason } from './reasons.ts';

export interface SimulatedVenueOptions {
  readonly exchange: SimulatedExchange;
  readonly userId: UserId;
  /**
   * From `submit` to the matching engine. Market data comes on the receive clock of the recording, so the delay of
   * the feed is in it already; what the order needs on top belongs here.
   */
  readonly entryLatencyMs: number;
  /** From the matching engine back to us: answers, fills, balances. */
  readonly responseLatencyMs: number;
  /**
   * Called synchronously. `book.changed` and `trade.printed` are one reused object each, valid during the call.
   * Must not move the clock; may `submit`.
   */
  readonly onEvent: (event: Event) => void;
  /** @default 'taker-at-cross' */
  readonly selfTradePrevention?: SelfTradePrevention;
  /** Ask the exchange to cancel our orders when a pause begins. @default false */
  readonly cancelOnPause?: boolean;
}

/** An exchange as an engine sees it: commands in, events out, both after their latency. */
export interface SimulatedVenue {
  /** Sends a command; it reaches the exchange `entryLatencyMs` after `atMs`. */
  submit(command: Command, atMs: Timestamp): void;
  /** Does everything that is due up to and including a time, in time order: exchange first, then us. */
  advanceTo(atMs: Timestamp): void;
  /** When the next thing is due, `Infinity` when nothing is. */
  readonly nextMs: number;
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
  /** Stops listening to the exchange. */
  close(): void;
}

/** Connects one account of a simulated exchange to an engine, for backtest and paper. */
export function createSimulatedVenue(options: SimulatedVenueOptions): SimulatedVenue {
  return new Venue(options);
}

class Venue implements SimulatedVenue {
  muted = false;
  readonly #exchange: SimulatedExchange;
  readonly #userId: UserId;
  readonly #entryLatencyMs: number;
  readonly #responseLatencyMs: number;
  readonly #onEvent: (event: Event) => void;
  readonly #selfTradePrevention: SelfTradePrevention;
  readonly #cancelOnPause: boolean;
  readonly #pending = new Schedule();
  readonly #unlisten: () => void;
  readonly #changed: Mutable<BookChanged> = { ...EMPTY, type: 'book.changed', delta: 0 };
  readonly #printed: Mutable<TradePrinted> = {
    ...EMPTY,
    type: 'trade.printed',
    count: 0 as Count,
    takerSide: 'bid',
  };
  /** The order that the command in execution is about; its story is told by the command's answer. */
  #executing: ClientOrderId | null = null;
  /** Fills that the command in execution has caused for us. */
  #commandFills: ExchangeFill[] = [];

  constructor(options: SimulatedVenueOptions) {
    this.#exchange = options.exchange;
    this.#userId = options.userId;
    this.#entryLatencyMs = options.entryLatencyMs;
    this.#responseLatencyMs = options.responseLatencyMs;
    this.#onEvent = options.onEvent;
    this.#selfTradePrevention = options.selfTradePrevention ?? 'taker-at-cross';
    this.#cancelOnPause = options.cancelOnPause ?? false;
    this.#unlisten = options.exchange.addListener((output) => this.#hear(output));
  }

  get nextMs(): number {
    const own = this.#pending.nextMs;
    const { nextMs } = this.#exchange;
    return Math.min(own, nextMs);
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  submit(command: Command, atMs: Timestamp): void {
    this.#pending.add(atMs + this.#entryLatencyMs, () => this.#execute(command));
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
      this.#tellBook(market.ticker);
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
      case 'book.changed': {
        if (this.muted) return;
        const event = this.#changed;
        event.ticker = output.ticker;
        event.side = output.side;
        event.price = output.price;
        event.delta = output.delta;
        event.atMs = output.atMs;
        this.#onEvent(event);
        return;
      }
      case 'trade': {
        if (this.muted) return;
        const event = this.#printed;
        const { trade } = output;
        event.ticker = trade.ticker;
        event.price = trade.price;
        event.count = trade.count;
        event.takerSide = trade.takerSide;
        event.atMs = trade.atMs;
        this.#onEvent(event);
        return;
      }
      case 'book.replaced':
        if (!this.muted) this.#tellBook(output.ticker);
        return;
      case 'market':
        if (!this.muted) this.#tellMarket(output);
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
      case 'position':
        return;
    }
  }

  #hearOrder(order: ExchangeOrder): void {
    if (order.status !== 'canceled' || order.clientOrderId === this.#executing) return;
    const { clientOrderId, orderId, ticker, lastUpdateReason } = order;
    if (lastUpdateReason === 'ExpiryCancel') {
      this.#deliver((atMs) => ({ type: 'order.expired', atMs, clientOrderId, orderId, ticker }));
    } else {
      const reason = goneReason(lastUpdateReason);
      this.#deliver((atMs) => ({ type: 'order.canceled', atMs, clientOrderId, orderId, ticker, reason }));
    }
  }

  #hearFill(fill: ExchangeFill): void {
    if (this.#executing !== null) {
      this.#commandFills.push(fill);
      return;
    }
    this.#deliverFill(fill);
    this.#deliverBalance();
  }

  #execute(command: Command): void {
    this.#executing = command.clientOrderId;
    this.#commandFills = [];
    switch (command.type) {
      case 'order.place':
        this.#place(command);
        break;
      case 'order.amend':
        this.#amend(command);
        break;
      case 'order.decrease':
        this.#decrease(command);
        break;
      case 'order.cancel':
        this.#cancel(command);
    }
    this.#executing = null;
    for (const fill of this.#commandFills) this.#deliverFill(fill);
    if (this.#commandFills.length > 0) this.#deliverBalance();
  }

  #place(command: PlaceOrder): void {
    const { clientOrderId, ticker } = command;
    const result = this.#exchange.place(this.#userId, {
      ticker,
      side: command.side,
      price: command.price,
      count: command.count,
      timeInForce: command.timeInForce,
      selfTradePrevention: this.#selfTradePrevention,
      clientOrderId,
      postOnly: command.postOnly,
      reduceOnly: command.reduceOnly,
      cancelOnPause: this.#cancelOnPause,
      expirationMs: command.expirationMs,
    });
    if (!result.ok) {
      const reason = rejectReason(result.error);
      const message = messageOf(result.error);
      this.#deliver((atMs) => ({ type: 'order.rejected', atMs, clientOrderId, ticker, reason, message }));
      return;
    }
    // Copied now: the order lives on while the answer travels.
    const { orderId, remaining, filled } = result.value.order;
    this.#deliver((atMs) => ({
      type: 'order.accepted',
      atMs,
      clientOrderId,
      orderId,
      ticker,
      remaining,
      filled,
    }));
  }

  #amend(command: AmendOrder): void {
    const { orderId, ticker, side, price, totalCount } = command;
    const change = { side, price, totalCount, clientOrderId: null };
    const result = this.#exchange.amend(this.#userId, orderId, change);
    if (!result.ok) {
      this.#refuse(command, result.error);
      return;
    }
    const { order, fills } = result.value;
    const matched = fills.reduce((sum, fill) => sum + fill.count, 0);
    // As it was before it matched: the fills that follow take their part off.
    const remaining = (totalCount - (order.filled - matched)) as Count;
    const { clientOrderId } = command;
    this.#deliver((atMs) => ({
      type: 'order.amended',
      atMs,
      clientOrderId,
      orderId,
      ticker,
      price,
      remaining,
    }));
    if (order.status !== 'canceled') return;
    const reason = goneReason(order.lastUpdateReason);
    for (const fill of this.#commandFills.splice(0)) this.#deliverFill(fill);
    this.#deliver((atMs) => ({ type: 'order.canceled', atMs, clientOrderId, orderId, ticker, reason }));
    if (matched > 0) this.#deliverBalance();
  }

  #decrease(command: DecreaseOrder): void {
    const { clientOrderId, orderId, ticker } = command;
    const result = this.#exchange.decrease(this.#userId, orderId, command.reduceTo);
    if (!result.ok) {
      this.#refuse(command, result.error);
      return;
    }
    const { status, price, remaining } = result.value;
    if (status === 'canceled') {
      this.#deliverRequestedCancel(clientOrderId, orderId, ticker);
      return;
    }
    this.#deliver((atMs) => ({
      type: 'order.amended',
      atMs,
      clientOrderId,
      orderId,
      ticker,
      price,
      remaining,
    }));
  }

  #cancel(command: CancelOrder): void {
    const { clientOrderId, orderId, ticker } = command;
    const result = this.#exchange.cancel(this.#userId, orderId);
    if (result.ok) this.#deliverRequestedCancel(clientOrderId, orderId, ticker);
    else this.#refuse(command, result.error);
  }

  #refuse(command: AmendOrder | DecreaseOrder | CancelOrder, error: ExchangeError): void {
    const { clientOrderId, ticker } = command;
    const reason = cancelReason(error.code);
    this.#deliver((atMs) => ({ type: 'cancel.rejected', atMs, clientOrderId, ticker, reason }));
  }

  #deliverRequestedCancel(clientOrderId: ClientOrderId, orderId: OrderId, ticker: Ticker): void {
    const reason = 'requested';
    this.#deliver((atMs) => ({ type: 'order.canceled', atMs, clientOrderId, orderId, ticker, reason }));
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

  #deliver(make: (atMs: Timestamp) => Event): void {
    const exchange = this.#exchange;
    this.#pending.add(exchange.nowMs + this.#responseLatencyMs, () => this.#onEvent(make(exchange.nowMs)));
  }

  #tellBook(ticker: Ticker): void {
    if (!this.#exchange.bookKnown(ticker)) return;
    const book = this.#exchange.book(ticker);
    const bids: BookLevel[] = [];
    const asks: BookLevel[] = [];
    for (const [side, levels] of [
      ['bid', bids],
      ['ask', asks],
    ] as const) {
      book.forEachLevel(side, (price, count) => {
        levels.push({ price, count });
        return true;
      });
    }
    this.#onEvent({ type: 'book.replaced', atMs: this.#exchange.nowMs, ticker, bids, asks });
  }

  #tellMarket({ change, market, atMs }: Extract<ExchangeOutput, { type: 'market' }>): void {
    const { ticker } = market;
    switch (change) {
      case 'created':
      case 'activated':
        if (market.status !== 'active') return;
        this.#onEvent({ type: 'market.opened', atMs, market });
        this.#tellBook(ticker);
        return;
      case 'deactivated':
        this.#onEvent({ type: 'market.closed', atMs, ticker, reason: 'paused' });
        return;
      case 'closed':
        this.#onEvent({ type: 'market.closed', atMs, ticker, reason: 'closed' });
        return;
      // Determination comes after the close, which has been told.
      case 'determined':
        return;
      case 'settled':
        this.#onEvent({
          type: 'market.settled',
          atMs,
          ticker,
          result: market.result!,
          settlementPrice: market.settlementPrice!,
        });
        return;
      case 'close-date':
      case 'metadata':
        this.#onEvent({ type: 'market.changed', atMs, market });
        return;
    }
  }
}

function messageOf({ code, details }: ExchangeError): string {
  return details === undefined ? code : `${code}: ${details}`;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const EMPTY = {
  ticker: '' as Ticker,
  side: 'bid',
  price: 0 as Price,
  atMs: 0 as Timestamp,
  exchangeMs: null,
} as const;
