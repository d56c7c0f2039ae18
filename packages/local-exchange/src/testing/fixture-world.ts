import {
  Count,
  FeeSchedule,
  type Market,
  Money,
  Price,
  PriceGrid,
  type Random,
  type Side,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import {
  createExchange,
  type ExchangeOutput,
  type OrderRequest,
  type SimulatedExchange,
} from '@kalshi-mm/simulator';
import { exchangeWorld } from '../world/exchange-world.ts';
import type { World } from '../world/world.ts';

export const START_MS = Timestamp.parseIso('2026-10-05T14:00:00Z');
export const GOLD = Ticker.of('KXGOLD15M-26OCT051015-15');
export const COIN = Ticker.of('KXBTC15M-26OCT051015-15');
export const LATER = Ticker.of('KXGOLD15M-26OCT051030-30');
/** Provides the fixture's liquidity. */
export const HOUSE = 'house';

export interface FixtureWorld extends World {
  readonly exchange: SimulatedExchange;
}

/**
 * Two open markets and one that opens later, each with a small book: gold in cents on shard 0, bitcoin with tapered
 * ticks on shard 2.
 */
export function fixtureWorld(onOutput?: (output: ExchangeOutput) => void): FixtureWorld {
  const exchange = createExchange({
    startMs: START_MS,
    idSeed: 'fixture',
    ...(onOutput === undefined ? {} : { onOutput }),
  });
  exchange.addUser(HOUSE, Money.fromDollars(100_000));
  exchange.listMarket(fixtureMarket(GOLD, PriceGrid.cent(), 0, 0));
  exchange.listMarket(fixtureMarket(COIN, TAPERED, 2, 0));
  exchange.listMarket(fixtureMarket(LATER, PriceGrid.cent(), 0, 15));
  for (const ticker of [GOLD, COIN]) {
    for (const [side, price, count] of LEVELS) houseOrder(exchange, ticker, side, price, count);
  }
  return exchangeWorld(exchange) as FixtureWorld;
}

/** Rests, or trades, an order of the house. */
export function houseOrder(
  exchange: SimulatedExchange,
  ticker: Ticker,
  side: Side,
  price: number,
  count: number,
): void {
  const placed = exchange.place(HOUSE, {
    ...HOUSE_ORDER,
    ticker,
    side,
    price: Price.of(price),
    count: Count.of(count),
  });
  if (!placed.ok) throw new Error(`the house order was refused: ${placed.error.code}`);
}

/** One random act of the house: a new order near the middle, or the cancel of an old one. */
export function houseActs(exchange: SimulatedExchange, random: Random, ticker: Ticker): void {
  const resting = exchange
    .orders(HOUSE)
    .filter((order) => order.status === 'resting' && order.ticker === ticker);
  if (resting.length > 12 || (resting.length > 0 && random.next() < 0.4)) {
    exchange.cancel(HOUSE, resting[random.integer(resting.length)]!.orderId);
    return;
  }
  const side: Side = random.next() < 0.5 ? 'bid' : 'ask';
  houseOrder(exchange, ticker, side, 100 * (40 + random.integer(21)), 1 + random.integer(2_000));
}

const TAPERED = PriceGrid.of([
  { start: Price.of(0), end: Price.of(1_000), step: 10 },
  { start: Price.of(1_000), end: Price.of(9_000), step: 100 },
  { start: Price.of(9_000), end: Price.of(10_000), step: 10 },
]);

const LEVELS: readonly [Side, number, number][] = [
  ['bid', 4_500, 10_000],
  ['bid', 4_400, 20_000],
  ['ask', 5_500, 10_000],
  ['ask', 5_600, 20_000],
];

const HOUSE_ORDER = {
  timeInForce: 'good-till-canceled',
  selfTradePrevention: 'maker',
  clientOrderId: null,
  postOnly: false,
  reduceOnly: false,
  cancelOnPause: false,
  expirationMs: null,
} satisfies Partial<OrderRequest>;

function fixtureMarket(ticker: Ticker, grid: PriceGrid, exchangeIndex: number, afterMinutes: number): Market {
  const eventTicker = ticker.slice(0, ticker.lastIndexOf('-'));
  const openMs = START_MS + afterMinutes * 60_000;
  return {
    ticker,
    eventTicker,
    seriesTicker: ticker.slice(0, ticker.indexOf('-')),
    category: exchangeIndex === 2 ? 'crypto' : 'commodities',
    title: 'Up in the next fifteen minutes?',
    status: 'initialized',
    openMs: Timestamp.of(openMs),
    closeMs: Timestamp.of(openMs + 15 * 60_000),
    grid,
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex,
    strikeType: 'greater_or_equal',
    floorStrike: '4012.5',
    result: 'yes',
    settlementPrice: null,
    settledMs: null,
  };
}
