import {
  Count,
  Price,
  PriceGrid,
  type Random,
  type Side,
  type Ticker,
  type TimeInForce,
  Timestamp,
} from '@kalshi-mm/core';
import type { Exchange } from '../exchange-api.ts';
import type { FairValue } from './fair-value.ts';
import type { ResidentMaker } from './resident-maker.ts';
import type { SyntheticSeries } from './synthetic-series.ts';

/** Accounts that all synthetic markets share. */
export const HOUSE = { taker: 'house-taker', patient: 'house-patient', informed: 'house-informed' } as const;

/** One market's inhabitants: in each step the informed come first, then noise, then the makers react. */
export class SyntheticMarket {
  readonly ticker: Ticker;
  readonly fair: FairValue;
  readonly #exchange: Exchange;
  readonly #series: SyntheticSeries;
  readonly #random: Random;
  readonly #makers: readonly ResidentMaker[];
  readonly #positionOf: (userId: string) => number;

  constructor(parts: {
    readonly ticker: Ticker;
    readonly fair: FairValue;
    readonly exchange: Exchange;
    readonly series: SyntheticSeries;
    readonly random: Random;
    readonly makers: readonly ResidentMaker[];
    /** Contracts that a house account holds here. */
    readonly positionOf: (userId: string) => number;
  }) {
    this.ticker = parts.ticker;
    this.fair = parts.fair;
    this.#exchange = parts.exchange;
    this.#series = parts.series;
    this.#random = parts.random;
    this.#makers = parts.makers;
    this.#positionOf = parts.positionOf;
  }

  step(nowMs: number, stepMs: number, isFirst: boolean): void {
    this.fair.advanceTo(nowMs);
    const happens = (everyMs: number): boolean =>
      !isFirst && this.#random.next() < 1 - Math.exp(-stepMs / everyMs);
    if (happens(this.#series.informedEveryMs)) this.#tradeOnKnowledge();
    if (happens(this.#series.noiseEveryMs)) this.#takeBlindly();
    if (happens(2 * this.#series.noiseEveryMs)) this.#waitBlindly(nowMs);
    for (const maker of this.#makers) {
      if (isFirst || this.#random.next() < MAKER_ATTENTION) {
        maker.requote(this.fair.cents, this.#positionOf(maker.userId));
      }
    }
  }

  #tradeOnKnowledge(): void {
    const book = this.#exchange.book(this.ticker);
    const { grid } = this.#series;
    const fair = this.fair.cents * 100;
    const edge = 100 + 0.07 * fair * (1 - fair / 10_000);
    const ask = book.bestAsk();
    const bid = book.bestBid();
    const contracts = 5 + this.#random.integer(40);
    if (ask !== Price.NO_ASK && ask < fair - edge) {
      const limit = PriceGrid.floor(grid, fair - edge);
      if (limit !== null) this.#send(HOUSE.informed, 'bid', limit, contracts * 100, 'immediate-or-cancel');
    } else if (bid !== Price.NO_BID && bid > fair + edge) {
      const limit = PriceGrid.ceil(grid, fair + edge);
      if (limit !== null) this.#send(HOUSE.informed, 'ask', limit, contracts * 100, 'immediate-or-cancel');
    }
  }

  #takeBlindly(): void {
    const book = this.#exchange.book(this.ticker);
    const side: Side = this.#random.next() < 0.5 ? 'bid' : 'ask';
    const touch = side === 'bid' ? book.bestAsk() : book.bestBid();
    if (!Price.isTradable(touch)) return;
    const price = PriceGrid.shift(this.#series.grid, touch, side === 'bid' ? 2 : -2);
    this.#send(HOUSE.taker, side, price, this.#noiseCount(), 'immediate-or-cancel');
  }

  #waitBlindly(nowMs: number): void {
    const book = this.#exchange.book(this.ticker);
    const side: Side = this.#random.next() < 0.5 ? 'bid' : 'ask';
    const touch = side === 'bid' ? book.bestBid() : book.bestAsk();
    if (!Price.isTradable(touch)) return;
    const away = this.#random.integer(4) * (side === 'bid' ? -1 : 1);
    const price = PriceGrid.shift(this.#series.grid, touch, away);
    const lifeMs = Math.ceil(this.#random.exponential(20_000)) + 1000;
    this.#send(HOUSE.patient, side, price, this.#noiseCount(), 'good-till-canceled', nowMs + lifeMs);
  }

  /** Mostly a few whole contracts, now and then a fraction, now and then many. */
  #noiseCount(): number {
    const { makerContracts } = this.#series;
    const kind = this.#random.next();
    if (kind < 0.15) return 1 + this.#random.integer(30 * makerContracts);
    if (kind > 0.98) return 100 * (makerContracts + this.#random.integer(makerContracts));
    return 100 * (1 + this.#random.integer(Math.ceil(makerContracts / 3)));
  }

  #send(
    userId: string,
    side: Side,
    price: Price,
    count: number,
    timeInForce: TimeInForce,
    expirationMs: number | null = null,
  ): void {
    this.#exchange.place(userId, {
      ticker: this.ticker,
      side,
      price,
      count: Count.of(count),
      timeInForce,
      selfTradePrevention: 'maker',
      clientOrderId: null,
      postOnly: timeInForce === 'good-till-canceled',
      reduceOnly: false,
      cancelOnPause: false,
      expirationMs: expirationMs === null ? null : Timestamp.of(expirationMs),
    });
  }
}

/** Chance that a maker looks at the market in one step. */
const MAKER_ATTENTION = 0.6;
