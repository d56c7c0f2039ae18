import { readFileSync } from 'node:fs';
import type { BookView, Count, Price, Timestamp } from '@kalshi-mm/core';
import { expect, expectTypeOf, it } from 'vitest';
import * as marketState from './index.ts';

it('exports exactly this, and the README names all of it', () => {
  const names = Object.keys(marketState).sort();
  expect(names).toEqual([
    'MarketState',
    'MarketStates',
    'OrderBook',
    'OwnAccount',
    'PriceWindow',
    'QueuePlaces',
    'TradeRing',
    'bestOfOthers',
    'bookDepth',
    'depthWithin',
    'imbalance',
    'microprice',
    'noBook',
    'snapshotOf',
    'staleKinds',
    'staleness',
    'sweep',
    'withoutOwn',
  ]);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

it('has types that say what is an integer of core, what an average, and what may be absent', () => {
  expectTypeOf<marketState.OrderBook>().toExtend<BookView>();
  expectTypeOf<ReturnType<typeof marketState.noBook>>().toExtend<BookView>();
  expectTypeOf<marketState.MarketState['lastTradePrice']>().toEqualTypeOf<Price | null>();
  expectTypeOf<marketState.MarketState['lastBookChangeMs']>().toEqualTypeOf<Timestamp | null>();
  expectTypeOf<marketState.Sweep['filled']>().toEqualTypeOf<Count>();
  expectTypeOf<marketState.Sweep['average']>().toEqualTypeOf<number | null>();
  expectTypeOf<ReturnType<typeof marketState.microprice>>().toEqualTypeOf<number | null>();
  const book = {} as BookView;
  // @ts-expect-error a plain number is not a count
  expectTypeOf(marketState.sweep).toBeCallableWith(book, 'bid', 20);
});
