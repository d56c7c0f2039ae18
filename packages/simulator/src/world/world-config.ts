import type { FeeSchedule } from '@kalshi-mm/core';
import type { Population } from './agents/population.ts';
import type { Coin } from './fair/coin-index.ts';
import type { FigureTraits } from './fair/figure.ts';
import type { Sport } from './fair/game.ts';

/** A generated world as plain data: with a seed, it says everything that will happen. */
export interface WorldConfig {
  readonly coins: readonly Coin[];
  readonly series: readonly SeriesPlan[];
  /** The pause on Thursdays, 03:00 to 05:00 in New York. */
  readonly weeklyMaintenance: boolean;
  /** Now and then one market is paused and reactivated; null: never. */
  readonly pauses: { readonly everyMs: number; readonly lastMs: number } | null;
  /** Share of events that are called off and settle at the fair price, 0 … 1. */
  readonly voidShare: number;
  /** Who lives in single markets instead of their series' population, by ticker. @default nobody moves */
  readonly populations?: Readonly<Record<string, Population>>;
}

export type SeriesPlan = WindowPlan | CoinWindowPlan | CoinLadderPlan | LeaguePlan | FigurePlan;

/** What the markets of a series have in common. */
export interface SeriesTerms {
  /** E.g. `KXBTC15M`. */
  readonly seriesTicker: string;
  readonly category: string;
  readonly title: string;
  readonly frequency: string;
  readonly tags: readonly string[];
  readonly grid: GridName;
  readonly fees: FeeSchedule;
  readonly exchangeIndex: number;
  /** From determination to payout. */
  readonly settlementTimerMs: number;
  readonly population: Population;
}

/** The exchange's names of price grids. */
export type GridName = 'linear_cent' | 'deci_cent' | 'tapered_deci_cent';

/** One market after the other, each a coin flip that becomes known, with transient jumps. */
export interface WindowPlan {
  readonly kind: 'window';
  readonly terms: SeriesTerms;
  /** Life of one market; closes fall on multiples of it, plus `offsetMs`. */
  readonly windowMs: number;
  readonly offsetMs: number;
  /** Mean time between transient jumps of the price. */
  readonly jumpEveryMs: number;
}

/** Up or down: the 60-second average at the end of a window against the one at its start. */
export interface CoinWindowPlan {
  readonly kind: 'coin-window';
  readonly terms: SeriesTerms;
  readonly coin: string;
  readonly windowMs: number;
  /** The next market is listed so long before it opens. */
  readonly listedAheadMs: number;
}

/** Many strikes on a coin's 60-second average at a time. */
export interface CoinLadderPlan {
  readonly kind: 'coin-ladder';
  readonly terms: SeriesTerms;
  readonly coin: string;
  /** From one close to the next; closes fall on multiples of it. */
  readonly everyMs: number;
  /** Life of one event. */
  readonly lifeMs: number;
  readonly stepDollars: number;
  /** Strikes (`above`), or buckets between two tails (`range`). */
  readonly strikes: number;
  /** `range`: one bucket pays, the event is mutually exclusive. */
  readonly shape: 'above' | 'range';
}

/** Games, each with a moneyline pair, a spread ladder and a total ladder about the same score. */
export interface LeaguePlan {
  readonly kind: 'league';
  readonly competition: string;
  readonly sport: Sport;
  readonly teams: readonly { readonly code: string; readonly name: string }[];
  readonly moneyline: SeriesTerms;
  readonly spread: SeriesTerms | null;
  readonly total: SeriesTerms | null;
  /** Points between two lines of a ladder, and lines of a ladder (per team, for spreads). */
  readonly spreadStep: number;
  readonly spreadLines: number;
  readonly totalStep: number;
  readonly totalLines: number;
  /** When games start, every day, in hours of UTC (fractions allowed). */
  readonly startHours: readonly number[];
  /** A game's markets are listed so long before its start. */
  readonly listedAheadMs: number;
  /** Charged until the first second of play; null: no override. */
  readonly feesBeforeStart: FeeSchedule | null;
}

/** A ladder of thresholds on a figure that is published at a set time. */
export interface FigurePlan {
  readonly kind: 'figure';
  readonly terms: SeriesTerms;
  readonly traits: FigureTraits;
  /** From one release to the next; releases fall on multiples of it, plus `offsetMs`. */
  readonly everyMs: number;
  readonly offsetMs: number;
  readonly listedAheadMs: number;
  /** Trading goes on so long after the release. */
  readonly tradesAfterMs: number;
  readonly startValue: number;
  readonly step: number;
  readonly decimals: number;
  readonly unit: string;
  readonly strikes: number;
  readonly shape: 'above' | 'range';
}
