import { readFileSync } from 'node:fs';
import * as core from '@kalshi-mm/core';
import * as marketState from '@kalshi-mm/market-state';
import { expect, it } from 'vitest';
import * as strategies from './index.ts';

it('the README example runs and prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  const body = example.replace(
    /^import (\{.*\}) from '(@kalshi-mm\/[a-z-]+)';$/gm,
    "const $1 = modules['$2'];",
  );
  const modules = {
    '@kalshi-mm/core': core,
    '@kalshi-mm/market-state': marketState,
    '@kalshi-mm/strategies': strategies,
  };
  const printed: string[] = [];
  const run = new Function('modules', 'console', body);
  run(modules, { log: (line: unknown) => printed.push(String(line)) });
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});
