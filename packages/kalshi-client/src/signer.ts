import { constants, type KeyObject, sign } from 'node:crypto';
import { MmError } from '@kalshi-mm/core';
import { parsePrivateKey } from './private-key.ts';

/** Makes the three headers that the exchange wants on each request. The key itself cannot be read back. */
export interface Signer {
  readonly keyId: string;
  /**
   * @param method upper-case HTTP method
   * @param path path from the root with `/trade-api/v2`, without host and query
   * @param nowMs signing time; the exchange accepts about ±5 s
   */
  headers(method: string, path: string, nowMs: number): Record<string, string>;
}

export interface SignerOptions {
  readonly keyId: string;
  /** PEM text, or a key that `loadPrivateKey` has read. */
  readonly privateKeyPem: string | KeyObject;
}

/**
 * Signs `<ms><METHOD><path>`: RSA-PSS with SHA-256 and a salt as long as the digest, or Ed25519, by the key's
 * own type. The same signer serves REST and the WebSocket handshake (`GET /trade-api/ws/v2`).
 *
 * @throws MmError `private-key`, `key-id`
 */
export function createSigner({ keyId, privateKeyPem }: SignerOptions): Signer {
  if (!/^\S+$/.test(keyId)) {
    throw new MmError('key-id', 'The API key id is empty or contains blanks', {
      todo: 'Set it to the id that the exchange shows beside the API key (a UUID).',
    });
  }
  const key = typeof privateKeyPem === 'string' ? parsePrivateKey(privateKeyPem) : privateKeyPem;
  const makeSignature = key.asymmetricKeyType === 'ed25519' ? signEd25519 : signRsaPss;
  return {
    keyId,
    headers(method, path, nowMs) {
      const timestamp = String(Math.trunc(nowMs));
      const text = Buffer.from(`${timestamp}${method.toUpperCase()}${path}`, 'utf8');
      return {
        'KALSHI-ACCESS-KEY': keyId,
        'KALSHI-ACCESS-TIMESTAMP': timestamp,
        'KALSHI-ACCESS-SIGNATURE': makeSignature(text, key).toString('base64'),
      };
    },
  };
}

function signRsaPss(text: Buffer, key: KeyObject): Buffer {
  return sign('sha256', text, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

function signEd25519(text: Buffer, key: KeyObject): Buffer {
  return sign(null, text, key);
}
