import type { Clock } from '@kalshi-mm/core';
import { Pool } from 'undici';
import type { OrderRequest } from './order-request.ts';
import type { Signer } from './signer.ts';

/** What became of one attempt. */
export type TransportAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** It may have been carried out: time-out, reset, broken answer. */
  | { readonly kind: 'unknown'; readonly message: string }
  /** No connection was made, so nothing was sent. */
  | { readonly kind: 'unsent'; readonly message: string };

/** Sends each request exactly once, over connections that stay open. */
export interface OrderTransport {
  /** Never rejects. */
  send(request: OrderRequest): Promise<TransportAnswer>;
  /** Lets requests under way finish, then closes the connections. */
  close(): Promise<void>;
}

export interface OrderTransportOptions {
  readonly restUrl: string;
  readonly signer: Signer;
  readonly clock: Clock;
  /** From sending to the last byte of the answer. @default 5000 */
  readonly timeoutMs?: number;
  /** @default 8 */
  readonly connections?: number;
}

export function createOrderTransport(options: OrderTransportOptions): OrderTransport {
  const { signer, clock, timeoutMs = 5_000, connections = 8 } = options;
  const restUrl = new URL(options.restUrl);
  const base = restUrl.pathname.replace(/\/$/, '');
  // One request per connection at a time: with pipelining, a lost connection would leave several in doubt.
  const pool = new Pool(restUrl.origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: { timeout: timeoutMs },
  });
  return {
    async send({ method, path, query, body }) {
      const fullPath = `${base}${path}`;
      let status: number | null = null;
      try {
        const response = await pool.request({
          method,
          path: `${fullPath}${query}`,
          headers: {
            accept: 'application/json',
            ...(body === null ? {} : { 'content-type': 'application/json' }),
            ...signer.headers(method, fullPath, clock.now()),
          },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        });
        status = response.statusCode;
        return { kind: 'answer', status, body: await response.body.text() };
      } catch (error) {
        // A refusal is a refusal even if its reason was lost on the way, except that of a name that is taken: there
        // is an order.
        if (status !== null && status >= 400 && status < 500 && status !== 409)
          return { kind: 'answer', status, body: '' };
        const code = codeOf(error);
        return { kind: NEVER_CONNECTED.has(code) ? 'unsent' : 'unknown', message: code };
      }
    },
    close: () => pool.close(),
  };
}

/** Faults that can only happen before a connection exists. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault';
  if (error.name === 'TimeoutError') return 'timeout';
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : error.name;
}
