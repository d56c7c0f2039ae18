import type { Random } from '@kalshi-mm/core';
import { NewsCalendar } from './news-calendar.ts';
import { normalAbove } from './normal-cdf.ts';

/** How a published figure (a rate, an index, a temperature) is expected and then told. */
export interface FigureTraits {
  /** Standard deviation of what a day changes in the expectation. */
  readonly driftPerDay: number;
  /** Standard deviation of the published figure around the last expectation. */
  readonly surprise: number;
  /** Mean time between news on the way. */
  readonly newsEveryMs: number;
  readonly newsSize: number;
}

/** The expectation of a figure, which drifts, jumps with news, and is a fact from its release on. */
export class Figure {
  readonly #traits: FigureTraits;
  readonly #random: Random;
  readonly #news: NewsCalendar;
  readonly #releaseMs: number;
  #atMs: number;
  #expected: number;
  #actual: number | null = null;

  constructor(traits: FigureTraits, random: Random, startMs: number, releaseMs: number, expected: number) {
    this.#traits = traits;
    this.#random = random;
    this.#news = new NewsCalendar(random.fork('news'), startMs, traits.newsEveryMs);
    this.#releaseMs = releaseMs;
    this.#atMs = startMs;
    this.#expected = expected;
  }

  advanceTo(atMs: number): void {
    if (this.#actual !== null) return;
    const { driftPerDay, surprise, newsSize } = this.#traits;
    const days = (Math.min(atMs, this.#releaseMs) - this.#atMs) / DAY_MS;
    if (days > 0) {
      this.#atMs = Math.min(atMs, this.#releaseMs);
      this.#expected += driftPerDay * Math.sqrt(days) * this.#random.normal();
      this.#expected += newsSize * this.#news.take(this.#atMs);
    }
    if (atMs >= this.#releaseMs) this.#actual = this.#expected + surprise * this.#random.normal();
  }

  /** Null before the release. */
  get actual(): number | null {
    return this.#actual;
  }

  get expected(): number {
    return this.#actual ?? this.#expected;
  }

  /** Probability that the published figure lies above a threshold. */
  above(threshold: number): number {
    if (this.#actual !== null) return this.#actual > threshold ? 1 : 0;
    const { driftPerDay, surprise, newsEveryMs, newsSize } = this.#traits;
    const leftMs = this.#releaseMs - this.#atMs;
    const variance =
      surprise ** 2 + driftPerDay ** 2 * (leftMs / DAY_MS) + newsSize ** 2 * (leftMs / newsEveryMs);
    return normalAbove(this.#expected, Math.sqrt(variance), threshold);
  }
}

const DAY_MS = 86_400_000;
