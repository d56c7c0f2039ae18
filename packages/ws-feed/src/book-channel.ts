import type { EventSink, Ticker, Timestamp } from '@kalshi-mm/core';
import { BookRepair } from './book-repair.ts';
import { type BookRecord, BookTrust } from './book-trust.ts';
import type { FeedStats } from './feed-stats.ts';
import { bookReplaced, createBookChanged, fillBookChanged } from './frame-events.ts';
import type { DeltaFrame, SnapshotFrame } from './frames.ts';

export interface BookChannelOptions {
  readonly sink: EventSink;
  readonly stats: FeedStats;
  /** NO levels come in YES prices. */
  readonly inYesPrices: boolean;
  readonly repairSpacingMs: number;
  readonly repairTimeoutMs: number;
  /** No other connection has books: what concerns all of these concerns all there are. */
  isAlone(): boolean;
  now(): Timestamp;
  log(message: string, facts: Readonly<Record<string, unknown>>): void;
  requestSnapshots(tickers: readonly Ticker[]): void;
  resubscribe(reason: string): void;
  /** Every book has its snapshot. */
  onWhole(): void;
  /** Some snapshots did not come in time. */
  onLate(missing: readonly Ticker[]): void;
}

/**
 * The order books of one connection: which of them can be relied on, and the way back for those that cannot.
 * Changes of an untrusted book are dropped until its next snapshot.
 */
export class BookChannel {
  readonly #options: BookChannelOptions;
  readonly #trust = new BookTrust();
  readonly #repair: BookRepair;
  readonly #changed = createBookChanged();
  /** Receive time less exchange time of the latest delta. */
  lagMs: number | null = null;

  constructor(options: BookChannelOptions) {
    this.#options = options;
    this.#repair = new BookRepair(
      {
        isNeeded: () => this.#trust.untrustedCount > 0,
        requestSnapshots: () => {
          options.stats.snapshotRequests++;
          options.requestSnapshots(this.#trust.untrusted());
        },
        resubscribe: () => options.resubscribe('no snapshot came'),
        onLate: () => options.onLate(this.#trust.untrusted()),
      },
      { spacingMs: options.repairSpacingMs, patienceMs: options.repairTimeoutMs },
    );
  }

  get untrustedCount(): number {
    return this.#trust.untrustedCount;
  }

  has(ticker: Ticker): boolean {
    return this.#trust.has(ticker);
  }

  record(ticker: Ticker): Readonly<BookRecord> | undefined {
    return this.#trust.get(ticker);
  }

  onDelta(frame: DeltaFrame, atMs: Timestamp): void {
    const { stats, sink, inYesPrices } = this.#options;
    const record = this.#trust.get(frame.ticker);
    if (record === undefined || !record.trusted) {
      stats.dropped++;
      return;
    }
    stats.deltas++;
    record.changedMs = atMs;
    if (frame.exchangeMs !== null) this.lagMs = record.lagMs = atMs - frame.exchangeMs;
    sink(fillBookChanged(this.#changed, frame, inYesPrices, atMs));
  }

  onSnapshot(frame: SnapshotFrame, atMs: Timestamp): void {
    const { stats, sink, inYesPrices, log } = this.#options;
    const { ticker } = frame;
    const record = this.#trust.get(ticker);
    if (record === undefined) {
      stats.dropped++;
      return;
    }
    stats.snapshots++;
    const event = bookReplaced(frame, inYesPrices, atMs);
    if (event === null) {
      stats.crossed++;
      log('a snapshot is crossed: are its NO prices what use_yes_price asks for?', { ticker, inYesPrices });
      this.distrust(ticker);
      return;
    }
    this.#trust.trust(ticker);
    record.changedMs = atMs;
    sink(event);
    this.#repair.arrived();
    if (this.#trust.untrustedCount === 0) this.#options.onWhole();
  }

  distrust(ticker: Ticker): void {
    if (!this.#trust.distrust(ticker)) return;
    this.#options.sink({ type: 'feed.gapped', ticker, atMs: this.#options.now() });
    this.#repair.need();
  }

  distrustAll(): void {
    this.#trust.distrustAll();
    this.#tellAll();
    this.#repair.need();
  }

  /** A new subscription was asked for: these markets and no others. */
  onSubscribing(tickers: readonly Ticker[]): void {
    this.#trust.clear();
    this.onAdding(tickers);
  }

  onAdding(tickers: readonly Ticker[]): void {
    for (const ticker of tickers) this.#trust.expect(ticker);
    if (tickers.length > 0) this.#repair.expect();
  }

  onRemoving(tickers: readonly Ticker[]): void {
    for (const ticker of tickers) this.#trust.forget(ticker);
    if (this.#trust.untrustedCount === 0) this.#options.onWhole();
  }

  /** The subscription is gone; another will be asked for. */
  onEnded(): void {
    this.#repair.stop();
    this.#trust.distrustAll();
    this.#tellAll();
  }

  close(): void {
    this.#repair.stop();
  }

  #tellAll(): void {
    const { sink, isAlone, now } = this.#options;
    const atMs = now();
    if (isAlone()) sink({ type: 'feed.gapped', ticker: null, atMs });
    else for (const ticker of this.#trust.tickers()) sink({ type: 'feed.gapped', ticker, atMs });
  }
}
