import { type MarketResult, Price, Ticker } from '@kalshi-mm/core';
import type { VenueFault, VenueFaultHost } from './venue-fault.ts';

/** A result is challenged before it is paid, then determined anew: `upheld` as it was, `overturned` to its opposite. */
export function dispute(
  { exchange, options, later }: VenueFaultHost,
  end: 'upheld' | 'overturned',
): VenueFault {
  return {
    subjects: () =>
      exchange
        .markets()
        .filter(({ status }) => status === 'determined')
        .map(({ ticker }) => ticker),
    act(subject) {
      const ticker = Ticker.of(subject);
      exchange.dispute(ticker);
      later(options.disputeMs, () => {
        const market = exchange.market(ticker);
        // Somebody else may have ended the dispute.
        if (market?.status !== 'disputed') return;
        const result = market.result!;
        const price = market.settlementPrice!;
        if (end === 'upheld') exchange.redetermine(ticker, result, price);
        else exchange.redetermine(ticker, OPPOSITE[result], Price.complement(price));
      });
    },
  };
}

const OPPOSITE: Readonly<Record<MarketResult, MarketResult>> = { yes: 'no', no: 'yes', scalar: 'scalar' };
