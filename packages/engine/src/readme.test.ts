import { readFileSync } from 'node:fs';
import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';

it('the README example runs and prints what the README says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const { printed } = await runReadmeExample(import.meta.url);
  expect(printed).toEqual(/```text\n(.*?)\n```/s.exec(readme)?.[1]?.split('\n'));
});
