import type { Random } from '@kalshi-mm/core';
import type { CoinPrices } from '../world-reference.ts';
import { NewsCalendar } from './news-calendar.ts';

/** A coin whose index has one price a second. */
export interface Coin {
  /** E.g. `BTC`. */
  readonly name: string;
  readonly startDollars: number;
  /** Decimals of the printed index. */
  readonly decimals: number;
  /** Standard deviation of a day's return, e.g. 0.03. */
  readonly dailyVolatility: number;
  /** Mean time between news. */
  readonly newsEveryMs: number;
  /** Standard deviation of the return that news brings, e.g. 0.002. */
  readonly newsSize: number;
}

/**
 * The reference price of a coin: a random walk of log returns with a volatility that breathes, and jumps with news.
 * Prices are kept as integers, `10^-decimals` dollars, so that averages are exact.
 */
export class CoinIndex implements CoinPrices {
  readonly coin: Coin;
  readonly unitsPerDollar: number;
  readonly #random: Random;
  readonly #news: NewsCalendar;
  readonly #units = new Float64Array(KEPT_SECONDS);
  #logPrice: number;
  /** Logarithm of the volatility over its mean. */
  #heat = 0;
  /** Unix second of the last price. */
  #second: number;

  constructor(coin: Coin, random: Random, startMs: number) {
    this.coin = coin;
    this.unitsPerDollar = 10 ** coin.decimals;
    this.#random = random.fork('steps');
    this.#news = new NewsCalendar(random.fork('news'), startMs, coin.newsEveryMs);
    this.#logPrice = Math.log(coin.startDollars);
    this.#second = Math.floor(startMs / 1000);
    this.#units.fill(Math.round(coin.startDollars * this.unitsPerDollar));
  }

  /** The price of the next second. */
  tick(): void {
    this.#second++;
    const random = this.#random;
    this.#heat += -this.#heat / HEAT_LIFE_SECONDS + 0.012 * random.normal();
    this.#logPrice += this.#returnDeviation * random.normal();
    const news = this.#news.take(this.#second * 1000);
    if (news !== 0) {
      this.#logPrice += this.coin.newsSize * news;
      this.#heat += 0.5;
    }
    this.#units[this.#second % KEPT_SECONDS] = Math.round(Math.exp(this.#logPrice) * this.unitsPerDollar);
  }

  /** Time of the last price. */
  get atMs(): number {
    return this.#second * 1000;
  }

  /** The last price, in units. */
  get units(): number {
    return this.#units[this.#second % KEPT_SECONDS]!;
  }

  /** Standard deviation of one second's move at present, in units. */
  get deviationUnits(): number {
    return this.#returnDeviation * this.units;
  }

  /** The price of a second that has just been, in units. */
  unitsAt(second: number): number {
    return this.#units[second % KEPT_SECONDS]!;
  }

  /** The sum of the one-second prices in `(end − 60 s, end]` that are known, in units. */
  windowSum(endMs: number): number {
    const end = Math.floor(endMs / 1000);
    let sum = 0;
    for (let second = end - WINDOW_SECONDS + 1; second <= Math.min(end, this.#second); second++) {
      sum += this.unitsAt(second);
    }
    return sum;
  }

  get #returnDeviation(): number {
    return (this.coin.dailyVolatility / DAY_ROOT) * Math.exp(this.#heat);
  }
}

/** Settlement averages this many prices. */
export const WINDOW_SECONDS = 60;
const KEPT_SECONDS = 256;
const DAY_ROOT = Math.sqrt(86_400);
const HEAT_LIFE_SECONDS = 1800;
