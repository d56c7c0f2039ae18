import type { Market, Timestamp } from '@kalshi-mm/core';
import type { ReplayBlock, ReplayFeed } from '../replay-feed.ts';
import type { SimulatedVenue } from './create-simulated-venue.ts';

export interface ReplayDriverOptions {
  readonly venue: SimulatedVenue;
  readonly feed: ReplayFeed;
  /** The markets in the order of the rows' market index; needed to name the book that a reconnect spoils. */
  readonly markets: readonly Market[];
  /** A `clock.ticked` falls on every multiple of this. */
  readonly tickMs: number;
  /** Earlier rows only build the books; here the world is announced. Null: from the first row. */
  readonly fromMs?: Timestamp | null;
  /** Later rows are not read; time is moved here at the end. Null: ends with the last row. */
  readonly toMs?: Timestamp | null;
}

/** Merges recorded rows, what is due on the exchange and on its way to us, and clock ticks, in time order. */
export interface ReplayDriver {
  /** @returns false when the rows have passed `toMs`: no more blocks are wanted */
  run(block: ReplayBlock): boolean;
  /** Lets the remaining time pass. */
  finish(): void;
  readonly rows: number;
  readonly ticks: number;
}

/** See `runReplay` for the whole loop. At equal times: what is due, then the tick, then the row. */
export function createReplayDriver(options: ReplayDriverOptions): ReplayDriver {
  return new Driver(options);
}

/** Runs a recording through a venue: the backtester's loop. @returns how many rows and ticks there were */
export function runReplay(options: ReplayDriverOptions & { readonly blocks: Iterable<ReplayBlock> }): {
  readonly rows: number;
  readonly ticks: number;
} {
  const driver = createReplayDriver(options);
  for (const block of options.blocks) if (!driver.run(block)) break;
  driver.finish();
  return { rows: driver.rows, ticks: driver.ticks };
}

class Driver implements ReplayDriver {
  rows = 0;
  ticks = 0;
  readonly #venue: SimulatedVenue;
  readonly #feed: ReplayFeed;
  readonly #markets: readonly Market[];
  readonly #tickMs: number;
  readonly #fromMs: number;
  readonly #toMs: number;
  #nextTickMs = Number.POSITIVE_INFINITY;
  #lastMs = 0;
  #started = false;

  constructor(options: ReplayDriverOptions) {
    this.#venue = options.venue;
    this.#feed = options.feed;
    this.#markets = options.markets;
    this.#tickMs = options.tickMs;
    this.#fromMs = options.fromMs ?? Number.NEGATIVE_INFINITY;
    this.#toMs = options.toMs ?? Number.POSITIVE_INFINITY;
  }

  run(block: ReplayBlock): boolean {
    const { rows, recvMs, kind, market, side, price, count, flags } = block;
    const feed = this.#feed;
    const venue = this.#venue;
    for (let row = 0; row < rows; row++) {
      // A receive clock may step back; time does not.
      const received = Math.floor(recvMs[row]!);
      const atMs = Math.max(received, this.#lastMs);
      const what = kind[row]!;
      const where = market[row]!;
      if (atMs > this.#toMs) return false;
      if (!this.#started) {
        if (atMs < this.#fromMs) venue.muted = true;
        else this.#start(this.#fromMs > 0 ? this.#fromMs : atMs);
      }
      // What the snapshot makes us do is due before the next row.
      if (feed.snapshotOpen && (what !== LEVEL || where !== feed.openMarket)) feed.flush();
      if (atMs !== this.#lastMs || venue.isDue(atMs)) {
        this.#lastMs = atMs;
        if (atMs >= this.#nextTickMs) {
          feed.flush();
          this.#tickTo(atMs);
        }
        venue.advanceTo(atMs as Timestamp);
      }
      feed.applyValues(what, where, side[row]!, price[row]!, count[row]!, flags[row]!);
      if (what === CONNECTED) venue.gap(this.#markets[where]!.ticker);
      this.rows++;
    }
    return true;
  }

  finish(): void {
    this.#feed.flush();
    const end = this.#toMs === Number.POSITIVE_INFINITY ? this.#lastMs : this.#toMs;
    if (!this.#started) this.#start(Math.min(end, Math.max(this.#lastMs, this.#fromMs)));
    this.#tickTo(end);
    this.#venue.advanceTo(end as Timestamp);
  }

  #start(atMs: number): void {
    this.#started = true;
    this.#feed.flush();
    this.#venue.muted = true;
    this.#venue.advanceTo(atMs as Timestamp);
    this.#venue.muted = false;
    this.#venue.announce();
    this.#nextTickMs = Math.ceil(atMs / this.#tickMs) * this.#tickMs;
  }

  #tickTo(atMs: number): void {
    while (this.#nextTickMs <= atMs) {
      // Hours between two recorded markets need no ticks; what happens in them still happens.
      if (atMs - this.#nextTickMs > IDLE_MS && this.#venue.idle) {
        const skipToMs = Math.min(atMs - IDLE_MS, this.#venue.nextMs);
        this.#nextTickMs = Math.max(this.#nextTickMs, Math.ceil(skipToMs / this.#tickMs) * this.#tickMs);
      }
      const tickMs = this.#nextTickMs as Timestamp;
      this.#nextTickMs += this.#tickMs;
      this.#venue.advanceTo(tickMs);
      this.#venue.tick(tickMs);
      this.ticks++;
    }
  }
}

/** Ticks come back this long before the next row. */
const IDLE_MS = 60_000;
const LEVEL = 3;
const CONNECTED = 4;
