import { MmError, WireError } from '@kalshi-mm/core';
import type * as z from 'zod';
import { decode, parseJson } from './decode.ts';
import { ExchangeRequestError, parseExchangeError } from './exchange-error.ts';
import type { OrderTransport } from './order-transport.ts';
import { OutcomeUnknownError } from './outcome-unknown-error.ts';
import { type Query, toSearch } from './rest-reader.ts';
import type { Route } from './route.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { Priority } from './token-lane.ts';

/** A request that changes something. */
export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly route: Route;
  readonly query?: Query;
  readonly body?: object;
  readonly priority: Priority;
  /** As in `MeteredWrite`. */
  readonly shard?: number | undefined;
  readonly items?: number;
}

/** Sends signed requests that change something, each of them once. */
export interface RestWriter {
  /**
   * @param answer schema of the body of a 2xx; a body that is missing is null to it
   * @throws ExchangeRequestError when the exchange refuses: nothing was done
   * @throws OutcomeUnknownError after a time-out, a reset, a 5xx, or an answer that does not fit
   * @throws MmError `exchange-unreachable`, `too-many-waiting`: nothing was sent
   */
  send<Schema extends z.ZodType>(request: WriteRequest, answer: Schema): Promise<z.output<Schema>>;
}

export interface RestWriterOptions {
  readonly restUrl: string;
  readonly transport: OrderTransport;
  /** Absent: requests are not metered. */
  readonly buckets?: TokenBuckets;
}

export function createRestWriter({ restUrl, transport, buckets }: RestWriterOptions): RestWriter {
  const base = new URL(restUrl).pathname.replace(/\/$/, '');
  return {
    async send({ method, route, query, body, priority, shard, items }, schema) {
      const source = `${method} ${route.path}`;
      const metered = { method, path: `${base}${route.name}`, priority, shard, items };
      const lease = await buckets?.write(metered);
      if (lease === null) throw notSent(source);
      const search = query === undefined ? '' : toSearch(query).toString();
      const answer = await transport.send(
        {
          method,
          route,
          query: search === '' ? '' : `?${search}`,
          body: body === undefined ? null : JSON.stringify(body),
        },
        priority === 'cancel',
      );
      lease?.();
      if (answer.kind === 'unknown') throw new OutcomeUnknownError(source, answer.message);
      if (answer.kind === 'unsent') throw unreachable(source, answer.message);
      const { status } = answer;
      if (status >= 200 && status < 300) return read(schema, answer.body, source, status);
      if (status === 429) buckets?.emptied('write', shard);
      const error = parseExchangeError(status, answer.body);
      if (status < 400 || status >= 500 || status === 408) {
        throw new OutcomeUnknownError(source, `HTTP ${status} ${error.code || error.message}`.trim());
      }
      throw new ExchangeRequestError(source, error);
    },
  };
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  body: string,
  source: string,
  status: number,
): z.output<Schema> {
  try {
    return decode(schema, body === '' ? null : parseJson(body, source), source);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new OutcomeUnknownError(source, `HTTP ${status}, but ${error.message}`);
  }
}

function notSent(source: string): MmError {
  return new MmError(
    'too-many-waiting',
    `${source} was not sent: too many requests wait for tokens, or the client is closing`,
    { recovery: 'retry', todo: 'Send less: see `backpressureMs`.' },
  );
}

function unreachable(source: string, message: string): MmError {
  return new MmError('exchange-unreachable', `${source} was not sent: no connection (${message})`, {
    recovery: 'retry',
  });
}
