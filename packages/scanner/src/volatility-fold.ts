import {
  type CatalogScanned,
  Count,
  type Event,
  type Fold,
  type Market,
  type MarketActivity,
  type Ticker,
  type Timestamp,
  type View,
  type VolatilityEnded,
} from '@kalshi-mm/core';
import { topByActivity } from './activity-score.ts';
import { classifyRegime } from './classify-regime.ts';
import { detectVolatility, isCalm } from './detect-volatility.ts';
import { profileName } from './resolve-profile.ts';
import { SampleWindow } from './sample-window.ts';
import type { ScannerConfig } from './scanner-config.ts';
import { takeSample } from './take-sample.ts';
import type { TrackedMarket, VolatilityState } from './volatility-state.ts';
import { type StatisticsWindows, windowStatistics } from './window-statistics.ts';

const NOTHING: readonly Event[] = [];
const MINUTE_MS = 60_000;

/**
 * Watches the busiest markets and derives `volatility.detected`, `volatility.ended` and `regime.changed`.
 *
 * Markets are known from `catalog.scanned` (each scan is the whole list: a market that it lacks is dropped) and from
 * `market.opened` while there is room. They are sampled on `clock.ticked`, at the first tick in each refresh interval
 * of the epoch, so that the samples do not depend on when the fold was started; market data itself costs nothing.
 *
 * @throws MmError `unknown-profile` when the configuration maps to no profile at all
 */
export function volatilityFold(config: ScannerConfig): Fold<VolatilityState> {
  const settings = settingsOf(config);
  profileName(config, 'unknown');
  return {
    name: 'volatility',
    ignoresMarketData: true,
    start: () => ({
      tracked: new Map(),
      staleAfterMs: config.volatility_scanner.regime_staleness_seconds * 1000,
      lastSweepMs: null,
    }),
    absorb(state, event, view) {
      switch (event.type) {
        case 'clock.ticked':
          return isDue(state, event.atMs, settings.intervalMs)
            ? sweep(state, event.atMs, view, settings)
            : NOTHING;
        case 'catalog.scanned':
          return retrack(state, event, settings);
        case 'market.opened':
          return open(state, event.market, settings);
        case 'market.changed': {
          const tracked = state.tracked.get(event.market.ticker);
          if (tracked !== undefined) tracked.market = event.market;
          return NOTHING;
        }
        case 'market.closed':
        case 'market.settled':
          return drop(state, event.ticker, event.atMs, 'inactive');
        default:
          return NOTHING;
      }
    },
  };
}

interface Settings {
  readonly config: ScannerConfig;
  readonly intervalMs: number;
  readonly rollingMs: number;
  readonly capacity: number;
  readonly windows: StatisticsWindows;
}

function settingsOf(config: ScannerConfig): Settings {
  const scanner = config.volatility_scanner;
  const intervalMs = scanner.refresh_interval_seconds * 1000;
  const rollingMs = scanner.rolling_window_minutes * MINUTE_MS;
  return {
    config,
    intervalMs,
    rollingMs,
    capacity: Math.ceil(rollingMs / intervalMs) + 1,
    windows: {
      volatilityMs: scanner.volatility_window_minutes * MINUTE_MS,
      jumpMs: scanner.price_jump_window_minutes * MINUTE_MS,
      meanMs: scanner.mean_reversion_window_minutes * MINUTE_MS,
    },
  };
}

function isDue(state: VolatilityState, nowMs: number, intervalMs: number): boolean {
  const last = state.lastSweepMs;
  return last === null || Math.floor(nowMs / intervalMs) > Math.floor(last / intervalMs);
}

function sweep(state: VolatilityState, nowMs: Timestamp, view: View, settings: Settings): readonly Event[] {
  state.lastSweepMs = nowMs;
  const events: Event[] = [];
  for (const tracked of state.tracked.values()) {
    if (nowMs >= tracked.market.closeMs) {
      events.push(...drop(state, tracked.ticker, nowMs, 'inactive'));
      continue;
    }
    refresh(tracked, nowMs, view, settings, events);
  }
  return events.length === 0 ? NOTHING : events;
}

