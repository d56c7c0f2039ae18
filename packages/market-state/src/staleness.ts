import type { Timestamp } from '@kalshi-mm/core';
import type { MarketState } from './market-state.ts';

/** Ages in ms; null when nothing of the kind has come. A quiet market is old without being wrong. */
export interface Staleness {
  /** Since the last change of the book. */
  readonly bookMs: number | null;
  readonly tradeMs: number | null;
  readonly tickerMs: number | null;
}

export type DataKind = 'book' | 'trade' | 'ticker';

export function staleness(
  state: Pick<MarketState, 'lastBookChangeMs' | 'lastTradeMs' | 'lastTickerMs'>,
  nowMs: Timestamp,
): Staleness {
  const age = (atMs: Timestamp | null): number | null => (atMs === null ? null : nowMs - atMs);
  return {
    bookMs: age(state.lastBookChangeMs),
    tradeMs: age(state.lastTradeMs),
    tickerMs: age(state.lastTickerMs),
  };
}

/**
 * The kinds that are older than their limit, or have never come; a kind without a limit is never stale. An untrusted
 * book is stale whatever its age.
 */
export function staleKinds(
  state: Pick<MarketState, 'bookTrusted' | 'lastBookChangeMs' | 'lastTradeMs' | 'lastTickerMs'>,
  nowMs: Timestamp,
  limitsMs: Readonly<Partial<Record<DataKind, number>>>,
): DataKind[] {
  const { bookMs, tradeMs, tickerMs } = staleness(state, nowMs);
  const ages = { book: state.bookTrusted ? bookMs : null, trade: tradeMs, ticker: tickerMs };
  return (['book', 'trade', 'ticker'] as const).filter((kind) => {
    const limit = limitsMs[kind];
    return limit !== undefined && (ages[kind] ?? Number.POSITIVE_INFINITY) > limit;
  });
}
