import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { GOLD } from '../testing/fixture-world.ts';
import { startFixture } from '../testing/local-client.ts';
import { commands } from './commands.ts';
import { CONTROL_VERBS } from './control-requests.ts';
import { runControl } from './run-control.ts';

const dir = mkdtempSync(join(tmpdir(), 'exchange-control-'));
const ready = join(dir, 'ready.json');
let local: LocalExchange;

beforeAll(async () => {
  ({ local } = await startFixture({ control: {} }));
  const { controlUrl, controlToken } = local.control!;
  writeFileSync(ready, `${JSON.stringify({ restUrl: local.restUrl, controlUrl, controlToken })}\n`);
});
afterAll(async () => {
  await local.close();
  rmSync(dir, { recursive: true });
});

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runControl(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    env,
  });
  return { code, out: out.join(''), err: err.join('') };
}

const at = (...words: string[]) => run(['--ready', ready, ...words]);

describe('the control command line', () => {
  it('reaches every call of the port', () => {
    const sample = ['X', 'on', '1'];
    const words = (verb: (typeof CONTROL_VERBS)[number]): string[] =>
      /<on/.test(verb.words) ? ['on'] : /<n>|<ms>/.test(verb.words) ? ['1'] : sample.map(() => '1');
    const made = CONTROL_VERBS.map((verb) => verb.request(...words(verb)));
    const all = commands.map(({ method, path }) => `${method} ${path.replace(/:\w+/, '1')}`);
    const reached = new Set(made.map(({ method, path }) => `${method} ${path}`));
    // Adding a program takes a whole row, which does not fit on a command line.
    expect(all.filter((one) => !reached.has(one))).toEqual(['POST /incentives']);
    expect(reached.size).toBe(made.length);
  });

  it('moves time, injects a fault, changes fees, closes a market, and reads the books', async () => {
    const before = JSON.parse((await at('time')).out).now_ms;
    expect(await at('step', '1500')).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse((await at('time')).out).now_ms).toBe(before + 1_500);
    expect(await at('inject', 'restUnavailable', '2', 'GET /markets')).toMatchObject({ code: 0 });
    expect((await fetch(`${local.restUrl}/markets`)).status).toBe(503);
    expect(JSON.parse((await at('faults')).out)).toMatchObject({ happened: { restUnavailable: 1 } });
    expect(await at('fees', GOLD, 'quadratic', '0.5')).toMatchObject({ code: 0 });
    expect(local.exchange.market(GOLD as never)!.fees.multiplierMicros).toBe(500_000);
    expect(await at('trading', 'off')).toMatchObject({ code: 0 });
    expect(local.exchange.tradingActive).toBe(false);
    expect(await at('close', GOLD)).toMatchObject({ code: 0 });
    expect(local.exchange.market(GOLD as never)!.status).not.toBe('active');
    expect((await at('ledger')).out).toMatch(/^\{.*\}\n$/);
  });

  it('takes the address by flag and the token from the environment', async () => {
    const { controlUrl, controlToken } = local.control!;
    const env = { LOCAL_EXCHANGE_CONTROL_TOKEN: controlToken };
    expect(await run(['--url', controlUrl, 'time'], env)).toMatchObject({ code: 0 });
    const wrong = await run(['--url', controlUrl, 'time'], {
      LOCAL_EXCHANGE_CONTROL_TOKEN: 'something-else',
    });
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toMatch(/token/);
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown command', ['sleep'], 2, /unknown command 'sleep'/],
    ['a missing word', ['step'], 2, /missing required argument 'ms'/],
    ['a word that is no number', ['step', 'soon'], 2, /expected a number, found soon/],
    ['neither on nor off', ['trading', 'maybe'], 2, /expected on or off/],
    ['a market that does not exist', ['close', 'KXNONE-1'], 1, /KXNONE-1/],
    ['a fault that does not exist', ['inject', 'restSleep'], 1, /restSleep|fault/],
  ])('says what is wrong: %s', async (_, words, code, message) => {
    const result = await at(...words);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toMatch(message);
  });

  it('says what is wrong: no address, a file without one, nobody there', async () => {
    expect(await run(['time'])).toMatchObject({ code: 2, err: expect.stringMatching(/--ready/) });
    expect(await run(['--url', 'nonsense', 'time'], { LOCAL_EXCHANGE_CONTROL_TOKEN: 't' })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--url: expected the controlUrl .* found nonsense/),
    });
    expect(await run(['--ready', join(dir, 'missing.json'), 'time'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/missing\.json/),
    });
    const closed = join(dir, 'closed.json');
    writeFileSync(closed, '{"restUrl":"x"}\n');
    expect(await run(['--ready', closed, 'time'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--control-port/),
    });
    writeFileSync(closed, '{"controlUrl":"http://127.0.0.1:9","controlToken":"t"}\n');
    expect(await run(['--ready', closed, 'time'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/nothing answers/),
    });
  });
});
