import { Ticker } from '@kalshi-mm/core';
import { activeMarkets, type VenueFault, type VenueFaultHost } from './venue-fault.ts';

/** A market is deactivated and, if its close does not come first, reactivated with an empty book. */
export function marketPause({ exchange, options, later }: VenueFaultHost): VenueFault {
  return {
    subjects: () => activeMarkets(exchange).map(({ ticker }) => ticker),
    act(subject) {
      const ticker = Ticker.of(subject);
      exchange.setMarketActive(ticker, false);
      later(options.marketPauseMs, () => {
        if (exchange.market(ticker)?.status === 'inactive') exchange.setMarketActive(ticker, true);
      });
    },
  };
}
