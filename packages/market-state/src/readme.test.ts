import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';

it.each([0, 1])('README example %i runs and prints what its comments say', async (block) => {
  const { printed, expected } = await runReadmeExample(import.meta.url, { block });
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});
