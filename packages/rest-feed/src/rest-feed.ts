import { type Event, MmError, Price, Ticker } from '@kalshi-mm/core';
import type { MarketFeed, MarketFeedHealth } from './market-feed.ts';
import { Pacer } from './pacer.ts';
import { PolledBooks } from './polled-books.ts';
import { PolledMarkets } from './polled-markets.ts';
import { PolledTrades } from './polled-trades.ts';
import { type RestFeedOptions, withDefaults } from './rest-feed-options.ts';

/**
 * Market data by polling. A round reads every book, a hundred markets in one request; then, where due, the listing
 * and the trades of the markets in which something has happened. One request at a time.
 */
export function createRestFeed(options: RestFeedOptions): MarketFeed {
  return new RestFeed(options);
}

/** The exchange's limit of one request for books. */
const BATCH = 100;
/** With more markets than this to read trades of, one read of all trades of the exchange is cheaper. */
const SINGLE_TRADE_READS = 3;

class RestFeed implements MarketFeed {
  readonly #options: Required<RestFeedOptions>;
  readonly #pacer: Pacer;
  readonly #books = new PolledBooks();
  readonly #markets = new PolledMarkets();
  readonly #trades = new PolledTrades();
  readonly #started = Promise.withResolvers<void>();
  /** Markets whose book or volume has changed since their trades were read. */
  readonly #traded = new Set<Ticker>();
  #wanted: ReadonlySet<Ticker> = new Set();
  #account: Promise<void> | null = null;
  #accountAtMs = 0;
  #listingAtMs = 0;
  #lastAnswerMs: number | null = null;
  #running = false;
  #everWhole = false;
  #lost = false;

  constructor(options: RestFeedOptions) {
    this.#options = withDefaults(options);
    this.#pacer = new Pacer(this.#options.spacingMs);
    // A failure that nobody awaits is told through the log as well.
    this.#started.promise.catch(() => {});
  }

  start(): Promise<void> {
    if (!this.#running) {
      this.#running = true;
      void this.#run();
    }
    return this.#started.promise;
  }

