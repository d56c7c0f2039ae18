import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from './read-arguments.ts';

describe('readArguments', () => {
  it('reads a recorded world with everything said', () => {
    const line =
      '--tape a.tape b.tape --speed 2.5 --public-key k.pem --key-id k --port 8080 --cash 0=50,2=7.25 --tier basic --weekly-maintenance --too-many-requests flat --post-only-cross cancel --faults f.json --control-port 0 --queue-model power:2 --entry-latency constant:80 --response-latency lognormal:20,90';
    expect(readArguments(line.split(' '))).toEqual({
      world: {
        tapes: ['a.tape', 'b.tape'],
        seed: null,
        calendar: 'small',
        agents: false,
        queueModel: 'power:2',
      },
      speed: 2.5,
      key: { publicKeyPath: 'k.pem', keyId: 'k' },
      port: 8080,
      cashDollars: { 0: 50, 2: 7.25 },
      tier: 'basic',
      weeklyMaintenance: true,
      tooManyRequests: 'flat',
      postOnlyCross: 'cancel',
      faults: 'f.json',
      entryLatency: 'constant:80',
      responseLatency: 'lognormal:20,90',
      controlPort: 0,
    });
  });

  it('reads a generated world with nothing else said', () => {
    expect(readArguments(['--world', '7'])).toEqual({
      world: { tapes: null, seed: '7', calendar: 'small', agents: false, queueModel: null },
      speed: 1,
      key: { newKeyDir: null },
      port: 0,
      cashDollars: 10_000,
      tier: 'advanced',
      weeklyMaintenance: false,
      tooManyRequests: 'nested',
      postOnlyCross: 'reject',
      faults: null,
      entryLatency: null,
      responseLatency: null,
      controlPort: null,
    });
  });

  it('plays world 1 when nothing at all is said', () => {
    expect(readArguments([])).toEqual(readArguments(['--world', '1']));
  });

  it('reads a mixed world', () => {
    const line = '--tape a.tape --world 7 --calendar full --agents';
    expect(readArguments(line.split(' ')).world).toEqual({
      tapes: ['a.tape'],
      seed: '7',
      calendar: 'full',
      agents: true,
      queueModel: null,
    });
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown calendar', ['--world', '1', '--calendar', 'huge'], /small, full/],
    ['a calendar of nothing', ['--tape', 'a', '--calendar', 'full'], /goes with --world/],
    ['agents without recorded markets', ['--world', '1', '--agents'], /goes with --tape and --world/],
    ['a queue model of nothing', ['--world', '1', '--queue-model', 'touch'], /goes with --tape/],
    ['cash that is none', ['--cash', '1e3'], /0\.01 to 1000000000/],
    ['cash below a cent', ['--cash', '0.001'], /0\.01/],
    ['too much cash', ['--cash', '1000000001'], /1000000000/],
    ['cash of a shard twice', ['--cash', '0=1,0=2'], /0=500,2=250/],
    ['cash of no shard', ['--cash', '=1'], /0=500,2=250/],
    ['an unknown flag', ['--world', '1', '--sped', '3'], /unknown option '--sped'[\s\S]*--speed/],
    ['a stray word', ['--world', '1', 'now'], /too many arguments/],
    ['a speed of zero', ['--world', '1', '--speed', '0'], /above 0/],
    ['a port that is none', ['--world', '1', '--port', '70000'], /65535/],
    ['an unknown tier', ['--world', '1', '--tier', 'gold'], /advanced/],
    ['a key without its id', ['--world', '1', '--public-key', 'x.pem'], /go together/],
    ['two keys', ['--world', '1', '--public-key', 'x', '--key-id', 'k', '--new-key', 'd'], /not both/],
  ])('refuses %s with 2', (_name, args, text) => {
    const error = errorOf(args);
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(text);
  });

  it('shows its help with 0', () => {
    const error = errorOf(['--help']);
    expect(error.exitCode).toBe(0);
    expect(error.message).toMatch(/--tape <file\.\.\.>/);
  });
});

function errorOf(args: readonly string[]): UsageError {
  try {
    readArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('the arguments were accepted');
}
