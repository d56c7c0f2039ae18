import { expect, it } from 'vitest';
import { requireBook } from './require-book.ts';
import { completeLabels } from './tape-header.ts';

const labels = completeLabels({
  trades: false,
  depth: 'full',
  receiveClock: 'local',
  exchangeClock: true,
  ticker: false,
});

it('lets pass what has a whole book', () => {
  expect(() => requireBook('a.tape', { source: 'x', labels })).not.toThrow();
});

it.each([
  [{ depth: 'top', sizes: false }, 'best bid and ask only, without sizes'],
  [{ depth: 'top', sizes: true }, 'best bid and ask only'],
  [{ depth: 'none', cadence: 'candles' }, 'candles'],
  [{ depth: 'none', trades: true }, 'trades only'],
  [{ depth: 'none' }, 'no quotes'],
] as const)('refuses %j, saying what there is', (change, holds) => {
  expect(() => requireBook('a.tape', { source: 'x', labels: { ...labels, ...change } })).toThrow(
    new RegExp(`^a.tape cannot be traded on: it holds ${holds}\n`),
  );
});
