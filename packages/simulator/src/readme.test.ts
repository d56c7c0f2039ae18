import { readFileSync } from 'node:fs';
import * as core from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import * as simulator from './index.ts';

it('the README example runs and prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  const body = example
    .replace(/^import (\{.*\}) from '@kalshi-mm\/core';$/m, 'const $1 = core;')
    .replace(/^import (\{.*\}) from '@kalshi-mm\/simulator';$/m, 'const $1 = simulator;')
    .replaceAll(' as const', '');
  const printed: string[] = [];
  const run = new Function('core', 'simulator', 'console', body);
  run(core, simulator, { log: (line: unknown) => printed.push(String(line)) });
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});

it('exports what the README lists', () => {
  expect(Object.keys(simulator).sort()).toEqual([
    'DEFAULT_SERIES',
    'createExchange',
    'createLivePairing',
    'createReplayDriver',
    'createReplayExchange',
    'createSimulatedVenue',
    'createSyntheticWorld',
    'runReplay',
  ]);
});
