import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runReadmeExample } from '@kalshi-mm/testing';
import { describe, expect, it } from 'vitest';
import { commands } from './control/commands.ts';
import { FaultOptions } from './faults/fault-options.ts';
import { CHANNELS, isNumbered } from './feed/subscription.ts';
import { type Endpoint, PREFIX } from './rest/endpoint.ts';
import { endpoints } from './rest/endpoints.ts';
import { NOT_SERVED } from './rest/not-served.ts';
import { call, startFixture } from './testing/local-client.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');

describe('the README', () => {
  it('has an example with the official client that runs and prints what its comments say', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'local-exchange-readme-'));
    const { printed, expected } = await runReadmeExample(import.meta.url, { env: { TMPDIR: dir } });
    rmSync(dir, { recursive: true });
    expect(expected.length).toBeGreaterThan(0);
    expect(printed).toEqual(expected);
  });

  it('has a curl example that answers without a key', async () => {
    const url = /curl "([^"]+)"/.exec(readme)![1]!;
    const { local } = await startFixture();
    const { pathname, search } = new URL(url);
    const answer = await fetch(new URL(local.restUrl).origin + pathname + search);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { markets: unknown[] }).markets).toHaveLength(2);
    await local.close();
  });

  it('lists exactly the endpoints that are served', () => {
    const table = /<!-- endpoints -->\n\n(.*?)\n\n<!-- \/endpoints -->/s.exec(readme)![1]!;
    const rows = table.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    expect(rows.slice(2)).toEqual(endpoints.map(describeEndpoint));
    expect(PREFIX).toBe('/trade-api/v2');
  });

  it('lists what is not served, which together with what is served is all that the official client knows', async () => {
    const table = /<!-- not-served -->\n\n(.*?)\n\n<!-- \/not-served -->/s.exec(readme)![1]!;
    const rows = table.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    expect(rows.slice(2)).toEqual(
      NOT_SERVED.map(({ method, path, why }) => `| ${method} | \`${path}\` | ${why} |`),
    );
    const plain = (path: string) => path.replaceAll(/:\w+|\{\w+\}/g, '*');
    const known = [...endpoints, ...NOT_SERVED].map(({ method, path }) => `${method} ${plain(path)}`);
    expect(new Set(known).size).toBe(known.length);
    expect(known.toSorted()).toEqual(officialOperations().map(plain).toSorted());

    const { local, wall } = await startFixture();
    for (const { method, path } of NOT_SERVED) {
      const { status, body } = await call(local, wall, method, path.replaceAll(/:\w+/g, 'x'));
      expect([method, path, status, body.error.code]).toEqual([method, path, 501, 'not_implemented']);
    }
    await local.close();
  });

  it('lists every channel of the feed and whether it is numbered', () => {
    const table = /<!-- channels -->\n\n(.*?)\n\n<!-- \/channels -->/s.exec(readme)![1]!;
    const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.slice(2).map(([, channel, seq]) => [channel, seq])).toEqual(
      CHANNELS.map((channel) => [`\`${channel}\``, isNumbered(channel) ? 'yes' : 'no']),
    );
  });

  it('lists every command of the control port', () => {
    const table = /<!-- control -->\n\n(.*?)\n\n<!-- \/control -->/s.exec(readme)![1]!;
    const rows = table.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    expect(rows.slice(2)).toEqual(
      commands.map(({ method, path, meaning }) => `| ${method} | \`${path}\` | ${meaning} |`),
    );
  });

  it('lists every fault with its description', () => {
    const table = /<!-- faults -->\n\n(.*?)\n\n<!-- \/faults -->/s.exec(readme)![1]!;
    const rows = table.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    const options = Object.entries(FaultOptions.shape).filter(([name]) => name !== 'script');
    expect(rows.slice(2)).toEqual(
      options.map(([name, { description }]) => `| \`${name}\` | ${description} |`),
    );
  });
});

/** `METHOD /path` of every operation of the official client. */
function officialOperations(): string[] {
  const dir = join(dirname(createRequire(import.meta.url).resolve('kalshi-typescript')), 'api');
  return readdirSync(dir)
    .filter((name) => name.endsWith('-api.js'))
    .flatMap((name) => {
      const source = readFileSync(join(dir, name), 'utf8');
      const operations = source.matchAll(/localVarPath = `([^`]+)`[\s\S]*?method: '([A-Z]+)'/g);
      return [...operations].map(([, path, method]) => `${method} ${path}`);
    });
}

function describeEndpoint({ method, path, access, cost, perItem, bucket }: Endpoint): string {
  const key = access === 'public' ? 'no' : 'yes';
  return `| ${method} | \`${path}\` | ${key} | ${cost} ${bucket}${perItem ? ' per order' : ''} |`;
}
