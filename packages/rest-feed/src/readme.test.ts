import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as restFeed from './index.ts';
import { openPollBench } from './testing/poll-bench.ts';

it('the README example runs and prints what the README says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  const expected = /```text\n(.*?)```/s.exec(readme)?.[1]?.trim().split('\n');
  if (example === undefined || expected === undefined) throw new Error('README.md has lost its example');
  const bench = await openPollBench();
  const ticker = expected[0]!.split(' ')[1];
  const printed: string[] = [];
  const complete = Promise.withResolvers<void>();
  const log = (...parts: unknown[]): void => {
    printed.push(parts.join(' '));
    if (printed.length === expected.length) complete.resolve();
  };
  const body = example.replace(/^import (\{.*\}) from '@kalshi-mm\/rest-feed';$/m, 'const $1 = restFeed;');
  const parameters = ['restFeed', 'console', 'kalshi', 'clock', 'ticker'];
  const run = new Function(...parameters, `return (async () => {${body}; return feed;})()`);
  const feed: restFeed.MarketFeed = await run(restFeed, { log }, bench.kalshi, bench.clock, ticker);
  await complete.promise;
  expect(printed).toEqual(expected);
  feed.close();
  await bench.close();
});

it('what the package exports is known', () => {
  expect(Object.keys(restFeed).sort()).toEqual(['createFallbackFeed', 'createRestFeed']);
});
