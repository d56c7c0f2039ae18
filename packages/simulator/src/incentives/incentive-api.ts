import type { Count, Money, Ticker, Timestamp } from '@kalshi-mm/core';
import type { UserId } from '../exchange-api.ts';
import type { IncentiveRule } from './score-side.ts';

/** What an incentive program promises. Only `liquidity` programs with a target size are scored and paid. */
export interface IncentiveTerms {
  readonly programId: string;
  readonly ticker: Ticker;
  readonly type: 'liquidity' | 'volume' | 'margin_maker_volume' | 'margin_taker_volume';
  readonly description: string;
  readonly startMs: Timestamp;
  /** The window ends before it. */
  readonly endMs: Timestamp;
  /** For the whole window and all accounts. */
  readonly pool: Money;
  readonly targetSize: Count | null;
  /** What a tick costs: 5000 halves the score. */
  readonly discountBps: number | null;
  readonly mostPerAccount: Money | null;
  /** @default 'reference-price' */
  readonly rule?: IncentiveRule;
  /** From the end of the window to the payout. The exchange takes up to two days. @default 0 */
  readonly payoutDelayMs?: number;
}

export interface IncentiveProgram extends IncentiveTerms {
  readonly paidOut: boolean;
}

/** One account's part of a program. */
export interface IncentiveScore {
  /** Null: everybody behind the recorded size of a market. */
  readonly userId: UserId | null;
  /** Sum of its shares of both sides over the snapshots so far. */
  readonly score: number;
  /** Of the pool, by the snapshots so far: what sides without enough size leave is nobody's. */
  readonly share: number;
  /** Whole cents, 0 below a dollar; nothing for house accounts and recorded size. */
  readonly reward: Money;
}

export interface IncentiveScores {
  /** One per second of the window so far. */
  readonly snapshots: number;
  /** Sides of them, two each, that had the target size. */
  readonly qualifiedSides: number;
  /** Highest first. */
  readonly scores: readonly IncentiveScore[];
}

/** Incentive programs as everybody can read them. */
export interface IncentiveReads {
  /** In the order in which they were added. */
  incentivePrograms(): readonly IncentiveProgram[];
}

/** Incentive programs as the exchange keeps them. */
export interface IncentiveDesk extends IncentiveReads {
  /**
   * Adds a program. A market that is not listed yet has no size. Of a window that has begun, the seconds before are
   * not scored and do not count. @throws MmError `incentive-terms`
   */
  addIncentiveProgram(terms: IncentiveTerms, paidOut?: boolean): void;
  /** The exchange itself tells nobody. Null for an unknown program. */
  incentiveScores(programId: string): IncentiveScores | null;
}
