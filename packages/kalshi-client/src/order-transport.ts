import type { Clock } from '@kalshi-mm/core';
import { type Dispatcher, Pool } from 'undici';
import type { ClockSkew } from './clock-skew.ts';
import type { Latencies } from './latencies.ts';
import { parseRestUrl } from './rest-url.ts';
import type { Route } from './route.ts';
import { createSignaturesAhead } from './signatures-ahead.ts';
import type { Signer } from './signer.ts';

/** A request as the exchange wants it. */
export interface OrderRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the REST URL; its path is what gets signed. */
  readonly route: Route;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly body: string | null;
}

/** What became of one attempt. */
export type TransportAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** It may have been carried out: time-out, reset, broken answer. */
  | { readonly kind: 'unknown'; readonly message: string }
  /** No connection was made, so nothing was sent. */
  | { readonly kind: 'unsent'; readonly message: string };

/** Sends each request exactly once, over connections that stay open. */
export interface OrderTransport {
  /** @param isUrgent a cancel: it has connections of its own. Never rejects. */
  send(request: OrderRequest, isUrgent: boolean): Promise<TransportAnswer>;
  /** Lets requests under way finish, then closes the connections. */
  close(): Promise<void>;
}

export interface OrderTransportOptions {
  readonly restUrl: string;
  readonly signer: Signer;
  readonly clock: Clock;
  /** From sending to the head of the answer, and between its parts; waiting for a connection does not count. @default 5000 */
  readonly timeoutMs?: number;
  /** Connections for everything but cancels. @default 16 */
  readonly connections?: number;
  /** Connections for cancels. @default 4 */
  readonly cancelConnections?: number;
  /** Orders, or batches, within so many milliseconds carry the same RSA signature; see docs/decisions/0026. @default 0 */
  readonly shareSignaturesMs?: number;
  readonly latencies?: Latencies;
  readonly skew?: ClockSkew;
}

export function createOrderTransport(options: OrderTransportOptions): OrderTransport {
  const { signer, clock, timeoutMs = 5_000, connections = 16, cancelConnections = 4 } = options;
  const restUrl = parseRestUrl(options.restUrl);
  const base = restUrl.pathname.replace(/\/$/, '');
  const shared = {
    // One request per connection at a time: with pipelining, a lost connection would leave several in doubt.
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: { timeout: timeoutMs },
    // They run from the moment that the request is on its connection.
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  const pool = new Pool(restUrl.origin, { ...shared, connections });
  const cancelPool = new Pool(restUrl.origin, { ...shared, connections: cancelConnections });
  const ahead = new Map(
    AHEAD.map(([method, path]) => [
      `${method} ${path}`,
      createSignaturesAhead({
        signer,
        clock,
        method,
        path: `${base}${path}`,
        ...(options.shareSignaturesMs === undefined ? {} : { shareMs: options.shareSignaturesMs }),
      }),
    ]),
  );
  let signing = 0;

  const signLater = async (method: string, path: string): Promise<Record<string, string>> => {
    signing++;
    try {
      return await signer.headersLater(method, path, clock.now());
    } finally {
      signing--;
    }
  };

  const attempt = (
    { method, route, query, body }: OrderRequest,
    isUrgent: boolean,
    headers: Record<string, string>,
  ): Promise<TransportAnswer> => {
    headers.accept = 'application/json';
    if (body !== null) headers['content-type'] = 'application/json';
    return new Promise((done) => {
      const listener = new Attempt(`${method} ${route.name}`, options, done);
      const path = `${base}${route.path}${query}`;
      try {
        (isUrgent ? cancelPool : pool).dispatch({ method, path, headers, body }, listener);
      } catch (error) {
        listener.onResponseError(null, error as Error);
      }
    });
  };

  return {
    async send(request, isUrgent) {
      const { method } = request;
      const path = `${base}${request.route.path}`;
      const stock = ahead.get(`${method} ${request.route.path}`);
      const ready = stock?.take() ?? null;
      if (ready !== null) {
        const answer = await attempt(request, isUrgent, ready);
        if (answer.kind !== 'answer' || answer.status !== 401) return answer;
        // Refused at the door, so nothing was done: once more with a signature made for it.
        stock?.refused();
      }
      // A cancel does not queue for a thread behind the signatures of orders.
      const isHere = signer.isFast || (isUrgent && signing >= FREE_THREADS);
      const headers = isHere ? signer.headers(method, path, clock.now()) : await signLater(method, path);
      return attempt(request, isUrgent, headers);
    },
    async close() {
      for (const stock of ahead.values()) stock.close();
      await Promise.all([pool.close(), cancelPool.close()]);
    },
  };
}

/** Of the four threads that Node has for such work. */
const FREE_THREADS = 2;
/** Requests whose path is always the same, so that their signatures can lie ready. */
const AHEAD = [
  ['POST', '/portfolio/events/orders'],
  ['POST', '/portfolio/events/orders/batched'],
  ['DELETE', '/portfolio/events/orders/batched'],
] as const;

/** Listens to one request; leaner than a response with a stream. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #name: string;
  readonly #options: OrderTransportOptions;
  readonly #done: (answer: TransportAnswer) => void;
  #status: number | null = null;
  #body: Buffer[] = [];
  #sentMs = 0;

  constructor(name: string, options: OrderTransportOptions, done: (answer: TransportAnswer) => void) {
    this.#name = name;
    this.#options = options;
    this.#done = done;
  }

  onRequestStart(): void {
    this.#sentMs = performance.now();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    const { skew, clock } = this.#options;
    if (skew === undefined) return;
    const now = clock.now();
    skew.observe(now - (performance.now() - this.#sentMs), now, String(headers.date));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.push(chunk);
  }

  onResponseEnd(): void {
    this.#options.latencies?.record(this.#name, performance.now() - this.#sentMs);
    const [first] = this.#body;
    const body = this.#body.length > 1 ? Buffer.concat(this.#body) : first;
    this.#done({ kind: 'answer', status: this.#status!, body: body?.toString() ?? '' });
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    const status = this.#status;
    // A refusal is a refusal even if its reason was lost on the way, except that of a name that is taken: there is an
    // order.
    if (status !== null && status >= 400 && status < 500 && status !== 409) {
      this.#done({ kind: 'answer', status, body: '' });
      return;
    }
    const code = codeOf(error);
    this.#done({ kind: NEVER_CONNECTED.has(code) ? 'unsent' : 'unknown', message: code });
  }
}

/** Faults that can only happen before a connection exists. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function codeOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== 'string') return error.name;
  return TIMEOUTS.has(code) ? 'timeout' : code;
}
