import type { CoinIndex } from '../fair/coin-index.ts';
import type { SeriesTerms } from '../world-config.ts';
import type { WorldHost } from '../world-host.ts';
import type { EventFacts } from '../world-reference.ts';

/** Announces an event about a coin; its live data is the coin's price. @returns the event's ticker */
export function coinEvent(
  host: WorldHost,
  index: CoinIndex,
  terms: SeriesTerms,
  eventTicker: string,
  facts: EventFacts,
): string {
  const event = host.addEvent(eventTicker, facts);
  const { coin, unitsPerDollar } = index;
  host.facts.setLive(event, () => ({
    type: terms.category,
    details: {
      symbol: coin.name,
      price: (index.units / unitsPerDollar).toFixed(coin.decimals),
      as_of_ts: Math.floor(index.atMs / 1000),
    },
  }));
  return event;
}
