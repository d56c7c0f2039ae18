import type { Exchange } from '@kalshi-mm/simulator';
import { type Context, Hono } from 'hono';
import type { Account } from '../access/account.ts';
import { authenticate } from '../access/authenticate.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import type { Tier } from '../access/tier.ts';
import type { Connection, RestFaults } from '../faults/rest-faults.ts';
import type { Records } from '../records/records.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, PREFIX, type RestCall } from './endpoint.ts';
import { endpoints } from './endpoints.ts';

/** What REST needs of the running exchange. */
export interface RestHost {
  readonly exchange: Exchange;
  readonly tier: Tier;
  /** Simulated time per wall time; 0 while paused. */
  readonly speed: () => number;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly limiter: RateLimiter;
  readonly wallClock: () => number;
  /** Brings the exchange to the present before a request is answered. */
  readonly catchUp: () => void;
  /** Somebody with a key has called: time begins, if it has not. */
  readonly onSigned: () => void;
  readonly faults: RestFaults;
  readonly records: Records;
}

/** Names the exchange's own time and speed on every answer; the real exchange does not send it. */
export const CLOCK_HEADER = 'x-exchange-clock';

type Env = { Bindings: { readonly incoming?: { readonly url?: string }; readonly outgoing?: Connection } };

/** The REST side as a fetch-shaped application; routes come from the endpoint table. */
export function createRestApp(host: RestHost): Hono<Env> {
  const app = new Hono<Env>();
  for (const endpoint of endpoints) {
    app.on(endpoint.method, PREFIX + endpoint.path, (context) => respond(host, endpoint, context));
  }
  app.all(`${PREFIX}/*`, (context) => {
    const what = `${context.req.method} ${context.req.path} is not served by the local exchange`;
    return reply(host, 501, { error: { code: 'not_implemented', message: what } });
  });
  app.notFound(() =>
    reply(host, 404, { error: { code: 'not_found', message: `everything is below ${PREFIX}` } }),
  );
  app.onError(() =>
    reply(host, 500, { error: { code: 'internal_server_error', message: 'internal server error' } }),
  );
  return app;
}

async function respond(host: RestHost, endpoint: Endpoint, context: Context<Env>): Promise<Response> {
  try {
    const userId = identify(host, endpoint, context);
    const operation = `${endpoint.method} ${endpoint.path}`;
    const { faults } = host;
    if (faults.cutsBefore(operation)) return faults.cut(context.env.outgoing);
    faults.refuse(operation);
    const text = endpoint.takesBody ? await context.req.text() : null;
    // Nothing below waits, so the answer describes one instant of the exchange.
    host.catchUp();
    const query = new URL(context.req.url).searchParams;
    const body = text === null ? { value: undefined, error: null } : decodeJson(text);
    if (userId !== '') bill(host, endpoint, userId, body.value, query);
    if (body.error !== null) throw body.error;
    const call: RestCall = {
      exchange: endpoint.lags ? faults.accountView(host.exchange) : host.exchange,
      tier: host.tier,
      userId,
      param: (name) => context.req.param(name) ?? '',
      query,
      body: body.value,
      records: host.records,
      keyIds: keysOf(host, userId),
      entryFails: () => faults.entryFails(operation),
    };
    const answer = endpoint.handle(call);
    faults.record();
    const response = reply(host, answer.status, answer.body);
    return await faults.answer(operation, response, context.env.outgoing);
  } catch (error) {
    if (error instanceof ApiError) return reply(host, error.status, error.body);
    throw error;
  }
}

/** A public endpoint may be called bare; a signature that is there must be right all the same. */
function identify(host: RestHost, endpoint: Endpoint, context: Context<Env>): string {
  const header = (name: string): string | undefined => context.req.header(name);
  const bare = header('kalshi-access-signature') === undefined && header('kalshi-access-key') === undefined;
  if (endpoint.access === 'public' && bare) return '';
  const received = context.env?.incoming?.url ?? new URL(context.req.url).pathname;
  const path = received.split('?', 1)[0]!;
  const account = authenticate({ method: context.req.method, path, header }, host.accounts, host.wallClock());
  host.onSigned();
  return account.userId;
}

function bill(
  host: RestHost,
  endpoint: Endpoint,
  userId: string,
  body: unknown,
  query: URLSearchParams,
): void {
  const orders = endpoint.perItem ? (body as { orders?: unknown } | null | undefined)?.orders : undefined;
  const cost = endpoint.perItem
    ? endpoint.cost * Math.max(1, Array.isArray(orders) ? orders.length : 1)
    : endpoint.cost;
  const shard = Number(
    (body as { exchange_index?: unknown } | null | undefined)?.exchange_index ??
      query.get('exchange_index') ??
      0,
  );
  const paid = host.limiter.take(
    userId,
    endpoint.bucket,
    Number.isInteger(shard) ? shard : 0,
    cost,
    host.wallClock(),
  );
  if (!paid) throw ApiError.nested(429, 'too_many_requests');
}

function keysOf(host: RestHost, userId: string): string[] {
  return [...host.accounts.values()].filter((one) => one.userId === userId).map(({ keyId }) => keyId);
}

function decodeJson(text: string): { value: unknown; error: ApiError | null } {
  try {
    return { value: JSON.parse(text === '' ? '{}' : text), error: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    return { value: undefined, error: ApiError.undecodable(`json: ${why}`) };
  }
}

function reply(host: RestHost, status: number, body: object | null): Response {
  return new Response(body === null ? null : JSON.stringify(body), {
    status,
    headers: {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      [CLOCK_HEADER]: `now=${host.exchange.nowMs}; speed=${host.speed()}`,
    },
  });
}
