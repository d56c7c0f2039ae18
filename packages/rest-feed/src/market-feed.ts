import type { Ticker } from '@kalshi-mm/core';

/** A source of market data, whatever brings it: `createFeed` of ws-feed is one, `createRestFeed` another. */
export interface MarketFeed {
  /** Resolves when the feed works. @throws MmError (recovery `fix`) when it cannot */
  start(): Promise<void>;
  /** The markets to follow from now on; may be called at any time. */
  setMarkets(tickers: readonly Ticker[]): void;
  /** Tells the feed that a book cannot be right: it is reported as gapped and told anew. */
  requestSnapshot(ticker: Ticker): void;
  close(): void;
  health(nowMs: number): MarketFeedHealth;
}

export interface MarketFeedHealth {
  readonly connected: boolean;
  /** Working, and not lost. */
  readonly live: boolean;
  /** When anything last came, by the feed's clock; null before the first. */
  readonly lastFrameMs: number | null;
  /** Age of `lastFrameMs`. */
  readonly silentMs: number | null;
  /** Receive time less exchange time of the latest change; null where the source does not tell. */
  readonly lagMs: number | null;
  readonly untrustedBooks: number;
  readonly markets: number;
}
