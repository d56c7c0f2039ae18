import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as scanner from './index.ts';

it('the README example runs and prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  const body = example.replace(/^import (\{.*\}) from '@kalshi-mm\/scanner';$/m, 'const $1 = scanner;');
  const printed: string[] = [];
  const run = new Function('scanner', 'console', body);
  run(scanner, { log: (line: unknown) => printed.push(String(line)) });
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});
