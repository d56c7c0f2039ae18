import {
  Count,
  type Event,
  FillId,
  type Fold,
  type Market,
  type MarketView,
  Money,
  OrderId,
  Position,
  Price,
  type QuoteLevel,
  type SessionView,
  type Side,
  Ticker,
  Timestamp,
  type View,
} from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import type { VolatilityState } from '@kalshi-mm/scanner';
import { aMarket } from '@kalshi-mm/testing';

export const START_MS = Timestamp.of(1_800_000_000_000);
export const TICKER = Ticker.of('KXRATE-26DEC-T4');

/** A market of the cent grid that closes two hours after the start. */
export function someMarket(changes: Partial<Market> = {}): Market {
  return aMarket({
    ticker: TICKER,
    category: 'rates',
    openMs: Timestamp.of(START_MS - 3_600_000),
    closeMs: Timestamp.of(START_MS + 7_200_000),
    ...changes,
  });
}

/** What a test says about one market; prices in units of $0.0001, counts in 0.01 contract. */
export interface Scene {
  readonly market?: Market;
  readonly bids?: readonly (readonly [price: number, count: number])[];
  readonly asks?: readonly (readonly [price: number, count: number])[];
  readonly trusted?: boolean;
  readonly position?: number;
  readonly lastTradeMs?: Timestamp | null;
  /** Our own orders, which are in the book as well. */
  readonly own?: readonly { readonly side: Side; readonly price: number; readonly count: number }[];
}

/** A market view over a real order book, best prices without our own orders. */
function marketView(scene: Scene): MarketView {
  const market = scene.market ?? someMarket();
  const book = new OrderBook(market.grid);
  for (const [price, count] of scene.bids ?? []) book.change('bid', Price.of(price), count);
  for (const [price, count] of scene.asks ?? []) book.change('ask', Price.of(price), count);
  const own = scene.own ?? [];
  const resting = (side: Side) => own.reduce((sum, o) => (o.side === side ? sum + o.count : sum), 0);
  const best = (side: Side, none: Price) => {
    let found = none;
    book.forEachLevel(side, (price, count) => {
      const ours = own.reduce((sum, o) => (o.side === side && o.price === price ? sum + o.count : sum), 0);
      if (count > ours) found = price;
      return count <= ours;
    });
    return found;
  };
  return {
    market,
    book,
    bookTrusted: scene.trusted ?? true,
    bestBid: best('bid', Price.NO_BID),
    bestAsk: best('ask', Price.NO_ASK),
    lastTradePrice: null,
    volume: null,
    lastTradeMs: scene.lastTradeMs === undefined ? START_MS : scene.lastTradeMs,
    lastBookChangeMs: null,
    position: Position.of(scene.position ?? 0),
    averagePrice: null,
    realizedPnl: Money.ZERO,
    fees: Money.ZERO,
    restingBid: Count.of(resting('bid')),
    restingAsk: Count.of(resting('ask')),
  };
}

export interface ViewParts {
  readonly nowMs?: number;
  readonly scenes?: readonly Scene[];
  readonly fold?: { readonly fold: Fold<VolatilityState>; readonly state: unknown };
  readonly balanceDollars?: number | null;
  readonly openSessions?: readonly SessionView[];
}

/** A view of the given markets and nothing else. */
export function viewOf(parts: ViewParts): View {
  const markets = new Map(
    (parts.scenes ?? []).map((scene) => [(scene.market ?? someMarket()).ticker, marketView(scene)]),
  );
  const dollars = parts.balanceDollars === undefined ? 1_000 : parts.balanceDollars;
  return {
    nowMs: Timestamp.of(parts.nowMs ?? START_MS),
    market: (ticker) => markets.get(ticker) ?? null,
    fold: <State>(fold: Fold<State>) =>
      (parts.fold?.fold as unknown) === fold ? (parts.fold?.state as State) : null,
    balance: dollars === null ? null : Money.fromDollars(dollars),
    openSessions: parts.openSessions ?? [],
  };
}

/** A book of one level on each side. */
export function touch(bid: number, ask: number, contracts = 100): Pick<Scene, 'bids' | 'asks'> {
  return { bids: [[bid, contracts * 100]], asks: [[ask, contracts * 100]] };
}

export function tick(nowMs: number): Event {
  return { type: 'clock.ticked', atMs: Timestamp.of(nowMs), feedAgeMs: null };
}

/** One of our orders was filled. */
export function fill(nowMs: number, side: Side, price: number, ticker: Ticker = TICKER): Event {
  return {
    type: 'order.filled',
    atMs: Timestamp.of(nowMs),
    fill: {
      fillId: FillId.of(`fill-${nowMs}-${price}`),
      orderId: OrderId.of('order'),
      clientOrderId: null,
      ticker,
      side,
      price: Price.of(price),
      count: Count.ONE,
      fee: Money.ZERO,
      role: 'maker',
      exchangeMs: Timestamp.of(nowMs),
    },
  };
}

/** Price and count of the first level, in units; null without one. */
export function first(levels: readonly QuoteLevel[]): readonly [price: number, count: number] | null {
  const level = levels[0];
  return level === undefined ? null : [level.price, level.count];
}
