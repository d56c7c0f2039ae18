import { Count, Price, type Side, type Timestamp } from '@kalshi-mm/core';
import type { MarketState } from './market-state.ts';
import { type Staleness, staleness } from './staleness.ts';

/** One market as text and plain numbers, to print or to compare: a copy that shares nothing with the state. */
export interface MarketSnapshot {
  readonly ticker: string;
  readonly status: string;
  readonly bookTrusted: boolean;
  /** Price and contracts as text, best first. */
  readonly bids: readonly (readonly [price: string, contracts: string])[];
  readonly asks: readonly (readonly [price: string, contracts: string])[];
  readonly lastTradePrice: string | null;
  readonly volume: string | null;
  readonly openInterest: string | null;
  readonly ages: Staleness;
}

/** @param levels per side, at most */
export function snapshotOf(state: MarketState, nowMs: Timestamp, levels = 10): MarketSnapshot {
  const side = (of: Side): [string, string][] => {
    const out: [string, string][] = [];
    if (levels === 0) return out;
    state.book.forEachLevel(of, (price, count) => {
      out.push([Price.format(price), Count.format(count)]);
      return out.length < levels;
    });
    return out;
  };
  const { market, bookTrusted, lastTradePrice, volume, openInterest } = state;
  return {
    ...{ ticker: market.ticker, status: market.status, bookTrusted },
    ...{ bids: side('bid'), asks: side('ask') },
    lastTradePrice: lastTradePrice === null ? null : Price.format(lastTradePrice),
    volume: volume === null ? null : Count.format(volume),
    openInterest: openInterest === null ? null : Count.format(openInterest),
    ages: staleness(state, nowMs),
  };
}
