import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExchange, type LocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { runReadmeExample } from '@kalshi-mm/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let local: LocalExchange;
let dir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kalshi-readme-'));
  const { keyId, privateKeyPath, publicKey } = await makeKeyPair(dir);
  local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 1 },
    users: [{ userId: 'reader', keyId, publicKey, cashDollars: 100 }],
  });
  env = {
    KALSHI_API_KEY_ID: keyId,
    KALSHI_PRIVATE_KEY_PATH: privateKeyPath,
    KALSHI_REST_URL: local.restUrl,
  };
});

afterAll(async () => {
  await local.close();
  rmSync(dir, { recursive: true });
});

describe('the README', () => {
  it('shows an example that runs against the local exchange', async () => {
    const { printed } = await runReadmeExample(import.meta.url, { env });
    expect(printed.length).toBeGreaterThan(0);
    for (const line of printed) {
      expect(line).toMatch(/^\S+ \([a-z ]+\): bid (none|0\.\d{4}), ask (none|0\.\d{4})$/);
    }
  });

  it('shows the endpoint functions at work', async () => {
    const { printed } = await runReadmeExample(import.meta.url, { env, block: 1 });
    expect(printed).toEqual([
      expect.stringMatching(/^\S+ [01]\.\d{4} (true|false) true$/),
      // 10,000 contracts but for the fee of 0.0693 cents each, rounded up in all.
      'affordable at 1 cent: 9351.91',
      'canceled 5.00',
    ]);
  });

  it('lists every endpoint function, by group', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = /<!-- groups -->\n\n(.*?)\n\n<!-- \/groups -->/s.exec(readme)?.[1] ?? '';
    const told = table
      .split('\n')
      .slice(2)
      .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
      .map(([, group, functions]) => [group, functions]);
    const folder = new URL('endpoints/', import.meta.url);
    const made = readdirSync(folder)
      .sort()
      .map((file) => {
        const source = readFileSync(new URL(file, folder), 'utf8');
        const names = [...source.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name);
        return [file.replace('.ts', ''), names.join(', ')];
      });
    expect(told).toEqual(made);
  });
});
