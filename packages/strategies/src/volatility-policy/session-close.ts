import { Price, type SessionAction, type SessionView, type View } from '@kalshi-mm/core';
import { type MarketVolatility, type VolatilityState, volatilityOf } from '@kalshi-mm/scanner';
import { isAdverse, type PastFills } from '../adverse-selection.ts';
import type { VolatilityPolicyConfig } from './volatility-policy-config.ts';

/** What the policy remembers of a session that it has opened. */
export interface WatchedSession {
  /** Whether the engine has taken the opening up. */
  confirmed: boolean;
  readonly fills: PastFills;
  /** Whether sigma has been at or above the minimum since the session was opened: only then can it drop below. */
  wasVolatile: boolean;
  /** When a soft exit after a bad regime began; null while there is none, and once it has turned hard. */
  softExitMs: number | null;
}

type Close = Extract<SessionAction, { type: 'close' }>;

/** Decides whether a session must end now, and how its position is to be left. Null: it goes on. */
export function sessionClose(
  session: SessionView,
  watched: WatchedSession,
  state: VolatilityState,
  view: View,
  config: VolatilityPolicyConfig,
): Close | null {
  if (session.phase === 'exiting') return softExitTimeout(session, watched, view, config);
  const { ticker } = session;
  const mm = config.volatility_mm;
  const known = volatilityOf(state, ticker);
  if (
    known !== null &&
    known.lastSampleMs !== null &&
    view.nowMs - known.lastSampleMs > mm.regime_stale_kill_seconds * 1000
  ) {
    return { type: 'close', ticker, reason: 'regime-stale', exit: 'now' };
  }
  const market = view.market(ticker);
  const dangerMs = mm.guardrails.expiration_danger_window_seconds * 1000;
  if (market !== null && view.nowMs >= market.market.closeMs - dangerMs) {
    return passively(session, 'close-window', config);
  }
  if (session.endsMs !== null && view.nowMs >= session.endsMs) {
    return mm.ttl_soft_stop
      ? passively(session, 'ttl', config)
      : { type: 'close', ticker, reason: 'ttl', exit: 'now' };
  }
  if (known?.active == null) return passively(session, 'volatility-ended', config);
  return regimeKill(session, known, watched, view, config) ?? minVolatility(session, known, watched, config);
}

function regimeKill(
  session: SessionView,
  known: MarketVolatility,
  watched: WatchedSession,
  view: View,
  config: VolatilityPolicyConfig,
): Close | null {
  const kill = config.volatility_mm.regime_kill;
  if (!kill.enabled || !kill.bad_regimes.includes(known.regime)) return null;
  if (kill.require_adverse_selection && !pickedOff(session, watched, view, config)) return null;
  const reason = `regime-${known.regime}`;
  if (kill.kill_modes[known.regime] === 'hard') {
    return { type: 'close', ticker: session.ticker, reason, exit: 'now' };
  }
  const close = passively(session, reason, config);
  if (close.exit === 'passive') watched.softExitMs = view.nowMs;
  return close;
}

function pickedOff(
  { ticker }: SessionView,
  watched: WatchedSession,
  view: View,
  config: VolatilityPolicyConfig,
): boolean {
  const market = view.market(ticker);
  if (market === null || market.bestBid === Price.NO_BID || market.bestAsk === Price.NO_ASK) return false;
  return isAdverse(watched.fills, (market.bestBid + market.bestAsk) / 2, view.nowMs, config.throttling);
}

function minVolatility(
  session: SessionView,
  known: MarketVolatility,
  watched: WatchedSession,
  config: VolatilityPolicyConfig,
): Close | null {
  const minimum = config.volatility_mm.guardrails.min_volatility_threshold;
  if (known.sigma === null) return null;
  if (known.sigma >= minimum) watched.wasVolatile = true;
  return watched.wasVolatile && known.sigma < minimum ? passively(session, 'min-volatility', config) : null;
}

function softExitTimeout(
  { ticker }: SessionView,
  watched: WatchedSession,
  view: View,
  config: VolatilityPolicyConfig,
): Close | null {
  const waitMs = config.volatility_mm.soft_exit_max_wait_seconds * 1000;
  if (watched.softExitMs === null || view.nowMs - watched.softExitMs < waitMs) return null;
  watched.softExitMs = null;
  return { type: 'close', ticker, reason: 'soft-exit-timeout', exit: 'now' };
}

/** The passive exit, unless it is switched off. The engine closes small positions at once, within its slippage. */
function passively({ ticker }: SessionView, reason: string, config: VolatilityPolicyConfig): Close {
  return { type: 'close', ticker, reason, exit: config.volatility_mm.passive_exit ? 'passive' : 'now' };
}
