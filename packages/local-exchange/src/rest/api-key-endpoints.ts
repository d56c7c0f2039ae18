import { MmError } from '@kalshi-mm/core';
import { Subaccount } from '@kalshi-mm/simulator';
import { z } from 'zod';
import type { NewKey } from '../access/api-keys.ts';
import { ALL_SCOPES, SCOPES, type Scope } from '../access/scope.ts';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, type RestCall, type RestReply, read } from './endpoint.ts';
import { invalid } from './order-body.ts';

const write = { access: 'signed', bucket: 'write', cost: DEFAULT_COST, scope: 'write' } as const;
const ROOT = '/api_keys';

/** Keys of whoever signed. A new one works at once, a deleted one is dead at once. */
export const apiKeyEndpoints: readonly Endpoint[] = [
  read(ROOT, 'signed', list),
  { ...write, method: 'POST', path: ROOT, takesBody: true, handle: create },
  { ...write, method: 'POST', path: `${ROOT}/generate`, takesBody: true, handle: generate },
  { ...write, method: 'DELETE', path: `${ROOT}/:api_key`, handle: remove },
];

const wish = z.object({
  name: z.string(),
  scopes: z.array(z.string()).nullish(),
  subaccount: z.int().nullish(),
  fcm_subtrader_id: z.string().nullish(),
});
const createBody = wish.extend({ public_key: z.string() });
const generateBody = wish.extend({ key_type: z.string().nullish() });

function list({ keys, userId }: RestCall) {
  const api_keys = keys.of(userId).map(({ keyId, name, scopes, subaccount }) => ({
    api_key_id: keyId,
    name,
    scopes,
    ...(subaccount === null ? {} : { subaccount }),
  }));
  // Where it may trade is not limited here.
  return ok({ api_keys, api_key_region_expiration_ts: null });
}

function create(call: RestCall): RestReply {
  const body = decodeBody(createBody, call.body, 'CreateApiKeyRequest');
  if (!call.tiers.isAtLeast(call.userId, 'premier')) {
    throw ApiError.nested(403, 'permission_denied', 'keys of your own need the Premier level');
  }
  try {
    return { status: 201, body: { api_key_id: call.keys.add(readWish(call, body), body.public_key).keyId } };
  } catch (error) {
    if (error instanceof MmError) throw invalid(`public_key: ${error.message}`);
    throw error;
  }
}

function generate(call: RestCall): RestReply {
  const body = decodeBody(generateBody, call.body, 'GenerateApiKeyRequest');
  const type = body.key_type || 'rsa';
  if (type !== 'rsa' && type !== 'ed25519') throw invalid('key_type: expected rsa or ed25519');
  const { keyId, privateKey } = call.keys.generate(readWish(call, body), type);
  return { status: 201, body: { api_key_id: keyId, private_key: privateKey } };
}

function remove(call: RestCall): RestReply {
  if (!call.keys.remove(call.userId, call.param('api_key'))) throw ApiError.nested(404, 'not_found');
  return { status: 204, body: null };
}

function readWish({ userId, exchange }: RestCall, body: z.infer<typeof wish>): NewKey {
  if (body.name === '') throw invalid('name is required');
  if (body.fcm_subtrader_id) throw ApiError.nested(403, 'permission_denied');
  const scopes = body.scopes ?? ALL_SCOPES;
  const unknown = scopes.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined || scopes.length === 0) throw invalid(`scopes: expected ${SCOPES.join(', ')}`);
  if (scopes.includes('write') && !scopes.includes('read')) throw invalid('scopes: write needs read');
  const subaccount = body.subaccount ?? null;
  if (subaccount !== null && !exchange.accountsOf(userId).includes(Subaccount.idOf(userId, subaccount))) {
    throw invalid('subaccount: you have none of this number');
  }
  return { userId, name: body.name, scopes: scopes as readonly Scope[], subaccount };
}
