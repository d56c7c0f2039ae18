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
  /** The same off the main thread, where the key type makes that worth it: RSA takes some 0.2 ms. */
  headersLater(method: string, path: string, nowMs: number): Promise<Record<string, string>>;
  /** Whether a signature is cheap enough to be made on the spot. */
  readonly isFast: boolean;
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
  // An environment variable that is not set comes as undefined, whatever the types say.
  if (!/^\S+$/.test(keyId ?? '')) {
    throw new MmError('key-id', 'The API key id is missing, empty or contains blanks', {
      todo: 'Set it to the id that the exchange shows beside the API key (a UUID).',
    });
  }
  const key = typeof privateKeyPem === 'string' ? parsePrivateKey(privateKeyPem) : privateKeyPem;
  const isFast = key.asymmetricKeyType === 'ed25519';
  const text = (method: string, path: string, timestamp: string): Buffer =>
    Buffer.from(`${timestamp}${method.toUpperCase()}${path}`, 'utf8');
  const print = (timestamp: string, signature: Buffer): Record<string, string> => ({
    'KALSHI-ACCESS-KEY': keyId,
    'KALSHI-ACCESS-TIMESTAMP': timestamp,
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  });
  const headers: Signer['headers'] = (method, path, nowMs) => {
    const timestamp = String(Math.trunc(nowMs));
    const signed = text(method, path, timestamp);
    return print(timestamp, isFast ? sign(null, signed, key) : sign('sha256', signed, { key, ...PSS }));
  };
  return {
    keyId,
    isFast,
    headers,
    headersLater(method, path, nowMs) {
      if (isFast) return Promise.resolve(headers(method, path, nowMs));
      const timestamp = String(Math.trunc(nowMs));
      return new Promise((done, fail) => {
        sign('sha256', text(method, path, timestamp), { key, ...PSS }, (error, signature) => {
          if (error === null) done(print(timestamp, signature));
          else fail(error);
        });
      });
    },
  };
}

const PSS = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const;
