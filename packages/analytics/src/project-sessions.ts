import type { SessionEnded, SessionStarted, VolatilityDetected, VolatilityEnded } from '@kalshi-mm/core';
import type { Projection } from './projection.ts';

/** @param index place of the event within its record; makes the id unique */
export function projectVolatilityDetected(p: Projection, event: VolatilityDetected, index: number): void {
  p.store.insert('volatility_events', {
    event_id: `${p.record.runId}/${p.record.sequence}/${index}`,
    run_id: p.record.runId,
    market_ticker: event.ticker,
    at_ms: event.atMs,
    signal_strength: event.signalStrength,
    sigma: event.sigma,
    jump_magnitude_cents: event.jumpCents,
    direction: event.direction,
    close_ms: event.closeMs,
    session_id: null,
    ended_ms: null,
    end_reason: null,
  });
}

export function projectVolatilityEnded(p: Projection, event: VolatilityEnded): void {
  p.store.update(
    'volatility_events',
    { run_id: p.record.runId, market_ticker: event.ticker, ended_ms: null },
    { ended_ms: event.atMs, end_reason: event.reason },
  );
}

/** Joins the session with the volatility that started it: the market's latest that has not ended. */
export function projectSessionStarted(p: Projection, event: SessionStarted): void {
  const cause = p.store.first(
    'volatility_events',
    { run_id: p.record.runId, market_ticker: event.ticker, ended_ms: null, session_id: null },
    'at_ms desc',
  );
  p.store.insert('volatility_sessions', {
    run_id: p.record.runId,
    session_id: event.sessionId,
    event_id: cause?.event_id ?? null,
    market_ticker: event.ticker,
    start_ms: event.atMs,
    start_reason: event.reason,
    planned_end_ms: event.endsMs,
    end_ms: null,
    kill_reason: null,
    final_pnl_e6: null,
    final_fees_e6: null,
    final_position_e2: null,
  });
  if (cause !== undefined) {
    p.store.update('volatility_events', { event_id: cause.event_id }, { session_id: event.sessionId });
  }
}

export function projectSessionEnded(p: Projection, event: SessionEnded): void {
  p.store.update(
    'volatility_sessions',
    { run_id: p.record.runId, session_id: event.sessionId },
    {
      end_ms: event.atMs,
      kill_reason: event.reason,
      final_pnl_e6: event.realizedPnl,
      final_fees_e6: event.fees,
      final_position_e2: event.position,
    },
  );
}
