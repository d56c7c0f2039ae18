import { type Clock, MmError } from '@kalshi-mm/core';
import { endpointCost } from './endpoint-cost.ts';
import { systemTimer, type Timer } from './timer.ts';
import { createTokenLane, type Lease, type Priority, type TokenLane } from './token-lane.ts';
import type { AccountLimits, EndpointCosts } from './wire-account.ts';

/** A write that wants tokens. */
export interface MeteredWrite {
  readonly method: string;
  /** From the root; ids in it may be replaced by `:`. */
  readonly path: string;
  readonly priority: Priority;
  /** The `exchange_index` that the request carries; from 1 on, shards have buckets of their own. */
  readonly shard?: number | undefined;
  /** Orders in a batch, which are billed one by one. @default 1 */
  readonly items?: number | undefined;
}

/** Keeps every request inside the account's token buckets, so that the exchange has no reason to answer 429. */
export interface TokenBuckets {
  /** Waits until the request may be sent; call the lease when it has been answered. Null: closed, do not send. */
  read(method: string, path: string): Promise<Lease | null>;
  /** As `read`; cancels go first and may use the reserve. Null: do not send (closed, or too many are waiting). */
  write(request: MeteredWrite): Promise<Lease | null>;
  /** How long a quote placed now would wait for its turn, on its shard or, without one, where the wait is longest. */
  backpressureMs(shard?: number): number;
  /** The exchange has answered 429 all the same. */
  emptied(bucket: 'read' | 'write', shard?: number): void;
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
  /** Writes other than cancels that may wait, per bucket; more are refused. @default 200 */
  readonly maxQueuedWrites?: number;
  /** Milliseconds of refill that are left unused, for the grain of the clocks. @default 20 */
  readonly marginMs?: number;
}

/**
 * Read and write buckets from the account's own limits: one for reads, one for writes on shard 0 or on no shard by
 * name, and one of the same size for each further shard.
 *
 * @throws MmError `token-reserve` when the reserve leaves no room for placing orders
 */
export function createTokenBuckets(options: TokenBucketsOptions): TokenBuckets {
  const { limits, clock, timer = systemTimer, reservedCancels = 10, marginMs = 20 } = options;
  const costOf = endpointCost(options.costs);
  const cancelCost = costOf('DELETE', '/trade-api/v2/portfolio/events/orders/:');
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
  const writes = new Map<number, TokenLane>();
  let closed = false;
  const write = (shard: number | undefined): TokenLane => {
    const bucket = Math.max(0, shard ?? 0);
    let lane = writes.get(bucket);
    if (lane === undefined) {
      const maxQueued = options.maxQueuedWrites ?? 200;
      lane = createTokenLane({ ...shared, limits: limits.write, reserve, maxQueued });
      if (closed) lane.close();
      writes.set(bucket, lane);
    }
    return lane;
  };
  return {
    read: (method, path) => read.acquire(costOf(method, path), 'read'),
    write: ({ method, path, priority, shard, items = 1 }) =>
      write(shard).acquire(costOf(method, path) * items, priority),
    backpressureMs(shard) {
      const lanes = shard === undefined ? [write(0), ...writes.values()] : [write(shard)];
      return Math.max(...lanes.map((lane) => lane.waitMs(placeCost, 'quote')));
    },
    emptied: (bucket, shard) => (bucket === 'read' ? read : write(shard)).emptied(),
    close() {
      closed = true;
      read.close();
      for (const lane of writes.values()) lane.close();
    },
  };
}
