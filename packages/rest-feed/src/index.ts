export { createFallbackFeed, type FallbackFeed, type FallbackFeedOptions } from './fallback-feed.ts';
export type { MarketFeed, MarketFeedHealth } from './market-feed.ts';
export { createRestFeed } from './rest-feed.ts';
export type { MarketNotice, RestFeedOptions } from './rest-feed-options.ts';
export type { PolledBook, PolledMarket, PolledTrade, RestReads } from './rest-reads.ts';
