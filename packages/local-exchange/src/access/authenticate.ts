import { constants, verify } from 'node:crypto';
import { ApiError } from '../rest/api-error.ts';
import type { Account } from './account.ts';
import type { ApiKeys } from './api-keys.ts';

/** The signed part of a request. */
export interface SignedRequest {
  readonly method: string;
  /** Path from the root as received: percent-encoding untouched, no query. */
  readonly path: string;
  readonly header: (name: string) => string | undefined;
}

/** Timestamps further than this from the exchange's wall clock are refused. */
export const SIGNATURE_WINDOW_MS = 10_000;

/**
 * Finds out who signed a request.
 *
 * @throws ApiError 401 with the code that the exchange gives for the fault
 */
export function authenticate(request: SignedRequest, keys: Pick<ApiKeys, 'get'>, wallMs: number): Account {
  const signature = request.header('kalshi-access-signature');
  if (signature === undefined || signature === '') {
    throw ApiError.nested(401, 'signature_is_missing_from_headers');
  }
  const account = keys.get(request.header('kalshi-access-key') ?? '');
  if (account === undefined) throw refused('NOT_FOUND');
  const stamp = request.header('kalshi-access-timestamp') ?? '';
  // A stamp in seconds, or none at all, is as far from now as any other wrong one.
  if (!/^\d{1,15}$/.test(stamp) || Math.abs(Number(stamp) - wallMs) > SIGNATURE_WINDOW_MS) {
    throw ApiError.nested(401, 'header_timestamp_expired');
  }
  const text = Buffer.from(`${stamp}${request.method.toUpperCase()}${request.path}`);
  if (!isSigned(account, text, Buffer.from(signature, 'base64'))) {
    throw refused('INCORRECT_API_KEY_SIGNATURE');
  }
  return account;
}

function isSigned(account: Account, text: Buffer, signature: Buffer): boolean {
  const { key } = account;
  if (key.asymmetricKeyType === 'ed25519') return verify(null, text, key, signature);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify('sha256', text, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
}

function refused(details: string): ApiError {
  return ApiError.nested(401, 'authentication_error', details, 'authentication_error');
}