function refresh(
  tracked: TrackedMarket,
  nowMs: Timestamp,
  view: View,
  settings: Settings,
  events: Event[],
): void {
  const { config, windows, rollingMs } = settings;
  const scanner = config.volatility_scanner;
  const market = view.market(tracked.ticker);
  tracked.window.dropBefore(nowMs - rollingMs);
  if (market === null) return;
  const limits = { depthLevels: scanner.orderbook_depth, minLevels: scanner.min_orderbook_levels_required };
  if (!takeSample(tracked.window, market, nowMs, limits)) return;
  const statistics = windowStatistics(tracked.window, windows)!;
  tracked.statistics = statistics;
  tracked.sigma = statistics.sigma;
  tracked.jumpCents = statistics.jumpCents;
  tracked.lastSampleMs = nowMs;
  tracked.volumeContracts = market.volume === null ? null : Count.toContracts(market.volume);
  updateRegime(tracked, nowMs, config, events);
  if (tracked.active !== null) {
    if (!isCalm(statistics, scanner)) return;
    tracked.active = null;
    events.push(ended(tracked.ticker, nowMs, 'calm'));
    return;
  }
  const found = detectVolatility(tracked, nowMs, config);
  tracked.blockedBy = 'gate' in found ? found : null;
  if ('gate' in found) return;
  tracked.active = found;
  events.push(found);
}

/** A regime holds once enough windows in a row agree; until then the previous one stays, marked unstable. */
function updateRegime(
  tracked: TrackedMarket,
  nowMs: Timestamp,
  config: ScannerConfig,
  events: Event[],
): void {
  const profile = profileName(config, tracked.market.category);
  const candidate = classifyRegime(tracked.statistics!, config.regimes, profile);
  tracked.candidateRun = candidate === tracked.candidate ? tracked.candidateRun + 1 : 1;
  tracked.candidate = candidate;
  const confirmed = tracked.candidateRun >= config.regimes.stability_required;
  tracked.regimeAtMs ??= nowMs;
  if (confirmed && candidate !== tracked.regime) {
    events.push({
      type: 'regime.changed',
      atMs: nowMs,
      ticker: tracked.ticker,
      from: tracked.regime,
      to: candidate,
    });
    tracked.regime = candidate;
    tracked.regimeAtMs = nowMs;
  }
  tracked.regimeStable = confirmed;
}

function retrack(state: VolatilityState, scan: CatalogScanned, settings: Settings): readonly Event[] {
  const open = new Map<Ticker, Market>();
  for (const market of scan.markets) {
    if (market.status === 'active' && market.closeMs > scan.atMs) open.set(market.ticker, market);
  }
  const activity = new Map<Ticker, MarketActivity>();
  for (const entry of scan.activity) if (open.has(entry.ticker)) activity.set(entry.ticker, entry);

  const limit = settings.config.volatility_scanner.max_tracked_markets;
  const chosen = new Set<Ticker>(topByActivity(limit, [...activity.values()]));
  for (const ticker of open.keys()) if (chosen.size < limit) chosen.add(ticker);

  const events: Event[] = [];
  for (const ticker of state.tracked.keys()) {
    if (!chosen.has(ticker)) {
      events.push(...drop(state, ticker, scan.atMs, open.has(ticker) ? 'untracked' : 'inactive'));
    }
  }
  for (const ticker of chosen) {
    const tracked = state.tracked.get(ticker) ?? track(state, open.get(ticker)!, settings);
    tracked.market = open.get(ticker)!;
    tracked.activity = activity.get(ticker) ?? null;
  }
  return events.length === 0 ? NOTHING : events;
}

function open(state: VolatilityState, market: Market, settings: Settings): readonly Event[] {
  const tracked = state.tracked.get(market.ticker);
  if (tracked !== undefined) tracked.market = market;
  else if (state.tracked.size < settings.config.volatility_scanner.max_tracked_markets) {
    track(state, market, settings);
  }
  return NOTHING;
}

function track(state: VolatilityState, market: Market, settings: Settings): TrackedMarket {
  const tracked: TrackedMarket = {
    ticker: market.ticker,
    market,
    activity: null,
    volumeContracts: null,
    window: new SampleWindow(settings.capacity),
    statistics: null,
    regime: 'UNKNOWN',
    regimeStable: false,
    regimeAtMs: null,
    candidate: 'UNKNOWN',
    candidateRun: 0,
    sigma: null,
    jumpCents: null,
    lastSampleMs: null,
    active: null,
    blockedBy: null,
  };
  state.tracked.set(market.ticker, tracked);
  return tracked;
}

function drop(
  state: VolatilityState,
  ticker: Ticker,
  atMs: Timestamp,
  reason: VolatilityEnded['reason'],
): readonly Event[] {
  const tracked = state.tracked.get(ticker);
  if (tracked === undefined) return NOTHING;
  state.tracked.delete(ticker);
  return tracked.active === null ? NOTHING : [ended(ticker, atMs, reason)];
}

function ended(ticker: Ticker, atMs: Timestamp, reason: VolatilityEnded['reason']): VolatilityEnded {
  return { type: 'volatility.ended', atMs, ticker, reason };
}
