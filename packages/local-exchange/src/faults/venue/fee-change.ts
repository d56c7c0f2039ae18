import { activeMarkets, type VenueFault, type VenueFaultHost } from './venue-fault.ts';

/** An event charges twice, makers too, and after a while as before. */
export function feeChange({ exchange, options, later }: VenueFaultHost): VenueFault {
  const changed = new Set<string>();
  return {
    subjects() {
      const events = new Set(activeMarkets(exchange).map(({ eventTicker }) => eventTicker));
      return [...events].filter((event) => !changed.has(event));
    },
    act(event) {
      const before = exchange.eventFees(event);
      const { fees } = exchange.markets().find(({ eventTicker }) => eventTicker === event)!;
      const twice = { type: 'quadratic_with_maker_fees', multiplierMicros: 2 * fees.multiplierMicros };
      exchange.setEventFees(event, twice);
      changed.add(event);
      later(options.feeChangeMs, () => {
        changed.delete(event);
        // Whoever has set other fees meanwhile means them.
        if (exchange.eventFees(event) === twice) exchange.setEventFees(event, before);
      });
    },
  };
}
