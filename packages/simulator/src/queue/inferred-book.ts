import type { ReplayBlock } from '../replay-feed.ts';
import { type CancelOutcome, InferredLevel, type InferredOrder } from './inferred-level.ts';

/** Told of every change of every level of a recording. */
export interface LevelListener {
  added?(market: number, level: InferredLevel, order: InferredOrder): void;
  /** Before the level changes. */
  trading?(market: number, level: InferredLevel, count: number): void;
  /** @param fits see `InferredLevel.trade` */
  traded?(market: number, level: InferredLevel, count: number, fits: boolean | null): void;
  canceled?(market: number, level: InferredLevel, count: number, outcome: CancelOutcome): void;
}

/** Reads the rows of a recording in order; every market starts with a snapshot. */
export function createInferredBook(listener: LevelListener): { absorb(block: ReplayBlock): void } {
  const levels: Map<number, InferredLevel>[] = [];

  const change = (market: number, level: InferredLevel, by: number, byTrade: boolean): void => {
    if (by >= 0) {
      const order = level.add(by);
      listener.added?.(market, level, order);
    } else if (byTrade) {
      listener.trading?.(market, level, -by);
      const fits = level.trade(-by);
      listener.traded?.(market, level, -by, fits);
    } else {
      const outcome = level.cancel(-by);
      listener.canceled?.(market, level, -by, outcome);
    }
  };

  return {
    absorb({ rows, kind, market, side, price, count, flags }) {
      for (let row = 0; row < rows; row++) {
        const what = kind[row]!;
        const where = market[row]!;
        if (what === CLEAR || levels[where] === undefined) levels[where] = new Map();
        if (what !== DELTA && what !== LEVEL) continue;
        const ofMarket = levels[where]!;
        const key = price[row]! * 2 + side[row]!;
        const by = count[row]!;
        if (what === LEVEL) {
          ofMarket.set(key, new InferredLevel(by));
          continue;
        }
        const level = ofMarket.get(key) ?? new InferredLevel();
        // A row that fits no book: nothing is known of its level.
        if (level.total + by < 0) ofMarket.delete(key);
        else {
          ofMarket.set(key, level);
          change(where, level, by, (flags[row]! & CAUSED_BY_TRADE) !== 0);
          if (level.total === 0) ofMarket.delete(key);
        }
      }
    },
  };
}

const DELTA = 0;
const CLEAR = 2;
const LEVEL = 3;
const CAUSED_BY_TRADE = 1;
