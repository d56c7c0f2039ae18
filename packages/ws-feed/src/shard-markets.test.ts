import { Ticker } from '@kalshi-mm/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shardMarkets } from './shard-markets.ts';

const tickers = fc
  .uniqueArray(fc.nat(60), { maxLength: 50 })
  .map((list) => list.map((n) => Ticker.of(`KX-${n}`)));

it('follows every market once, within the size, and moves none that stays', () => {
  fc.assert(
    fc.property(tickers, tickers, fc.integer({ min: 1, max: 20 }), (first, second, size) => {
      const before = shardMarkets(first, [new Set()], size);
      const after = shardMarkets(second, before, size);
      expect(after.flatMap((shard) => [...shard]).sort()).toEqual([...second].sort());
      expect(Math.max(...after.map((shard) => shard.size))).toBeLessThanOrEqual(size);
      for (const [index, shard] of before.entries()) {
        for (const ticker of shard) if (second.includes(ticker)) expect(after[index]!.has(ticker)).toBe(true);
      }
    }),
  );
});

it('opens no connection before the others are full', () => {
  const names = Array.from({ length: 450 }, (_, i) => Ticker.of(`KX-${i}`));
  expect(shardMarkets(names, [new Set()], 200).map((shard) => shard.size)).toEqual([200, 200, 50]);
});
