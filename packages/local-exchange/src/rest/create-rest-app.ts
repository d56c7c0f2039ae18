import type { Exchange, WorldReference } from '@kalshi-mm/simulator';
import { type Context, Hono } from 'hono';
import type { Account } from '../access/account.ts';
import type { ApiKeys } from '../access/api-keys.ts';
import { authenticate } from '../access/authenticate.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import { isGranted } from '../access/scope.ts';
import type { Tiers } from '../access/tiers.ts';
import type { Connection, RestFaults } from '../faults/rest-faults.ts';
import type { Records } from '../records/records.ts';
import type { WireLatency } from '../time/wire-latency.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, PREFIX, type RestCall } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { readBody } from './read-body.ts';

/** What REST needs of the running exchange. */
export interface RestHost {
  readonly exchange: Exchange;
  readonly tiers: Tiers;
  /** Simulated time per wall time; 0 while paused. */
  readonly speed: () => number;
  readonly keys: ApiKeys;
  readonly limiter: RateLimiter;
  readonly wallClock: () => number;
  /** Wall time as the exchange says it: signatures are measured by it, and `Date` shows it. */
  readonly statedClock: () => number;
  /** Brings the exchange to the present before a request is answered. */
  readonly catchUp: () => void;
  /** Somebody with a key has called: time begins, if it has not. */
  readonly onSigned: () => void;
  readonly faults: RestFaults;
  readonly latency: WireLatency;
  readonly mostBodyBytes: number;
  readonly records: Records;
  readonly weeklyMaintenance: boolean;
  /** The body of a 429: both have been seen of the exchange. */
  readonly tooManyRequests: 'nested' | 'flat';
  readonly reference: WorldReference;
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
    const key = identify(host, endpoint, context);
    const operation = `${endpoint.method} ${endpoint.path}`;
    const { faults } = host;
    if (faults.cutsBefore(operation)) return faults.cut(context.env.outgoing);
    faults.refuse(operation);
    const text = endpoint.takesBody ? await readBody(context.req.raw, host.mostBodyBytes) : null;
    host.catchUp();
    const outcome = await host.latency.roundTrip(() => carryOut(host, endpoint, context, key, text));
    if (outcome instanceof ApiError) throw outcome;
    return await faults.answer(operation, outcome, context.env.outgoing);
  } catch (error) {
    if (error instanceof ApiError) return reply(host, error.status, bodyOf(host, error));
    throw error;
  }
}

/** Does what a request asks for, or refuses. Nothing in it waits, so the answer describes one instant of the exchange. */
function carryOut(
  host: RestHost,
  endpoint: Endpoint,
  context: Context<Env>,
  key: Account | null,
  text: string | null,
): Response | ApiError {
  try {
    const { faults } = host;
    const operation = `${endpoint.method} ${endpoint.path}`;
    const userId = key?.userId ?? '';
    const query = new URL(context.req.url).searchParams;
    const body = text === null ? { value: undefined, error: null } : decodeJson(text);
    if (key !== null) bill(host, endpoint, userId, body.value, query);
    if (body.error !== null) throw body.error;
    faults.reject(operation);
    const call: RestCall = {
      exchange: endpoint.lags ? faults.accountView(host.exchange) : host.exchange,
      tiers: host.tiers,
      keys: host.keys,
      userId,
      key,
      param: (name) => context.req.param(name) ?? '',
      query,
      body: body.value,
      records: host.records,
      weeklyMaintenance: host.weeklyMaintenance,
      reference: host.reference,
      entryFails: () => faults.entryFails(operation),
    };
    const answer = endpoint.handle(call);
    faults.record();
    return reply(host, answer.status, answer.body);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** A public endpoint may be called bare; a signature that is there must be right all the same. */
function identify(host: RestHost, endpoint: Endpoint, context: Context<Env>): Account | null {
  const header = (name: string): string | undefined => context.req.header(name);
  const bare = header('kalshi-access-signature') === undefined && header('kalshi-access-key') === undefined;
  if (endpoint.access === 'public' && bare) return null;
  const received = context.env?.incoming?.url ?? new URL(context.req.url).pathname;
  const path = received.split('?', 1)[0]!;
  const account = authenticate({ method: context.req.method, path, header }, host.keys, host.statedClock());
  host.onSigned();
  if (endpoint.access === 'signed') permit(account, endpoint);
  return account;
}

/** @throws ApiError 403 for what the key may not do */
function permit({ scopes, subaccount }: Account, endpoint: Endpoint): void {
  if (!isGranted(scopes, endpoint.scope)) {
    throw ApiError.nested(403, 'permission_denied', `this API key lacks the scope ${endpoint.scope}`);
  }
  if (subaccount !== null && endpoint.forLockedKeys !== true) {
    const why = 'this API key is restricted to a single sub-account and cannot access this endpoint';
    throw ApiError.nested(403, 'permission_denied', why);
  }
}

function bodyOf({ tooManyRequests }: RestHost, error: ApiError): object {
  return error.status === 429 && tooManyRequests === 'flat' ? { error: 'too many requests' } : error.body;
}

/** A write that names a shard above 0 is paid from that shard's own bucket, each order of a batch by itself. */
function bill(
  host: RestHost,
  endpoint: Endpoint,
  userId: string,
  body: unknown,
  query: URLSearchParams,
): void {
  const orders = endpoint.perItem ? (body as { orders?: unknown } | null | undefined)?.orders : undefined;
  const items: readonly unknown[] = Array.isArray(orders) && orders.length > 0 ? orders : [body];
  const costs = new Map<number, number>();
  for (const item of items) {
    const shard = endpoint.bucket === 'write' ? payingShard(item, query) : 0;
    costs.set(shard, (costs.get(shard) ?? 0) + endpoint.cost);
  }
  const paid = host.limiter.take(userId, endpoint.bucket, costs, host.wallClock());
  if (!paid) throw ApiError.nested(429, 'too_many_requests');
}

function payingShard(item: unknown, query: URLSearchParams): number {
  const named = (item as { exchange_index?: unknown } | null | undefined)?.exchange_index;
  const shard = Number(named ?? query.get('exchange_index') ?? 0);
  return Number.isInteger(shard) && shard > 0 ? shard : 0;
}

function decodeJson(text: string): { value: unknown; error: ApiError | null } {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof value === 'object' && !Array.isArray(value)) return { value, error: null };
    const kind = Array.isArray(value) ? 'array' : typeof value;
    return {
      value: undefined,
      error: ApiError.undecodable(`json: cannot unmarshal ${kind} into Go value of type struct`),
    };
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
      date: new Date(host.statedClock()).toUTCString(),
      [CLOCK_HEADER]: `now=${host.exchange.nowMs}; speed=${host.speed()}`,
    },
  });
}
