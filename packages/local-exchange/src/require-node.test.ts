import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isOld } from './require-node.ts';

it('takes the versions of Node that package.json names', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(engines.node).toBe('>=22.18');
  const old = ['18.20.8', '20.20.2', '22.17.9'];
  expect([...old, '22.18.0', '22.19.1', '24.0.0'].filter(isOld)).toEqual(old);
});
