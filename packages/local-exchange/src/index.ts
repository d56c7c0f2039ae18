export type { LocalUser } from './access/account.ts';
export { SIGNATURE_WINDOW_MS } from './access/authenticate.ts';
export { type KeyPair, makeKeyPair } from './access/key-pair.ts';
export { type BucketLimit, TIERS, type Tier, tierLimits } from './access/tier.ts';
export type { FeedOptions } from './feed/feed.ts';
export { createLocalExchange, type LocalExchange } from './local-exchange.ts';
export type { LocalExchangeOptions, WorldOptions } from './options.ts';
export { CLOCK_HEADER } from './rest/create-rest-app.ts';
export type { World } from './world/world.ts';
