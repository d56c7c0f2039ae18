import type { Ticker } from '@kalshi-mm/core';
import type {
  CoinPrices,
  EventFacts,
  LiveData,
  MarketFacts,
  Milestone,
  SeriesFacts,
  WorldReference,
} from './world-reference.ts';

/** The facts of a generated world, as its plans write them down. */
export class WorldFacts implements WorldReference {
  readonly weeklyMaintenance: boolean;
  readonly #series = new Map<string, SeriesFacts>();
  readonly #events = new Map<string, EventFacts>();
  readonly #markets = new Map<Ticker, MarketFacts>();
  readonly #milestones = new Map<string, Milestone>();
  readonly #live = new Map<string, () => LiveData>();
  readonly #coins: CoinPrices[] = [];

  constructor(weeklyMaintenance: boolean) {
    this.weeklyMaintenance = weeklyMaintenance;
  }

  series = (seriesTicker: string) => this.#series.get(seriesTicker) ?? null;
  event = (eventTicker: string) => this.#events.get(eventTicker) ?? null;
  market = (ticker: Ticker) => this.#markets.get(ticker) ?? null;
  milestones = () => [...this.#milestones.values()];
  liveData = (milestoneId: string) => this.#live.get(milestoneId)?.() ?? null;
  eventLiveData = (eventTicker: string) => this.#live.get(eventTicker)?.() ?? null;
  coinPrices = (): readonly CoinPrices[] => this.#coins;

  addCoin(prices: CoinPrices): void {
    this.#coins.push(prices);
  }
  setSeries(seriesTicker: string, facts: SeriesFacts): void {
    this.#series.set(seriesTicker, facts);
  }
  setEvent(eventTicker: string, facts: EventFacts): void {
    this.#events.set(eventTicker, facts);
  }
  setMarket(ticker: Ticker, facts: MarketFacts): void {
    this.#markets.set(ticker, facts);
  }
  setMilestone(milestone: Milestone): void {
    this.#milestones.set(milestone.id, milestone);
  }
  /** @param id of a milestone, or the ticker of an event */
  setLive(id: string, read: () => LiveData): void {
    this.#live.set(id, read);
  }

  /** Drops what is about markets and events that the exchange has forgotten. */
  keepOnly(tickers: ReadonlySet<Ticker>, events: ReadonlySet<string>): void {
    for (const ticker of this.#markets.keys()) if (!tickers.has(ticker)) this.#markets.delete(ticker);
    for (const event of this.#events.keys()) {
      if (events.has(event)) continue;
      this.#events.delete(event);
      this.#live.delete(event);
    }
    for (const { id, relatedEventTickers } of this.#milestones.values()) {
      if (relatedEventTickers.some((event) => events.has(event))) continue;
      this.#milestones.delete(id);
      this.#live.delete(id);
    }
  }
}
