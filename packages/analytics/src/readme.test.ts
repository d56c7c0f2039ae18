import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const file = temporaryFolder();

it('the README example runs and prints what its comments say', async () => {
  const { printed, expected } = await runReadmeExample(import.meta.url, {
    edit: (code) => code.replace('trading.db', file('trading.db')),
  });
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});
