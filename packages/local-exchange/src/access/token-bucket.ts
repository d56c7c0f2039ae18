import type { BucketLimit } from './tier.ts';

/** Full at the first look; refills continuously from then on, by the limit of the moment. */
export class TokenBucket {
  #tokens = Number.POSITIVE_INFINITY;
  #atMs = 0;

  /** Whether the cost could be paid now. */
  holds(cost: number, limit: BucketLimit, wallMs: number): boolean {
    const elapsedMs = Math.max(0, wallMs - this.#atMs);
    this.#atMs = wallMs;
    this.#tokens = Math.min(limit.capacity, this.#tokens + (elapsedMs * limit.refillRate) / 1_000);
    return cost <= this.#tokens;
  }

  /** Pays a cost that it holds. */
  take(cost: number): void {
    this.#tokens -= cost;
  }
}
