import { type FeeSchedule, Price, PriceGrid } from '@kalshi-mm/core';

/** A kind of market that the synthetic world lists again and again: when one closes, the next opens. */
export interface SyntheticSeries {
  /** E.g. `KXBTC15M`. */
  readonly seriesTicker: string;
  readonly category: string;
  readonly title: string;
  /** Life of one market; closes fall on multiples of it, plus `offsetMs`. */
  readonly windowMs: number;
  readonly offsetMs: number;
  readonly grid: PriceGrid;
  readonly fees: FeeSchedule;
  readonly exchangeIndex: number;
  /** From determination to payout. */
  readonly settlementTimerMs: number;
  /** Mean time between transient jumps of the price. */
  readonly jumpEveryMs: number;
  /** Mean time between orders of traders who know nothing. */
  readonly noiseEveryMs: number;
  /** Mean time between looks of traders who know the fair value. */
  readonly informedEveryMs: number;
  /** What the resident makers keep on each side of their opinion, in cents. */
  readonly makerHalfSpreadCents: number;
  /** Contracts per maker quote. */
  readonly makerContracts: number;
}

const TAPERED = PriceGrid.of([
  { start: Price.of(0), end: Price.of(1000), step: 10 },
  { start: Price.of(1000), end: Price.of(9000), step: 100 },
  { start: Price.of(9000), end: Price.of(10_000), step: 10 },
]);
const TAKERS_PAY: FeeSchedule = { type: 'quadratic', multiplierMicros: 1_000_000 };
const BOTH_PAY: FeeSchedule = { type: 'quadratic_with_maker_fees', multiplierMicros: 1_000_000 };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Six series of different categories, grids, fees and lengths. */
export const DEFAULT_SERIES: readonly SyntheticSeries[] = [
  {
    seriesTicker: 'KXBTC15M',
    category: 'crypto',
    title: 'Bitcoin up in the next 15 minutes?',
    windowMs: 15 * MINUTE,
    offsetMs: 0,
    grid: TAPERED,
    fees: TAKERS_PAY,
    exchangeIndex: 2,
    settlementTimerMs: 1000,
    jumpEveryMs: 6 * MINUTE,
    noiseEveryMs: 900,
    informedEveryMs: 2500,
    makerHalfSpreadCents: 1,
    makerContracts: 60,
  },
  {
    seriesTicker: 'KXETH15M',
    category: 'crypto',
    title: 'Ether up in the next 15 minutes?',
    windowMs: 15 * MINUTE,
    offsetMs: 5 * MINUTE,
    grid: TAPERED,
    fees: TAKERS_PAY,
    exchangeIndex: 2,
    settlementTimerMs: 1000,
    jumpEveryMs: 7 * MINUTE,
    noiseEveryMs: 1500,
    informedEveryMs: 3000,
    makerHalfSpreadCents: 1.5,
    makerContracts: 40,
  },
  {
    seriesTicker: 'KXGOLD15M',
    category: 'commodities',
    title: 'Gold up in the next 15 minutes?',
    windowMs: 15 * MINUTE,
    offsetMs: 10 * MINUTE,
    grid: PriceGrid.cent(),
    fees: TAKERS_PAY,
    exchangeIndex: 2,
    settlementTimerMs: 1000,
    jumpEveryMs: 9 * MINUTE,
    noiseEveryMs: 2000,
    informedEveryMs: 4000,
    makerHalfSpreadCents: 2,
    makerContracts: 50,
  },
  {
    seriesTicker: 'KXNBAGAME',
    category: 'sports',
    title: 'Home team wins?',
    windowMs: 3 * HOUR,
    offsetMs: 40 * MINUTE,
    grid: PriceGrid.cent(),
    fees: BOTH_PAY,
    exchangeIndex: 3,
    settlementTimerMs: 60_000,
    jumpEveryMs: 12 * MINUTE,
    noiseEveryMs: 1200,
    informedEveryMs: 4000,
    makerHalfSpreadCents: 1.5,
    makerContracts: 150,
  },
  {
    seriesTicker: 'KXHIGHNY',
    category: 'climate and weather',
    title: 'High temperature in New York above the line?',
    windowMs: 6 * HOUR,
    offsetMs: 4 * HOUR,
    grid: PriceGrid.cent(),
    fees: TAKERS_PAY,
    exchangeIndex: 0,
    settlementTimerMs: 300_000,
    jumpEveryMs: 45 * MINUTE,
    noiseEveryMs: 6000,
    informedEveryMs: 12_000,
    makerHalfSpreadCents: 3,
    makerContracts: 40,
  },
  {
    seriesTicker: 'KXCPIYOY',
    category: 'economics',
    title: 'Inflation above the line?',
    windowMs: 24 * HOUR,
    offsetMs: 7 * HOUR,
    grid: PriceGrid.cent(),
    fees: BOTH_PAY,
    exchangeIndex: 0,
    settlementTimerMs: 300_000,
    jumpEveryMs: 90 * MINUTE,
    noiseEveryMs: 10_000,
    informedEveryMs: 20_000,
    makerHalfSpreadCents: 2.5,
    makerContracts: 100,
  },
];
