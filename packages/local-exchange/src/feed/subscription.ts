import type { Ticker } from '@kalshi-mm/core';

export const CHANNELS = [
  'orderbook_delta',
  'trade',
  'ticker',
  'fill',
  'user_orders',
  'market_positions',
  'market_lifecycle_v2',
  'multivariate_market_lifecycle',
  'order_group_updates',
  'communications',
  'cfbenchmarks_value',
  'cfbenchmarks_value_5hz',
  'pyth_value',
] as const;

export type Channel = (typeof CHANNELS)[number];

/** Data messages of these channels carry no `seq`. */
const UNNUMBERED: ReadonlySet<Channel> = new Set(['ticker', 'fill', 'user_orders', 'market_positions']);

/** The name that stands for every reference price. */
export const ALL_NAMES = 'all';

/** One channel on one connection. */
export interface Subscription {
  readonly sid: number;
  readonly channel: Channel;
  /** Null: all markets. */
  readonly tickers: Set<Ticker> | null;
  /** Reference prices that are wanted; `all` among them: every one. */
  readonly names: Set<string>;
  /** Acknowledgements name markets by id. */
  readonly byId: boolean;
  /** NO levels in YES prices. */
  readonly useYesPrice: boolean;
  /** Leave the list of markets out of `ok`. */
  readonly skipTickerAck: boolean;
  /** The last number given; snapshots, changes and acknowledgements count together. */
  seq: number;
  /** What each market's last ticker message said, so that only changes are sent. */
  readonly lastTicker: Map<Ticker, string>;
}

export function wants(subscription: Subscription, ticker: Ticker): boolean {
  return subscription.tickers === null || subscription.tickers.has(ticker);
}

export function isNumbered(channel: Channel): boolean {
  return !UNNUMBERED.has(channel);
}
