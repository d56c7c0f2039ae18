import type {
  BookChanged,
  BookLevel,
  Count,
  Event,
  Price,
  Ticker,
  Timestamp,
  TradePrinted,
} from '@kalshi-mm/core';
import type { SimulatedExchange } from '../create-exchange.ts';
import type { ExchangeOutput } from '../exchange-api.ts';

type OutputOf<Type extends ExchangeOutput['type']> = Extract<ExchangeOutput, { type: Type }>;

/** Turns what an exchange tells everybody into events. The hot path: two objects serve all deltas and trades. */
export class PublicEvents {
  /** While true, nothing is told. */
  muted = false;
  readonly #exchange: SimulatedExchange;
  readonly #onEvent: (event: Event) => void;
  readonly #onBookChanged: (event: BookChanged) => void;
  readonly #changed: Mutable<BookChanged> = { ...EMPTY, type: 'book.changed', delta: 0 };
  readonly #printed: Mutable<TradePrinted> = {
    ...EMPTY,
    type: 'trade.printed',
    count: 0 as Count,
    takerSide: 'bid',
  };

  constructor(
    exchange: SimulatedExchange,
    onEvent: (event: Event) => void,
    onBookChanged: (event: BookChanged) => void,
  ) {
    this.#exchange = exchange;
    this.#onEvent = onEvent;
    this.#onBookChanged = onBookChanged;
  }

  bookChanged(output: OutputOf<'book.changed'>): void {
    if (this.muted) return;
    const event = this.#changed;
    event.ticker = output.ticker;
    event.side = output.side;
    event.price = output.price;
    event.delta = output.delta;
    event.atMs = output.atMs;
    this.#onBookChanged(event);
  }

  traded({ trade }: OutputOf<'trade'>): void {
    if (this.muted) return;
    const event = this.#printed;
    event.ticker = trade.ticker;
    event.price = trade.price;
    event.count = trade.count;
    event.takerSide = trade.takerSide;
    event.atMs = trade.atMs;
    this.#onEvent(event);
  }

  /** The whole book, if it is known. */
  bookReplaced(ticker: Ticker): void {
    if (this.muted || !this.#exchange.bookKnown(ticker)) return;
    const book = this.#exchange.book(ticker);
    const bids: BookLevel[] = [];
    const asks: BookLevel[] = [];
    for (const [side, levels] of [
      ['bid', bids],
      ['ask', asks],
    ] as const) {
      book.forEachLevel(side, (price, count) => {
        levels.push({ price, count });
        return true;
      });
    }
    this.#onEvent({ type: 'book.replaced', atMs: this.#exchange.nowMs, ticker, bids, asks });
  }

  marketChanged({ change, market, atMs }: OutputOf<'market'>): void {
    if (this.muted) return;
    const { ticker } = market;
    switch (change) {
      case 'created':
      case 'activated':
        if (market.status !== 'active') return;
        this.#onEvent({ type: 'market.opened', atMs, market });
        this.bookReplaced(ticker);
        return;
      case 'deactivated':
        this.#onEvent({ type: 'market.closed', atMs, ticker, reason: 'paused' });
        return;
      case 'closed':
        this.#onEvent({ type: 'market.closed', atMs, ticker, reason: 'closed' });
        return;
      // Determination comes after the close, which has been told.
      case 'determined':
      case 'disputed':
      case 'amended':
        return;
      case 'settled':
        this.#onEvent({
          type: 'market.settled',
          atMs,
          ticker,
          result: market.result!,
          settlementPrice: market.settlementPrice!,
        });
        return;
      case 'close-date':
      case 'metadata':
      case 'fees':
      case 'grid':
        this.#onEvent({ type: 'market.changed', atMs, market });
        return;
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const EMPTY = {
  ticker: '' as Ticker,
  side: 'bid',
  price: 0 as Price,
  atMs: 0 as Timestamp,
  exchangeMs: null,
} as const;
