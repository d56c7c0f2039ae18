import { tierLimits } from './tier.ts';
import type { Tiers } from './tiers.ts';
import { TokenBucket } from './token-bucket.ts';

export type BucketName = 'read' | 'write';

/** Tokens that a request costs, by the shard whose bucket pays. */
export type Bill = ReadonlyMap<number, number>;

/** The buckets of all users: one for reads, one for writes, and one more for writes that name a shard above 0. */
export class RateLimiter {
  readonly #tiers: Tiers;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(tiers: Tiers) {
    this.#tiers = tiers;
  }

  /** Whether the tokens were there, in every bucket of the bill; none are taken otherwise. */
  take(userId: string, bucket: BucketName, bill: Bill, wallMs: number): boolean {
    const limit = tierLimits(this.#tiers.of(userId))[bucket];
    const payers = [...bill].map(([shard, cost]) => ({ found: this.#bucket(userId, bucket, shard), cost }));
    for (const { found, cost } of payers) if (!found.holds(cost, limit, wallMs)) return false;
    for (const { found, cost } of payers) found.take(cost);
    return true;
  }

  #bucket(userId: string, bucket: BucketName, shard: number): TokenBucket {
    const name = `${userId}/${bucket}/${shard}`;
    let found = this.#buckets.get(name);
    if (found === undefined) {
      found = new TokenBucket();
      this.#buckets.set(name, found);
    }
    return found;
  }
}
