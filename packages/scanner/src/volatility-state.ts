import type {
  Gate,
  Market,
  MarketActivity,
  Regime,
  Ticker,
  Timestamp,
  VolatilityDetected,
} from '@kalshi-mm/core';
import type { SampleWindow } from './sample-window.ts';
import type { WindowStatistics } from './window-statistics.ts';

/** What the volatility fold knows of one tracked market. */
export interface MarketVolatility {
  readonly ticker: Ticker;
  /** The regime that last held for `stability_required` windows in a row; UNKNOWN until one has. */
  readonly regime: Regime;
  /** True while the latest windows agree with `regime`. */
  readonly regimeStable: boolean;
  /** The regime of the latest window alone, and for how many windows running. */
  readonly candidate: Regime;
  readonly candidateRun: number;
  /** Since when `regime` has been this one; null before the first sample. */
  readonly regimeAtMs: Timestamp | null;
  /** Realised volatility, dollars per observation; null until two samples. */
  readonly sigma: number | null;
  /** Largest distance of the mid from those of the jump window, cents; null before the first sample. */
  readonly jumpCents: number | null;
  /** When the market was last sampled; it is not while its book is untrusted or one-sided. */
  readonly lastSampleMs: Timestamp | null;
  /** The event that has been detected and has not ended. */
  readonly active: VolatilityDetected | null;
  /** What kept the last sample from being an event; null when it was one, or before the first. */
  readonly blockedBy: Gate | null;
}

/** State of the fold. Only the fold changes it; read it with {@link volatilityOf}. */
export interface VolatilityState {
  readonly tracked: Map<Ticker, TrackedMarket>;
  /** Readers must not act on a market whose `lastSampleMs` is older than this. */
  readonly staleAfterMs: number;
  lastSweepMs: Timestamp | null;
}

/** A market with its window. */
export interface TrackedMarket extends MarketVolatility {
  market: Market;
  /** From the last catalog scan; null when no scan has told. */
  activity: MarketActivity | null;
  /** Contracts traded since the market opened, from the feed; null when it does not tell. */
  volumeContracts: number | null;
  readonly window: SampleWindow;
  statistics: WindowStatistics | null;
  regime: Regime;
  regimeStable: boolean;
  regimeAtMs: Timestamp | null;
  candidate: Regime;
  candidateRun: number;
  sigma: number | null;
  jumpCents: number | null;
  lastSampleMs: Timestamp | null;
  active: VolatilityDetected | null;
  blockedBy: Gate | null;
}

/** What the fold knows of a market; null when it is not tracked. */
export function volatilityOf(state: VolatilityState, ticker: Ticker): MarketVolatility | null {
  return state.tracked.get(ticker) ?? null;
}
