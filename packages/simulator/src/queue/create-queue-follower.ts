import type { ReplayBlock } from '../replay-feed.ts';
import { createInferredBook } from './inferred-book.ts';
import type { InferredLevel, InferredOrder } from './inferred-level.ts';
import { createQueueAdvance, type QueueAdvance } from './queue-advance.ts';
import type { QueueModel } from './queue-model.ts';

export interface QueueFollowerOptions {
  /** The models to try on the orders of a market; as many for each. */
  readonly modelsOf: (market: number) => readonly QueueModel[];
}

/** How far a model's places were from the true ones, in shares of what was in front of an order at first. */
export interface PlaceErrors {
  readonly orders: number;
  /** Mean of model less truth: below 0 the model moves forward too fast. */
  readonly bias: number;
  readonly absolute: number;
}

export interface QueueFollower {
  /** Rows of one recording in order; every market starts with a snapshot. */
  absorb(block: ReplayBlock): void;
  /** By model. */
  errors(): readonly PlaceErrors[];
}

/**
 * Follows recorded orders through their queues as if they were ours, by several models, and compares the places at
 * every trade at their level, which is when a place matters. An order's errors are averaged first, so each counts once;
 * orders that meet no trade do not count.
 */
export function createQueueFollower({ modelsOf }: QueueFollowerOptions): QueueFollower {
  const advances: (readonly QueueAdvance[])[] = [];
  const followed = new WeakMap<InferredLevel, Map<InferredOrder, Followed>>();
  const sums: { orders: number; bias: number; absolute: number }[] = [];

  const finish = ({ places, trades }: Followed): void => {
    if (trades === 0) return;
    for (const [model, { bias, absolute }] of places.entries()) {
      sums[model] ??= { orders: 0, bias: 0, absolute: 0 };
      const sum = sums[model];
      sum.orders++;
      sum.bias += bias / trades;
      sum.absolute += absolute / trades;
    }
  };
  /** Lets go of orders that have left. */
  const release = (level: InferredLevel, orders: Map<InferredOrder, Followed>): void => {
    for (const [order, one] of orders) {
      if (level.placeOf(order) !== null) continue;
      orders.delete(order);
      finish(one);
    }
  };
  const book = createInferredBook({
    added(market, level, order) {
      const front = level.total - order.size;
      if (front === 0) return;
      advances[market] ??= modelsOf(market).map(createQueueAdvance);
      const places = advances[market].map((advance) => ({
        recordedAhead: advance.startsBehind(front),
        cancelParts: 0,
        bias: 0,
        absolute: 0,
      }));
      const orders = followed.get(level) ?? new Map();
      followed.set(level, orders.set(order, { start: front, trades: 0, places }));
    },
    trading(_, level, count) {
      for (const [order, one] of followed.get(level) ?? []) {
        const place = level.placeOf(order)!;
        const sure = place.slack <= MOST_SLACK * one.start;
        if (sure) one.trades++;
        for (const model of one.places) {
          if (sure) {
            const error = (model.recordedAhead - place.front) / one.start;
            model.bias += error;
            model.absolute += Math.abs(error);
          }
          model.recordedAhead = Math.max(0, model.recordedAhead - count);
        }
      }
    },
    traded(_, level) {
      const orders = followed.get(level);
      if (orders !== undefined) release(level, orders);
    },
    canceled(market, level, count) {
      const orders = followed.get(level);
      if (orders === undefined) return;
      release(level, orders);
      for (const [order, one] of orders) {
        const others = level.total - order.size;
        for (const [model, place] of one.places.entries()) {
          advances[market]![model]!.credit(place, count, others + count);
          place.recordedAhead = Math.min(place.recordedAhead, others);
        }
      }
    },
  });
  return {
    absorb: book.absorb,
    errors: () =>
      sums.map(({ orders, bias, absolute }) => ({
        orders,
        bias: bias / orders,
        absolute: absolute / orders,
      })),
  };
}

interface Followed {
  /** In front of it at first. */
  readonly start: number;
  trades: number;
  readonly places: {
    recordedAhead: number;
    cancelParts: number;
    bias: number;
    absolute: number;
  }[];
}

/** Share of what was in front at first by which a true place may be off. */
const MOST_SLACK = 0.05;
