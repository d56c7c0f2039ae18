import type { Random } from '@kalshi-mm/core';
import { normalCdf } from './normal-cdf.ts';

/**
 * The probability that a Brownian motion ends above zero, as it becomes known: Φ(S ÷ √(remaining share of the
 * window)). To it comes a transient displacement with rare jumps that dies away, so that prices overshoot and
 * come back.
 */
export class DigitalWalk {
  readonly #random: Random;
  readonly #openMs: number;
  readonly #closeMs: number;
  readonly #jumpEveryMs: number;
  #atMs: number;
  #walk: number;
  #transient = 0;

  constructor(random: Random, openMs: number, closeMs: number, startMs: number, jumpEveryMs: number) {
    this.#random = random;
    this.#openMs = openMs;
    this.#closeMs = closeMs;
    this.#jumpEveryMs = jumpEveryMs;
    this.#atMs = startMs;
    this.#walk = random.normal() * 0.35;
  }

  advanceTo(atMs: number): void {
    const stepMs = Math.min(atMs, this.#closeMs) - this.#atMs;
    if (stepMs <= 0) return;
    this.#atMs += stepMs;
    const random = this.#random;
    this.#walk += random.normal() * Math.sqrt(stepMs / (this.#closeMs - this.#openMs));
    this.#transient *= Math.exp(-stepMs / TRANSIENT_LIFE_MS);
    this.#transient += random.normal() * 0.0008 * Math.sqrt(stepMs / 1000);
    if (random.next() < 1 - Math.exp(-stepMs / this.#jumpEveryMs)) {
      const size = 0.1 + 0.12 * random.next();
      this.#transient += this.probability < 0.5 ? size : -size;
    }
  }

  /** Without the transient part. */
  get probability(): number {
    const left = (this.#closeMs - this.#atMs) / (this.#closeMs - this.#openMs);
    if (left <= 0) return this.#walk > 0 ? 1 : 0;
    return normalCdf(this.#walk / Math.sqrt(left));
  }

  /** What informed traders and makers believe, in cents, inside 0.5 … 99.5. */
  get cents(): number {
    const calm = Math.min(1, (this.#closeMs - this.#atMs) / 60_000);
    return 100 * Math.max(0.005, Math.min(0.995, this.probability + this.#transient * calm));
  }

  get result(): 'yes' | 'no' {
    return this.#walk > 0 ? 'yes' : 'no';
  }
}

const TRANSIENT_LIFE_MS = 75_000;
