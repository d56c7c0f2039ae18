import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { loadConfig } from '@kalshi-mm/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { enforceDiskLimit } from './disk-limit.ts';
import { RecorderConfig } from './recorder-config.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'recorder-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function start(...args: string[]): {
  child: ChildProcess;
  ended: Promise<{ code: number; out: string; err: string }>;
} {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['--conditions=@kalshi-mm/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<{ code: number; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
  });
  return { child, ended };
}
const run = (...args: string[]) => start(...args).ended;

describe('the command line', () => {
  it.each([['run'], ['download']])('%s --help shows an example', async (command) => {
    const { code, out } = await run(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`$ pnpm recorder ${command} `);
  });

  it.each([
    [['run', '--sereis', 'A'], 'Did you mean --series?'],
    [['run', '--for', 'ever'], 'Expected a number above zero'],
    [['download', 'weather', '--from', '2026-11-01'], 'Allowed choices are markets, trades, candles'],
    [['download', 'trades'], "required option '--from <time>' not specified"],
    [['download', '--ticker', 'A', '--from', 'yesterday'], 'Expected a day such as 2026-10-05'],
    [['download', '--ticker', 'A', '--from', '2026-10-05', '--to', '2026-10-05'], '--to is not after --from'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it.each([
    [['run', '--config', join(folder, 'none.yaml')], 'cannot be read'],
    [['run'], 'No market is selected'],
    [['run', '--series', 'A'], 'key id or private key is not set'],
    [['download', '--ticker', 'A', '--from', '2026-10-05', '--rest-url', 'nonsense'], 'Not the REST address'],
  ])('%j is one message without a stack', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });

  it('names an unknown key of the configuration, and the example has every key with its default', async () => {
    const path = join(folder, 'wrong.yaml');
    writeFileSync(path, 'markets:\n  serie: [A]\n');
    const { code, err } = await run('run', '--config', path);
    expect(code).toBe(1);
    expect(err).toContain('did you mean "series"?');
    expect(err).toContain('apps/recorder/config.example.yaml');
    const example = fileURLToPath(new URL('../config.example.yaml', import.meta.url));
    expect(loadConfig(RecorderConfig, example)).toEqual(RecorderConfig.parse({}));
  });

  it('records until Ctrl+C and prints one summary', async () => {
    const key = await makeKeyPair(join(folder, 'keys'));
    const local = await createLocalExchange({
      world: { kind: 'synthetic', seed: 7 },
      users: [{ userId: 'a', keyId: key.keyId, publicKey: key.publicKey, cashDollars: 1 }],
      startImmediately: true,
    });
    const dir = join(folder, 'recordings');
    const { child, ended } = start(
      ...['run', '--category', 'crypto', '--dir', dir, '--json'],
      ...['--rest-url', local.restUrl, '--ws-url', local.wsUrl],
      ...['--key-id', key.keyId, '--private-key', key.privateKeyPath],
    );
    await new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', (chunk) => {
        if (String(chunk).includes('"recording"')) resolve();
      });
      ended.then(({ err }) => reject(new Error(err)));
    });
    const second = await run(
      ...['run', '--category', 'crypto', '--dir', dir, '--rest-url', local.restUrl, '--ws-url', local.wsUrl],
      ...['--key-id', key.keyId, '--private-key', key.privateKeyPath],
    );
    expect(second.code).toBe(1);
    expect(second.err).toContain('Another recorder works in');
    child.kill('SIGINT');
    const { code, out } = await ended;
    await local.close();
    expect(code).toBe(0);
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({ dropped: 0, connections: 1, gaps: 0, malformed: 0 });
    expect(summary.markets).toBeGreaterThanOrEqual(2);
    // One, or two over midnight UTC; the lock is gone.
    const files = readdirSync(dir);
    expect(files).toHaveLength(summary.files);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).toMatch(/^kalshi-\d{8}T\d{9}Z\.capture$/);
  });
});

it('downloads, and later adds what is new, with one summary each', async () => {
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 7 },
    users: [],
    startImmediately: true,
  });
  const dir = join(folder, 'history');
  const args = ['--series', 'KXBTC15M', '--from', '2026-01-01', '--out', dir, '--rest-url', local.restUrl];
  const beforeTs = Math.floor(local.exchange.nowMs / 1_000);
  const first = await run('download', 'trades', ...args, '--json');
  expect(first).toMatchObject({ code: 0, err: '' });
  const { upToTs, markets } = JSON.parse(first.out);
  expect(markets).toBeGreaterThan(0);
  // Up to now on the exchange's clock, which is not this machine's.
  expect(upToTs).toBeGreaterThanOrEqual(beforeTs);
  expect(upToTs * 1_000).toBeLessThanOrEqual(local.exchange.nowMs);
  const second = await run('download', 'trades', ...args);
  expect(second).toMatchObject({ code: 0, err: '' });
  expect(second.out).toMatch(/history: \d+ markets, \d+ records added, complete up to \d{4}-/);
  const other = await run('download', 'candles', ...args);
  await local.close();
  expect(other).toMatchObject({ code: 1, out: '' });
  expect(other.err).toContain('Only --to may differ');
});

describe('the bound on the disk', () => {
  it('deletes the oldest captures, never the newest, and nothing else', () => {
    const dir = mkdtempSync(join(folder, 'disk-'));
    ['a', 'b', 'c', 'd'].forEach((name, i) => {
      const path = join(dir, `${name}.capture`);
      writeFileSync(path, Buffer.alloc(1_000));
      utimesSync(path, 1_000 + i, 1_000 + i);
    });
    writeFileSync(join(dir, 'other.tape'), Buffer.alloc(9_000));
    const limit = { dir, whenFull: 'delete-oldest', minFreeBytes: 0 } as const;
    expect(enforceDiskLimit({ ...limit, maxTotalBytes: 4_000 })).toEqual([]);
    expect(enforceDiskLimit({ ...limit, maxTotalBytes: 2_500 })).toEqual([
      join(dir, 'a.capture'),
      join(dir, 'b.capture'),
    ]);
    expect(enforceDiskLimit({ ...limit, maxTotalBytes: 10 })).toEqual([join(dir, 'c.capture')]);
    expect(readdirSync(dir)).toEqual(['d.capture', 'other.tape']);
    expect(() => enforceDiskLimit({ ...limit, maxTotalBytes: 4_000, minFreeBytes: 1e18 })).toThrow(
      expect.objectContaining({ code: 'disk-full' }),
    );
  });
});
