import {
  Count,
  type Event,
  Price,
  type SessionAction,
  type SessionPolicy,
  type Ticker,
  Timestamp,
  type View,
} from '@kalshi-mm/core';
import { z } from 'zod';

/** `always`: one session per open market. */
export const AlwaysPolicyConfig = z.strictObject({
  max_position_contracts: z.number().gt(0).default(3).describe('Position limit of each session, contracts'),
  expiration_danger_window_seconds: z
    .number()
    .min(0)
    .default(180)
    .describe('Sessions end this long before the close, seconds'),
  max_concurrent_sessions: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Sessions at a time; null: one for every market'),
  exit: z
    .enum(['passive', 'now'])
    .default('passive')
    .describe('How positions are left at the end: at the touch, or by taking liquidity'),
});

export type AlwaysPolicyConfig = z.output<typeof AlwaysPolicyConfig>;

/** What the policy remembers: markets that trade and have no session yet. */
export interface AlwaysPolicyMemory {
  readonly waiting: Set<Ticker>;
}

/**
 * One session in every open market, from its first trusted two-sided book until the danger window before its close.
 * For backtests, demos and markets chosen by hand. The engine ends the session of a market that stops trading; one
 * that was paused gets a new session when it reopens. An opening is repeated until the engine has taken it up (it
 * takes up none while it recovers).
 */
export function alwaysPolicy(config: AlwaysPolicyConfig): SessionPolicy<AlwaysPolicyMemory> {
  const dangerMs = config.expiration_danger_window_seconds * 1000;
  return {
    name: 'always',
    start: () => ({ waiting: new Set() }),
    review(memory, event, view) {
      noteMarkets(memory, event, view);
      const actions: SessionAction[] = closings(view, config, dangerMs);
      const limit = config.max_concurrent_sessions ?? Number.POSITIVE_INFINITY;
      for (const ticker of [...memory.waiting]) {
        const seen = view.market(ticker);
        if (seen === null) continue;
        if (hasSession(view, ticker)) {
          memory.waiting.delete(ticker);
          continue;
        }
        const endsMs = Math.floor(seen.market.closeMs - dangerMs);
        if (view.nowMs >= endsMs) {
          memory.waiting.delete(ticker);
          continue;
        }
        const taken = view.openSessions.length + actions.filter(({ type }) => type === 'open').length;
        if (taken >= limit) break;
        const twoSided = seen.bestBid !== Price.NO_BID && seen.bestAsk !== Price.NO_ASK;
        if (!seen.bookTrusted || !twoSided) continue;
        actions.push({
          type: 'open',
          ticker,
          reason: 'always',
          endsMs: Timestamp.of(endsMs),
          maxPosition: Count.floorContracts(config.max_position_contracts),
          facts: { sigma: null, jumpCents: null, profile: null, regime: null },
        });
      }
      return actions;
    },
  };
}

function noteMarkets(memory: AlwaysPolicyMemory, event: Event, view: View): void {
  if (event.type === 'market.opened') memory.waiting.add(event.market.ticker);
  if (event.type === 'market.closed' || event.type === 'market.settled') memory.waiting.delete(event.ticker);
  if (event.type !== 'catalog.scanned') return;
  for (const market of event.markets) {
    if (market.status === 'active' && !hasSession(view, market.ticker)) memory.waiting.add(market.ticker);
  }
}

function closings(view: View, { exit }: AlwaysPolicyConfig, dangerMs: number): SessionAction[] {
  const actions: SessionAction[] = [];
  for (const { ticker, phase } of view.openSessions) {
    const market = view.market(ticker);
    if (phase === 'quoting' && market !== null && view.nowMs >= market.market.closeMs - dangerMs) {
      actions.push({ type: 'close', ticker, reason: 'close-window', exit });
    }
  }
  return actions;
}

function hasSession(view: View, ticker: Ticker): boolean {
  return view.openSessions.some((session) => session.ticker === ticker);
}
