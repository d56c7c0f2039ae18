import { readFileSync } from 'node:fs';
import { Timestamp } from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import * as wsFeed from './index.ts';
import { FeedServer } from './testing/feed-server.ts';

it('the README example runs and prints what the README says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  const expected = /```text\n(.*?)```/s.exec(readme)?.[1]?.trim().split('\n');
  if (example === undefined || expected === undefined) throw new Error('README.md has lost its example');

  const server = await FeedServer.listen();
  server.change('KXTEST-A', 'yes', 4700, 300);
  server.change('KXTEST-A', 'no', 4800, 200);
  const printed: string[] = [];
  const complete = Promise.withResolvers<void>();
  const log = (...parts: unknown[]): void => {
    printed.push(parts.join(' '));
    if (printed.length === 1) server.change('KXTEST-A', 'no', 4800, -100);
    if (printed.length === expected.length) complete.resolve();
  };
  const body = example.replace(/^import (\{.*\}) from '@kalshi-mm\/ws-feed';$/m, 'const $1 = wsFeed;');
  const parameters = ['wsFeed', 'Timestamp', 'console', 'wsUrl', 'signHeaders'];
  const run = new Function(...parameters, `return (async () => {${body}; return feed;})()`);
  const feed: wsFeed.Feed = await run(wsFeed, Timestamp, { log }, server.url, () => ({}));
  await complete.promise;
  expect(printed).toEqual(expected);
  feed.close();
  await server.close();
});
