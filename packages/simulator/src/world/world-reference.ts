import type { FeeSchedule, Ticker, Timestamp } from '@kalshi-mm/core';

/** What a world tells about its markets beyond what trading needs. Null: nothing is known, or there is no such thing. */
export interface WorldReference {
  /** Whether trading pauses every Thursday. */
  readonly weeklyMaintenance: boolean;
  series(seriesTicker: string): SeriesFacts | null;
  event(eventTicker: string): EventFacts | null;
  market(ticker: Ticker): MarketFacts | null;
  /** Real-world games, in the order in which they were announced. */
  milestones(): readonly Milestone[];
  /** What is known of a milestone's game at present. */
  liveData(milestoneId: string): LiveData | null;
  /** What an event's chart shows at present. */
  eventLiveData(eventTicker: string): LiveData | null;
  /** The coins on which markets settle, in the order in which their prices began. */
  coinPrices(): readonly CoinPrices[];
}

/** The reference prices of a coin, one a second, in units of `10^-decimals` dollars. */
export interface CoinPrices {
  /** `name`: e.g. `BTC`. */
  readonly coin: { readonly name: string; readonly decimals: number };
  readonly unitsPerDollar: number;
  /** Time of the last price, a whole second. */
  readonly atMs: number;
  /** The last price. */
  readonly units: number;
  /** The sum of the prices in `(endMs − 60 s, endMs]` that are known; for the last three minutes. */
  windowSum(endMs: number): number;
}

export interface SeriesFacts {
  readonly title: string;
  /** E.g. `hourly`, `daily`, `custom`. */
  readonly frequency: string;
  readonly tags: readonly string[];
  /** Of its events, unless one has an override. */
  readonly fees: FeeSchedule;
}

export interface EventFacts {
  readonly title: string;
  readonly subTitle: string;
  /** At most one of its markets pays. */
  readonly mutuallyExclusive: boolean;
  readonly strikeMs: Timestamp | null;
  /** E.g. `hourly`. */
  readonly strikePeriod: string | null;
}

export interface MarketFacts {
  /** What NO stands for; null: it is called as YES is. */
  readonly noSubTitle: string | null;
  readonly expectedExpirationMs: Timestamp;
  readonly latestExpirationMs: Timestamp;
  /** When what it is about takes place. */
  readonly occurrenceMs: Timestamp | null;
  readonly settlementTimerMs: number;
  /** The value that decided it; empty before. */
  readonly expirationValue: string;
  readonly rules: string;
}

/** One real-world game with the events that are about it. */
export interface Milestone {
  readonly id: string;
  readonly category: string;
  /** E.g. `basketball_game`. */
  readonly type: string;
  readonly competition: string;
  readonly startMs: Timestamp;
  readonly endMs: Timestamp | null;
  readonly title: string;
  readonly relatedEventTickers: readonly string[];
  readonly primaryEventTickers: readonly string[];
  readonly details: Readonly<Record<string, string | number>>;
  readonly updatedMs: Timestamp;
}

export interface LiveData {
  readonly type: string;
  readonly details: Readonly<Record<string, string | number>>;
}
