import type { Market, MarketActivity, Ticker } from '@kalshi-mm/core';
import type { MarketReads, MarketsQuery } from './market-reads.ts';
import { toActivity, toMarket } from './to-market.ts';
import type { WireEvent } from './wire-event.ts';
import type { WireMarket } from './wire-market.ts';
import type { WireSeries } from './wire-series.ts';

/** Markets in the toolkit's own form, with series and fees, which the exchange keeps in three places. */
export interface MarketCatalog {
  market(ticker: Ticker): Promise<Market>;
  /** One page of matching markets at a time. */
  scan(query?: MarketsQuery): AsyncIterable<{
    readonly markets: readonly Market[];
    readonly activity: readonly MarketActivity[];
  }>;
  /** Completes a market that was read elsewhere. */
  complete(market: WireMarket): Promise<Market>;
  /** Drops what is remembered of an event, e.g. after a change of its fees. */
  forget(eventTicker: string): void;
}

/** Remembers events and series for as long as it lives; each is read once, also by concurrent callers. */
export function createMarketCatalog(client: MarketReads): MarketCatalog {
  const events = new Map<string, Promise<WireEvent>>();
  const series = new Map<string, Promise<WireSeries>>();

  const complete = async (market: WireMarket): Promise<Market> => {
    const event = await once(events, market.event_ticker, client.event);
    return toMarket(market, event, await once(series, event.series_ticker, client.series));
  };

  return {
    complete,
    market: async (ticker) => complete(await client.market(ticker)),
    async *scan(query) {
      for await (const page of client.markets(query)) {
        yield { markets: await Promise.all(page.map(complete)), activity: page.map(toActivity) };
      }
    },
    forget(eventTicker) {
      events.delete(eventTicker);
    },
  };
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  read: (key: string) => Promise<Value>,
): Promise<Value> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const reading = read(key);
  known.set(key, reading);
  // A failure is not remembered: the next caller reads again.
  reading.catch(() => known.delete(key));
  return reading;
}
