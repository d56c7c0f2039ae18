import { createRandom, type Market, type Price, type Side, type Ticker } from '@kalshi-mm/core';
import { createExchangeParts, type ListingOptions } from '../create-exchange.ts';
import type { ExchangeState } from '../exchange-state.ts';
import type { ReplayOptions } from '../replay-engine.ts';
import { addRecordedMarkets, type ReplayFeed } from '../replay-feed.ts';
import type { Population } from './agents/population.ts';
import { configOf } from './calendars/calendars.ts';
import { checkPopulation, termsOf } from './check-world-config.ts';
import type { SyntheticWorld, SyntheticWorldOptions } from './create-synthetic-world.ts';
import { generate } from './generate.ts';
import type { WorldHost } from './world-host.ts';

export interface MixedWorldOptions extends SyntheticWorldOptions, ReplayOptions, ListingOptions {
  /** Recorded markets, in the order of the rows' market index. */
  readonly markets: readonly Market[];
  /** Agents inside recorded markets, by ticker; for them a market is worth its recorded middle. @default none */
  readonly recordedPopulations?: Readonly<Record<string, Population>>;
}

export interface MixedWorld extends SyntheticWorld {
  /** Puts recorded rows in; it moves the clock, and the generated markets with it. */
  readonly feed: ReplayFeed;
}

/**
 * Recorded and generated markets on one exchange. Where no agents and no users trade, a recorded market is its
 * recording, row for row. A series that is recorded is not generated too.
 *
 * @throws MmError `bad-world` for a configuration that cannot be
 */
export function createMixedWorld(options: MixedWorldOptions): MixedWorld {
  const { seed, config = 'small', recordedPopulations = {} } = options;
  for (const [ticker, population] of Object.entries(recordedPopulations)) {
    checkPopulation(population, `recordedPopulations.${ticker}`);
  }
  const parts = createExchangeParts({ ...options, idSeed: seed });
  const { exchange, state } = parts;
  const feed = addRecordedMarkets(parts, options);
  const calendar = configOf(config);
  const recorded = new Set(options.markets.map(({ seriesTicker }) => seriesTicker));
  const others = calendar.series.filter(
    (plan) => !termsOf(plan).some(({ seriesTicker }) => recorded.has(seriesTicker)),
  );
  const host = generate(parts, { ...calendar, series: others }, createRandom(seed));
  for (const { ticker } of options.markets) {
    const population = recordedPopulations[ticker];
    if (population !== undefined) moveIn(host, state, ticker, population);
  }
  return { exchange, feed, reference: host.facts, fairCents: (ticker) => host.fairCents(ticker) };
}

/** When the market opens, as in a generated one. */
function moveIn(host: WorldHost, state: ExchangeState, ticker: Ticker, population: Population): void {
  let lastCents: number | null = null;
  const fair = (): number | null => {
    lastCents = recordedMiddleCents(state, ticker) ?? lastCents;
    return lastCents;
  };
  const { openMs } = state.markets.get(ticker)!.market;
  host.at(openMs, () => host.inhabit(ticker, population, fair));
}

/** Between the best prices at which somebody recorded still rests; null while a side has nobody. */
function recordedMiddleCents(state: ExchangeState, ticker: Ticker): number | null {
  const bid = bestRecorded(state, ticker, 'bid');
  const ask = bestRecorded(state, ticker, 'ask');
  return bid === null || ask === null ? null : (bid + ask) / 200;
}

function bestRecorded(state: ExchangeState, ticker: Ticker, side: Side): Price | null {
  const { engine, resting } = state.markets.get(ticker)!;
  const own = new Map<Price, number>();
  for (const order of resting) {
    if (order.side === side) own.set(order.price, (own.get(order.price) ?? 0) + order.remaining);
  }
  let best: Price | null = null;
  engine.book.forEachLevel(side, (price, count) => {
    if (count <= (own.get(price) ?? 0)) return true;
    best = price;
    return false;
  });
  return best;
}
