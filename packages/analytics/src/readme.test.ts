import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const file = temporaryFolder();

it('the README example runs and prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  expect(expected.length).toBeGreaterThan(0);
  const printed = execFileSync(
    process.execPath,
    [
      '--conditions=@kalshi-mm/source',
      '--input-type=module-typescript',
      '--eval',
      example.replace('trading.db', file('trading.db')),
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  );
  expect(printed.trimEnd().split('\n')).toEqual(expected);
});
