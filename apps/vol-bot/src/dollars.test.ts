import { Money } from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import { dollars } from './dollars.ts';

it.each([
  [0, '$0.0000'],
  [1_000_000_000, '$1000.0000'],
  [-180_500, '-$0.1805'],
  [12, '$0.000012'],
  [-1_500_001, '-$1.500001'],
])('prints %i millionths as %s', (amount, text) => {
  expect(dollars(Money.of(amount))).toBe(text);
});
