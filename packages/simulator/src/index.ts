export {
  createExchange,
  type ExchangeOptions,
  type ListingOptions,
  type SimulatedExchange,
} from './create-exchange.ts';
export type * from './exchange-api.ts';
export type { OutputListener } from './exchange-state.ts';
export type { ReplayOptions } from './replay-engine.ts';
export {
  createReplayExchange,
  type RecordedMarket,
  type ReplayBlock,
  type ReplayExchangeOptions,
  type ReplayFeed,
} from './replay-feed.ts';
