import type { Clock, EventSink, Ticker, TradePrinted } from '@kalshi-mm/core';
import type { PolledTrade, RestReads } from './rest-reads.ts';

export interface TradeRelayOptions {
  readonly readTrades: RestReads['trades'];
  readonly clock: Clock;
  readonly sink: EventSink;
  /** Clock seconds per second of wall time. */
  readonly speed: () => number;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/**
 * Passes trades on from a source that changes, each once, known by its id. What fell between two sources is read over
 * REST; until it is there, newer trades wait, so that order is kept. When the read fails they are told, and what was
 * missing is told late.
 */
export class TradeRelay {
  readonly #options: TradeRelayOptions;
  /** Since when each market is followed. */
  readonly #followedMs = new Map<Ticker, number>();
  /** Ids of what was told, with the times of the trades, the latest last. */
  readonly #told = new Map<string, number>();
  /** A trade that is not newer than this may have been told and forgotten. */
  #forgottenMs = Number.NEGATIVE_INFINITY;
  /** Told by the source that does not count at present. */
  readonly #kept = new Map<string, TradePrinted>();
  #waiting: TradePrinted[] = [];
  #missingSinceMs = Number.POSITIVE_INFINITY;
  /** Reads that are still to be made. */
  #looks = 0;
  #reading = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: TradeRelayOptions) {
    this.#options = options;
  }

  setMarkets(tickers: readonly Ticker[]): void {
    const wanted = new Set(tickers);
    for (const ticker of this.#followedMs.keys()) if (!wanted.has(ticker)) this.#followedMs.delete(ticker);
    const nowMs = this.#options.clock.now();
    for (const ticker of tickers) {
      if (!this.#followedMs.has(ticker)) this.#followedMs.set(ticker, nowMs);
    }
  }

  /** A trade from the source that counts. */
  pass(event: TradePrinted): void {
    if (this.#reading) this.#waiting.push({ ...event });
    else this.#tell(event);
  }

  /** A trade from the other source: told after the change to it, unless the one that counts tells it before. */
  keep(event: TradePrinted): void {
    const { tradeId } = event;
    if (tradeId === undefined || this.#told.has(tradeId)) return;
    this.#kept.set(tradeId, { ...event });
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }

  /** Trades of after `sinceMs` may be missing: reads them, and once more later, since some are listed late. */
  catchUp(sinceMs: number): void {
    this.#missingSinceMs = Math.min(this.#missingSinceMs, sinceMs - OVERLAP_MS);
    this.#looks = LOOKS;
    if (!this.#reading) void this.#look();
  }

  /** The other source counts from now on; trades of after `sinceMs` may be missing. */
  changeOver(sinceMs: number): void {
    this.catchUp(sinceMs);
    for (const event of this.#kept.values()) this.pass(event);
    this.#kept.clear();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#reading = true;
    const { log, speed } = this.#options;
    const found: TradePrinted[] = [];
    let pauseMs = LATE_LISTING_MS / speed();
    let looks: number;
    do {
      looks = --this.#looks;
      const beganMs = this.#options.clock.now();
      const sinceMs = this.#missingSinceMs;
      this.#missingSinceMs = Number.POSITIVE_INFINITY;
      try {
        found.push(...(await this.#read(sinceMs)));
        if (looks > 0) this.#missingSinceMs = Math.min(this.#missingSinceMs, beganMs - OVERLAP_MS);
      } catch (error) {
        log('missing trades could not be read; trying again', { reason: String(error) });
        this.#missingSinceMs = Math.min(this.#missingSinceMs, sinceMs);
        this.#looks = LOOKS;
        pauseMs = RETRY_MS;
        break;
      }
      // Asked again meanwhile: what this read has not seen is older than what waits.
    } while (this.#looks > looks && !this.#closed);
    this.#reading = false;
    if (this.#closed) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#tellAll(found, waiting);
    if (this.#looks > 0) this.#timer = setTimeout(() => void this.#look(), pauseMs);
  }

  /** Oldest first. */
  async #read(sinceMs: number): Promise<TradePrinted[]> {
    const { readTrades, clock, log } = this.#options;
    const fromMs = Math.max(0, sinceMs, clock.now() - MAX_REACH_MS);
    if (fromMs > sinceMs) log('trades of a long outage are missing', { sinceMs, fromMs });
    const tickers = [...this.#followedMs.keys()];
    if (tickers.length === 0) return [];
    const queries =
      tickers.length > SINGLE_READS
        ? [{ sinceMs: fromMs }]
        : tickers.map((ticker) => ({ ticker, sinceMs: fromMs }));
    const found: TradePrinted[] = [];
    for (const query of queries) {
      for await (const page of readTrades(query)) {
        for (const trade of page) if (this.#isMissing(trade, fromMs)) found.push(this.#toEvent(trade));
      }
    }
    return found.reverse();
  }

  #isMissing({ tradeId, ticker, exchangeMs, isBlockTrade }: PolledTrade, fromMs: number): boolean {
    const followedMs = this.#followedMs.get(ticker);
    return (
      followedMs !== undefined &&
      exchangeMs >= Math.max(followedMs, fromMs) &&
      exchangeMs > this.#forgottenMs &&
      !isBlockTrade &&
      !this.#told.has(tradeId)
    );
  }

  #toEvent({ ticker, price, count, takerSide, exchangeMs, tradeId }: PolledTrade): TradePrinted {
    const atMs = this.#options.clock.now();
    return { type: 'trade.printed', ticker, price, count, takerSide, exchangeMs, tradeId, atMs };
  }

  #tellAll(found: readonly TradePrinted[], waiting: readonly TradePrinted[]): void {
    const atMs = this.#options.clock.now();
    const timeOf = (event: TradePrinted): number => event.exchangeMs ?? event.atMs;
    for (const event of [...found, ...waiting].sort((a, b) => timeOf(a) - timeOf(b)))
      this.#tell({ ...event, atMs });
  }

  #tell(event: TradePrinted): void {
    const { tradeId, exchangeMs } = event;
    if (tradeId !== undefined) {
      if (this.#told.has(tradeId)) return;
      this.#kept.delete(tradeId);
      this.#told.set(tradeId, exchangeMs ?? event.atMs);
      if (this.#told.size > MAX_TOLD) this.#forgetOldest();
    }
    this.#options.sink(event);
  }

  #forgetOldest(): void {
    const [id, ms] = this.#told.entries().next().value!;
    this.#told.delete(id);
    this.#forgottenMs = Math.max(this.#forgottenMs, ms);
  }
}

/** Reads reach back by this much more: clocks differ, and the listing by which polling finds trades is cached. */
const OVERLAP_MS = 60_000;
/** No further back than this: a read of all trades of the exchange is long. */
const MAX_REACH_MS = 900_000;
const LOOKS = 2;
const LATE_LISTING_MS = 5_000;
const RETRY_MS = 5_000;
/** With more markets than this one read of all trades of the exchange is cheaper. */
const SINGLE_READS = 3;
const MAX_TOLD = 20_000;
const MAX_KEPT = 10_000;
