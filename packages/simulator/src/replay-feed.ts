import { type Market, MmError, type Price, type Side, type Ticker, type Timestamp } from '@kalshi-mm/core';
import {
  createExchangeParts,
  type ExchangeOptions,
  type ListingOptions,
  type SimulatedExchange,
} from './create-exchange.ts';
import { ReplayEngine, type ReplayOptions } from './replay-engine.ts';

/** Recorded rows as columns; package tape's blocks have this shape. */
export interface ReplayBlock {
  readonly rows: number;
  /** Receive time in milliseconds; a fraction is cut. */
  readonly recvMs: Float64Array;
  /** 0 delta, 1 trade, 2 clear (a snapshot starts), 3 level of that snapshot; others say nothing about the book. */
  readonly kind: Uint8Array;
  readonly market: Uint16Array;
  /** 0 bid, 1 ask; for a trade the taker's side. */
  readonly side: Uint8Array;
  /** Bit 0: this delta was caused by a trade. Bit 1: this trade has such a delta. */
  readonly flags: Uint8Array;
  readonly price: Int16Array;
  readonly count: Int32Array;
}

/** Puts recorded rows into an exchange, one by one, moving its clock to each row's receive time. */
export interface ReplayFeed {
  /**
   * One row by its values, for loops that have moved the exchange's clock and flushed an open snapshot themselves.
   * @param sideBit 0 bid, 1 ask
   */
  applyValues(
    kind: number,
    market: number,
    sideBit: number,
    priceUnits: number,
    count: number,
    flags: number,
  ): void;
  /** Applies a row; the exchange first does what is due before it. Time that steps back stands still. */
  applyRow(block: ReplayBlock, row: number): void;
  apply(block: ReplayBlock, from?: number, to?: number): void;
  /** Completes a snapshot whose levels were the last rows. */
  flush(): void;
  /** True while a snapshot's levels are arriving. */
  readonly snapshotOpen: boolean;
  /** Index of that snapshot's market, −1 when none is open. */
  readonly openMarket: number;
  /** Lists another market. @returns its index in rows */
  addMarket(market: Market): number;
  /** One market's recorded side, for sources that are not blocks. @throws MmError `market-not-listed` */
  market(ticker: Ticker): RecordedMarket;
  /** Rows that fitted no book. */
  readonly misfits: number;
}

/** What a recording does to a market; the exchange's clock is the caller's. */
export type RecordedMarket = Pick<
  ReplayEngine,
  | 'applyDelta'
  | 'applyTrade'
  | 'beginSnapshot'
  | 'applyLevel'
  | 'endSnapshot'
  | 'reviseToCancel'
  | 'reviseToUnpaired'
  | 'misfits'
>;

export interface ReplayExchangeOptions extends ExchangeOptions, ReplayOptions, ListingOptions {
  /** In the order of the rows' market index. */
  readonly markets: readonly Market[];
}

/**
 * An exchange whose markets are a recording: users' orders queue behind recorded size and meet recorded flow.
 *
 * Our resting orders fill when recorded trades have used up what was in front of them (`queue`), and when a trade
 * prints, or a recorded order is added, through their price (`through`). A source without trades knows only the
 * second.
 *
 * The outputs of recorded rows are reused objects, valid during the call only.
 */
export function createReplayExchange(options: ReplayExchangeOptions): {
  readonly exchange: SimulatedExchange;
  readonly feed: ReplayFeed;
} {
  const parts = createExchangeParts(options);
  return { exchange: parts.exchange, feed: addRecordedMarkets(parts, options) };
}

/** Puts recorded markets onto an exchange that may have others beside them. */
export function addRecordedMarkets(
  { exchange, state, list }: ReturnType<typeof createExchangeParts>,
  options: ReplayOptions & ListingOptions & Pick<ReplayExchangeOptions, 'markets'>,
): ReplayFeed {
  const makeEngine = (market: Market): ReplayEngine => {
    const listed = list(market, (host, entry) => new ReplayEngine(state, entry, host, options), options);
    return listed.engine as ReplayEngine;
  };
  const feed = new BlockFeed(exchange, makeEngine);
  for (const market of options.markets) feed.addMarket(market);
  return feed;
}

class BlockFeed implements ReplayFeed {
  readonly #exchange: SimulatedExchange;
  readonly #makeEngine: (market: Market) => ReplayEngine;
  readonly #engines: ReplayEngine[] = [];
  readonly #byTicker = new Map<Ticker, ReplayEngine>();
  /** Market whose snapshot is still arriving, −1 when none is. */
  #open = -1;

  constructor(exchange: SimulatedExchange, makeEngine: (market: Market) => ReplayEngine) {
    this.#exchange = exchange;
    this.#makeEngine = makeEngine;
  }

  get openMarket(): number {
    return this.#open;
  }

  get snapshotOpen(): boolean {
    return this.#open >= 0;
  }

  get misfits(): number {
    return this.#engines.reduce((sum, engine) => sum + engine.misfits, 0);
  }

  applyRow(block: ReplayBlock, row: number): void {
    const kind = block.kind[row]!;
    const market = block.market[row]!;
    if (this.#open >= 0 && (kind !== LEVEL || market !== this.#open)) this.flush();
    this.#exchange.advanceTo(Math.floor(block.recvMs[row]!) as Timestamp);
    this.applyValues(kind, market, block.side[row]!, block.price[row]!, block.count[row]!, block.flags[row]!);
  }

  applyValues(
    kind: number,
    market: number,
    sideBit: number,
    priceUnits: number,
    count: number,
    flags: number,
  ): void {
    if (kind > LEVEL) return;
    const engine = this.#engines[market]!;
    const side: Side = sideBit === 0 ? 'bid' : 'ask';
    const price = priceUnits as Price;
    if (kind === DELTA) {
      engine.applyDelta(side, price, count, (flags & CAUSED_BY_TRADE) !== 0);
    } else if (kind === TRADE) {
      engine.applyTrade(price, count, side, (flags & HAS_DELTA) !== 0);
    } else if (kind === CLEAR) {
      engine.beginSnapshot();
      this.#open = market;
    } else {
      engine.applyLevel(side, price, count);
    }
  }

  apply(block: ReplayBlock, from = 0, to = block.rows): void {
    for (let row = from; row < to; row++) this.applyRow(block, row);
  }

  flush(): void {
    if (this.#open < 0) return;
    const engine = this.#engines[this.#open]!;
    this.#open = -1;
    engine.endSnapshot();
  }

  addMarket(market: Market): number {
    const engine = this.#makeEngine(market);
    this.#byTicker.set(market.ticker, engine);
    return this.#engines.push(engine) - 1;
  }

  market(ticker: Ticker): RecordedMarket {
    const engine = this.#byTicker.get(ticker);
    if (engine !== undefined) return engine;
    throw new MmError('market-not-listed', `No recorded market ${ticker} on this exchange`);
  }
}

const DELTA = 0;
const TRADE = 1;
const CLEAR = 2;
const LEVEL = 3;
const CAUSED_BY_TRADE = 1;
const HAS_DELTA = 2;
