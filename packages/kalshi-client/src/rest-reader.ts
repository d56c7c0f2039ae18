import { type Clock, MmError } from '@kalshi-mm/core';
import ky, { isHTTPError, isKyError, type Options } from 'ky';
import type * as z from 'zod';
import type { ClockSkew } from './clock-skew.ts';
import { decodeText } from './decode.ts';
import { ExchangeRequestError, parseExchangeError } from './exchange-error.ts';
import type { Latencies } from './latencies.ts';
import { parseRestUrl } from './rest-url.ts';
import type { Route } from './route.ts';
import type { Signer } from './signer.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { Lease } from './token-lane.ts';

export interface RestReaderOptions {
  /** E.g. `https://external-api.kalshi.com/trade-api/v2`. */
  readonly restUrl: string;
  readonly signer: Signer;
  /** Signs requests: real time, to a few seconds. */
  readonly clock: Clock;
  /** Absent: requests are not metered; enough for reading the limits themselves. */
  readonly buckets?: TokenBuckets;
  /** Replaces the global `fetch`. */
  readonly fetch?: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** Called with the headers of each answer, e.g. to compare clocks. */
  readonly onResponse?: (headers: Headers) => void;
  /** Where the time that the exchange takes is kept; for reads, to the head of the answer. */
  readonly latencies?: Latencies;
  readonly skew?: ClockSkew;
  /** For one attempt. @default 10000 */
  readonly timeoutMs?: number;
  /** Further attempts after a network fault, a time-out, 429 or 5xx. @default 5 */
  readonly retries?: number;
}

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

export type Query = Readonly<Record<string, QueryValue>>;

/** Sends signed GET requests and checks the answers. */
export interface RestReader {
  /**
   * @param route below the REST URL, e.g. route`/markets`
   * @throws ExchangeRequestError when the exchange refuses
   * @throws MmError `exchange-unreachable`
   * @throws WireError when the answer does not fit the schema
   */
  get<Schema extends z.ZodType>(route: Route, schema: Schema, query?: Query): Promise<z.output<Schema>>;
}

/**
 * A reader whose every attempt is metered and signed anew.
 *
 * @throws MmError `rest-url`
 */
export function createRestReader(options: RestReaderOptions): RestReader {
  const restUrl = parseRestUrl(options.restUrl);
  const base = restUrl.href.replace(/\/$/, '');
  const http = ky.create({
    headers: { accept: 'application/json' },
    timeout: options.timeoutMs ?? 10_000,
    retry: {
      limit: options.retries ?? 5,
      methods: ['get'],
      statusCodes: [408, 429, 500, 502, 503, 504],
      backoffLimit: 5_000,
      jitter: true,
      retryOnTimeout: true,
    },
  });
  return {
    async get({ path, name }, schema, query = {}) {
      const source = `GET ${path}`;
      let text: string;
      try {
        const attempts = createAttempts(
          options,
          `GET ${name}`,
          `${restUrl.pathname.replace(/\/$/, '')}${name}`,
        );
        text = await http.get(`${base}${path}`, { ...attempts, searchParams: toSearch(query) }).text();
      } catch (cause) {
        if (isHTTPError(cause)) {
          throw new ExchangeRequestError(source, parseExchangeError(cause.response.status, cause.data));
        }
        if (cause instanceof MmError) throw cause;
        throw unreachable(source, restUrl.origin, cause);
      }
      return decodeText(schema, text, source);
    },
  };
}

/** Meters and signs the attempts of one request. */
function createAttempts(options: RestReaderOptions, name: string, meteredPath: string): Options {
  const { signer, clock, buckets, fetch = globalThis.fetch, onResponse, latencies, skew } = options;
  let lease: Lease | null = null;
  const prepare = async (request: Request): Promise<void> => {
    const { pathname } = new URL(request.url);
    if (buckets !== undefined) {
      lease = await buckets.read(request.method, meteredPath);
      if (lease === null) {
        throw new MmError('client-closed', `GET ${pathname} was not sent: the client is closing`, {
          recovery: 'retry',
        });
      }
    }
    // Signed after the wait: the exchange accepts a signature for a few seconds only.
    const headers = await signer.headersLater(request.method, pathname, clock.now());
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  };
  return {
    async fetch(input, init) {
      try {
        const sentMs = clock.now();
        const started = performance.now();
        const response = await fetch(input, init);
        latencies?.record(name, performance.now() - started);
        skew?.observe(sentMs, clock.now(), response.headers.get('date'));
        onResponse?.(response.headers);
        return response;
      } finally {
        lease?.();
      }
    },
    hooks: {
      beforeRequest: [({ request }) => prepare(request)],
      beforeRetry: [
        async ({ request, error }) => {
          if (isHTTPError(error) && error.response.status === 429) buckets?.emptied('read');
          await prepare(request);
        },
      ],
    },
  };
}

/** Leaves out what is absent; repeats the parameter of a list. */
export function toSearch(query: Query): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') for (const item of value) search.append(name, item);
    else search.append(name, String(value));
  }
  return search;
}

function unreachable(source: string, origin: string, fault: unknown): MmError {
  const cause = rootOf(fault);
  return new MmError('exchange-unreachable', `${source}: no answer from ${origin} (${reason(cause)})`, {
    facts: { origin },
    todo: /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])/.test(origin)
      ? 'Start the local exchange (`pnpm local-exchange --help`) and use the address that it prints.'
      : 'Check the REST URL for the environment (demo ends in .co), name resolution, proxy and firewall, and the exchange status page.',
    recovery: 'retry',
    // An error of ky holds the request, and that the signature, which whoever logs the error would print.
    ...(isKyError(cause) ? {} : { cause }),
  });
}

/** The root cause carries the code: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function rootOf(fault: unknown): unknown {
  let error = fault;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  return error;
}

function reason(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return code;
  if (isKyError(error) || error instanceof Error) return error.name === 'Error' ? error.message : error.name;
  return 'unknown fault';
}
