import type { Count, Price, Ticker } from '@kalshi-mm/core';
import type { Exchange, PublicTrade } from '@kalshi-mm/simulator';

/** First, lowest, highest and last of something within a period. */
export interface Spread {
  open: Price;
  low: Price;
  high: Price;
  close: Price;
}

/** What happened to a market in one period. */
export interface Candle {
  /** Unix seconds; the period ends before it. */
  endTs: number;
  bid: Spread;
  ask: Spread;
  /** Null without a trade. */
  trades: Spread | null;
  /** The last price before the period; null when there was none. */
  previous: Price | null;
  volume: number;
  /** Price times count, summed. */
  notional: number;
  openInterest: Count;
}

/** A day of minutes; older ones are added up to hours, of which a week is kept. */
const KEPT_MINUTES = 24 * 60;
const KEPT_HOURS = 7 * 24;

/** Keeps each market's minutes in which its best quotes moved or something traded. */
export class CandleRecorder {
  readonly #exchange: Exchange;
  readonly #minutes = new Map<Ticker, Candle[]>();
  readonly #hours = new Map<Ticker, Candle[]>();
  /** Markets with a trade whose effect on the open interest has not been taken down: it comes after the trade. */
  readonly #unsettled = new Set<Ticker>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  quote(ticker: Ticker): void {
    const candle = this.#current(ticker);
    const book = this.#exchange.book(ticker);
    extend(candle.bid, book.bestBid());
    extend(candle.ask, book.bestAsk());
  }

  trade({ ticker, price, count }: PublicTrade): void {
    const candle = this.#current(ticker);
    if (candle.trades === null) candle.trades = flat(price);
    else extend(candle.trades, price);
    candle.volume += count;
    candle.notional += price * count;
    this.#unsettled.add(ticker);
  }

  /**
   * Candles that end within `[fromTs, toTs]`, unix seconds, oldest first; periods in which nothing happened have none.
   *
   * @param minutes length of a period
   */
  read(ticker: Ticker, minutes: number, fromTs: number, toTs: number): Candle[] {
    this.#settle(ticker);
    const seconds = minutes * 60;
    const merged: Candle[] = [];
    const hours = minutes >= 60 ? (this.#hours.get(ticker) ?? []) : [];
    for (const minute of [...hours, ...(this.#minutes.get(ticker) ?? [])]) {
      const endTs = Math.ceil(minute.endTs / seconds) * seconds;
      if (endTs < fromTs || endTs > toTs) continue;
      const last = merged.at(-1);
      if (last?.endTs === endTs) append(last, minute);
      else merged.push({ ...structuredClone(minute), endTs });
    }
    return merged;
  }

  forget(isForgotten: (ticker: Ticker) => boolean): void {
    for (const ticker of this.#minutes.keys()) {
      if (!isForgotten(ticker)) continue;
      this.#minutes.delete(ticker);
      this.#hours.delete(ticker);
      this.#unsettled.delete(ticker);
    }
  }

  #settle(ticker: Ticker): void {
    const last = this.#minutes.get(ticker)?.at(-1);
    if (!this.#unsettled.delete(ticker) || last === undefined) return;
    last.openInterest = this.#exchange.statistics(ticker).openInterest;
  }

  #current(ticker: Ticker): Candle {
    const minutes = this.#minutes.get(ticker) ?? [];
    this.#minutes.set(ticker, minutes);
    const endTs = (Math.floor(this.#exchange.nowMs / 60_000) + 1) * 60;
    const last = minutes.at(-1);
    if (last?.endTs === endTs) return last;
    this.#settle(ticker);
    const book = this.#exchange.book(ticker);
    const candle: Candle = {
      endTs,
      bid: flat(last?.bid.close ?? book.bestBid()),
      ask: flat(last?.ask.close ?? book.bestAsk()),
      trades: null,
      previous: last?.trades?.close ?? last?.previous ?? null,
      volume: 0,
      notional: 0,
      openInterest: this.#exchange.statistics(ticker).openInterest,
    };
    minutes.push(candle);
    if (minutes.length > KEPT_MINUTES) this.#addToHour(ticker, minutes.shift()!);
    return candle;
  }

  #addToHour(ticker: Ticker, minute: Candle): void {
    const hours = this.#hours.get(ticker) ?? [];
    this.#hours.set(ticker, hours);
    const endTs = Math.ceil(minute.endTs / 3600) * 3600;
    const last = hours.at(-1);
    if (last?.endTs === endTs) append(last, minute);
    else hours.push({ ...minute, endTs });
    if (hours.length > KEPT_HOURS) hours.shift();
  }
}

function flat(price: Price): Spread {
  return { open: price, low: price, high: price, close: price };
}

function extend(spread: Spread, price: Price): void {
  if (price < spread.low) spread.low = price;
  if (price > spread.high) spread.high = price;
  spread.close = price;
}

function append(candle: Candle, next: Candle): void {
  join(candle.bid, next.bid);
  join(candle.ask, next.ask);
  if (candle.trades === null) candle.trades = next.trades === null ? null : { ...next.trades };
  else if (next.trades !== null) join(candle.trades, next.trades);
  candle.volume += next.volume;
  candle.notional += next.notional;
  candle.openInterest = next.openInterest;
}

function join(spread: Spread, next: Spread): void {
  if (next.low < spread.low) spread.low = next.low;
  if (next.high > spread.high) spread.high = next.high;
  spread.close = next.close;
}
