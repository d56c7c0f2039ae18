export { coinbase } from './coinbase.ts';
export { createSpotFeed, type SpotFeed, type SpotFeedOptions } from './spot-feed.ts';
export type { SpotFormat, SpotTick } from './spot-format.ts';
