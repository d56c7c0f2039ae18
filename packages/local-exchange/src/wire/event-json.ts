import type { FeeSchedule, Market } from '@kalshi-mm/core';
import type { EventFacts, SeriesFacts } from '@kalshi-mm/simulator';
import { isoTime } from './iso-time.ts';

/** An event, put together from its markets (all of one event ticker, at least one) and what its world knows of it. */
export function eventJson(
  markets: readonly Market[],
  facts: EventFacts | null,
  feeOverride: FeeSchedule | null,
) {
  const first = markets[0]!;
  return {
    event_ticker: first.eventTicker,
    series_ticker: first.seriesTicker,
    title: facts?.title ?? first.title,
    sub_title: facts?.subTitle ?? '',
    collateral_return_type: '',
    mutually_exclusive: facts?.mutuallyExclusive ?? false,
    category: first.category,
    ...(facts?.strikeMs == null ? {} : { strike_date: isoTime(facts.strikeMs) }),
    ...(facts?.strikePeriod == null ? {} : { strike_period: facts.strikePeriod }),
    settlement_sources: [],
    ...(feeOverride === null
      ? {}
      : {
          fee_type_override: feeOverride.type,
          fee_multiplier_override: feeOverride.multiplierMicros / 1_000_000,
        }),
    exchange_index: first.exchangeIndex,
  };
}

/** A series, put together from one of its markets and what its world knows of it. */
export function seriesJson(market: Market, facts: SeriesFacts | null) {
  const fees = facts?.fees ?? market.fees;
  return {
    ticker: market.seriesTicker,
    frequency: facts?.frequency ?? 'custom',
    title: facts?.title ?? market.seriesTicker,
    category: market.category,
    categories: [market.category],
    tags: facts === null ? null : facts.tags,
    settlement_sources: [],
    contract_url: '',
    contract_terms_url: '',
    fee_type: fees.type,
    fee_multiplier: fees.multiplierMicros / 1_000_000,
    additional_prohibitions: [],
    exchange_index: market.exchangeIndex,
  };
}
