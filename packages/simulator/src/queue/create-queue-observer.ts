import type { ReplayBlock } from '../replay-feed.ts';
import { createInferredBook } from './inferred-book.ts';

/** A cancel whose order is known, in units of 0.01 contract. */
export interface QueueObservation {
  /** The rows' market index. */
  readonly market: number;
  /** In front of the canceled order. */
  readonly front: number;
  readonly count: number;
  /** At the level before the cancel. */
  readonly total: number;
}

/** What became of the cancels and trades of a recording. */
export interface QueueObserverCounts {
  /** Cancels whose place is known: the observations. */
  observed: number;
  /** The only order of its level: it says nothing about the queue. */
  alone: number;
  /** Its place is off by more than a twentieth of the level. */
  vague: number;
  ambiguous: number;
  hidden: number;
  unexplained: number;
  /** Trades that the inferred first order can have been the maker of, and those that it cannot. */
  tradesFit: number;
  tradesMisfit: number;
}

export interface QueueObserver {
  /** Rows of one recording in order; every market starts with a snapshot. */
  absorb(block: ReplayBlock): void;
  readonly observations: readonly QueueObservation[];
  readonly counts: Readonly<QueueObserverCounts>;
}

/**
 * Finds out where in the queue orders are canceled. A recording shows sums per level and no orders, but an order that
 * comes and goes leaves a rise and a fall of the same size: where only one resting order has the size of a fall, its
 * place in the queue is known. Needs deltas that are flagged when a trade caused them.
 */
export function createQueueObserver(): QueueObserver {
  const observations: QueueObservation[] = [];
  const counts: QueueObserverCounts = {
    observed: 0,
    alone: 0,
    vague: 0,
    ambiguous: 0,
    hidden: 0,
    unexplained: 0,
    tradesFit: 0,
    tradesMisfit: 0,
  };

  const book = createInferredBook({
    traded(_market, _level, _count, fits) {
      if (fits !== null) counts[fits ? 'tradesFit' : 'tradesMisfit']++;
    },
    canceled(market, _level, count, outcome) {
      if (typeof outcome === 'string') counts[outcome]++;
      else if (outcome.count === outcome.total) counts.alone++;
      else if (outcome.slack > MOST_SLACK * outcome.total) counts.vague++;
      else {
        counts.observed++;
        observations.push({ market, front: outcome.front, count, total: outcome.total });
      }
    },
  });
  return { observations, counts, absorb: book.absorb };
}

/** Share of a level by which the place of a canceled order may be off. */
const MOST_SLACK = 0.05;
