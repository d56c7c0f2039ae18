import { MmError } from '@kalshi-mm/core';
import type { TapeHeader } from './tape-header.ts';

/**
 * Orders can be simulated only against a book whose every level, with its size, was recorded.
 *
 * @throws MmError `tape-no-book` saying what the tape holds instead
 */
export function requireBook(path: string, { labels, source }: Pick<TapeHeader, 'labels' | 'source'>): void {
  if (labels.depth === 'full') return;
  const holds =
    labels.depth === 'top'
      ? `best bid and ask only${labels.sizes ? '' : ', without sizes'}`
      : labels.cadence === 'candles'
        ? 'candles'
        : labels.trades
          ? 'trades only'
          : 'no quotes';
  throw new MmError('tape-no-book', `${path} cannot be traded on: it holds ${holds}`, {
    facts: { source, depth: labels.depth, cadence: labels.cadence },
    todo: 'Use a tape with `depth: full` (`tape info` shows it), recorded from the order book channel.',
  });
}
