import type { Random } from '@kalshi-mm/core';
import { createLatency, type LatencyModel } from './latency-model.ts';

/** One direction of a connection: messages arrive in the order in which they were sent. */
export interface MessageLane {
  /** When a message sent now arrives; sends come in time order. */
  arrivesMs(sentMs: number): number;
}

/** A message that would overtake the one before it arrives together with it. */
export function createMessageLane(model: LatencyModel, random: Random): MessageLane {
  const latency = createLatency(model, random);
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    arrivesMs(sentMs) {
      lastMs = Math.max(lastMs, sentMs + latency());
      return lastMs;
    },
  };
}
