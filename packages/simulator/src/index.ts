export { type Auditor, type AuditorOptions, createAuditor } from './auditor/create-auditor.ts';
export {
  createExchange,
  type ExchangeOptions,
  type ListingOptions,
  type MarketUpdate,
  type SimulatedExchange,
} from './create-exchange.ts';
export type * from './exchange-api.ts';
export type { OutputListener } from './exchange-state.ts';
export { createLivePairing, type LivePairing, type LivePairingOptions } from './live-pairing.ts';
export type { ReplayOptions } from './replay-engine.ts';
export {
  createReplayExchange,
  type RecordedMarket,
  type ReplayBlock,
  type ReplayExchangeOptions,
  type ReplayFeed,
} from './replay-feed.ts';
export {
  createReplayDriver,
  type ReplayDriver,
  type ReplayDriverOptions,
  runReplay,
} from './venue/create-replay-driver.ts';
export {
  createSimulatedVenue,
  type SimulatedVenue,
  type SimulatedVenueOptions,
} from './venue/create-simulated-venue.ts';
export { type MaintenanceWindow, nextMaintenance, scheduleWeeklyMaintenance } from './weekly-maintenance.ts';
export {
  createSyntheticWorld,
  type SyntheticWorld,
  type SyntheticWorldOptions,
} from './world/create-synthetic-world.ts';
export { DEFAULT_SERIES, type SyntheticSeries } from './world/synthetic-series.ts';
