import { constants, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { loadPrivateKey } from './private-key.ts';
import { createSigner } from './signer.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const path = '/trade-api/v2/portfolio/balance';
const nowMs = 1_760_000_000_000;
const signed = Buffer.from(`${nowMs}GET${path}`);

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signatureOf(privateKeyPem: string | KeyObject): Buffer {
  const headers = createSigner({ keyId: 'key-1', privateKeyPem }).headers('get', path, nowMs);
  expect(headers).toMatchObject({
    'KALSHI-ACCESS-KEY': 'key-1',
    'KALSHI-ACCESS-TIMESTAMP': '1760000000000',
  });
  return Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'] ?? '', 'base64');
}

function isRsaPss(signature: Buffer, key: KeyObject): boolean {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify('sha256', signed, { key, padding, saltLength: 32 }, signature);
}

describe('createSigner', () => {
  it('signs with RSA-PSS, SHA-256 and a salt of 32 bytes', () => {
    expect(isRsaPss(signatureOf(pem(rsa.privateKey)), rsa.publicKey)).toBe(true);
    const pkcs1 = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(isRsaPss(signatureOf(pkcs1), rsa.publicKey)).toBe(true);
  });

  it('signs with Ed25519 when the key is one', () => {
    expect(verify(null, signed, ed25519.publicKey, signatureOf(pem(ed25519.privateKey)))).toBe(true);
    expect(verify(null, signed, ed25519.publicKey, signatureOf(ed25519.privateKey))).toBe(true);
  });

  it('reads a key on one line with literal \\n', () => {
    const line = pem(rsa.privateKey).replaceAll('\n', '\\n');
    expect(isRsaPss(signatureOf(line), rsa.publicKey)).toBe(true);
  });

  it.each(['', 'a b', process.env.NOT_SET!])('refuses the key id %j', (keyId) => {
    const make = () => createSigner({ keyId, privateKeyPem: ed25519.privateKey });
    expect(make).toThrow(/key id is missing, empty or contains blanks/);
  });
});

describe('loadPrivateKey', () => {
  it('reads a file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'kalshi-key-'));
    const file = join(dir, 'key.pem');
    writeFileSync(file, pem(ed25519.privateKey));
    expect(loadPrivateKey(file).asymmetricKeyType).toBe('ed25519');
    rmSync(dir, { recursive: true });
    expect(() => loadPrivateKey(file)).toThrow(/cannot be read \(ENOENT\)/);
  });

  it.each(['', process.env.NOT_SET!])('says that %j is no key', (given) => {
    expect(() => loadPrivateKey(given)).toThrow(/it is not given/);
  });

  const good = pem(rsa.privateKey);
  const body = good.split('\n').slice(1, -2).join('\n');
  const bad: readonly [string, string, RegExp][] = [
    ['cut off', good.slice(0, good.length / 2), /damaged or cut off/],
    ['without its first line', body, /neither a path nor PEM/],
    ['without its first line, on one line', body.replaceAll('\n', '\\n'), /neither a path nor PEM/],
    ['public', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /public key/],
    ['of another type', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), /type is ec/],
    [
      'with a passphrase',
      rsa.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
      /passphrase/,
    ],
  ];

  it.each(bad)('a key that is %s: says so without printing it', (_, text, message) => {
    const error = failure(() => loadPrivateKey(text));
    expect(error).toBeInstanceOf(MmError);
    expect((error as MmError).code).toBe('private-key');
    const printed = `${(error as Error).stack} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
    expect(printed).toMatch(message);
    for (const line of body.split('\n').filter((part) => part.length > 20)) {
      expect(printed).not.toContain(line.slice(0, 20));
    }
  });
});

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
