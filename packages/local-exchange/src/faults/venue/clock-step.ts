import type { ExchangeWallClock } from '../exchange-wall-clock.ts';
import { EXCHANGE, type VenueFault, type VenueFaultHost } from './venue-fault.ts';

/** The exchange's wall clock steps away and, the next time, back. */
export function clockStep({ options }: VenueFaultHost, clock: ExchangeWallClock): VenueFault {
  let isAway = false;
  return {
    subjects: () => [EXCHANGE],
    act() {
      clock.step(isAway ? -options.clockStepMs : options.clockStepMs);
      isAway = !isAway;
    },
  };
}
