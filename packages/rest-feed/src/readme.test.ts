import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import * as restFeed from './index.ts';

it('the README example runs against the local exchange', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'rest-feed-readme-'));
  const { keyId, privateKeyPath, publicKey } = await makeKeyPair(dir);
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 1 },
    users: [{ userId: 'reader', keyId, publicKey, cashDollars: 100 }],
    speed: 20,
  });
  const { printed } = await runReadmeExample(import.meta.url, {
    env: {
      KALSHI_API_KEY_ID: keyId,
      KALSHI_PRIVATE_KEY_PATH: privateKeyPath,
      KALSHI_REST_URL: local.restUrl,
    },
  });
  const markets = new Set(local.exchange.markets().map((market): string => market.ticker));
  await local.close();
  rmSync(dir, { recursive: true });
  expect(printed.length).toBeGreaterThanOrEqual(10);
  for (const line of printed) {
    const [, ticker] = /^(\S+): (?:best bid none|(?:best bid|traded at) 0\.\d{4})$/.exec(line) ?? [];
    expect(markets).toContain(ticker);
  }
});

it('what the package exports is known', () => {
  expect(Object.keys(restFeed).sort()).toEqual(['createFallbackFeed', 'createRestFeed']);
});
