import {
  Count,
  type Event,
  type Fold,
  type Market,
  type MarketActivity,
  type MarketView,
  Money,
  Position,
  Price,
  Ticker,
  Timestamp,
  type View,
} from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import { aMarket } from '@kalshi-mm/testing';

export const START_MS = Timestamp.of(1_800_000_000_000);
export const TICKER = Ticker.of('KXRATE-26DEC-T4');

/** A market of the cent grid that closes an hour after the start. */
export function someMarket(changes: Partial<Market> = {}): Market {
  return aMarket({
    ticker: TICKER,
    category: 'rates',
    openMs: Timestamp.of(START_MS - 3_600_000),
    closeMs: Timestamp.of(START_MS + 3_600_000),
    ...changes,
  });
}

export function someActivity(changes: Partial<MarketActivity> = {}): MarketActivity {
  return {
    ticker: TICKER,
    volume24hContracts: 20_000,
    openInterestContracts: 5_000,
    bid: Price.of(4900),
    ask: Price.of(5100),
    lastPrice: Price.of(5000),
    notionalPerContract: Money.DOLLAR,
    ...changes,
  };
}

/** A fold with a small in-memory exchange view beside it: real books, a settable clock. */
export class ScannerBench<State> {
  readonly fold: Fold<State>;
  readonly state: State;
  nowMs = START_MS;
  /** What the ticker channel has told. */
  volume: Count | null = null;
  readonly #markets = new Map<Ticker, MarketView>();

  constructor(fold: Fold<State>) {
    this.fold = fold;
    this.state = fold.start();
  }

  get view(): View {
    return {
      nowMs: this.nowMs,
      market: (ticker) => this.#markets.get(ticker) ?? null,
      fold: () => null,
      balance: null,
      openSessions: [],
    };
  }

  /** Sets the touch in cents, with `contracts` on each side; null empties a side. */
  setTouch(market: Market, bidCents: number | null, askCents: number | null, contracts = 200): void {
    const book = new OrderBook(market.grid);
    const count = Count.of(contracts * 100);
    if (bidCents !== null) book.change('bid', Price.of(bidCents * 100), count);
    if (askCents !== null) book.change('ask', Price.of(askCents * 100), count);
    this.#markets.set(market.ticker, { ...viewOf(market, book, true), volume: this.volume });
  }

  distrust(ticker: Ticker): void {
    const market = this.#markets.get(ticker);
    if (market !== undefined) this.#markets.set(ticker, { ...market, bookTrusted: false });
  }

  absorb(event: Event): readonly Event[] {
    return this.fold.absorb(this.state, event, this.view);
  }

  /** Moves the clock and ticks. */
  tick(afterMs: number): readonly Event[] {
    this.nowMs = Timestamp.of(this.nowMs + afterMs);
    return this.absorb({ type: 'clock.ticked', atMs: this.nowMs, feedAgeMs: null });
  }

  /** Shows each mid for one refresh interval (3 s) with a spread of 2¢ and returns what was derived. */
  showMids(market: Market, midsCents: readonly number[], spreadCents = 2, contracts = 200): readonly Event[] {
    const events: Event[] = [];
    for (const mid of midsCents) {
      this.setTouch(market, mid - spreadCents / 2, mid + spreadCents / 2, contracts);
      events.push(...this.tick(3_000));
    }
    return events;
  }
}

function viewOf(market: Market, book: OrderBook, bookTrusted: boolean): MarketView {
  return {
    market,
    book,
    bookTrusted,
    bestBid: book.bestBid(),
    bestAsk: book.bestAsk(),
    lastTradePrice: null,
    volume: null,
    lastTradeMs: null,
    lastBookChangeMs: null,
    position: Position.FLAT,
    averagePrice: null,
    realizedPnl: Money.ZERO,
    fees: Money.ZERO,
    restingBid: Count.ZERO,
    restingAsk: Count.ZERO,
  };
}
