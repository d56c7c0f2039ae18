import { asQuotes, type ExtremeBand, extremeBand, positionFactor, quotedSides } from '@kalshi-mm/as-model';
import {
  Count,
  type Event,
  type Explanation,
  type Fold,
  type Gate,
  type Intent,
  type MarketView,
  Position,
  Price,
  type PriceGrid,
  type Regime,
  type SessionContext,
  type StandDownIntent,
  type Strategy,
  type View,
} from '@kalshi-mm/core';
import { bookDepth } from '@kalshi-mm/market-state';
import {
  type ResolvedProfile,
  regimeOf,
  resolveProfile,
  type VolatilityState,
  volatilityOf,
} from '@kalshi-mm/scanner';
import { isAdverse, type PastFills, rememberFill } from '../adverse-selection.ts';
import { AsMakerConfig } from './as-maker-config.ts';
import { extremeBandsOf } from './extreme-prices-config.ts';
import { bookGate, expirationGate, illiquidityGate, regimeGate, spreadGate } from './gates.ts';
import { orderSizes } from './order-sizes.ts';
import { placeQuotes } from './placement.ts';
import { blendSigma } from './sigma.ts';
import { checkThrottle, newThrottle, type Throttle, widenTicks } from './throttle.ts';

/** What as-maker remembers in one session. */
export interface AsMakerMemory {
  readonly config: AsMakerConfig;
  readonly session: SessionContext;
  readonly throttle: Throttle;
  readonly fills: PastFills;
}

/**
 * The Avellaneda-Stoikov market maker: one bid and one ask around the reservation price, looked at every
 * `quote_refresh_seconds` and after each fill.
 *
 * @param volatility the fold that the engine runs, for the present regime; null: the regime of the session's facts,
 * and no multipliers when there is none
 */
export function createAsMaker(
  volatility: Fold<VolatilityState> | null,
): Strategy<AsMakerConfig, AsMakerMemory> {
  return {
    name: 'as-maker',
    schema: AsMakerConfig,
    wakes: (config) => ({
      everyMs: config.volatility_mm.quote_refresh_seconds * 1000,
      onTouch: false,
      onTrade: false,
      onFill: true,
    }),
    start: (config, session) => ({ config, session, throttle: newThrottle(), fills: [] }),
    decide(memory, event, view) {
      const { ticker } = memory.session;
      noteFill(memory, event);
      const market = view.market(ticker);
      if (market === null) return [standDown(memory, { gate: 'market-unknown', value: ticker, limit: null })];
      const noMid = bookGate(market);
      if (noMid !== null) return [standDown(memory, noMid)];
      if (event.type !== 'order.filled') checkMarket(memory, market, view);
      const state = volatility === null ? null : view.fold(volatility);
      const known = state === null ? null : volatilityOf(state, ticker);
      const gate =
        spreadGate(market, memory.config) ??
        expirationGate(market, view.nowMs, memory.config) ??
        illiquidityGate(market, view.nowMs, memory.session.startedMs, memory.config) ??
        regimeGate(state, known, view, memory.config);
      if (gate !== null) return [standDown(memory, gate)];
      const regime = known?.regime ?? regimeOf(memory.session.facts.regime);
      return [quote(memory, market, view, regime)];
    },
  };
}

/** as-maker without a volatility fold. */
export const asMaker: Strategy<AsMakerConfig, AsMakerMemory> = createAsMaker(null);

function noteFill(memory: AsMakerMemory, event: Event): void {
  if (event.type !== 'order.filled' || event.fill.ticker !== memory.session.ticker) return;
  rememberFill(memory.fills, { atMs: event.atMs, side: event.fill.side, price: event.fill.price });
}

const DEPTH_LEVELS = 10;

function checkMarket(memory: AsMakerMemory, market: MarketView, view: View): void {
  const { throttling } = memory.config;
  const { bestBid, bestAsk, book } = market;
  const depth =
    bookDepth(book, 'bid', DEPTH_LEVELS).contracts + bookDepth(book, 'ask', DEPTH_LEVELS).contracts;
  checkThrottle(
    memory.throttle,
    {
      spread: (bestAsk - bestBid) / Price.ONE,
      depthContracts: depth - Count.toContracts(market.restingBid + market.restingAsk),
      pickedOff: isAdverse(memory.fills, (bestBid + bestAsk) / 2, view.nowMs, throttling),
    },
    throttling,
  );
}

