import { Count, type OrderId, PriceGrid, type Random, type Side, type Ticker } from '@kalshi-mm/core';
import type { Exchange, UserId } from '../exchange-api.ts';
import type { SyntheticSeries } from './synthetic-series.ts';

/** A maker who lives in one market: two levels a side around a slightly wrong opinion, shaded by inventory. */
export class ResidentMaker {
  readonly userId: UserId;
  readonly #exchange: Exchange;
  readonly #series: SyntheticSeries;
  readonly #ticker: Ticker;
  readonly #random: Random;
  readonly #quotes: Quote[] = [];
  #errorCents = 0;

  constructor(exchange: Exchange, userId: UserId, series: SyntheticSeries, ticker: Ticker, random: Random) {
    this.#exchange = exchange;
    this.userId = userId;
    this.#series = series;
    this.#ticker = ticker;
    this.#random = random;
    for (const side of ['bid', 'ask'] as const) {
      for (let level = 0; level < LEVELS; level++)
        this.#quotes.push({ side, level, orderId: null, price: 0 });
    }
  }

  /** @param position contracts held, signed */
  requote(fairCents: number, position: number): void {
    const { makerHalfSpreadCents: half, makerContracts } = this.#series;
    this.#errorCents = 0.97 * this.#errorCents + 0.08 * this.#random.normal();
    const shade = Math.max(-3, Math.min(3, (-2 * position) / (10 * makerContracts)));
    const center = fairCents + this.#errorCents + shade;
    // Cancels first, so that a moving quote never meets the maker's own other side.
    const moved = this.#quotes.filter((quote) => {
      const sign = quote.side === 'bid' ? -1 : 1;
      const target = 100 * (center + sign * (half + quote.level * (1 + half)));
      const { grid } = this.#series;
      const price =
        (quote.side === 'bid' ? PriceGrid.floor(grid, target) : PriceGrid.ceil(grid, target)) ?? 0;
      const rests =
        quote.orderId !== null &&
        this.#exchange.order(this.userId, quote.orderId)?.status === 'resting' &&
        quote.price === price;
      if (rests) return false;
      if (quote.orderId !== null) this.#exchange.cancel(this.userId, quote.orderId);
      quote.orderId = null;
      quote.price = price;
      return price > 0;
    });
    for (const quote of moved) {
      const contracts = Math.max(1, Math.round(makerContracts * (0.5 + this.#random.next())));
      const placed = this.#exchange.place(this.userId, {
        ticker: this.#ticker,
        side: quote.side,
        price: quote.price as never,
        count: Count.of(contracts * Count.ONE),
        timeInForce: 'good-till-canceled',
        selfTradePrevention: 'taker-at-cross',
        clientOrderId: null,
        postOnly: true,
        reduceOnly: false,
        cancelOnPause: false,
        expirationMs: null,
      });
      if (placed.ok) quote.orderId = placed.value.order.orderId;
    }
  }
}

interface Quote {
  readonly side: Side;
  readonly level: number;
  orderId: OrderId | null;
  price: number;
}

const LEVELS = 2;
