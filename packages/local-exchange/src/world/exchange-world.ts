import { Timestamp } from '@kalshi-mm/core';
import type { SimulatedExchange } from '@kalshi-mm/simulator';
import type { World } from './world.ts';

/** Longest step of simulated time between two looks at the clock. */
const STEP_MS = 50;

/** A world that is driven by the exchange's own clockwork alone. */
export function exchangeWorld(exchange: SimulatedExchange): World {
  return {
    exchange,
    advance(targetMs, mayContinue) {
      while (exchange.nowMs < targetMs) {
        const quietUntil = Math.max(exchange.nowMs + STEP_MS, exchange.nextMs);
        exchange.advanceTo(Timestamp.of(Math.min(targetMs, quietUntil)));
        if (!mayContinue()) break;
      }
      return exchange.nowMs >= targetMs;
    },
    nextRecordedMs: () => null,
    close() {},
  };
}
