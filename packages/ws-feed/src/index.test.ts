import { readFileSync } from 'node:fs';
import type { EventSink, Fill } from '@kalshi-mm/core';
import { expect, expectTypeOf, it } from 'vitest';
import * as wsFeed from './index.ts';

it('exports exactly this, and the README names all of it', () => {
  const names = Object.keys(wsFeed).sort();
  expect(names).toEqual(['CHANNELS', 'createFeed', 'createFrameDecoder', 'createFrameTarget', 'parseFrame']);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(names.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  expect(wsFeed.CHANNELS.filter(({ wire }) => !readme.includes(`\`${wire}\``))).toEqual([]);
  expect(wsFeed.CHANNELS.filter(({ name }) => !readme.includes(`\`${name}\``))).toEqual([]);
});

it('has one wire name and one name of ours for each channel', () => {
  const { CHANNELS } = wsFeed;
  expect(new Set(CHANNELS.map(({ name }) => name)).size).toBe(CHANNELS.length);
  expect(new Set(CHANNELS.map(({ wire }) => wire)).size).toBe(CHANNELS.length);
});

it('has types that say what is given and what may be absent', () => {
  expectTypeOf<wsFeed.FeedOptions['sink']>().toEqualTypeOf<EventSink>();
  expectTypeOf<wsFeed.Frame['type']>().extract<'fill' | 'weather'>().toEqualTypeOf<'fill'>();
  expectTypeOf<Extract<wsFeed.Frame, { type: 'fill' }>>().toEqualTypeOf<wsFeed.FillFrame>();
  expectTypeOf<wsFeed.FillFrame['clientOrderId']>().toEqualTypeOf<string | null>();
  expectTypeOf<wsFeed.MarketClocks['changeAgeMs']>().toEqualTypeOf<number | null>();
  expectTypeOf<ReturnType<wsFeed.FetchFills>>().toEqualTypeOf<AsyncIterable<readonly Fill[]>>();
  expectTypeOf<wsFeed.FeedNotice['type']>().extract<'trade'>().toEqualTypeOf<never>();
  expectTypeOf<wsFeed.FeedOptions>().toHaveProperty('marketsPerConnection');
  // @ts-expect-error the wire's name is not ours
  const wrong: wsFeed.ChannelName = 'trade';
  expect(wrong).toBe('trade');
});
