import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, BOT, openBench } from './testing/bench.ts';
import { killBots, startBot } from './testing/bot-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'vol-bot-bad-'));
let bench: Bench;
/** A port at which nobody listens. */
let deadPort: number;
beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  deadPort = (server.address() as AddressInfo).port;
  server.close();
  bench = await openBench({ kind: 'synthetic', seed: 7 }, 1);
});
afterAll(async () => {
  killBots();
  await bench.close();
  for (const each of [dir, bench.dir]) rmSync(each, { recursive: true });
});

const file = (name: string, content: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};

/** Flags that would work; a case replaces one of them. */
const good = (): Record<string, string> => ({
  '--rest-url': bench.local.restUrl,
  '--ws-url': bench.local.wsUrl,
  '--key-id': bench.keyId,
  '--private-key': bench.privateKeyPath,
  '--data-dir': mkdtempSync(join(dir, 'data-')),
  '--for': '30',
});

const run = async (changes: Record<string, string>, more: readonly string[] = []) =>
  startBot(['run', ...Object.entries({ ...good(), ...changes }).flat(), ...more]).ended;

/** Without it, a WebSocket that does not answer is no error. */
const noPolling = () => ({ '--config': file('no-polling.yaml', 'websockets: { polling_fallback: false }') });

interface Case {
  readonly flags: () => Record<string, string>;
  /** What the message must name, in this order. */
  readonly says: RegExp;
}

const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const CASES: Record<string, Case> = {
  'a key id that the exchange does not know': {
    flags: () => ({ '--key-id': '00000000-0000-0000-0000-000000000000' }),
    says: /key/i,
  },
  'a private key that is not the one of the key id': {
    flags: () => ({ '--private-key': file('other.pem', rsa().privateKey) }),
    says: /key/i,
  },
  'a private key file that is absent': {
    flags: () => ({ '--private-key': join(dir, 'absent.pem') }),
    says: /absent\.pem/,
  },
  'a public key': {
    flags: () => ({ '--private-key': file('public.pem', rsa().publicKey) }),
    says: /public key/i,
  },
  'a key file with something else in it': {
    flags: () => ({ '--private-key': file('garbage.pem', 'no key at all\n') }),
    says: /garbage\.pem[\s\S]*PEM/,
  },
  'a series that does not exist': {
    flags: () => ({ '--config': file('series.yaml', 'discovery: { series: [KXNOSUCH] }\n') }),
    says: /KXNOSUCH[\s\S]*discovery\.series/,
  },
  'a configuration file that is absent': {
    flags: () => ({ '--config': join(dir, 'absent.yaml') }),
    says: /absent\.yaml/,
  },
  'broken YAML': {
    flags: () => ({ '--config': file('broken.yaml', 'volatility_mm:\n  a: [1,\n b: }\n') }),
    says: /broken\.yaml[\s\S]*line \d/,
  },
  'a configuration that is not a mapping': {
    flags: () => ({ '--config': file('list.yaml', '- volatility_mm\n') }),
    says: /list\.yaml/,
  },
  'an unknown configuration key': {
    flags: () => ({ '--config': file('key.yaml', 'volatility_mm: { max_position_contract: 4 }\n') }),
    says: /volatility_mm\.max_position_contract\b[\s\S]*"max_position_contracts"/,
  },
  'a value of the wrong kind': {
    flags: () => ({ '--config': file('value.yaml', 'volatility_mm: { session_ttl_minutes: five }\n') }),
    says: /volatility_mm\.session_ttl_minutes[\s\S]*number/,
  },
  'an exchange that does not answer': {
    flags: () => ({ '--rest-url': `http://127.0.0.1:${deadPort}/trade-api/v2` }),
    says: /no answer[\s\S]*127\.0\.0\.1/,
  },
  'a REST address that is another server': {
    flags: () => ({ '--rest-url': bench.local.restUrl.replace('/trade-api/v2', '/other') }),
    says: /\/other|address/,
  },
  'a WebSocket address where nobody listens': {
    flags: () => ({ ...noPolling(), '--ws-url': `ws://127.0.0.1:${deadPort}/trade-api/ws/v2` }),
    says: /ws:\/\/127\.0\.0\.1[\s\S]*ECONNREFUSED/,
  },
  'a WebSocket address with a wrong path': {
    flags: () => ({ ...noPolling(), '--ws-url': bench.local.wsUrl.replace('/trade-api/ws/v2', '/other') }),
    says: /\/other[\s\S]*404/,
  },
  'an address that is none': { flags: () => ({ '--rest-url': 'localhost' }), says: /localhost/ },
  'a real exchange without being armed': {
    flags: () => ({ '--rest-url': 'https://api.example.com/trade-api/v2' }),
    says: /api\.example\.com[\s\S]*--live/,
  },
  'a data folder that cannot be made': {
    flags: () => ({ '--data-dir': join(file('not-a-folder', ''), 'data') }),
    says: /not-a-folder[\s\S]*--data-dir/,
  },
};

