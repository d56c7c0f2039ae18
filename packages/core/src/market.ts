import type { FeeSchedule } from './fees.ts';
import type { PriceGrid } from './grid.ts';
import type { Ticker } from './ids.ts';
import type { Money } from './money.ts';
import type { Price } from './price.ts';
import type { Timestamp } from './timestamp.ts';

/** `status` of a market object on the wire. */
export const MARKET_STATUSES = [
  'initialized',
  'active',
  'inactive',
  'closed',
  'determined',
  'disputed',
  'amended',
  'finalized',
] as const;
export type MarketStatus = (typeof MARKET_STATUSES)[number];

export const MARKET_RESULTS = ['yes', 'no', 'scalar'] as const;
export type MarketResult = (typeof MARKET_RESULTS)[number];

/** What the toolkit knows of a market that does not change with every trade. */
export interface Market {
  readonly ticker: Ticker;
  readonly eventTicker: string;
  readonly seriesTicker: string;
  /** Lower-case category of the series, e.g. `crypto`; `unknown` when the source does not tell. */
  readonly category: string;
  readonly title: string;
  /** What YES stands for, e.g. a team or a target price; absent when the title says it all. */
  readonly subTitle?: string;
  readonly status: MarketStatus;
  readonly openMs: Timestamp;
  /** Trading stops here; may be moved by the exchange. */
  readonly closeMs: Timestamp;
  readonly grid: PriceGrid;
  readonly fees: FeeSchedule;
  /** The exchange shard that the market trades on. */
  readonly exchangeIndex: number;
  readonly strikeType: string | null;
  /** As printed by the exchange; text, because it is never computed with here. */
  readonly floorStrike: string | null;
  /** The same of the upper bound, where there is one. */
  readonly capStrike?: string | null;
  readonly result: MarketResult | null;
  /** Payout of one YES contract, once determined. */
  readonly settlementPrice: Price | null;
  readonly settledMs: Timestamp | null;
}

/** How busy a market is, from its listing; drives discovery. */
export interface MarketActivity {
  readonly ticker: Ticker;
  /** Traded in the last 24 hours. */
  readonly volume24hContracts: number;
  readonly openInterestContracts: number;
  readonly bid: Price;
  readonly ask: Price;
  readonly lastPrice: Price;
  readonly notionalPerContract: Money;
}
