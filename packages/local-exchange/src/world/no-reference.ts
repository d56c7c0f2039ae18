import type { WorldReference } from '@kalshi-mm/simulator';

/** Of a world that knows its markets and nothing else. */
export const NO_REFERENCE: WorldReference = {
  weeklyMaintenance: false,
  series: () => null,
  event: () => null,
  market: () => null,
  milestones: () => [],
  liveData: () => null,
  eventLiveData: () => null,
  coinPrices: () => [],
};
