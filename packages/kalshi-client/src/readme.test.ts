import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { expect, it } from 'vitest';

it('the README example runs against the local exchange', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  const dir = mkdtempSync(join(tmpdir(), 'kalshi-readme-'));
  const { keyId, privateKeyPath, publicKey } = await makeKeyPair(dir);
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 1 },
    users: [{ userId: 'reader', keyId, publicKey, cashDollars: 100 }],
  });
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kalshi-mm/source', '--input-type=module-typescript', '--eval', example],
      {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: {
          ...process.env,
          KALSHI_API_KEY_ID: keyId,
          KALSHI_PRIVATE_KEY_PATH: privateKeyPath,
          KALSHI_REST_URL: local.restUrl,
        },
      },
    );
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(/^\S+ \([a-z ]+\): bid (none|0\.\d{4}), ask (none|0\.\d{4})$/);
    }
  } finally {
    await local.close();
    rmSync(dir, { recursive: true });
  }
});
