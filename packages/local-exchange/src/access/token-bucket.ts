import type { BucketLimit } from './tier.ts';

/** Refills continuously; takes all of a cost or nothing of it. */
export class TokenBucket {
  readonly #limit: BucketLimit;
  #tokens: number;
  #atMs: number;

  constructor(limit: BucketLimit, wallMs: number) {
    this.#limit = limit;
    this.#tokens = limit.capacity;
    this.#atMs = wallMs;
  }

  /** Whether the cost was paid. */
  take(cost: number, wallMs: number): boolean {
    const elapsedMs = Math.max(0, wallMs - this.#atMs);
    this.#atMs = wallMs;
    this.#tokens = Math.min(
      this.#limit.capacity,
      this.#tokens + (elapsedMs * this.#limit.refillRate) / 1_000,
    );
    if (cost > this.#tokens) return false;
    this.#tokens -= cost;
    return true;
  }
}
