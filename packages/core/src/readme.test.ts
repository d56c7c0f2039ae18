import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as core from './index.ts';

it('the README example runs and prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  const body = example.replace(/^import (\{.*\}) from '@kalshi-mm\/core';$/m, 'const $1 = core;');
  const printed: string[] = [];
  const run = new Function('core', 'console', body);
  run(core, { log: (...parts: unknown[]) => printed.push(parts.join(' ')) });
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});
