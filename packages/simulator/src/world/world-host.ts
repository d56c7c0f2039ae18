import { type Market, Money, Price, type Random, Ticker, Timestamp } from '@kalshi-mm/core';
import type { ListWith, SimulatedExchange } from '../create-exchange.ts';
import type { ExchangeState } from '../exchange-state.ts';
import { MatchingEngine } from '../matching-engine.ts';
import { sweepSettled } from '../retention.ts';
import { inhabit } from './agents/inhabit.ts';
import { MarketDesk } from './agents/market-desk.ts';
import type { Population } from './agents/population.ts';
import { CoinIndex } from './fair/coin-index.ts';
import { GRIDS } from './grids.ts';
import type { SeriesTerms, WorldConfig } from './world-config.ts';
import { WorldFacts } from './world-facts.ts';
import type { EventFacts, MarketFacts } from './world-reference.ts';

/** What a plan says about one market that it lists. */
export interface Listing {
  readonly terms: SeriesTerms;
  readonly eventTicker: string;
  /** Of the ticker, after the event's. */
  readonly suffix: string;
  readonly title: string;
  readonly subTitle: string;
  readonly openMs: number;
  readonly closeMs: number;
  readonly strikeType: string;
  readonly floorStrike: string | null;
  readonly capStrike?: string | null;
  /** Probability that it pays, asked at any time while it trades. */
  readonly fair: () => number;
  readonly facts?: Partial<MarketFacts>;
}

/** Where the plans of a world put their events and markets, and what they share. */
export class WorldHost {
  readonly exchange: SimulatedExchange;
  readonly config: WorldConfig;
  readonly facts: WorldFacts;
  readonly random: Random;
  readonly #state: ExchangeState;
  readonly #list: ListWith;
  readonly #fairs = new Map<Ticker, () => number | null>();
  readonly #indices = new Map<string, CoinIndex>();

  constructor(
    parts: { readonly exchange: SimulatedExchange; readonly state: ExchangeState; readonly list: ListWith },
    config: WorldConfig,
    random: Random,
  ) {
    this.exchange = parts.exchange;
    this.#state = parts.state;
    this.#list = parts.list;
    this.config = config;
    this.random = random;
    this.facts = new WorldFacts(config.weeklyMaintenance);
    this.#sweepEveryHour();
    if (config.pauses !== null) this.#pauseNowAndThen(config.pauses);
  }

  get nowMs(): number {
    return this.exchange.nowMs;
  }

  /** Runs something at a time, or now if that has passed. */
  at(atMs: number, run: () => void): void {
    this.exchange.schedule(Math.max(Math.ceil(atMs), this.nowMs) as Timestamp, run);
  }

  /** Runs something again and again, first after one interval, until it returns false. */
  every(intervalMs: number, run: () => boolean): void {
    const turn = (): void => {
      if (run()) this.at(this.nowMs + intervalMs, turn);
    };
    this.at(this.nowMs + intervalMs, turn);
  }

  /** The index of a coin, which moves from the first call on. */
  index(name: string): CoinIndex {
    let index = this.#indices.get(name);
    if (index === undefined) {
      const coin = this.config.coins.find((one) => one.name === name)!;
      const made = new CoinIndex(coin, this.random.fork(`coin/${name}`), this.nowMs);
      index = made;
      this.#indices.set(name, made);
      this.facts.addCoin(made);
      const tick = (): void => {
        made.tick();
        this.at(made.atMs + 1000, tick);
      };
      this.at(made.atMs + 1000, tick);
    }
    return index;
  }

  /** Announces an event. @returns its ticker, made unique: in autumn an hour of New York comes twice */
  addEvent(eventTicker: string, facts: EventFacts): string {
    let unique = eventTicker;
    while (this.facts.event(unique) !== null) unique += 'B';
    this.facts.setEvent(unique, facts);
    return unique;
  }

  /** Lists a market; its inhabitants move in when it opens. */
  open(listing: Listing): Ticker {
    const { terms, openMs, closeMs } = listing;
    const record = recordOf(listing);
    const { ticker } = record;
    this.facts.setMarket(ticker, {
      noSubTitle: null,
      expectedExpirationMs: record.closeMs,
      latestExpirationMs: record.closeMs,
      occurrenceMs: null,
      settlementTimerMs: terms.settlementTimerMs,
      expirationValue: '',
      rules: '',
      ...listing.facts,
    });
    const grid = GRIDS[terms.grid];
    this.#list(record, (host) => new MatchingEngine(grid, host), terms);
    const fair = (): number => 100 * Math.max(0.002, Math.min(0.998, listing.fair()));
    this.#fairs.set(ticker, fair);
    const population = this.config.populations?.[ticker] ?? terms.population;
    const moveIn = (): void => this.inhabit(ticker, population, fair);
    if (openMs <= this.nowMs) moveIn();
    else if (openMs < closeMs) this.at(openMs, moveIn);
    return ticker;
  }

