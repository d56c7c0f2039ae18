import { createRandom, FeeRounding, type Market, Money, Ticker, Timestamp } from '@kalshi-mm/core';
import { createExchangeParts, type SimulatedExchange } from '../create-exchange.ts';
import type { OutputListener } from '../exchange-state.ts';
import { MatchingEngine } from '../matching-engine.ts';
import { FairValue } from './fair-value.ts';
import { ResidentMaker } from './resident-maker.ts';
import { HOUSE, SyntheticMarket } from './synthetic-market.ts';
import { DEFAULT_SERIES, type SyntheticSeries } from './synthetic-series.ts';

export interface SyntheticWorldOptions {
  readonly seed: number | string;
  readonly startMs: Timestamp;
  /** @default DEFAULT_SERIES, six of them */
  readonly series?: readonly SyntheticSeries[];
  /** How often each market's inhabitants act. @default 250 */
  readonly stepMs?: number;
  /** @default FeeRounding.DIRECT_MEMBER */
  readonly rounding?: FeeRounding;
  /** @default 'reject' */
  readonly postOnlyCross?: 'reject' | 'cancel';
  readonly onOutput?: OutputListener;
}

export interface SyntheticWorld {
  readonly exchange: SimulatedExchange;
  /** What the inhabitants believe a market is worth, in cents; null when it does not trade. */
  fairCents(ticker: Ticker): number | null;
}

/**
 * A living exchange: markets that open, trade, close, settle and are followed by the next, driven by
 * `exchange.advanceTo`. The same options, and the same orders of users, give the same outputs to the byte.
 */
export function createSyntheticWorld(options: SyntheticWorldOptions): SyntheticWorld {
  const { seed, startMs } = options;
  const stepMs = options.stepMs ?? 250;
  const { exchange, state, list } = createExchangeParts({
    idSeed: seed,
    startMs,
    rounding: options.rounding ?? FeeRounding.DIRECT_MEMBER,
    postOnlyCross: options.postOnlyCross ?? 'reject',
    ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
  });
  const random = createRandom(seed);
  for (const userId of [...Object.values(HOUSE), ...MAKERS]) exchange.addHouseUser(userId, PLENTY);
  const open = new Map<Ticker, SyntheticMarket>();

  const openMarket = (series: SyntheticSeries, nowMs: number): void => {
    const record = nextMarket(series, nowMs);
    const { ticker, openMs, closeMs } = record;
    const own = random.fork(ticker);
    list(record, (host) => new MatchingEngine(series.grid, host), series);
    const market = new SyntheticMarket({
      ticker,
      fair: new FairValue(own.fork('fair'), openMs, closeMs, nowMs, series.jumpEveryMs),
      exchange,
      series,
      random: own.fork('traders'),
      makers: MAKERS.map((userId) => new ResidentMaker(exchange, userId, series, ticker, own.fork(userId))),
      positionOf: (userId) => (state.accounts.get(userId)?.holdings.get(ticker)?.position ?? 0) / 100,
    });
    open.set(ticker, market);
    const step = (): void => {
      const { nowMs: now } = exchange;
      if (now >= closeMs) {
        market.fair.advanceTo(closeMs);
        open.delete(ticker);
        openMarket(series, closeMs);
        const { result } = market.fair;
        exchange.schedule((closeMs + DETERMINED_AFTER_MS) as Timestamp, () =>
          exchange.determine(ticker, result),
        );
        return;
      }
      if (exchange.tradingActive) market.step(now, stepMs, now === nowMs);
      else market.fair.advanceTo(now);
      exchange.schedule(Math.min(now + stepMs, closeMs) as Timestamp, step);
    };
    exchange.schedule(nowMs as Timestamp, step);
  };
  for (const series of options.series ?? DEFAULT_SERIES) openMarket(series, startMs);
  return { exchange, fairCents: (ticker) => open.get(ticker)?.fair.cents ?? null };
}

/** The market of the window that contains a time; closes lie on whole multiples of the window. */
function nextMarket(series: SyntheticSeries, nowMs: number): Market {
  const { windowMs, offsetMs, seriesTicker } = series;
  const openMs = Math.floor((nowMs - offsetMs) / windowMs) * windowMs + offsetMs;
  const closeMs = openMs + windowMs;
  // ISO text, 2026-08-11T01:30:00.000Z, to the exchange's style, 26AUG110130-30.
  const iso = Timestamp.formatIso(closeMs as Timestamp);
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]!;
  const event = `${seriesTicker}-${iso.slice(2, 4)}${month}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}`;
  return {
    ticker: Ticker.of(`${event}-${iso.slice(14, 16)}`),
    eventTicker: event,
    seriesTicker,
    category: series.category,
    title: series.title,
    status: 'active',
    openMs: openMs as Timestamp,
    closeMs: closeMs as Timestamp,
    grid: series.grid,
    fees: series.fees,
    exchangeIndex: series.exchangeIndex,
    strikeType: 'greater_or_equal',
    floorStrike: null,
    result: null,
    settlementPrice: null,
    settledMs: null,
  };
}

const MAKERS = ['house-maker-1', 'house-maker-2'];
const PLENTY = Money.fromDollars(1_000_000_000);
const DETERMINED_AFTER_MS = 2000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
