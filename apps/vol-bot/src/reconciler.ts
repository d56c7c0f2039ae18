import { type EventSink, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
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
 * Reads the account over REST again and again and tells the engine: what the feed has missed is filled in, and a
 * position that stays different from our fills pauses trading until a human has looked.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #sinceMs: number;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  /** Reads in a row in which a market's position differed. */
  readonly #badReads = new Map<Ticker, number>();
  reads = 0;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#sinceMs = options.sinceMs;
  }

  start(): void {
    const { everyMs, clock, log } = this.#options;
    const pauseMs = Math.max(MIN_WALL_PAUSE_MS, everyMs / clock.speed);
    const next = (): void => {
      this.#timer = setTimeout(() => {
        this.read()
          .catch((error) => log.warn({ error: String(error) }, 'account could not be read; trying again'))
          .finally(() => {
            if (this.#timer !== null) next();
          });
      }, pauseMs);
    };
    next();
  }

  /** A read for a caller with a pace of its own; none while the regular ones have not begun. */
  async readIfStarted(): Promise<void> {
    if (this.#timer !== null) await this.read();
  }

  /** A read at once, because something is known to have been missed; a failure is left to the next regular read. */
  readSoon(): void {
    if (this.#timer === null) return;
    // A read in progress may have begun before what was missed.
    const after = this.#running?.catch(() => undefined) ?? Promise.resolve();
    after
      .then(() => this.read())
      .catch((error) => this.#options.log.warn({ error: String(error) }, 'account could not be read'));
  }

  /** Stops and waits for a read in progress. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#running?.catch(() => undefined);
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
    await this.#readSettlements();
    const read = await readAccount(client, this.#sinceMs - OVERLAP_MS);
    postAccount(read, post, () => clock.now(), concerns);
    this.#sinceMs = startedMs;
    this.reads++;
    this.#judge();
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
