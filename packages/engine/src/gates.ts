import type { Gate } from '@kalshi-mm/core';
import type { EngineRules } from './engine-config.ts';

/** What the engine itself knows about being allowed to trade. */
export interface TradingState {
  recovering: boolean;
  paused: string | null;
  stopped: string | null;
  feedAgeMs: number | null;
  feedLost: boolean;
}

/** The first reason why nothing may rest in any market, or null. Strategies have gates of their own on top. */
export function engineGate(trading: TradingState, rules: EngineRules): Gate | null {
  if (trading.stopped !== null) return { gate: 'stopped', value: trading.stopped, limit: null };
  if (trading.recovering) return { gate: 'recovering', value: null, limit: null };
  if (trading.paused !== null) return { gate: 'paused', value: trading.paused, limit: null };
  if (trading.feedLost) return { gate: 'feed-lost', value: null, limit: null };
  if (trading.feedAgeMs !== null && trading.feedAgeMs > rules.feedFreezeAfterMs) {
    return { gate: 'feed-stale', value: trading.feedAgeMs, limit: rules.feedFreezeAfterMs };
  }
  return null;
}