function quote(memory: AsMakerMemory, market: MarketView, view: View, regime: Regime | null): Intent {
  const { config, session } = memory;
  const { bestBid, bestAsk } = market;
  const midCents = (bestBid + bestAsk) / 200;
  const profile = resolveProfile(config, market.market.category, regime);
  const band = extremeBand(midCents, extremeBandsOf(config.extreme_prices));
  const model = modelQuotes(memory, market, view, profile, regime, midCents);
  const ticks = widenTicks(memory.throttle, config.throttling);
  const placed = placeQuotes({
    grid: market.market.grid,
    bestBid,
    bestAsk,
    bidCents: model.bidCents,
    askCents: model.askCents,
    widenTicks: ticks,
    maxWidenedSpread: Math.round(config.throttling.max_total_widened_spread * Price.ONE),
  });
  const limit = positionLimit(memory, band);
  const sizes = orderSizes({
    position: market.position,
    limit,
    orderSize: orderSize(memory),
    buffer: config.quoting.position_limit_buffer,
    wholeContracts: config.quoting.whole_contracts,
    sides: config.extreme_prices.hard_extreme_one_sided ? quotedSides(band) : { bid: true, ask: true },
  });
  const bids = placed.bid === null || sizes.bid === 0 ? [] : [{ price: placed.bid, count: sizes.bid }];
  const asks = placed.ask === null || sizes.ask === 0 ? [] : [{ price: placed.ask, count: sizes.ask }];
  const explanation: Explanation = {
    ...model,
    midCents,
    inventoryContracts: Position.toContracts(market.position),
    limitContracts: Count.toContracts(limit),
    regime,
    profile: profile.name,
    band,
    widenTicks: ticks,
  };
  if (bids.length > 0 || asks.length > 0) {
    return { type: 'quote', ticker: session.ticker, bids, asks, explanation };
  }
  return standDown(
    memory,
    sizes.bid === 0 && sizes.ask === 0
      ? {
          gate: 'capacity',
          value: Count.toContracts(limit),
          limit: config.quoting.whole_contracts ? 1 : 0.01,
        }
      : noTradablePrice(market.market.grid, model, sizes.bid > 0),
    explanation,
  );
}

/** The side that has capacity has its model price beyond the last price of the grid; both in cents. */
function noTradablePrice(
  { prices }: PriceGrid,
  model: { readonly bidCents: number; readonly askCents: number },
  bidBeyond: boolean,
): Gate {
  return bidBeyond
    ? { gate: 'no-tradable-price', value: model.bidCents, limit: prices[0]! / 100 }
    : { gate: 'no-tradable-price', value: model.askCents, limit: prices[prices.length - 1]! / 100 };
}

function modelQuotes(
  memory: AsMakerMemory,
  market: MarketView,
  view: View,
  profile: ResolvedProfile,
  regime: Regime | null,
  midCents: number,
) {
  const { config, session } = memory;
  const { as_model: model, regimes } = config;
  const sigma = blendSigma(midCents, eventOf(session), profile, model, config.volatility_mm);
  const tau = remainingHorizon(memory, market, view);
  const ks = model.k_by_category;
  const { category } = market.market;
  const inventoryContracts = Position.toContracts(market.position);
  const profileCaps = model.spread_caps === 'profile';
  const quotes = asQuotes({
    midCents,
    inventoryContracts,
    // The session's own limit: scaled by the extreme factor it would switch the skew off where it matters. An
    // inventory beyond it counts as full, or the schedules would run away.
    maxPositionContracts: Math.max(
      Count.toContracts(session.maxPosition),
      Math.abs(inventoryContracts),
      0.01,
    ),
    sigmaCents: sigma.cents,
    tau,
    gammaSchedule: model.gamma_schedule,
    baseGammaPerCent: model.base_gamma,
    gammaMultiplier: regime === null ? 1 : regimes.gamma_multipliers[regime],
    kPerCent: Object.hasOwn(ks, category) ? ks[category]! : ks.default,
    kMultiplier: regime === null ? 1 : regimes.k_multipliers[regime],
    buildingSideWidening: model.building_side_widening,
    minTotalSpreadCents: profileCaps ? profile.spreadTightCents : 100 * model.min_total_spread,
    maxTotalSpreadCents: profileCaps ? profile.spreadWideCents : 100 * model.max_total_spread,
  });
  return { ...quotes, sigmaCents: sigma.cents, sigmaEventWeight: sigma.weight, tau };
}

function eventOf({ facts }: SessionContext) {
  const { sigma, jumpCents } = facts;
  return {
    sigma: typeof sigma === 'number' ? sigma : null,
    jumpCents: typeof jumpCents === 'number' ? jumpCents : null,
  };
}

/** Remaining fraction of the risk horizon: all of it until the close, or the session's end, comes nearer. */
function remainingHorizon({ config, session }: AsMakerMemory, market: MarketView, view: View): number {
  const { risk_horizon_seconds, horizon_ends_with_session } = config.as_model;
  const own = view.openSessions.find(({ sessionId }) => sessionId === session.sessionId);
  const endsMs = horizon_ends_with_session
    ? (own?.endsMs ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY;
  const remainingMs = Math.min(market.market.closeMs, endsMs) - view.nowMs;
  return Math.min(1, Math.max(0, remainingMs / (risk_horizon_seconds * 1000)));
}

function positionLimit({ config, session }: AsMakerMemory, band: ExtremeBand): Count {
  const factors = {
    soft: config.extreme_prices.soft_extreme_factor,
    hard: config.extreme_prices.hard_extreme_factor,
  };
  return Count.of(Math.floor(session.maxPosition * positionFactor(band, factors) + 1e-9));
}

function orderSize({ config, session }: AsMakerMemory): Count {
  const contracts = config.quoting.order_contracts;
  return contracts === null ? session.maxPosition : Count.floorContracts(contracts);
}

function standDown(memory: AsMakerMemory, gate: Gate, explanation?: Explanation): StandDownIntent {
  const { ticker } = memory.session;
  return explanation === undefined
    ? { type: 'stand-down', ticker, gate }
    : { type: 'stand-down', ticker, gate, explanation };
}
