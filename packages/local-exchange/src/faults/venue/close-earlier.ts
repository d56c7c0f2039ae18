import { Ticker, Timestamp } from '@kalshi-mm/core';
import { activeMarkets, type VenueFault, type VenueFaultHost } from './venue-fault.ts';

/** The close of a market comes nearer, and with it its result. */
export function closeEarlier({ exchange, options }: VenueFaultHost): VenueFault {
  const soonMs = (): Timestamp => Timestamp.of(Math.floor(exchange.nowMs + options.closeInMs));
  return {
    subjects: () =>
      activeMarkets(exchange)
        .filter(({ closeMs }) => closeMs > soonMs())
        .map(({ ticker }) => ticker),
    act: (ticker) => exchange.setCloseTime(Ticker.of(ticker), soonMs()),
  };
}
