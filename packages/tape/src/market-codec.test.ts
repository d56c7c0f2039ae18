import { aMarket } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import { decodeMarket, encodeMarket } from './market-codec.ts';

it.each([
  ['as little as can be', aMarket()],
  [
    'a sub-title and both strikes',
    aMarket({ subTitle: '$100 to $200', floorStrike: '100', capStrike: '200' }),
  ],
])('keeps everything about a market: %s', (_, market) => {
  expect(decodeMarket(JSON.parse(JSON.stringify(encodeMarket(market))), 'market')).toEqual(market);
});

it('names a field that does not fit', () => {
  const bent = { ...(encodeMarket(aMarket()) as object), capStrike: 5 };
  expect(() => decodeMarket(bent, 'markets[3]')).toThrow(/markets\[3\]\.capStrike/);
});
