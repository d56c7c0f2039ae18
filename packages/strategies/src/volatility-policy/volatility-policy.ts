import {
  Count,
  type Event,
  type Fold,
  type Gate,
  MmError,
  Money,
  type SessionAction,
  type SessionPolicy,
  type Ticker,
  Timestamp,
  type View,
} from '@kalshi-mm/core';
import { type MarketVolatility, resolveProfile, type VolatilityState } from '@kalshi-mm/scanner';
import { rememberFill } from '../adverse-selection.ts';
import { sessionClose, type WatchedSession } from './session-close.ts';
import type { VolatilityPolicyConfig } from './volatility-policy-config.ts';

interface ServedEvent {
  readonly eventMs: Timestamp;
  overMs: Timestamp | null;
}

/** What the volatility policy remembers. */
export interface VolatilityPolicyMemory {
  readonly sessions: Map<Ticker, WatchedSession>;
  /** The event that each market has had its session for, and when that session was seen to be over. */
  readonly served: Map<Ticker, ServedEvent>;
  /** Events without a session yet, and the first rule that keeps them waiting. */
  readonly waiting: Map<Ticker, Gate>;
  /** True from the balance falling below the minimum until it is well above. */
  balanceBlocked: boolean;
}

/**
 * Opens one short session for each volatility event and closes it at the end of its life, when the event ends, in
 * the window before the close, or when its regime turns bad or stale.
 *
 * It looks at the active events in the fold's state rather than waiting for `volatility.detected` itself, so that an
 * event is never lost between delay, full house and a low balance. An event that goes on after its session gets
 * another one after `reopen_after_seconds`.
 *
 * @param volatility the fold that the same engine runs
 * @throws MmError `fold-missing` (from review) when the engine does not run it
 */
export function volatilityPolicy(
  config: VolatilityPolicyConfig,
  volatility: Fold<VolatilityState>,
): SessionPolicy<VolatilityPolicyMemory> {
  return {
    name: 'volatility',
    start: () => ({ sessions: new Map(), served: new Map(), waiting: new Map(), balanceBlocked: false }),
    review(memory, event, view) {
      const state = view.fold(volatility);
      if (state === null) throw foldMissing(volatility.name);
      noteFill(memory, event);
      updateBalanceGate(memory, view, config);
      return [...closeSessions(memory, state, view, config), ...openSessions(memory, state, view, config)];
    },
  };
}

function noteFill(memory: VolatilityPolicyMemory, event: Event): void {
  if (event.type !== 'order.filled') return;
  const { ticker, side, price } = event.fill;
  const watched = memory.sessions.get(ticker);
  if (watched !== undefined) rememberFill(watched.fills, { atMs: event.atMs, side, price });
}

/** Blocks below the minimum and lets go at minimum / ratio: above, so that the gate does not flap. */
function updateBalanceGate(memory: VolatilityPolicyMemory, view: View, config: VolatilityPolicyConfig): void {
  if (view.balance === null) return;
  const { min_available_balance: minimum, balance_hysteresis_ratio: ratio } = config.volatility_mm;
  if (view.balance < Money.fromDollars(minimum)) memory.balanceBlocked = true;
  else if (view.balance >= Money.fromDollars(minimum / ratio)) memory.balanceBlocked = false;
}

function closeSessions(
  memory: VolatilityPolicyMemory,
  state: VolatilityState,
  view: View,
  config: VolatilityPolicyConfig,
): readonly SessionAction[] {
  const actions: SessionAction[] = [];
  const open = new Set<Ticker>();
  for (const session of view.openSessions) {
    open.add(session.ticker);
    const watched = memory.sessions.get(session.ticker) ?? watch(memory, session.ticker);
    watched.confirmed = true;
    const close = sessionClose(session, watched, state, view, config);
    if (close !== null) actions.push(close);
  }
  for (const [ticker, { confirmed }] of memory.sessions) {
    if (open.has(ticker)) continue;
    memory.sessions.delete(ticker);
    // The engine takes up no opening while it recovers: the event still waits for its session.
    if (!confirmed) memory.served.delete(ticker);
  }
  return actions;
}

function openSessions(
  memory: VolatilityPolicyMemory,
  state: VolatilityState,
  view: View,
  config: VolatilityPolicyConfig,
): readonly SessionAction[] {
  const actions: SessionAction[] = [];
  memory.waiting.clear();
  for (const ticker of memory.served.keys()) {
    // Bounded: an event that is over needs no record, and a new one has another detection time.
    if (state.tracked.get(ticker)?.active == null) memory.served.delete(ticker);
  }
  for (const known of state.tracked.values()) {
    const { active, ticker } = known;
    if (active === null) continue;
    const pause = reopeningGate(memory, ticker, active.atMs, view, config);
    if (pause !== null) {
      memory.waiting.set(ticker, pause);
      continue;
    }
    const decided = openingOf(known, view.openSessions.length + actions.length, memory, view, config);
    if ('gate' in decided) {
      memory.waiting.set(ticker, decided);
      continue;
    }
    memory.served.set(ticker, { eventMs: active.atMs, overMs: null });
    watch(memory, ticker);
    actions.push(decided);
  }
  return actions;
}

