import type { Count } from './count.ts';
import type { Ticker } from './ids.ts';
import type { Price } from './price.ts';
import type { Side } from './side.ts';

/** The first gate that stopped a market from being quoted, with what it saw and what it wanted. */
export interface Gate {
  /** Kebab-case name, e.g. `spread-shock`. */
  readonly gate: string;
  readonly value: number | string | null;
  readonly limit: number | string | null;
}

export interface QuoteLevel {
  readonly price: Price;
  readonly count: Count;
}

/** Numbers behind a decision, for the audit (reservation price, gamma …), units in their names. */
export type Explanation = Readonly<Record<string, number | string | null>>;

/** What should be resting in a market; the engine finds the smallest set of commands that makes it so. */
export interface QuoteIntent {
  readonly type: 'quote';
  readonly ticker: Ticker;
  readonly bids: readonly QuoteLevel[];
  readonly asks: readonly QuoteLevel[];
  readonly explanation: Explanation;
}

/** Take liquidity now, up to a price; never rests. */
export interface TakeIntent {
  readonly type: 'take';
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly reason: string;
}

/** Leave the position: by resting at the touch, or at once. */
export interface ExitIntent {
  readonly type: 'exit';
  readonly ticker: Ticker;
  readonly urgency: 'passive' | 'now';
  readonly reason: string;
}

/** No quotes, and why. */
export interface StandDownIntent {
  readonly type: 'stand-down';
  readonly ticker: Ticker;
  readonly gate: Gate;
  readonly explanation?: Explanation;
}

/** What a strategy wishes. */
export type Intent = QuoteIntent | TakeIntent | ExitIntent | StandDownIntent;
