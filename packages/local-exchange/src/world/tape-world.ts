import { type Market, MmError, type Ticker, Timestamp } from '@kalshi-mm/core';
import {
  createReplayExchange,
  type ReplayFeed,
  type ReplayOptions,
  type SimulatedExchange,
  type WorldReference,
} from '@kalshi-mm/simulator';
import { openTapeCursor, type TapeCursor } from './tape-cursor.ts';
import type { World } from './world.ts';

/** Rows between two looks at the clock. */
const ROWS_PER_LOOK = 64;
/** Longest step of simulated time between two looks at the clock. */
const STEP_MS = 50;
/** How long the last recorded books stay. */
const END_AFTER_MS = 1_000;

/**
 * Plays one or several tapes, merged by receive time, with the users' orders queued among the recorded ones. Time
 * starts at the first row. After the last one the recorded side of every book is empty, and time goes on.
 *
 * @throws MmError when a file is missing or damaged, or holds nothing
 */
export function tapeWorld(
  paths: readonly string[],
  seed: number | string,
  { queueModel }: Pick<ReplayOptions, 'queueModel'> = {},
): World {
  return playTapes(paths, (markets, startMs) =>
    createReplayExchange({
      idSeed: seed,
      startMs,
      markets,
      keepTrades: true,
      ...(queueModel === undefined ? {} : { queueModel }),
    }),
  );
}

/** What rows are played into. */
interface Player {
  readonly exchange: SimulatedExchange;
  readonly feed: ReplayFeed;
  readonly reference?: WorldReference;
}

/** Plays tapes into an exchange that is made for their markets and the time of their first row. */
export function playTapes(
  paths: readonly string[],
  make: (markets: readonly Market[], startMs: Timestamp) => Player,
): World {
  const cursors: TapeCursor[] = [];
  try {
    for (const path of paths) cursors.push(openTapeCursor(path));
    const markets = new Map<Ticker, Market>();
    for (const { header } of cursors) {
      for (const market of header.markets)
        if (!markets.has(market.ticker)) markets.set(market.ticker, market);
    }
    const firstMs = Math.min(...cursors.map((cursor) => cursor.nextMs));
    if (!Number.isFinite(firstMs)) {
      throw new MmError('empty-tape', 'There is not one row to play', {
        facts: { files: paths.join(', ') },
        todo: 'Name a tape with recorded rows.',
      });
    }
    const index = new Map([...markets.keys()].map((ticker, number) => [ticker, number]));
    for (const cursor of cursors) cursor.renumber(index);
    const player = make([...markets.values()], Timestamp.of(Math.floor(firstMs)));
    return new TapeWorld(player, [...markets.keys()], cursors);
  } catch (error) {
    for (const cursor of cursors) cursor.close();
    throw error;
  }
}

class TapeWorld implements World {
  readonly exchange: SimulatedExchange;
  readonly reference?: WorldReference;
  readonly #recorded: readonly Ticker[];
  readonly #feed: ReplayFeed;
  readonly #cursors: readonly TapeCursor[];
  #current: TapeCursor;

  constructor(player: Player, recorded: readonly Ticker[], cursors: readonly TapeCursor[]) {
    this.exchange = player.exchange;
    if (player.reference !== undefined) this.reference = player.reference;
    this.#feed = player.feed;
    this.#recorded = recorded;
    this.#cursors = cursors;
    this.#current = cursors[0]!;
    this.#choose();
  }

  advance(targetMs: Timestamp, mayContinue: () => boolean): boolean {
    // A row belongs to the millisecond that its time is cut to.
    const beyondMs = targetMs + 1;
    for (let rows = 1; this.#current.nextMs < beyondMs; rows++) {
      if (!this.#approach(Math.floor(this.#current.nextMs), mayContinue)) return false;
      this.#feed.applyRow(this.#current.block!, this.#current.row);
      this.#current.next();
      this.#choose();
      if (this.#current.block === null) this.#planEnd();
      if (rows % ROWS_PER_LOOK === 0 && !mayContinue()) return false;
    }
    this.#feed.flush();
    if (!this.#approach(targetMs, mayContinue)) return false;
    this.exchange.advanceTo(targetMs);
    return true;
  }

  /** Much may happen before the next row, in generated markets say; comes near it step by step. */
  #approach(atMs: number, mayContinue: () => boolean): boolean {
    const { exchange } = this;
    // The levels of a snapshot belong together.
    while (!this.#feed.snapshotOpen && atMs - exchange.nowMs > STEP_MS && exchange.nextMs < atMs) {
      const quietUntil = Math.max(exchange.nowMs + STEP_MS, exchange.nextMs);
      exchange.advanceTo(Timestamp.of(Math.min(atMs, quietUntil)));
      if (!mayContinue()) return false;
    }
    return true;
  }

  nextRecordedMs(): Timestamp | null {
    const { nextMs } = this.#current;
    return Number.isFinite(nextMs) ? Timestamp.of(Math.floor(nextMs)) : null;
  }

  close(): void {
    for (const cursor of this.#cursors) cursor.close();
  }

  /** What nobody recorded must not look like a market that stands still. */
  #planEnd(): void {
    const { exchange } = this;
    exchange.schedule(Timestamp.of(exchange.nowMs + END_AFTER_MS), () => {
      for (const ticker of this.#recorded) {
        if (exchange.market(ticker)?.status !== 'active') continue;
        const recorded = this.#feed.market(ticker);
        recorded.beginSnapshot();
        recorded.endSnapshot();
      }
    });
  }

  /** The earliest tape goes on; among equals the one that is being read, so that no snapshot is torn apart. */
  #choose(): void {
    for (const cursor of this.#cursors) {
      if (cursor.nextMs < this.#current.nextMs) this.#current = cursor;
    }
  }
}
