import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = dirname(PACKAGE.replace(/\/$/, ''));
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;

/** An empty folder into which the built package is installed, with nothing but what its manifest names. */
const home = realpathSync(mkdtempSync(join(tmpdir(), 'local-exchange-new-user-')));
const BIN = join(home, 'node_modules/@kalshi-mm/local-exchange/dist/bin.js');
// The source condition of the workspace must not be what makes it work, nor an option of the test runner.
const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: home };

describe('a new user, with the built package in an empty folder', () => {
  let child: ChildProcess;
  let stdout = '';
  let stderr = '';
  let ready: { restUrl: string; wsUrl: string; keyId: string; privateKeyPath: string };
  beforeAll(async () => {
    await install('local-exchange', home);
    link(
      realpathSync(join(PACKAGE, 'node_modules/kalshi-typescript')),
      join(home, 'node_modules/kalshi-typescript'),
    );
    child = spawn(process.execPath, [BIN], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes('\n') && stderr.includes('Ctrl+C')) resolve();
      };
      child.stdout!.on('data', (data) => {
        stdout += data;
        look();
      });
      child.stderr!.on('data', (data) => {
        stderr += data;
        look();
      });
      child.once('close', () => reject(new Error(`it ended before it was ready: ${stderr}`)));
    });
    ready = JSON.parse(stdout);
  });
  afterAll(async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(home, { recursive: true });
  });

  it('starts it without arguments: a world, a key of one’s own, and a hint for people', async () => {
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(statSync(ready.privateKeyPath).mode & 0o777).toBe(0o600);
    expect(stderr).toContain(ready.privateKeyPath);
    const hinted = /curl "([^"]+)"/.exec(stderr)![1]!;
    const answer = (await (await fetch(hinted)).json()) as { markets: { status: string }[] };
    expect(answer.markets.map(({ status }) => status)).toEqual(['active', 'active']);
  });

  it.runIf(has('curl') && has('openssl'))(
    'follows the README with curl, without and with a signature',
    async () => {
      const blocks = [...README.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text!);
      const [bare, signed] = blocks.filter((text) => /^curl|signed\(\)/m.test(text));
      const edited = (script: string): string =>
        script
          .replaceAll('http://127.0.0.1:41234', new URL(ready.restUrl).origin)
          .replace(/^KEY_ID=\S+/m, `KEY_ID=${ready.keyId}`)
          .replace(/^KEY_FILE=\S+/m, `KEY_FILE=${ready.privateKeyPath}`);
      const shell = async (script: string): Promise<unknown[]> => {
        const done = await run('bash', ['-e', '-u', '-o', 'pipefail', '-c', edited(script)], {
          cwd: home,
          env,
        });
        return jsonValues(done.stdout);
      };
      expect(await shell(bare!)).toEqual([
        { markets: [expect.anything(), expect.anything()], cursor: expect.any(String) },
      ]);
      const [balance, placed, orders] = await shell(signed!);
      expect(balance).toMatchObject({ balance_dollars: '10000.0000' });
      expect(placed).toMatchObject({ fill_count: '0.00', remaining_count: '10.00' });
      const { order_id } = placed as { order_id: string };
      expect(orders).toMatchObject({
        orders: [{ order_id, status: 'resting', yes_price_dollars: '0.0100' }],
      });
    },
  );

  it('follows the README with the official client', async () => {
    const example = /```ts\n(.*?)```/s.exec(README)![1]!;
    const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text]) => text);
    const flags = [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module-typescript',
      '--eval',
      example,
    ];
    const done = await run(process.execPath, flags, { cwd: home, env });
    expect(done).toEqual({ stdout: `${expected.join('\n')}\n`, stderr: '' });
  });

  it('ends it with Ctrl+C', async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Builds a package of the workspace and what it depends on, and lays them out as an installer would. */
async function install(name: string, into: string, done = new Set<string>()): Promise<void> {
  if (done.has(name)) return;
  done.add(name);
  const from = join(PACKAGES, name);
  const to = join(into, 'node_modules/@kalshi-mm', name);
  mkdirSync(to, { recursive: true });
  cpSync(join(from, 'package.json'), join(to, 'package.json'));
  const tsup = join(PACKAGES, '../node_modules/.bin/tsup');
  const flags = ['--config', '../../tsup.config.ts', '--no-dts', '--silent', '--out-dir', join(to, 'dist')];
  const built = run(tsup, flags, { cwd: from, env });
  const { dependencies = {} }: Manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const rest = Object.keys(dependencies).map((dependency) =>
    dependency.startsWith('@kalshi-mm/')
      ? install(dependency.slice('@kalshi-mm/'.length), into, done)
      : link(realpathSync(join(from, 'node_modules', dependency)), join(to, 'node_modules', dependency)),
  );
  await Promise.all([built, ...rest]);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** JSON objects that follow each other without a separator. */
function jsonValues(text: string): unknown[] {
  return JSON.parse(`[${text.trim().replaceAll(/\}\s*\{/g, '},{')}]`);
}
