export { CHANNELS, type Channel, type ChannelName } from './channels.ts';
export { createFeed, type Feed, type FeedHealth } from './feed.ts';
export type { FeedOptions, LifecycleNotice } from './feed-options.ts';
export type { FeedStats } from './feed-stats.ts';
export {
  createFrameDecoder,
  createFrameTarget,
  type FrameDecoder,
  type FrameTarget,
} from './frame-decoder.ts';
export type * from './frames.ts';
export { parseFrame } from './parse-frame.ts';
