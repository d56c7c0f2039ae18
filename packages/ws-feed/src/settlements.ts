import type { Event, MarketSettled, Ticker, Timestamp } from '@kalshi-mm/core';
import { settlementOf } from './frame-events.ts';
import type { LifecycleFrame } from './frames.ts';

type Settlement = Pick<MarketSettled, 'result' | 'settlementPrice'>;

/** Markets between `determined`, which tells the payout, and `settled`, which does not repeat it. */
export class Settlements {
  readonly #determined = new Map<Ticker, Settlement>();
  readonly #capacity: number;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** A later determination replaces an earlier one. */
  determine(frame: LifecycleFrame): void {
    const settlement = settlementOf(frame);
    this.#determined.delete(frame.ticker);
    if (settlement === null) return;
    this.#determined.set(frame.ticker, settlement);
    if (this.#determined.size > this.#capacity) {
      const [oldest] = this.#determined.keys();
      this.#determined.delete(oldest!);
    }
  }

  /** @returns null if the determination was not seen: the payout has to be read elsewhere */
  settle(ticker: Ticker, atMs: Timestamp): Event | null {
    const settlement = this.#determined.get(ticker);
    if (settlement === undefined) return null;
    this.#determined.delete(ticker);
    return { type: 'market.settled', ticker, ...settlement, atMs };
  }
}
