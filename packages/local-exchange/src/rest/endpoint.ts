import type { Exchange, WorldReference } from '@kalshi-mm/simulator';
import type { Account } from '../access/account.ts';
import type { ApiKeys } from '../access/api-keys.ts';
import type { BucketName } from '../access/rate-limiter.ts';
import type { Scope } from '../access/scope.ts';
import type { Tiers } from '../access/tiers.ts';
import type { Records } from '../records/records.ts';

/** A request after routing, the signature check and JSON decoding. */
export interface RestCall {
  readonly exchange: Exchange;
  readonly tiers: Tiers;
  readonly keys: ApiKeys;
  /** Who signed; `''` on a public endpoint called without a key. */
  readonly userId: string;
  /** What it was signed with; null on a public endpoint called without a key. */
  readonly key: Account | null;
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  /** The decoded JSON body; undefined when the endpoint takes none. */
  readonly body: unknown;
  readonly records: Records;
  /** Whether trading pauses every Thursday. */
  readonly weeklyMaintenance: boolean;
  readonly reference: WorldReference;
  /** Asked before each order of a batch: whether a fault hits this one. */
  readonly entryFails: () => boolean;
}

export interface RestReply {
  readonly status: 200 | 201 | 204;
  /** Null: no body at all. */
  readonly body: object | null;
}

/** One line of the table from which routes, bills and documentation are made. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the prefix, with `:name` for parameters. */
  readonly path: string;
  /** `public` works without a key. */
  readonly access: 'public' | 'signed';
  readonly bucket: BucketName;
  /** What a key must be allowed; a public endpoint asks nothing. */
  readonly scope: Scope;
  /** Whether a key that is locked to one subaccount may call it. */
  readonly forLockedKeys?: boolean;
  /** Tokens; per entry of the body's `orders` when `perItem`. */
  readonly cost: number;
  readonly perItem?: boolean;
  readonly takesBody?: boolean;
  /** Account data that may be shown as it was a while ago. */
  readonly lags?: boolean;
  readonly handle: (call: RestCall) => RestReply;
}

/** Tokens of everything that has no price of its own. */
export const DEFAULT_COST = 10;

export const PREFIX = '/trade-api/v2';

/** A signed or public read at the default cost. */
export function read(path: string, access: Endpoint['access'], handle: Endpoint['handle']): Endpoint {
  return { method: 'GET', path, access, bucket: 'read', scope: 'read', cost: DEFAULT_COST, handle };
}

/** A signed read of what one subaccount, or several, have. */
export function ownRead(path: string, handle: Endpoint['handle']): Endpoint {
  return { ...read(path, 'signed', handle), forLockedKeys: true };
}

/** A read of account data, which may lag behind the writes. */
export function laggingRead(path: string, access: Endpoint['access'], handle: Endpoint['handle']): Endpoint {
  return { ...read(path, access, handle), lags: true, forLockedKeys: true };
}

export function ok(body: object): RestReply {
  return { status: 200, body };
}
