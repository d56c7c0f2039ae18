import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTapeWriter } from '@kalshi-mm/tape';
import { afterAll, describe, expect, it } from 'vitest';
import { fixtureWorld, START_MS } from './testing/fixture-world.ts';
import { signed } from './testing/local-client.ts';

const BIN = fileURLToPath(new URL('./bin.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'local-exchange-bin-'));
afterAll(() => rmSync(dir, { recursive: true }));

const tape = join(dir, 'small.tape');
const writer = createTapeWriter(tape, {
  source: 'test',
  labels: { trades: true, depth: 'full', receiveClock: 'local', exchangeClock: false, ticker: false },
  markets: fixtureWorld().exchange.markets(),
  receiveUnit: 'ms',
});
writer.append({
  recvMs: START_MS,
  exchangeMs: Number.NaN,
  seq: Number.NaN,
  kind: 2,
  market: 0,
  side: 0,
  flags: 0,
  price: 0,
  count: 0,
});
writer.close([]);

describe('the command', () => {
  it('prints one JSON line, answers on loopback, and ends with 0 on SIGTERM', async () => {
    const child = start([
      '--tape',
      tape,
      '--speed',
      '10',
      '--new-key',
      dir,
      '--cash',
      '250.5',
      '--tier',
      'basic',
      '--control-port',
      '0',
    ]);
    const line = await firstLine(child.process);
    const ready = JSON.parse(line);
    expect(ready).toEqual({
      restUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/trade-api\/v2$/),
      wsUrl: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/trade-api\/ws\/v2$/),
      keyId: expect.any(String),
      privateKeyPath: expect.stringContaining(dir),
      controlUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      controlToken: expect.any(String),
    });
    const authorization = `Bearer ${ready.controlToken}`;
    expect((await fetch(`${ready.controlUrl}/time`, { headers: { authorization } })).status).toBe(200);
    const key = createPrivateKey(readFileSync(ready.privateKeyPath));
    const path = '/trade-api/v2/portfolio/balance';
    const headers = { ...signed('GET', path, Date.now(), key), 'KALSHI-ACCESS-KEY': ready.keyId };
    const answer = await fetch(`${ready.restUrl}/portfolio/balance`, { headers });
    expect(await answer.json()).toMatchObject({ balance_dollars: '250.5000' });
    child.process.kill('SIGTERM');
    const { code, stdout } = await child.ended;
    expect(code).toBe(0);
    expect(stdout).toBe(`${line}\n`);
  });

  it('plays recorded and generated markets together', async () => {
    const child = start(['--tape', tape, '--world', '7', '--agents', '--new-key', dir]);
    const { restUrl } = JSON.parse(await firstLine(child.process));
    const { markets } = (await (await fetch(`${restUrl}/markets?limit=1000`)).json()) as {
      markets: { ticker: string }[];
    };
    const tickers = markets.map(({ ticker }) => ticker);
    expect(tickers).toContain(fixtureWorld().exchange.markets()[0]!.ticker);
    expect(tickers.some((ticker) => ticker.startsWith('KXCPIYOY-'))).toBe(true);
    child.process.kill('SIGTERM');
    expect((await child.ended).code).toBe(0);
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown flag', ['--world', '1', '--sped', '3'], 2, /unknown option '--sped'[\s\S]*--speed/],
    ['a missing tape', ['--tape', join(dir, 'none.tape'), '--new-key', dir], 1, /none\.tape/],
    ['faults that are none', ['--tape', tape, '--faults', '{"restLate":2}', '--new-key', dir], 1, /restLate/],
    [
      'a missing file of faults',
      ['--tape', tape, '--faults', 'none.json', '--new-key', dir],
      1,
      /none\.json/,
    ],
    ['a file that is no tape', ['--tape', BIN, '--new-key', dir], 1, /bin\.ts/],
    [
      'a missing key',
      ['--tape', tape, '--public-key', join(dir, 'none.pem'), '--key-id', 'k'],
      1,
      /none\.pem[\s\S]*To do/,
    ],
  ])('refuses %s', async (_name, args, code, text) => {
    const result = await start(args).ended;
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(text);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(result.stdout).toBe('');
  });

  it('refuses a corrupt tape and a port in use, and says what to do', async () => {
    const corrupt = join(dir, 'corrupt.tape');
    const bytes = readFileSync(tape);
    bytes[20]! ^= 0xff;
    writeFileSync(corrupt, bytes);
    const keys = join(dir, 'keys');
    const broken = await start(['--tape', corrupt, '--new-key', keys]).ended;
    expect([broken.code, broken.stdout]).toEqual([1, '']);
    expect(broken.stderr).toMatch(/corrupt\.tape[\s\S]*To do/);

    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const taken = await start(['--tape', tape, '--port', String(port), '--new-key', keys]).ended;
    server.close();
    expect([taken.code, taken.stdout]).toEqual([1, '']);
    expect(taken.stderr).toMatch(/in use[\s\S]*another port/);
    expect(readdirSync(keys)).toEqual([]);
  });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]): { process: ChildProcess; ended: Promise<Result> } {
  const child = spawn(process.execPath, ['--conditions=@kalshi-mm/source', BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<Result>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, ended };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (data) => {
      text += data;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('close', () => reject(new Error('the command ended before it was ready')));
  });
}
