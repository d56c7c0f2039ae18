import { generateKeyPair, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MmError } from '@kalshi-mm/core';

export interface KeyPair {
  readonly keyId: string;
  /** PKCS#8 PEM, readable by its owner only. */
  readonly privateKeyPath: string;
  /** SPKI PEM. */
  readonly publicKey: string;
}

/**
 * Makes a throw-away RSA-2048 key for the local exchange and writes its private half into `dir` (made if absent).
 *
 * @throws MmError `key-not-written` when the file cannot be created; an existing file is never overwritten
 */
export async function makeKeyPair(dir: string): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyId = randomUUID();
  const privateKeyPath = join(dir, `local-exchange-${keyId}.pem`);
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(privateKeyPath, privateKey, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new MmError('key-not-written', `The new private key cannot be written to ${privateKeyPath}`, {
      facts: { reason: cause instanceof Error ? cause.message : String(cause) },
      todo: 'Name a folder that you may write to.',
      cause,
    });
  }
  return { keyId, privateKeyPath, publicKey };
}
