import { type EventSink, type Fill, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
import type { Engine } from '@kalshi-mm/engine';
import type { KalshiClient } from '@kalshi-mm/kalshi-client';
import type { ExchangeClock } from '@kalshi-mm/runtime';
import { postAccount, readAccount } from './account-read.ts';
import type { Logger } from './logger.ts';

export interface ReconcilerOptions {
  readonly client: KalshiClient;
  readonly clock: ExchangeClock;
  readonly post: EventSink;
  readonly engine: Pick<Engine, 'portfolio' | 'view'>;
  readonly log: Logger;
  /** Pause between two reads, in exchange time. */
  readonly everyMs: number;
  /** Exchange time of the first fill that is not known yet. */
  readonly sinceMs: number;
  /** Markets whose fills and positions are ours. */
  readonly concerns: (ticker: Ticker) => boolean;
}

/**
 * Reads the account over REST again and again and tells the engine: what the feed has missed is filled in, fills first
 * and whatever becomes of the rest, and a position that stays different from our fills pauses trading until a human has
 * looked. A fill is told with every read that it is in: the engine books it once.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #sinceMs: number;
  #started = false;
  #timer: NodeJS.Timeout | null = null;
  /** Reads in a row that failed. */
  #failures = 0;
  #running: Promise<void> | null = null;
  /** Reads in a row in which a market's position differed. */
  readonly #badReads = new Map<Ticker, number>();
  reads = 0;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#sinceMs = options.sinceMs;
  }

  start(): void {
    this.#started = true;
    this.#schedule(this.#pauseMs);
  }

  /** A read for a caller with a pace of its own; none while the regular ones have not begun. */
  async readIfStarted(): Promise<void> {
    if (this.#started) await this.read();
  }

  /** A read at once, because something is known to have been missed. */
  readSoon(): void {
    if (!this.#started) return;
    // A read in progress may have begun before what was missed.
    const after = this.#running?.catch(() => undefined) ?? Promise.resolve();
    void after.then(() => this.#readAndGoOn());
  }

  /** Stops and waits for a read in progress. */
  async stop(): Promise<void> {
    this.#started = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running?.catch(() => undefined);
  }

  get #pauseMs(): number {
    const { everyMs, clock } = this.#options;
    return Math.max(MIN_WALL_PAUSE_MS, everyMs / clock.speed);
  }

  #schedule(pauseMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#started) this.#timer = setTimeout(() => void this.#readAndGoOn(), pauseMs);
  }

  async #readAndGoOn(): Promise<void> {
    try {
      await this.read();
      this.#failures = 0;
      this.#schedule(this.#pauseMs);
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, 'account could not be read; trying again');
      // What a gap has swallowed is not to wait for the next regular read.
      this.#schedule(Math.min(this.#pauseMs, MIN_WALL_PAUSE_MS * 2 ** Math.min(this.#failures++, 10)));
    }
  }

  /** One read now, or the one in progress. */
  read(): Promise<void> {
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #read(): Promise<void> {
    const { client, clock, post, concerns } = this.#options;
    const startedMs = clock.now();
    await this.#readFills();
    await this.#readSettlements();
    const read = await readAccount(client, this.#sinceMs - OVERLAP_MS);
    postAccount(read, post, () => clock.now(), concerns);
    this.#sinceMs = startedMs;
    this.reads++;
    this.#judge();
  }

  /** By themselves: quantity must not wait until all of the account can be read as one picture. */
  async #readFills(): Promise<void> {
    const { client, clock, post, concerns } = this.#options;
    const found: Fill[] = [];
    for await (const page of client.fills({ sinceMs: this.#sinceMs - OVERLAP_MS })) found.push(...page);
    found.sort((a, b) => a.exchangeMs - b.exchangeMs);
    for (const fill of found)
      if (concerns(fill.ticker)) post({ type: 'order.filled', atMs: clock.now(), fill });
  }

  async #readSettlements(): Promise<void> {
    const { client, clock, post, engine, concerns } = this.#options;
    for await (const page of client.settlements({
      sinceMs: Math.max(0, this.#sinceMs - SETTLEMENT_OVERLAP_MS),
    })) {
      for (const { ticker } of page) {
        const known = engine.view.market(ticker);
        if (known === null || known.market.status === 'finalized' || !concerns(ticker)) continue;
        const market = await client.market(ticker);
        if (market.settlement_value_dollars == null || market.result === '') continue;
        post({
          type: 'market.settled',
          atMs: clock.now(),
          ticker,
          result: market.result === 'yes' || market.result === 'no' ? market.result : 'scalar',
          settlementPrice: Price.of(market.settlement_value_dollars),
        });
      }
    }
  }

  /** A market's position by the exchange and by our fills may differ for a moment; not for long. */
  #judge(): void {
    const { engine, post, clock, log } = this.#options;
    const { differences } = engine.portfolio;
    for (const ticker of this.#badReads.keys()) if (!differences.has(ticker)) this.#badReads.delete(ticker);
    for (const [ticker, difference] of differences) {
      const reads = (this.#badReads.get(ticker) ?? 0) + 1;
      this.#badReads.set(ticker, reads);
      log.warn({ ticker, ...difference, reads }, 'position differs from fills');
      if (reads === BAD_READS_TO_PAUSE) {
        post({ type: 'trading.paused', atMs: Timestamp.of(clock.now()), reason: 'position-mismatch' });
      }
    }
  }
}

const MIN_WALL_PAUSE_MS = 1_000;
const OVERLAP_MS = 60_000;
const SETTLEMENT_OVERLAP_MS = 3_600_000;
const BAD_READS_TO_PAUSE = 3;