describe('bad input', () => {
  it.concurrent.each(Object.entries(CASES))('refuses %s', async (_name, { flags, says }) => {
    const { code, stdout, stderr } = await run(flags());
    expect([code, stdout], stderr).toEqual([1, '']);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/To do: /);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
  });

  it.concurrent('refuses a database that is none, and leaves it as it was', async () => {
    const data = join(dir, 'no-database');
    mkdirSync(data);
    const path = join(data, 'trading_analytics.db');
    const content = 'Dear diary, this is not a database.\n'.repeat(50);
    writeFileSync(path, content);
    const { code, stdout, stderr } = await run({ '--data-dir': data });
    expect([code, stdout], stderr).toEqual([1, '']);
    expect(stderr).toMatch(/trading_analytics\.db is not an SQLite database[\s\S]*To do: /);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it.concurrent('refuses a folder that it may not write to', async () => {
    const data = join(dir, 'read-only');
    mkdirSync(data, { mode: 0o500 });
    // Root may write everywhere but to the kernel's own folders.
    const folder = process.getuid?.() === 0 ? '/proc' : data;
    const { code, stdout, stderr } = await run({ '--data-dir': folder });
    expect([code, stdout], stderr).toEqual([1, '']);
    expect(stderr).toContain(folder);
    expect(stderr).toMatch(/To do: /);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
  });

  it.concurrent.each<[string, readonly string[], RegExp]>([
    ['an unknown flag', ['run', '--dat-dir', 'x'], /--dat-dir[\s\S]*--data-dir/],
    ['an unknown command', ['rum'], /rum[\s\S]*run/],
    ['no command', [], /Usage/],
    ['a time that is none', ['run', '--for', 'ever'], /--for[\s\S]*ever/],
    ['an unknown policy', ['run', '--sessions', 'sometimes'], /sometimes[\s\S]*volatility[\s\S]*always/],
    ['an unknown log level', ['run', '--log-level', 'loud'], /loud[\s\S]*debug/],
    ['a superfluous word', ['run', 'fast'], /argument/],
  ])('takes %s as wrong usage', async (_name, args, says) => {
    const { code, stdout, stderr } = await startBot(args).ended;
    expect([code, stdout], stderr).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
  });

  it('says which credential is missing, and takes them from the environment', async () => {
    const { '--key-id': keyId, '--private-key': key, ...flags } = good();
    const args = ['run', ...Object.entries(flags).flat()];
    const none = await startBot(args).ended;
    expect([none.code, none.stdout], none.stderr).toEqual([1, '']);
    expect(none.stderr).toMatch(/key id[\s\S]*KALSHI_ACCESS_KEY/);
    const env = { KALSHI_ACCESS_KEY: keyId!, KALSHI_PRIVATE_KEY: readFileSync(key!, 'utf8') };
    const last = startBot([...args, '--for', '0.1', '--json'], env);
    expect((await last.ended).code).toBe(0);
  });

  it('has sent no order', () => {
    expect(bench.local.exchange.orders(BOT)).toEqual([]);
  });
});
