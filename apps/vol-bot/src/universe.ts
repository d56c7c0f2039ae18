import {
  type EventSink,
  type Market,
  type MarketActivity,
  MmError,
  type Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import {
  createMarketCatalog,
  type KalshiClient,
  toActivity,
  type WireMarket,
} from '@kalshi-mm/kalshi-client';
import type { MarketFeed } from '@kalshi-mm/rest-feed';
import type { ExchangeClock } from '@kalshi-mm/runtime';
import { topByActivity } from '@kalshi-mm/scanner';
import type { Logger } from './logger.ts';

export interface UniverseOptions {
  readonly client: KalshiClient;
  readonly clock: ExchangeClock;
  readonly post: EventSink;
  readonly feed: Pick<MarketFeed, 'setMarkets'>;
  readonly log: Logger;
  /** Empty: every series. */
  readonly series: readonly string[];
  readonly maxMarkets: number;
  readonly rediscoverEveryMs: number;
  /** Markets that must be followed whatever their activity: those with orders or positions of ours. */
  readonly pinned: () => Iterable<Ticker>;
}

/**
 * The markets that the bot knows: scanned from the exchange, told to the engine, followed on the feed. It also
 * tells what the exchange does not: that a market has opened or closed by the clock.
 */
export class Universe {
  readonly #options: UniverseOptions;
  readonly #catalog: ReturnType<typeof createMarketCatalog>;
  readonly #markets = new Map<Ticker, Market>();
  #timer: NodeJS.Timeout | null = null;
  #scanning: Promise<void> | null = null;
  #nextScanMs = 0;

  constructor(options: UniverseOptions) {
    this.#options = options;
    this.#catalog = createMarketCatalog(options.client);
  }

  get size(): number {
    return this.#markets.size;
  }

  get activeCount(): number {
    let count = 0;
    for (const market of this.#markets.values()) if (market.status === 'active') count++;
    return count;
  }

  /** The first scan; fails when a configured series does not exist or nothing can be read. */
  async start(): Promise<void> {
    for (const series of this.#options.series) await this.#checkSeries(series);
    await this.scan();
    this.#timer = setInterval(() => this.#tick(), 50);
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

  /** A scan soon, because something is known to have changed. */
  scanSoon(): void {
    this.#nextScanMs = Math.min(this.#nextScanMs, this.#options.clock.now() + 1_000);
  }

  /** Reads one market and tells the engine; for markets that the account has a stake in. */
  async introduce(ticker: Ticker): Promise<void> {
    const { clock, post } = this.#options;
    const market = await this.#catalog.market(ticker);
    this.#markets.set(ticker, market);
    post({ type: 'market.changed', atMs: clock.now(), market });
    const { result, settlementPrice } = market;
    // Settled while nobody was looking.
    if (result !== null && settlementPrice !== null)
      post({ type: 'market.settled', atMs: clock.now(), ticker, result, settlementPrice });
  }

  async #checkSeries(series: string): Promise<void> {
    try {
      await this.#options.client.series(series);
    } catch (cause) {
      if (!(cause instanceof MmError) || cause.facts.status !== 404) throw cause;
      throw new MmError('unknown-series', `The exchange knows no series "${series}"`, {
        todo: 'Correct discovery.series in the configuration, or leave it empty for every market.',
        cause,
      });
    }
  }

  async #scan(): Promise<void> {
    const { client, clock, post, feed, log, maxMarkets, rediscoverEveryMs } = this.#options;
    this.#nextScanMs = clock.now() + rediscoverEveryMs;
    const wires = new Map<string, WireMarket>();
    for (const status of ['open', 'unopened'] as const) {
      for (const seriesTicker of this.#options.series.length === 0 ? [undefined] : this.#options.series) {
        const query = seriesTicker === undefined ? { status } : { status, seriesTicker };
        for await (const page of client.markets(query)) {
          for (const wire of page) if (this.#isNear(wire)) wires.set(wire.ticker, wire);
        }
      }
    }
    const activity = [...wires.values()].map(toActivity);
    const chosen = this.#choose(activity, maxMarkets);
    const markets = await Promise.all(chosen.map((each) => this.#catalog.complete(wires.get(each.ticker)!)));
    const known = new Set(markets.map((market) => market.ticker));
    for (const ticker of this.#options.pinned()) {
      if (!known.has(ticker)) markets.push(await this.#catalog.market(ticker));
    }
    for (const market of markets) this.#markets.set(market.ticker, market);
    this.#forgetFinished();
    post({ type: 'catalog.scanned', atMs: clock.now(), markets, activity: chosen });
    feed.setMarkets(markets.map((market) => market.ticker));
    log.info({ seen: wires.size, followed: markets.length, active: this.activeCount }, 'markets scanned');
  }

  /** Open, or opening before the next scan. */
  #isNear(wire: WireMarket): boolean {
    return wire.open_time <= this.#options.clock.now() + 2 * this.#options.rediscoverEveryMs;
  }

  #choose(activity: readonly MarketActivity[], most: number): readonly MarketActivity[] {
    if (activity.length <= most) return activity;
    const chosen = new Set(topByActivity(most, activity));
    return activity.filter((each) => chosen.has(each.ticker));
  }

  #tick(): void {
    const { clock, post, log } = this.#options;
    const atMs = clock.now();
    for (const [ticker, market] of this.#markets) {
      if (market.status === 'initialized' && market.openMs <= atMs && atMs < market.closeMs) {
        const opened: Market = { ...market, status: 'active' };
        this.#markets.set(ticker, opened);
        post({ type: 'market.opened', atMs, market: opened });
      } else if (market.status === 'active' && market.closeMs <= atMs) {
        this.#markets.set(ticker, { ...market, status: 'closed' });
        post({ type: 'market.closed', atMs, ticker, reason: 'closed' });
        this.scanSoon();
      }
    }
    if (atMs < this.#nextScanMs || this.#scanning !== null) return;
    this.scan().catch((error) => {
      log.warn({ error: String(error) }, 'market scan failed; trying again soon');
      this.#nextScanMs = Timestamp.of(this.#options.clock.now()) + 10_000;
    });
  }

  #forgetFinished(): void {
    for (const [ticker, market] of this.#markets) {
      if (market.status === 'finalized' && ![...this.#options.pinned()].includes(ticker))
        this.#markets.delete(ticker);
    }
  }
}
