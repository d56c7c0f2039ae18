import type { Market } from '@kalshi-mm/core';

/** An event, put together from its markets (all of one event ticker, at least one). */
export function eventJson(markets: readonly Market[]) {
  const first = markets[0]!;
  return {
    event_ticker: first.eventTicker,
    series_ticker: first.seriesTicker,
    title: first.title,
    sub_title: '',
    collateral_return_type: '',
    mutually_exclusive: false,
    category: first.category,
    settlement_sources: [],
    exchange_index: first.exchangeIndex,
  };
}

/** A series, put together from one of its markets. */
export function seriesJson(market: Market) {
  return {
    ticker: market.seriesTicker,
    frequency: 'custom',
    title: market.seriesTicker,
    category: market.category,
    categories: [market.category],
    tags: null,
    settlement_sources: [],
    contract_url: '',
    contract_terms_url: '',
    fee_type: market.fees.type,
    fee_multiplier: market.fees.multiplierMicros / 1_000_000,
    additional_prohibitions: [],
    exchange_index: market.exchangeIndex,
  };
}
