import type { Random } from '@kalshi-mm/core';

/** One piece of news: when, and how large in standard units (normal, mean 0, variance 1). */
export interface News {
  readonly atMs: number;
  readonly size: number;
}

/** News at random times, all of it decided by the seed: nothing that anybody does moves it. */
export class NewsCalendar {
  readonly #random: Random;
  readonly #everyMs: number;
  #next: News;

  /** @param everyMs mean time between two */
  constructor(random: Random, startMs: number, everyMs: number) {
    this.#random = random;
    this.#everyMs = everyMs;
    this.#next = this.#after(startMs);
  }

  /** The sizes of the news between the last call and now, added up; 0 without news. */
  take(nowMs: number): number {
    let sum = 0;
    while (this.#next.atMs <= nowMs) {
      sum += this.#next.size;
      this.#next = this.#after(this.#next.atMs);
    }
    return sum;
  }

  /** What will be told next. */
  get next(): News {
    return this.#next;
  }

  #after(atMs: number): News {
    const wait = 1 + Math.floor(this.#random.exponential(this.#everyMs));
    return { atMs: atMs + wait, size: this.#random.normal() };
  }
}
