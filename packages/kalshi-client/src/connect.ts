import type { Clock, EventSink } from '@kalshi-mm/core';
import { createKalshiClient, type KalshiClient, readsOf } from './client.ts';
import { createClockSkew } from './clock-skew.ts';
import { createExecution, type ExecutionOptions, type KalshiExecution } from './execution.ts';
import { createKalshiHttp, type KalshiHttp } from './http.ts';
import { createLatencies } from './latencies.ts';
import type { Signer } from './signer.ts';
import { createTokenBuckets, type TokenBuckets } from './token-buckets.ts';
import type { AccountLimits } from './wire-account.ts';

export interface ConnectOptions {
  readonly restUrl: string;
  readonly signer: Signer;
  /** Stamps events; see `ExecutionOptions`. */
  readonly clock: Clock;
  /** Signs requests and paces them. @default clock */
  readonly wallClock?: Clock;
  readonly sink: EventSink;
  /** Cancels that can always be paid for. @default 10 */
  readonly reservedCancels?: number;
  readonly onResponse?: (headers: Headers) => void;
  readonly execution?: Pick<
    ExecutionOptions,
    'timeoutMs' | 'drainDeadlineMs' | 'resolvePauseMs' | 'freshness' | 'onTrouble'
  >;
  /** Connections opened before the first order, at 10 read tokens each. @default 1 */
  readonly warmConnections?: number;
}

/** Everything that speaks REST to one account. */
export interface KalshiConnection {
  /** For every endpoint function: `getMilestones(kalshi.http, …)`. */
  readonly http: KalshiHttp;
  /** The reads that bots live on, in the toolkit's own names. */
  readonly client: KalshiClient;
  readonly execution: KalshiExecution;
  readonly buckets: TokenBuckets;
  readonly limits: AccountLimits;
  close(): Promise<void>;
}

/**
 * Reads the account's limits and the exchange's costs, then wires client, buckets and execution port to them.
 *
 * @throws MmError `exchange-unreachable`, `exchange-refused`, `rest-url`
 */
export async function connectKalshi(options: ConnectOptions): Promise<KalshiConnection> {
  const { restUrl, signer, clock, sink, onResponse, reservedCancels, wallClock = clock } = options;
  const shared = {
    restUrl,
    signer,
    clock: wallClock,
    latencies: createLatencies(),
    skew: createClockSkew(),
    ...(onResponse === undefined ? {} : { onResponse }),
  };
  const unmetered = createKalshiClient(shared);
  const limits = await unmetered.accountLimits();
  const costs = await unmetered.endpointCosts();
  const buckets = createTokenBuckets({
    limits,
    costs,
    clock: wallClock,
    ...(reservedCancels === undefined ? {} : { reservedCancels }),
  });
  // The two reads above were not metered, but the exchange has billed them.
  const { pathname } = new URL(restUrl);
  (await buckets.read('GET', `${pathname}/account/limits`))?.();
  (await buckets.read('GET', `${pathname}/account/endpoint_costs`))?.();
  const timeoutMs = options.execution?.timeoutMs;
  const http = createKalshiHttp({
    ...shared,
    buckets,
    ...(timeoutMs === undefined ? {} : { writeTimeoutMs: timeoutMs }),
  });
  const client = readsOf(http);
  const execution = createExecution({
    ...options.execution,
    restUrl,
    signer,
    clock,
    wallClock,
    sink,
    client,
    buckets,
    transport: http.transport,
  });
  await http.warmUp(options.warmConnections);
  return { http, client, execution, buckets, limits, close: execution.close };
}
