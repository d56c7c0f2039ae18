import {
  type BookChanged,
  type BookReplaced,
  type BookView,
  type Count,
  type Market,
  type Price,
  PriceGrid,
  type TickerChanged,
  type Timestamp,
  type TradePrinted,
} from '@kalshi-mm/core';
import { OrderBook } from './order-book.ts';
import { TradeRing } from './trade-ring.ts';

/** Everything that market data has told about one market. Bounded memory, no allocation per update. */
export class MarketState {
  #market: Market;
  readonly #book: OrderBook;
  readonly trades: TradeRing;
  /** False until the first book, and from a gap or an impossible delta until the next whole book. */
  bookTrusted = false;
  /** NaN: never. A number from the start, so that V8 writes it in place and makes no object of it. */
  #lastBookChangeMs = Number.NaN;
  lastTradeMs: Timestamp | null = null;
  lastTradePrice: Price | null = null;
  lastTickerMs: Timestamp | null = null;
  /** From the ticker channel. */
  volume: Count | null = null;
  openInterest: Count | null = null;

  constructor(market: Market, tradeCapacity = 1_000) {
    this.#market = market;
    this.#book = new OrderBook(market.grid);
    this.trades = new TradeRing(tradeCapacity);
  }

  get market(): Market {
    return this.#market;
  }

  get lastBookChangeMs(): Timestamp | null {
    return Number.isNaN(this.#lastBookChangeMs) ? null : (this.#lastBookChangeMs as Timestamp);
  }

  get book(): BookView {
    return this.#book;
  }

  /** Takes over changed metadata. A coarser grid that drops resting levels makes the book untrusted. */
  update(market: Market): void {
    if (market.grid !== this.#market.grid) {
      if (this.#book.regrid(market.grid).length > 0) this.bookTrusted = false;
    }
    this.#market = market;
  }

  /** @returns true when the best bid or ask price moved */
  replaceBook(event: BookReplaced): boolean {
    const bid = this.#book.bestBid();
    const ask = this.#book.bestAsk();
    this.#lastBookChangeMs = event.atMs;
    this.bookTrusted =
      event.bids.every((l) => this.#fits(l.price)) && event.asks.every((l) => this.#fits(l.price));
    if (this.bookTrusted) this.#book.replace(event.bids, event.asks);
    else this.#book.clear();
    return this.#book.bestBid() !== bid || this.#book.bestAsk() !== ask;
  }

  /** @returns true when the best bid or ask price moved */
  changeBook(event: BookChanged): boolean {
    const book = this.#book;
    this.#lastBookChangeMs = event.atMs;
    if (!this.bookTrusted) return false;
    const moves = book.touchMoves;
    if (book.change(event.side, event.price, event.delta) < 0) this.bookTrusted = false;
    return book.touchMoves !== moves;
  }

  printTrade(event: TradePrinted): void {
    this.lastTradeMs = event.atMs;
    this.lastTradePrice = event.price;
    this.trades.push(event.atMs, event.price, event.count, event.takerSide);
  }

  changeTicker(event: TickerChanged): void {
    this.lastTickerMs = event.atMs;
    this.volume = event.volume;
    this.openInterest = event.openInterest;
  }

  /** Trading stopped: resting orders are gone. */
  emptyBook(atMs: Timestamp): void {
    this.#book.clear();
    this.#lastBookChangeMs = atMs;
  }

  #fits(price: Price): boolean {
    return PriceGrid.isOnGrid(this.#market.grid, price);
  }
}
