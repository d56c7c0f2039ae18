import { type Tier, tierLimits } from './tier.ts';
import { TokenBucket } from './token-bucket.ts';

export type BucketName = 'read' | 'write';

/** The buckets of all users: one for reads, one for writes, and one more for writes that name a shard above 0. */
export class RateLimiter {
  readonly #tier: Tier;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(tier: Tier) {
    this.#tier = tier;
  }

  /** Whether `cost` tokens were there; nothing is taken otherwise. */
  take(userId: string, bucket: BucketName, shard: number, cost: number, wallMs: number): boolean {
    const name = `${userId}/${bucket}/${bucket === 'write' ? Math.max(0, shard) : 0}`;
    let found = this.#buckets.get(name);
    if (found === undefined) {
      found = new TokenBucket(tierLimits(this.#tier)[bucket], wallMs);
      this.#buckets.set(name, found);
    }
    return found.take(cost, wallMs);
  }
}
