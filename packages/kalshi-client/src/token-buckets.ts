import { type Clock, MmError } from '@kalshi-mm/core';
import { endpointCost } from './endpoint-cost.ts';
import { systemTimer, type Timer } from './timer.ts';
import { createTokenLane, type Lease } from './token-lane.ts';
import type { AccountLimits, EndpointCosts } from './wire-account.ts';

/** Keeps every request inside the account's token buckets, so that the exchange has no reason to answer 429. */
export interface TokenBuckets {
  /** Waits until the request may be sent; call the lease when it has been answered. Null: closed, do not send. */
  read(method: string, path: string): Promise<Lease | null>;
  /** As `read`; cancels go first and may use the reserve. Null: do not send (closed, or too many are waiting). */
  write(method: string, path: string, kind: 'cancel' | 'other'): Promise<Lease | null>;
  /** How long an order placed now would wait for its turn. Quote less when it grows. */
  backpressureMs(): number;
  /** The exchange has answered 429 all the same. */
  emptied(bucket: 'read' | 'write'): void;
  /** Refuses everything from now on, waiting requests included. */
  close(): void;
}

export interface TokenBucketsOptions {
  /** From `GET /account/limits`. */
  readonly limits: AccountLimits;
  /** From `GET /account/endpoint_costs`. */
  readonly costs: EndpointCosts;
  readonly clock: Clock;
  /** @default systemTimer */
  readonly timer?: Timer;
  /** Cancels that can always be paid for, because other writes never take the last tokens. @default 10 */
  readonly reservedCancels?: number;
  /** Writes other than cancels that may wait; more are refused. @default 200 */
  readonly maxQueuedWrites?: number;
  /** Milliseconds of refill that are left unused, for the grain of the clocks. @default 20 */
  readonly marginMs?: number;
}

/**
 * Read and write buckets from the account's own limits. All shards share the one write bucket, which is right or
 * too careful.
 *
 * @throws MmError `token-reserve` when the reserve leaves no room for placing orders
 */
export function createTokenBuckets(options: TokenBucketsOptions): TokenBuckets {
  const { limits, clock, timer = systemTimer, reservedCancels = 10, marginMs = 20 } = options;
  const costOf = endpointCost(options.costs);
  const cancelCost = costOf('DELETE', '/trade-api/v2/portfolio/events/orders/id');
  const placeCost = costOf('POST', '/trade-api/v2/portfolio/events/orders');
  const reserve = reservedCancels * cancelCost;
  const usable = limits.write.capacity - (limits.write.refillPerSecond * marginMs) / 1000;
  if (reserve + placeCost > usable) {
    throw new MmError('token-reserve', 'The reserve for cancels leaves no room for placing orders', {
      facts: { reservedCancels, reserve, placeCost, usableTokens: usable, usageTier: limits.usageTier },
      todo: `Reserve at most ${Math.max(0, Math.floor((usable - placeCost) / Math.max(1, cancelCost)))} cancels.`,
    });
  }
  const shared = { clock, timer, marginMs };
  const read = createTokenLane({ ...shared, limits: limits.read, reserve: 0, maxQueued: Infinity });
  const write = createTokenLane({
    ...shared,
    limits: limits.write,
    reserve,
    maxQueued: options.maxQueuedWrites ?? 200,
  });
  return {
    read: (method, path) => read.acquire(costOf(method, path), false),
    write: (method, path, kind) => write.acquire(costOf(method, path), kind === 'cancel'),
    backpressureMs: () => write.waitMs(placeCost),
    emptied: (bucket) => (bucket === 'read' ? read : write).emptied(),
    close() {
      read.close();
      write.close();
    },
  };
}
