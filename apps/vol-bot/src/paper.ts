import { type BotConfig, simulationModels } from '@kalshi-mm/assembly';
import {
  type Event,
  type EventSink,
  type ExecutionPort,
  type Market,
  Money,
  type RunId,
  type Ticker,
  type Timestamp,
  type TradePrinted,
} from '@kalshi-mm/core';
import { readText } from '@kalshi-mm/runtime';
import {
  createLivePairing,
  createReplayExchange,
  createSimulatedVenue,
  type LivePairing,
} from '@kalshi-mm/simulator';

/** Simulated fills on live data: our orders queue in a copy of the market that the feed keeps up to date. */
export interface PaperVenue {
  readonly execution: ExecutionPort;
  /** Takes what the live feed says; the engine is told what it would see with our orders in the book. */
  readonly sink: EventSink;
  /** Lets what is due happen: commands on their way, answers, expiries. */
  advanceTo(nowMs: Timestamp): void;
  readonly startingCash: Money;
}

const ACCOUNT = 'paper';
const LATE_MS = 5_000;

/** @param post the engine's host */
export function createPaperVenue(
  post: EventSink,
  runId: RunId,
  config: Pick<BotConfig, 'simulation'>,
  startMs: Timestamp,
): PaperVenue {
  const { simulation } = config;
  const { queueModel, ...latency } = simulationModels(config, readText);
  const { exchange, feed } = createReplayExchange({
    idSeed: runId,
    startMs,
    markets: [],
    queueModel,
  });
  const startingCash = Money.fromDollars(simulation.starting_cash_dollars);
  exchange.addUser(ACCOUNT, startingCash);
  const venue = createSimulatedVenue({
    exchange,
    userId: ACCOUNT,
    ...latency,
    cancelOnPause: true,
    onEvent: post,
  });
  const pairings = new Map<Ticker, LivePairing>();
  const advanceTo = (nowMs: Timestamp): void => {
    if (nowMs > exchange.nowMs) venue.advanceTo(nowMs);
  };
  const list = (market: Market): void => {
    if (pairings.has(market.ticker)) return;
    feed.addMarket(market);
    pairings.set(market.ticker, createLivePairing(feed.market(market.ticker)));
  };

  const sink = (event: Event): void => {
    advanceTo(event.atMs);
    switch (event.type) {
      case 'book.changed':
      case 'book.replaced':
      case 'trade.printed':
        // Our orders may not have rested when a trade happened that comes late.
        if (event.type === 'trade.printed' && isLate(event)) break;
        pairings.get(event.ticker)?.absorb(event);
        return;
      case 'catalog.scanned':
        for (const market of event.markets) list(market);
        break;
      case 'market.settled':
        // The venue pays out and tells.
        if (pairings.has(event.ticker)) {
          exchange.determine(event.ticker, event.result, event.settlementPrice);
          return;
        }
        break;
    }
    post(event);
  };
  return {
    sink,
    advanceTo,
    startingCash,
    execution: {
      send: (commands) => {
        for (const command of commands) venue.submit(command, exchange.nowMs);
      },
      drain: async () => {
        while (venue.inFlight > 0 && Number.isFinite(venue.nextMs))
          venue.advanceTo(venue.nextMs as Timestamp);
      },
    },
  };
}

function isLate({ exchangeMs, atMs }: TradePrinted): boolean {
  return exchangeMs !== null && atMs - exchangeMs > LATE_MS;
}
