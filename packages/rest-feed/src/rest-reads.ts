import type { BookLevel, Count, Price, Side, Ticker, Timestamp } from '@kalshi-mm/core';

/** The reads that polling lives on; the client of `@kalshi-mm/kalshi-client` has them. */
export interface RestReads {
  /** Whole books of at most 100 markets in one request. */
  orderBooks(tickers: readonly Ticker[]): Promise<readonly PolledBook[]>;
  markets(query: { readonly tickers: readonly Ticker[] }): AsyncIterable<readonly PolledMarket[]>;
  /** Newest first; of every market when none is named. */
  trades(query: {
    readonly ticker?: Ticker;
    readonly sinceMs: number;
  }): AsyncIterable<readonly PolledTrade[]>;
}

export interface PolledBook {
  readonly ticker: string;
  /** In YES prices, best level first on both sides. */
  readonly book: { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] };
}

/** What polling looks at in a listed market; names as on the wire. */
export interface PolledMarket {
  readonly ticker: string;
  readonly event_ticker: string;
  readonly status: string;
  readonly close_time: Timestamp;
  readonly yes_bid_dollars: Price;
  readonly yes_ask_dollars: Price;
  readonly last_price_dollars: Price | null;
  readonly volume_fp: Count;
  readonly open_interest_fp: Count;
  readonly result: string;
  /** Payout of one YES contract, once it is known. */
  readonly settlement_value_dollars: Price | null;
}

export interface PolledTrade {
  readonly tradeId: string;
  readonly ticker: Ticker;
  readonly price: Price;
  readonly count: Count;
  readonly takerSide: Side;
  /** Negotiated outside the book. */
  readonly isBlockTrade: boolean;
  readonly exchangeMs: Timestamp;
}
