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
export { type IncentiveRule, type RestingOrder, type SideRule, scoreSide } from './incentives/score-side.ts';
export type { LatencyModel } from './latency/latency-model.ts';
export {
  LATENCY_MODEL_NAMES,
  type LatencyModelSources,
  latencyModelName,
  latencyModelNamed,
} from './latency/latency-model-named.ts';
export { createMessageLane, type MessageLane } from './latency/message-lane.ts';
export { createLivePairing, type LivePairing, type LivePairingOptions } from './live-pairing.ts';
export {
  createQueueFollower,
  type PlaceErrors,
  type QueueFollower,
  type QueueFollowerOptions,
} from './queue/create-queue-follower.ts';
export {
  createQueueObserver,
  type QueueObservation,
  type QueueObserver,
  type QueueObserverCounts,
} from './queue/create-queue-observer.ts';
export {
  type Estimate,
  type FitQueueOptions,
  fitQueueModel,
  type QueueFit,
  type QueueScore,
  scoreQueueModel,
} from './queue/fit-queue-model.ts';
export type { QueueForm, QueueModel } from './queue/queue-model.ts';
export {
  QUEUE_MODEL_NAMES,
  type QueueModelSources,
  queueModelName,
  queueModelNamed,
} from './queue/queue-model-named.ts';
export type { ReplayOptions } from './replay-engine.ts';
export {
  createReplayExchange,
  type RecordedMarket,
  type ReplayBlock,
  type ReplayExchangeOptions,
  type ReplayFeed,
} from './replay-feed.ts';
export { Subaccount } from './subaccount.ts';
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
export type * from './world/agents/population.ts';
export { POPULATIONS } from './world/agents/populations.ts';
export { CALENDARS, type CalendarName } from './world/calendars/calendars.ts';
export {
  createMixedWorld,
  type MixedWorld,
  type MixedWorldOptions,
} from './world/create-mixed-world.ts';
export {
  createSyntheticWorld,
  type SyntheticWorld,
  type SyntheticWorldOptions,
} from './world/create-synthetic-world.ts';
export type { Coin } from './world/fair/coin-index.ts';
export type { FigureTraits } from './world/fair/figure.ts';
export type { Sport } from './world/fair/game.ts';
export type * from './world/world-config.ts';
export type * from './world/world-reference.ts';
