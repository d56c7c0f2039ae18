import type { Decision, Intent } from '@kalshi-mm/core';
import type { Projection } from './projection.ts';

/** The key under which a quote's explanation carries the reservation price, in cents. */
const RESERVATION_KEY = 'reservationCents';

export function projectSnapshot(p: Projection, decision: Decision): void {
  const own = decision.intents.filter((intent) => intent.ticker === decision.ticker);
  const quote = own.find((intent) => intent.type === 'quote');
  const gate = own.find((intent) => intent.type === 'stand-down')?.gate;
  p.touches.set(decision.ticker, { bid: decision.bestBid, ask: decision.bestAsk });
  p.store.insert('market_snapshots', {
    run_id: p.record.runId,
    sequence: p.record.sequence,
    session_id: decision.sessionId,
    at_ms: p.record.atMs,
    market_ticker: decision.ticker,
    yes_bid_e4: decision.bestBid,
    yes_ask_e4: decision.bestAsk,
    current_position_e2: decision.position,
    reservation_price_cents: reservationCents(own),
    computed_bid_e4: best(quote?.bids, Math.max),
    computed_ask_e4: best(quote?.asks, Math.min),
    gate: gate?.gate ?? null,
    gate_value: text(gate?.value),
    gate_limit: text(gate?.limit),
  });
}

function reservationCents(intents: readonly Intent[]): number | null {
  for (const intent of intents) {
    if (intent.type !== 'quote' && intent.type !== 'stand-down') continue;
    const value = intent.explanation?.[RESERVATION_KEY];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
}

function best(
  levels: readonly { readonly price: number }[] | undefined,
  pick: (...prices: number[]) => number,
): number | null {
  if (levels === undefined || levels.length === 0) return null;
  return pick(...levels.map((level) => level.price));
}

function text(value: number | string | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