/** Keeps an event that has had its session waiting; null: it may have one. */
function reopeningGate(
  memory: VolatilityPolicyMemory,
  ticker: Ticker,
  eventMs: Timestamp,
  view: View,
  config: VolatilityPolicyConfig,
): Gate | null {
  const served = memory.served.get(ticker);
  if (served === undefined || served.eventMs !== eventMs) return null;
  const pauseSeconds = config.volatility_mm.reopen_after_seconds;
  const running = view.openSessions.some((session) => session.ticker === ticker);
  if (running || pauseSeconds === null) return { gate: 'event-served', value: eventMs, limit: null };
  served.overMs ??= view.nowMs;
  const waitedMs = view.nowMs - served.overMs;
  return waitedMs >= pauseSeconds * 1000
    ? null
    : { gate: 'reopen-pause', value: waitedMs, limit: pauseSeconds * 1000 };
}

function watch(memory: VolatilityPolicyMemory, ticker: Ticker): WatchedSession {
  const watched: WatchedSession = { confirmed: false, fills: [], wasVolatile: false, softExitMs: null };
  memory.sessions.set(ticker, watched);
  return watched;
}

/** The session for an event, or the first rule against it. */
function openingOf(
  known: MarketVolatility,
  sessions: number,
  memory: VolatilityPolicyMemory,
  view: View,
  config: VolatilityPolicyConfig,
): SessionAction | Gate {
  const mm = config.volatility_mm;
  const event = known.active!;
  const market = view.market(known.ticker);
  if (market === null) return { gate: 'market-unknown', value: known.ticker, limit: null };
  if (view.openSessions.some(({ ticker }) => ticker === known.ticker)) {
    return { gate: 'session-open', value: known.ticker, limit: null };
  }
  if (mm.disallow_new_sessions_if_open_positions_exist && market.position !== 0) {
    return { gate: 'unwinding', value: market.position / Count.ONE, limit: 0 };
  }
  const waitedSeconds = (view.nowMs - event.atMs) / 1000;
  if (waitedSeconds < mm.delay_before_session_start_seconds) {
    return { gate: 'start-delay', value: waitedSeconds, limit: mm.delay_before_session_start_seconds };
  }
  const regime = regimeGate(known, view, config);
  if (regime !== null) return regime;
  if (view.balance === null || memory.balanceBlocked) {
    const value = view.balance === null ? null : Money.toDollars(view.balance);
    return { gate: 'balance', value, limit: mm.min_available_balance };
  }
  if (sessions >= mm.max_concurrent_sessions) {
    return { gate: 'session-limit', value: sessions, limit: mm.max_concurrent_sessions };
  }
  const profile = resolveProfile(config, market.market.category, known.regime);
  if (profile.excluded) return { gate: 'profile-excluded', value: profile.name, limit: null };
  const maxPosition = Count.floorContracts(mm.max_position_contracts * profile.maxPositionFactor);
  if (maxPosition === 0) return { gate: 'position-limit', value: profile.maxPositionFactor, limit: 0 };
  const lastMs = market.market.closeMs - mm.guardrails.expiration_danger_window_seconds * 1000;
  if (view.nowMs >= lastMs) {
    return {
      gate: 'close-window',
      value: (market.market.closeMs - view.nowMs) / 1000,
      limit: (market.market.closeMs - lastMs) / 1000,
    };
  }
  return {
    type: 'open',
    ticker: known.ticker,
    reason: 'volatility',
    endsMs: Timestamp.of(
      Math.min(view.nowMs + Math.round(mm.session_ttl_minutes * 60_000), Math.floor(lastMs)),
    ),
    maxPosition,
    facts: {
      sigma: event.sigma,
      jumpCents: event.jumpCents,
      profile: profile.name,
      regime: known.regime,
      signalStrength: event.signalStrength,
      direction: event.direction,
      detectedMs: event.atMs,
    },
  };
}

function regimeGate(known: MarketVolatility, view: View, config: VolatilityPolicyConfig): Gate | null {
  const mm = config.volatility_mm;
  if (!mm.allowed_regimes_for_sessions.includes(known.regime)) {
    return { gate: 'regime', value: known.regime, limit: mm.allowed_regimes_for_sessions.join(',') };
  }
  if (
    mm.require_regime_stability > 0 &&
    (!known.regimeStable || known.candidateRun < mm.require_regime_stability)
  ) {
    return { gate: 'regime-stability', value: known.candidateRun, limit: mm.require_regime_stability };
  }
  const ageSeconds = known.lastSampleMs === null ? null : (view.nowMs - known.lastSampleMs) / 1000;
  return ageSeconds === null || ageSeconds > mm.regime_stale_kill_seconds
    ? { gate: 'regime-stale', value: ageSeconds, limit: mm.regime_stale_kill_seconds }
    : null;
}

function foldMissing(name: string): MmError {
  return new MmError(
    'fold-missing',
    `The volatility policy needs fold ${name}, which the engine does not run`,
    {
      todo: 'Give the same fold object to the engine and to volatilityPolicy.',
    },
  );
}
