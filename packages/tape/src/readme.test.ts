import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';

it('the README example runs and prints what its comments say', async () => {
  const { printed, expected } = await runReadmeExample(import.meta.url);
  expect(expected).toHaveLength(2);
  expect(printed).toEqual(expected);
});