  setMarkets(tickers: readonly Ticker[]): void {
    this.#wanted = new Set(tickers);
    const leaving = this.#books.keepOnly(this.#wanted);
    for (const state of [this.#markets, this.#trades]) state.keepOnly(this.#wanted);
    const nowMs = this.#options.clock.now();
    for (const ticker of tickers) this.#trades.follow(ticker, nowMs);
    if (tickers.some((ticker) => !this.#books.has(ticker))) this.#pacer.wake();
    for (const ticker of leaving) this.#tell({ type: 'feed.gapped', ticker, atMs: nowMs });
  }

  requestSnapshot(ticker: Ticker): void {
    if (!this.#wanted.has(ticker)) return;
    this.#books.forget(ticker);
    this.#tell({ type: 'feed.gapped', ticker, atMs: this.#options.clock.now() });
    this.#pacer.wake();
  }

  close(): void {
    this.#pacer.close();
    this.#started.reject(new MmError('feed-closed', 'The feed was closed before its first round'));
  }

  health(nowMs: number): MarketFeedHealth {
    return {
      connected: this.#everWhole && !this.#lost,
      live: this.#everWhole && !this.#lost,
      lastFrameMs: this.#lastAnswerMs,
      silentMs: this.#lastAnswerMs === null ? null : nowMs - this.#lastAnswerMs,
      lagMs: null,
      untrustedBooks: this.#wanted.size - this.#books.size,
      markets: this.#wanted.size,
    };
  }

  async #run(): Promise<void> {
    while (!this.#pacer.closed) {
      const startedMs = performance.now();
      try {
        await this.#round();
        this.#onWhole();
      } catch (error) {
        this.#onFailure(error);
      }
      await this.#pacer.pauseUntil(startedMs + this.#options.booksEveryMs);
    }
  }

  async #round(): Promise<void> {
    this.#readAccount();
    await this.#readBooks();
    if (performance.now() >= this.#listingAtMs) {
      this.#listingAtMs = performance.now() + this.#options.marketsEveryMs;
      await this.#readListing();
    }
    await this.#readTrades();
  }

  #onWhole(): void {
    if (this.#pacer.closed) return;
    this.#everWhole = true;
    this.#started.resolve();
    if (!this.#lost) return;
    this.#lost = false;
    this.#tell({ type: 'feed.restored', atMs: this.#options.clock.now() });
  }

  /** Each read has been tried several times by the client: what fails now will not pass in a moment. */
  #onFailure(error: unknown): void {
    if (this.#pacer.closed) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log('a round of polling failed', { reason });
    if (!this.#everWhole && error instanceof MmError && error.recovery === 'fix') {
      this.#started.reject(error);
      this.close();
      return;
    }
    if (this.#lost) return;
    this.#lost = true;
    this.#books.forgetAll();
    this.#tell({ type: 'feed.lost', reason, atMs: this.#options.clock.now() });
  }

  async #readBooks(): Promise<void> {
    for (const tickers of batches(this.#wanted)) {
      if (!(await this.#pacer.turn())) return;
      const answer = await this.#options.reads.orderBooks(tickers);
      const atMs = this.#answered();
      for (const { ticker: name, book } of answer) {
        const ticker = Ticker.of(name);
        if (!this.#wanted.has(ticker)) continue;
        const event = this.#books.see(ticker, book, atMs);
        if (event === null) continue;
        this.#traded.add(ticker);
        this.#tell(event);
      }
    }
  }

  async #readListing(): Promise<void> {
    for (const tickers of batches(this.#wanted)) {
      if (!(await this.#pacer.turn())) return;
      for await (const page of this.#options.reads.markets({ tickers })) {
        const atMs = this.#answered();
        for (const market of page) {
          const ticker = Ticker.of(market.ticker);
          if (!this.#wanted.has(ticker)) continue;
          if (this.#markets.hasTraded(ticker, market)) this.#traded.add(ticker);
          const book = this.#books.touch(ticker);
          const touch =
            book === null
              ? { bid: market.yes_bid_dollars, ask: market.yes_ask_dollars }
              : { bid: book.bid ?? Price.NO_BID, ask: book.ask ?? Price.NO_ASK };
          const { events, notice } = this.#markets.see(ticker, market, touch, atMs);
          for (const event of events) {
            // The book starts anew when trading does.
            if (event.type === 'market.closed') this.#books.forget(ticker);
            this.#tell(event);
          }
          if (notice !== null && !this.#pacer.closed) this.#options.onNotice(notice);
        }
      }
    }
  }

  async #readTrades(): Promise<void> {
    const due = [...this.#traded].filter((ticker) => this.#wanted.has(ticker));
    this.#traded.clear();
    if (due.length === 0) return;
    const queries =
      due.length > SINGLE_TRADE_READS
        ? [{ sinceMs: Math.min(...due.map((ticker) => this.#trades.sinceMs(ticker))) }]
        : due.map((ticker) => ({ ticker, sinceMs: this.#trades.sinceMs(ticker) }));
    for (const query of queries) {
      if (!(await this.#pacer.turn())) return;
      const found = [];
      for await (const page of this.#options.reads.trades(query)) for (const trade of page) found.push(trade);
      const atMs = this.#answered();
      for (const { isBlockTrade, ...trade } of this.#trades.take(found)) {
        if (!isBlockTrade) this.#tell({ type: 'trade.printed', ...trade, atMs });
      }
    }
  }

  /** Beside the rounds, so that books do not wait for it. */
  #readAccount(): void {
    const { readAccount, accountEveryMs, log } = this.#options;
    const nowMs = performance.now();
    if (this.#account !== null || nowMs < this.#accountAtMs) return;
    this.#accountAtMs = nowMs + accountEveryMs;
    this.#account = readAccount()
      .catch((error) => log('the account could not be read', { reason: String(error) }))
      .finally(() => {
        this.#account = null;
      });
  }

  #answered() {
    const atMs = this.#options.clock.now();
    this.#lastAnswerMs = atMs;
    return atMs;
  }

  #tell(event: Event): void {
    if (!this.#pacer.closed) this.#options.sink(event);
  }
}

function* batches(tickers: ReadonlySet<Ticker>): Generator<readonly Ticker[]> {
  const all = [...tickers];
  for (let i = 0; i < all.length; i += BATCH) yield all.slice(i, i + BATCH);
}
