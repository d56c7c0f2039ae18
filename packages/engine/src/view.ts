import {
  type BookView,
  Count,
  type Fold,
  Holding,
  type Market,
  type MarketView,
  type Money,
  type Position,
  type Price,
  type SessionView,
  type Side,
  type Ticker,
  type Timestamp,
  type View,
} from '@kalshi-mm/core';
import { bestOfOthers, type MarketState, type MarketStates } from '@kalshi-mm/market-state';
import type { Order, Orders } from './orders.ts';
import type { Portfolio } from './portfolio.ts';

/** The engine's state as strategies, folds and policies see it. One object per engine and market, never copied. */
export class EngineView implements View {
  nowMs = 0 as Timestamp;
  openSessions: readonly SessionView[] = [];
  readonly #states: MarketStates;
  readonly #orders: Orders;
  readonly #portfolio: Portfolio;
  readonly #folds: ReadonlyMap<Fold<unknown>, unknown>;
  readonly #markets = new Map<Ticker, EngineMarketView>();

  constructor(
    states: MarketStates,
    orders: Orders,
    portfolio: Portfolio,
    folds: ReadonlyMap<Fold<unknown>, unknown>,
  ) {
    this.#states = states;
    this.#orders = orders;
    this.#portfolio = portfolio;
    this.#folds = folds;
  }

  get balance(): Money | null {
    return this.#portfolio.balance;
  }

  market(ticker: Ticker): MarketView | null {
    const known = this.#markets.get(ticker);
    if (known !== undefined) return known;
    const state = this.#states.get(ticker);
    if (state === null) return null;
    const view = new EngineMarketView(state, this.#orders, this.#portfolio);
    this.#markets.set(ticker, view);
    return view;
  }

  fold<State>(fold: Fold<State>): State | null {
    return (this.#folds.get(fold as Fold<unknown>) as State | undefined) ?? null;
  }
}

class EngineMarketView implements MarketView {
  readonly #state: MarketState;
  readonly #orders: Orders;
  readonly #portfolio: Portfolio;

  constructor(state: MarketState, orders: Orders, portfolio: Portfolio) {
    this.#state = state;
    this.#orders = orders;
    this.#portfolio = portfolio;
  }

  get market(): Market {
    return this.#state.market;
  }

  get book(): BookView {
    return this.#state.book;
  }

  get bookTrusted(): boolean {
    return this.#state.bookTrusted;
  }

  get bestBid(): Price {
    return this.#bestOfOthers('bid');
  }

  get bestAsk(): Price {
    return this.#bestOfOthers('ask');
  }

  get lastTradePrice(): Price | null {
    return this.#state.lastTradePrice;
  }

  get lastTradeMs(): Timestamp | null {
    return this.#state.lastTradeMs;
  }

  get lastBookChangeMs(): Timestamp | null {
    return this.#state.lastBookChangeMs;
  }

  get volume(): Count | null {
    return this.#state.volume;
  }

  get #holding(): Holding {
    return this.#portfolio.holding(this.#state.market.ticker);
  }

  get position(): Position {
    return this.#holding.position;
  }

  get averagePrice(): Price | null {
    return Holding.averagePrice(this.#holding);
  }

  get realizedPnl(): Money {
    return this.#holding.realizedPnl;
  }

  get fees(): Money {
    return this.#holding.fees;
  }

  get restingBid(): Count {
    return this.#open('bid');
  }

  get restingAsk(): Count {
    return this.#open('ask');
  }

  #open(side: Side): Count {
    let sum = 0;
    for (const order of this.#orders.openIn(this.#state.market.ticker)) {
      if (order.side === side) sum += order.remaining;
    }
    return Count.of(sum);
  }

  /** The best price at which somebody else rests. */
  #bestOfOthers(side: Side): Price {
    const own = this.#orders.openIn(this.#state.market.ticker);
    // What is in flight is not in the book yet.
    const resting = own.some(isSubmitting) ? own.filter((order) => !isSubmitting(order)) : own;
    return bestOfOthers(this.#state.book, side, resting);
  }
}

function isSubmitting(order: Order): boolean {
  return order.status === 'submitting';
}
