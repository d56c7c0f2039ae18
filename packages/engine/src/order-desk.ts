import {
  type Approved,
  ClientOrderId,
  type Command,
  type Count,
  Money,
  type OrderPurpose,
  type Price,
  type Refusal,
  type RunId,
  type Side,
  type Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import type { MarketStates } from '@kalshi-mm/market-state';
import {
  type MarketExposure,
  type ReviewContext,
  restingValue,
  review,
  worstCaseLoss,
} from '@kalshi-mm/risk';
import type { EngineRules } from './engine-config.ts';
import type { Order, Orders } from './orders.ts';
import type { Portfolio } from './portfolio.ts';

export interface OrderDeskOptions {
  readonly runId: RunId;
  readonly rules: EngineRules;
  readonly states: MarketStates;
  readonly orders: Orders;
  readonly portfolio: Portfolio;
  /** Limit of |position| in a market; zero where nothing may be opened. */
  readonly maxPositionIn: (ticker: Ticker) => Count;
  readonly now: () => Timestamp;
}

/** An order to be placed. Immediate ones take and never rest; the others are post-only. */
export interface Wish {
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly purpose: OrderPurpose;
  readonly immediate: boolean;
}

/** Turns wishes into commands: gives ids and expirations, asks risk, books what is sent, collects it by step. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;
  /** Number of the step in progress, and of the order within it: together an order's name. */
  #step = 1;
  #index = 0;
  #commands: Approved[] = [];
  #refusals: Refusal[] = [];

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#commands.length === 0 && this.#refusals.length === 0;
  }

  /** What this step sends and what was refused; the next step begins. */
  take(): { readonly commands: readonly Approved[]; readonly refusals: readonly Refusal[] } {
    const taken = { commands: this.#commands, refusals: this.#refusals };
    this.#commands = [];
    this.#refusals = [];
    this.#index = 0;
    this.#step++;
    return taken;
  }

  place({ ticker, side, price, count, purpose, immediate }: Wish): void {
    const { runId, states } = this.#options;
    const market = states.get(ticker)?.market;
    if (market === undefined) return;
    this.#submit({
      type: 'order.place',
      clientOrderId: ClientOrderId.derive(runId, this.#step, this.#index++),
      ticker,
      side,
      price,
      count,
      timeInForce: immediate ? 'immediate-or-cancel' : 'good-till-canceled',
      postOnly: !immediate,
      reduceOnly: immediate && purpose === 'exit',
      expirationMs: immediate ? null : this.#expiration(market.closeMs),
      purpose,
      exchangeIndex: market.exchangeIndex,
    });
  }

  /** Pauses after a refused change, so that a refusal is not repeated in a loop. */
  cancel({ clientOrderId, orderId, ticker, exchangeIndex, cancelNotBeforeMs }: Order): void {
    if (orderId === null || this.#options.now() < cancelNotBeforeMs) return;
    this.#submit({ type: 'order.cancel', clientOrderId, orderId, ticker, exchangeIndex });
  }

  decrease(
    { clientOrderId, orderId, ticker, exchangeIndex, cancelNotBeforeMs }: Order,
    reduceTo: Count,
  ): void {
    if (orderId === null || this.#options.now() < cancelNotBeforeMs) return;
    this.#submit({ type: 'order.decrease', clientOrderId, orderId, ticker, reduceTo, exchangeIndex });
  }

  /** Whole seconds, as on the wire; the exchange cancels at the close by itself. */
  #expiration(closeMs: Timestamp): Timestamp {
    const { now, rules } = this.#options;
    const at = Math.min(now() + rules.orderTtlMs, closeMs);
    return Timestamp.of(Math.ceil(at / 1_000) * 1_000);
  }

  #submit(command: Command): void {
    const { orders, now } = this.#options;
    const verdict = review(command, () => this.#reviewContext(command.ticker));
    if (!verdict.ok) {
      this.#refusals.push(verdict.refusal);
      return;
    }
    this.#commands.push(verdict.command);
    if (command.type === 'order.place') orders.placed(command, now());
    if (command.type === 'order.decrease') orders.decreaseSent(command.clientOrderId);
    if (command.type === 'order.cancel') orders.cancelSent(command.clientOrderId, now());
  }

  #reviewContext(ticker: Ticker): ReviewContext {
    const { states, rules, maxPositionIn } = this.#options;
    const category = states.get(ticker)?.market.category ?? 'unknown';
    let otherLoss = 0;
    let otherCategoryLoss = 0;
    let otherRestingValue = 0;
    for (const other of this.#exposedTickers()) {
      if (other === ticker) continue;
      const exposure = this.#exposure(other);
      const loss = worstCaseLoss(exposure);
      otherLoss += loss;
      if (states.get(other)?.market.category === category) otherCategoryLoss += loss;
      otherRestingValue += restingValue(exposure);
    }
    return {
      limits: rules.risk,
      market: { maxPosition: maxPositionIn(ticker), category },
      exposure: this.#exposure(ticker),
      otherLoss: Money.of(otherLoss),
      otherCategoryLoss: Money.of(otherCategoryLoss),
      otherRestingValue: Money.of(otherRestingValue),
    };
  }

  #exposedTickers(): Set<Ticker> {
    const { orders, portfolio } = this.#options;
    const tickers = new Set(orders.tickersWithOpenOrders());
    for (const [ticker, { position }] of portfolio.holdings()) if (position !== 0) tickers.add(ticker);
    return tickers;
  }

  #exposure(ticker: Ticker): MarketExposure {
    const { orders, portfolio } = this.#options;
    const { position, cost } = portfolio.holding(ticker);
    return { position, cost, openOrders: orders.openIn(ticker) };
  }
}
