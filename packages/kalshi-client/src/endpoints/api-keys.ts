import * as z from 'zod';
import { encode, request, toSubaccount } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import { anyTime, id, optional, text, whole, wire, word } from '../wire-fields.ts';

const scope = [
  'read',
  'write',
  'read::portfolio_balance',
  'read::block_trade_accept',
  'write::trade',
  'write::transfer',
  'write::block_trade_accept',
] as const;

const apiKeysAnswer = wire({
  api_keys: z.array(
    wire({
      api_key_id: id,
      name: text,
      scopes: z.array(word(...scope)),
      /** The key may use this subaccount alone. */
      subaccount: optional(whole),
      fcm_subtrader_id: text,
    }),
  ),
  /** When the account's proof of location ends; without one, some categories refuse orders from the API. */
  api_key_region_expiration_ts: optional(anyTime),
});

export type ApiKeys = z.output<typeof apiKeysAnswer>;

export function getApiKeys(http: RestReader): Promise<ApiKeys> {
  return http.get(route`/api_keys`, apiKeysAnswer);
}

const common = {
  name: z.string().min(1),
  /** `write` needs `read`; a bot that only trades wants `read` and `write::trade`. */
  scopes: z.array(z.enum(scope)).optional(),
  subaccount: toSubaccount.optional(),
  fcm_subtrader_id: z.string().optional(),
};

/** `public_key` is PEM text. */
const createBody = request({ ...common, public_key: z.string().min(1) });

export type CreateApiKey = z.input<typeof createBody>;

const createdAnswer = wire({ api_key_id: id, warning: text });

export type CreatedApiKey = z.output<typeof createdAnswer>;

/** Registers a key pair that was made elsewhere. */
export function createApiKey(http: RestWriter, body: CreateApiKey): Promise<CreatedApiKey> {
  const at = route`/api_keys`;
  return http.send(
    { method: 'POST', route: at, body: encode(createBody, body, 'POST /api_keys'), priority: 'read' },
    createdAnswer,
  );
}

const generateBody = request({ ...common, key_type: z.enum(['rsa', 'ed25519']).optional() });

export type GenerateApiKey = z.input<typeof generateBody>;

const generatedAnswer = wire({ api_key_id: id, private_key: id, warning: text });

export type GeneratedApiKey = z.output<typeof generatedAnswer>;

/** Lets the exchange make a key pair. The private key is shown this once: store it, never print it. */
export function generateApiKey(http: RestWriter, body: GenerateApiKey): Promise<GeneratedApiKey> {
  const at = route`/api_keys/generate`;
  return http.send(
    {
      method: 'POST',
      route: at,
      body: encode(generateBody, body, 'POST /api_keys/generate'),
      priority: 'read',
    },
    generatedAnswer,
  );
}

export async function deleteApiKey(http: RestWriter, apiKeyId: string): Promise<void> {
  await http.send({ method: 'DELETE', route: route`/api_keys/${apiKeyId}`, priority: 'read' }, z.unknown());
}
