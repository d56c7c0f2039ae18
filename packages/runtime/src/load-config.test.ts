import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from './index.ts';

const schema = z.strictObject({
  risk: z
    .strictObject({ per_market_cap: z.number().default(8), alpha: z.number().default(0.1) })
    .prefault({}),
  profiles: z.record(z.string(), z.strictObject({ spread_tight: z.number().default(1) })).default({}),
});

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'bot.yaml');
  writeFileSync(path, text);
  return path;
};

describe('loadConfig', () => {
  it('fills in defaults, without a file and from an empty one', () => {
    expect(loadConfig(schema, null).risk.per_market_cap).toBe(8);
    expect(loadConfig(schema, file('')).risk.per_market_cap).toBe(8);
    expect(loadConfig(schema, file('risk:\n  alpha: 0.2\n')).risk).toEqual({ per_market_cap: 8, alpha: 0.2 });
  });

  it.each([
    ['risk:\n  per_markt_cap: 1\n', /risk\.per_markt_cap: unknown key; did you mean "per_market_cap"\?/],
    ['rsk: {}\n', /rsk: unknown key; did you mean "risk"\?/],
    [
      'profiles:\n  a: { spread_tigt: 1 }\n',
      /profiles\.a\.spread_tigt: unknown key; did you mean "spread_tight"\?/,
    ],
    ['risk:\n  alpha: lots\n', /risk\.alpha: .*expected number/],
    ['risk: [1\n', /not valid YAML[\s\S]*line/],
  ])('explains %j', (text, message) => {
    expect(() => loadConfig(schema, file(text))).toThrow(message);
  });

  it('names a missing file and what to do', () => {
    expect(() => loadConfig(schema, '/nowhere/bot.yaml')).toThrow(/\/nowhere\/bot\.yaml[\s\S]*To do:/);
  });
});