  /** Lets agents live in a market until it closes. @param fair cents */
  inhabit(ticker: Ticker, population: Population, fair: () => number | null): void {
    const desk = new MarketDesk(this.#state, ticker, fair);
    const random = this.random.fork(`market/${ticker}`);
    inhabit(this.exchange, desk, population, random, (userId) => {
      if (!this.#state.accounts.has(userId)) this.exchange.addHouseUser(userId, PLENTY);
    });
  }

  /** Sets a market's result, unless somebody has done so before. @param price of a void */
  resolve(ticker: Ticker, result: 'yes' | 'no' | 'scalar', expirationValue: string, price?: Price): void {
    this.#fairs.delete(ticker);
    const status = this.exchange.market(ticker)?.status;
    if (status !== 'closed' && status !== 'active' && status !== 'inactive') return;
    const facts = this.facts.market(ticker);
    if (facts !== null) this.facts.setMarket(ticker, { ...facts, expirationValue });
    this.exchange.determine(ticker, result, price);
  }

  /** Calls a market off: everybody gets the fair price, to the cent. */
  callOff(ticker: Ticker): void {
    const cents = Math.round(this.#fairs.get(ticker)?.() ?? 50);
    this.resolve(ticker, 'scalar', '', Price.of(100 * Math.max(1, Math.min(99, cents))));
  }

  /** Whether an event will be called off; the same answer whenever it is asked. */
  isVoid(eventTicker: string): boolean {
    const { voidShare } = this.config;
    return voidShare > 0 && this.random.fork(`void/${eventTicker}`).next() < voidShare;
  }

  /** What the inhabitants believe, in cents; null when the market does not trade. */
  fairCents(ticker: Ticker): number | null {
    if (this.exchange.market(ticker)?.status !== 'active') return null;
    return this.#fairs.get(ticker)?.() ?? null;
  }

  #sweepEveryHour(): void {
    this.every(HOUR_MS, () => {
      sweepSettled(this.#state);
      const markets = [...this.#state.markets.values()];
      this.facts.keepOnly(
        new Set(this.#state.markets.keys()),
        new Set(markets.map(({ market }) => market.eventTicker)),
      );
      return true;
    });
  }

  #pauseNowAndThen({ everyMs, lastMs }: { readonly everyMs: number; readonly lastMs: number }): void {
    const random = this.random.fork('pauses');
    const plan = (): void => {
      this.at(this.nowMs + 1 + random.exponential(everyMs), () => {
        const open = [...this.#fairs.keys()].filter((one) => this.exchange.market(one)?.status === 'active');
        const ticker = open[random.integer(Math.max(1, open.length))];
        if (ticker !== undefined) {
          this.exchange.setMarketActive(ticker, false);
          this.at(this.nowMs + lastMs, () => {
            if (this.exchange.market(ticker) !== null) this.exchange.setMarketActive(ticker, true);
          });
        }
        plan();
      });
    };
    plan();
  }
}

function recordOf(listing: Listing): Market {
  const { terms, eventTicker, suffix, openMs, closeMs } = listing;
  return {
    ticker: Ticker.of(`${eventTicker}-${suffix}`),
    eventTicker,
    seriesTicker: terms.seriesTicker,
    category: terms.category,
    title: listing.title,
    subTitle: listing.subTitle,
    status: 'active',
    openMs: Timestamp.of(openMs),
    closeMs: Timestamp.of(closeMs),
    grid: GRIDS[terms.grid],
    fees: terms.fees,
    exchangeIndex: terms.exchangeIndex,
    strikeType: listing.strikeType,
    floorStrike: listing.floorStrike,
    ...(listing.capStrike === undefined ? {} : { capStrike: listing.capStrike }),
    result: null,
    settlementPrice: null,
    settledMs: null,
  };
}

const PLENTY = Money.fromDollars(1_000_000_000);
const HOUR_MS = 3_600_000;
