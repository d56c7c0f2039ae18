import { type Market, MmError, Ticker } from '@kalshi-mm/core';
import {
  createMarketCatalog,
  type KalshiClient,
  type MarketCatalog,
  type WireMarket,
} from '@kalshi-mm/kalshi-client';
import type { Logger } from './logger.ts';
import type { RecorderConfig } from './recorder-config.ts';

export interface SelectionOptions {
  readonly client: KalshiClient;
  readonly config: RecorderConfig['markets'];
  /** The facts of a market are new or have changed. */
  readonly onMarket: (market: Market) => void;
  /** The markets to follow from now on. */
  readonly onMarkets: (tickers: readonly Ticker[]) => void;
  readonly log: Logger;
}

/** Knows which markets are to be recorded: finds new ones as they list, and stays with old ones until they settle. */
export class Selection {
  readonly #options: SelectionOptions;
  readonly #catalog: MarketCatalog;
  /** Markets that are not settled yet, with the facts that were told last. */
  readonly #known = new Map<Ticker, string>();
  #timer: NodeJS.Timeout | null = null;
  #nextScanMs = 0;
  #scanning: Promise<void> | null = null;
  #followed: readonly Ticker[] = [];

  constructor(options: SelectionOptions) {
    this.#options = options;
    this.#catalog = createMarketCatalog(options.client);
  }

  get followed(): readonly Ticker[] {
    return this.#followed;
  }

  /** The first scan. @throws MmError `unknown-series`, or when nothing can be read */
  async start(): Promise<void> {
    for (const series of this.#options.config.series) await this.#checkSeries(series);
    await this.scan();
    this.#timer = setInterval(() => this.#tick(), 250);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Scans now, or joins the scan in progress. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scan().finally(() => {
      this.#scanning = null;
    });
    return this.#scanning;
  }

  /** A market or event has changed: a scan soon, if it is one of ours. */
  onNotice(ticker: string): void {
    const { series, categories } = this.#options.config;
    const concerns =
      categories.length > 0 ||
      this.#known.has(ticker as Ticker) ||
      series.some((name) => ticker.startsWith(`${name}-`));
    if (concerns) this.#nextScanMs = Math.min(this.#nextScanMs, performance.now() + 1_000);
  }

  #tick(): void {
    if (performance.now() < this.#nextScanMs || this.#scanning !== null) return;
    this.scan().catch((error) => {
      this.#options.log.warn({ error: String(error) }, 'market scan failed; trying again soon');
      this.#nextScanMs = performance.now() + 10_000;
    });
  }

  async #scan(): Promise<void> {
    const { config, onMarkets, log } = this.#options;
    this.#nextScanMs = performance.now() + config.rediscover_seconds * 1_000;
    const listed = new Map<Ticker, Market>();
    for await (const wire of this.#wanted()) {
      const market = await this.#catalog.complete(wire);
      listed.set(market.ticker, market);
    }
    for (const name of [...config.tickers, ...this.#known.keys()]) {
      const ticker = Ticker.of(name);
      if (listed.has(ticker)) continue;
      const market = await this.#read(ticker);
      if (market !== null) listed.set(ticker, market);
    }
    const followed: Ticker[] = [];
    for (const market of listed.values()) {
      const isOver = market.status === 'finalized';
      if (!isOver && !LIVE.has(market.status)) this.#tell(market);
      else if (isOver) {
        this.#tell(market);
        if (!config.tickers.includes(market.ticker)) this.#known.delete(market.ticker);
      } else if (followed.length < config.max_markets) {
        this.#tell(market);
        followed.push(market.ticker);
      }
    }
    const left = [...listed.values()].filter(({ status }) => LIVE.has(status)).length - followed.length;
    if (left > 0)
      log.warn({ left, max: config.max_markets }, 'more markets than max_markets: some are left out');
    this.#followed = followed;
    onMarkets(followed);
  }

  async *#wanted(): AsyncGenerator<WireMarket> {
    const { client, config } = this.#options;
    for (const seriesTicker of config.series) {
      for (const status of ['open', 'unopened'] as const) {
        for await (const page of client.markets({ status, seriesTicker })) yield* page;
      }
    }
    if (config.categories.length === 0) return;
    const categories = new Set(config.categories.map((name) => name.toLowerCase()));
    for (const status of ['open', 'unopened'] as const) {
      for await (const page of client.events({ status, withMarkets: true })) {
        for (const event of page) {
          const category = event.category ?? (await client.series(event.series_ticker)).category ?? 'unknown';
          if (categories.has(category.toLowerCase())) yield* event.markets ?? [];
        }
      }
    }
  }

  /** Null when the exchange does not know the market (any more). */
  async #read(ticker: Ticker): Promise<Market | null> {
    try {
      return await this.#catalog.market(ticker);
    } catch (error) {
      if (!(error instanceof MmError) || error.facts.status !== 404) throw error;
      if (!this.#known.delete(ticker)) {
        this.#options.log.warn({ ticker }, 'the exchange knows no such market');
      }
      return null;
    }
  }

  #tell(market: Market): void {
    const facts = JSON.stringify(market);
    if (this.#known.get(market.ticker) === facts) return;
    this.#known.set(market.ticker, facts);
    this.#options.onMarket(market);
  }

  async #checkSeries(series: string): Promise<void> {
    try {
      await this.#options.client.series(series);
    } catch (cause) {
      if (!(cause instanceof MmError) || cause.facts.status !== 404) throw cause;
      throw new MmError('unknown-series', `The exchange knows no series "${series}"`, {
        todo: 'Correct markets.series in the configuration, or --series.',
        cause,
      });
    }
  }
}

/** Statuses in which a market can still trade. */
const LIVE: ReadonlySet<string> = new Set(['initialized', 'active', 'inactive']);
