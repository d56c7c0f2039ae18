import type { Clock } from '@kalshi-mm/core';
import { type ClockSkew, createClockSkew, type Skew } from './clock-skew.ts';
import { createLatencies, type Latencies, type Latency } from './latencies.ts';
import { createOrderTransport, type OrderTransport, type OrderTransportOptions } from './order-transport.ts';
import { createRestReader, type RestReader, type RestReaderOptions } from './rest-reader.ts';
import { createRestWriter, type RestWriter } from './rest-writer.ts';
import { route } from './route.ts';
import type { Signer } from './signer.ts';
import type { TokenBuckets } from './token-buckets.ts';

/** What every endpoint function takes first: reads over ky, writes over connections of their own. */
export interface KalshiHttp extends RestReader, RestWriter {
  /**
   * Opens connections before they are needed, each with one cheap read.
   *
   * @param connections for orders; a cancel connection is opened besides
   */
  warmUp(connections?: number): Promise<void>;
  /** How far the exchange's clock is ahead, from its answers; null before the first. */
  clockSkew(): Skew | null;
  /** How long the exchange takes, by endpoint. */
  latencies(): ReadonlyMap<string, Latency>;
  /** The connections for writes, for an execution port to share. */
  readonly transport: OrderTransport;
  close(): Promise<void>;
}

export interface KalshiHttpOptions
  extends Pick<RestReaderOptions, 'fetch' | 'onResponse' | 'retries'>,
    Pick<OrderTransportOptions, 'connections' | 'cancelConnections' | 'shareSignaturesMs'> {
  /** E.g. `https://external-api.kalshi.com/trade-api/v2`. */
  readonly restUrl: string;
  readonly signer: Signer;
  /** Signs requests: real time, to a few seconds. */
  readonly clock: Clock;
  /** Absent: requests are not metered. */
  readonly buckets?: TokenBuckets;
  /** One attempt of a read. @default 10000 */
  readonly readTimeoutMs?: number;
  /** One attempt of a write, from the moment that it is on a connection. @default 5000 */
  readonly writeTimeoutMs?: number;
  /** Where to keep what is measured. @default its own */
  readonly latencies?: Latencies;
  readonly skew?: ClockSkew;
}

/** @throws MmError `rest-url` */
export function createKalshiHttp(options: KalshiHttpOptions): KalshiHttp {
  const { readTimeoutMs, writeTimeoutMs, buckets } = options;
  const { latencies = createLatencies(), skew = createClockSkew() } = options;
  const shared = { ...options, latencies, skew };
  const transport = createOrderTransport({
    ...shared,
    ...(writeTimeoutMs === undefined ? {} : { timeoutMs: writeTimeoutMs }),
  });
  const reader = createRestReader({
    ...shared,
    ...(readTimeoutMs === undefined ? {} : { timeoutMs: readTimeoutMs }),
  });
  const base = new URL(options.restUrl).pathname.replace(/\/$/, '');
  const touch = async (isUrgent: boolean): Promise<void> => {
    const status = route`/exchange/status`;
    const lease = await buckets?.read('GET', `${base}${status.name}`);
    if (lease === null) return;
    await transport.send({ method: 'GET', route: status, query: '', body: null }, isUrgent);
    lease?.();
  };
  return {
    ...reader,
    ...createRestWriter({ ...shared, transport }),
    transport,
    async warmUp(connections = 1) {
      await Promise.all([touch(true), ...Array.from({ length: connections }, () => touch(false))]);
    },
    clockSkew: skew.read,
    latencies: latencies.read,
    close: transport.close,
  };
}
