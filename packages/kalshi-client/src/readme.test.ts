import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';

it('the README example runs against the local exchange', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kalshi-readme-'));
  const { keyId, privateKeyPath, publicKey } = await makeKeyPair(dir);
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 1 },
    users: [{ userId: 'reader', keyId, publicKey, cashDollars: 100 }],
  });
  try {
    const { printed } = await runReadmeExample(import.meta.url, {
      env: {
        KALSHI_API_KEY_ID: keyId,
        KALSHI_PRIVATE_KEY_PATH: privateKeyPath,
        KALSHI_REST_URL: local.restUrl,
      },
    });
    expect(printed.length).toBeGreaterThan(0);
    for (const line of printed) {
      expect(line).toMatch(/^\S+ \([a-z ]+\): bid (none|0\.\d{4}), ask (none|0\.\d{4})$/);
    }
  } finally {
    await local.close();
    rmSync(dir, { recursive: true });
  }
});
