export {
  CHANNELS,
  type Channel,
  type ChannelName,
  type PriceChannelName,
  type PriceCommands,
} from './channels.ts';
export type { OpenSocket } from './connection.ts';
export { createFeed, type Feed, type FeedHealth, type MarketClocks } from './feed.ts';
export type { ConnectionChange, FeedNotice, FeedOptions, LifecycleNotice } from './feed-options.ts';
export type { FeedStats } from './feed-stats.ts';
export type { FetchFills } from './fill-recovery.ts';
export {
  createFrameDecoder,
  createFrameTarget,
  type FrameDecoder,
  type FrameTarget,
} from './frame-decoder.ts';
export type * from './frames.ts';
export { parseFrame } from './parse-frame.ts';
