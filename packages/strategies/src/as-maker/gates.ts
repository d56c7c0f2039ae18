import { type Gate, type MarketView, Price, type View } from '@kalshi-mm/core';
import type { MarketVolatility, VolatilityState } from '@kalshi-mm/scanner';
import type { AsMakerConfig } from './as-maker-config.ts';

/** Blocks while there is no mid: book untrusted, one-sided or crossed. */
export function bookGate(market: MarketView): Gate | null {
  const { bestBid, bestAsk } = market;
  if (!market.bookTrusted) return { gate: 'book-untrusted', value: null, limit: null };
  if (bestBid === Price.NO_BID) return { gate: 'one-sided-book', value: 'no bid', limit: null };
  if (bestAsk === Price.NO_ASK) return { gate: 'one-sided-book', value: 'no ask', limit: null };
  if (bestBid >= bestAsk) {
    return { gate: 'crossed-book', value: Price.format(bestBid), limit: Price.format(bestAsk) };
  }
  return null;
}

/** Blocks while the spread, in dollars, is at least `spread_shock_threshold`. */
export function spreadGate(market: MarketView, config: AsMakerConfig): Gate | null {
  const spread = (market.bestAsk - market.bestBid) / Price.ONE;
  const limit = config.extreme_prices.spread_shock_threshold;
  return spread >= limit ? { gate: 'spread-shock', value: spread, limit } : null;
}

/** Blocks in the last seconds before the close; value and limit in seconds. */
export function expirationGate(market: MarketView, nowMs: number, config: AsMakerConfig): Gate | null {
  const seconds = (market.market.closeMs - nowMs) / 1000;
  const limit = config.volatility_mm.guardrails.expiration_danger_window_seconds;
  return seconds <= limit ? { gate: 'expiration-window', value: seconds, limit } : null;
}

/** Blocks when nobody has traded for a while (since the session began, if ever); value and limit in seconds. */
export function illiquidityGate(
  market: MarketView,
  nowMs: number,
  startedMs: number,
  config: AsMakerConfig,
): Gate | null {
  const limit = config.volatility_mm.guardrails.illiquidity_timeout_seconds;
  if (limit === null) return null;
  const seconds = (nowMs - (market.lastTradeMs ?? startedMs)) / 1000;
  return seconds > limit ? { gate: 'illiquidity', value: seconds, limit } : null;
}

/** Blocks when the regime is not known freshly enough; passes when no volatility fold runs. Seconds. */
export function regimeGate(
  state: VolatilityState | null,
  known: MarketVolatility | null,
  view: View,
  config: AsMakerConfig,
): Gate | null {
  if (state === null) return null;
  const limit = Math.min(config.regimes.max_shared_state_age_seconds, state.staleAfterMs / 1000);
  if (known === null) return { gate: 'regime-stale', value: 'not tracked', limit };
  if (known.lastSampleMs === null) return { gate: 'regime-stale', value: 'never sampled', limit };
  const seconds = (view.nowMs - known.lastSampleMs) / 1000;
  return seconds > limit ? { gate: 'regime-stale', value: seconds, limit } : null;
}
