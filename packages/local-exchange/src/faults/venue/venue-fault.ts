import type { Market } from '@kalshi-mm/core';
import type { SimulatedExchange } from '@kalshi-mm/simulator';
import type { ParsedFaultOptions } from '../faults.ts';

/** One way in which the exchange itself can go wrong. */
export interface VenueFault {
  /** To whom it can happen at present: tickers, numbers of shards, or `EXCHANGE`. */
  readonly subjects: () => readonly string[];
  readonly act: (subject: string) => void;
}

/** What a fault works on. */
export interface VenueFaultHost {
  readonly exchange: SimulatedExchange;
  readonly options: ParsedFaultOptions;
  /** Runs something after so many simulated ms. */
  readonly later: (ms: number, run: () => void) => void;
}

/** The subject of what happens to the exchange as a whole. */
export const EXCHANGE = 'exchange';

/** Markets in which orders can be placed but for a pause. */
export function activeMarkets(exchange: SimulatedExchange): readonly Market[] {
  return exchange.markets().filter(({ status }) => status === 'active');
}
