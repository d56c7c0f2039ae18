import type { Gate, Timestamp, VolatilityDetected } from '@kalshi-mm/core';
import { resolveProfile } from './resolve-profile.ts';
import type { ScannerConfig } from './scanner-config.ts';
import type { VolatilityScannerConfig } from './volatility-scanner-config.ts';
import type { TrackedMarket } from './volatility-state.ts';
import type { WindowStatistics } from './window-statistics.ts';

const HOUR_MS = 3_600_000;

/**
 * Decides whether a freshly sampled market starts a volatility event: all of warm-up, category, spread, a jump or
 * enough sigma, mean reversion, volume, an allowed and stable regime, time to close.
 *
 * @returns the event, or the first rule that blocked it with the value seen and the limit
 */
export function detectVolatility(
  tracked: TrackedMarket,
  nowMs: Timestamp,
  config: ScannerConfig,
): VolatilityDetected | Gate {
  const { market, statistics } = tracked;
  const scanner = config.volatility_scanner;
  const points = tracked.window.length;
  if (statistics === null || points < scanner.warmup_points) {
    return { gate: 'warmup', value: points, limit: scanner.warmup_points };
  }
  return (
    categoryGate(tracked, config) ??
    movementGate(statistics, scanner) ??
    volumeGate(volume24hContracts(tracked, nowMs), scanner) ??
    regimeGate(tracked, config) ??
    closeGate(market.closeMs - nowMs, scanner) ??
    eventOf(tracked, statistics, nowMs, scanner)
  );
}

/** True when neither sigma nor a jump is left: the event is over. */
export function isCalm(statistics: WindowStatistics, scanner: VolatilityScannerConfig): boolean {
  return (
    (statistics.sigma ?? 0) < scanner.sigma_threshold &&
    statistics.jumpCents < scanner.price_jump_threshold_cents
  );
}

function categoryGate({ market }: TrackedMarket, config: ScannerConfig): Gate | null {
  const { exclude_categories } = config.volatility_scanner;
  if (exclude_categories.includes(market.category)) {
    return { gate: 'category-excluded', value: market.category, limit: exclude_categories.join(',') };
  }
  const profile = resolveProfile(config, market.category, null);
  return profile.excluded ? { gate: 'profile-excluded', value: profile.name, limit: null } : null;
}

function movementGate(statistics: WindowStatistics, scanner: VolatilityScannerConfig): Gate | null {
  const spread = statistics.spreadCents / 100;
  if (spread > scanner.min_liquidity_spread) {
    return { gate: 'spread', value: spread, limit: scanner.min_liquidity_spread };
  }
  if (isCalm(statistics, scanner)) {
    return { gate: 'volatility', value: statistics.sigma, limit: scanner.sigma_threshold };
  }
  if (statistics.fromMeanCents > scanner.mean_reversion_tolerance_cents) {
    return {
      gate: 'mean-reversion',
      value: statistics.fromMeanCents,
      limit: scanner.mean_reversion_tolerance_cents,
    };
  }
  return null;
}

/** Contracts of the last 24 hours: by the last scan, or by the feed when the market is younger than that. */
function volume24hContracts(
  { market, activity, volumeContracts }: TrackedMarket,
  nowMs: Timestamp,
): number | null {
  const scanned = activity?.volume24hContracts ?? null;
  const fed = market.openMs > nowMs - 24 * HOUR_MS ? volumeContracts : null;
  return scanned === null || fed === null ? (scanned ?? fed) : Math.max(scanned, fed);
}

function volumeGate(volume: number | null, scanner: VolatilityScannerConfig): Gate | null {
  const blocked = volume === null ? !scanner.allow_unknown_volume : volume < scanner.min_volume_24h;
  return blocked ? { gate: 'volume-24h', value: volume, limit: scanner.min_volume_24h } : null;
}

function regimeGate(tracked: TrackedMarket, config: ScannerConfig): Gate | null {
  const { allowed_for_events } = config.volatility_scanner.regime_filters;
  if (!allowed_for_events.includes(tracked.regime)) {
    return { gate: 'regime', value: tracked.regime, limit: allowed_for_events.join(',') };
  }
  if (!tracked.regimeStable) {
    return {
      gate: 'regime-stability',
      value: tracked.candidateRun,
      limit: config.regimes.stability_required,
    };
  }
  const profile = resolveProfile(config, tracked.market.category, tracked.regime);
  return profile.excluded
    ? { gate: 'profile-regime-excluded', value: `${profile.name}/${tracked.regime}`, limit: null }
    : null;
}

function closeGate(toCloseMs: number, scanner: VolatilityScannerConfig): Gate | null {
  const hours = toCloseMs / HOUR_MS;
  if (hours > 0 && hours <= scanner.max_time_to_expiry_hours) return null;
  return { gate: 'time-to-close', value: hours, limit: scanner.max_time_to_expiry_hours };
}

function eventOf(
  { market }: TrackedMarket,
  statistics: WindowStatistics,
  nowMs: Timestamp,
  scanner: VolatilityScannerConfig,
): VolatilityDetected {
  const { jumpCents, netMoveCents } = statistics;
  const sigma = statistics.sigma ?? 0;
  const jumpScore = Math.min(1, jumpCents / (scanner.price_jump_threshold_cents * 2));
  const sigmaScore = Math.min(1, sigma / (scanner.sigma_threshold * 2));
  const directed = Math.abs(netMoveCents) > scanner.direction_threshold_cents;
  return {
    type: 'volatility.detected',
    atMs: nowMs,
    ticker: market.ticker,
    jumpCents: jumpCents >= scanner.price_jump_threshold_cents ? jumpCents : null,
    sigma,
    signalStrength: jumpScore * 0.5 + sigmaScore * 0.5,
    direction: directed ? (netMoveCents > 0 ? 'up' : 'down') : null,
    closeMs: market.closeMs,
  };
}
