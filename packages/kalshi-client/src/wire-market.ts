import { MARKET_RESULTS, MARKET_STATUSES } from '@kalshi-mm/core';
import * as z from 'zod';
import {
  anyObject,
  count,
  cursor,
  flag,
  id,
  isoTime,
  money,
  optional,
  outcome,
  price,
  shard,
  strike,
  text,
  whole,
  wire,
  word,
} from './wire-fields.ts';

const priceRange = wire({ start: price, end: price, step: price });

/** One leg of a combo market. */
export const selectedLeg = wire({
  event_ticker: text,
  market_ticker: text,
  side: optional(outcome),
  yes_settlement_value_dollars: optional(price),
});

/** A market object as `GET /markets` lists it, its numbers parsed. */
export const wireMarket = wire({
  ticker: id,
  event_ticker: id,
  market_type: optional(word('binary', 'scalar')),
  title: text,
  subtitle: text,
  yes_sub_title: text,
  no_sub_title: text,
  /** A new status must not stop the bot. */
  status: word(...MARKET_STATUSES),
  created_time: isoTime,
  /** Last change of anything but trading. */
  updated_time: isoTime,
  open_time: isoTime,
  close_time: isoTime,
  expected_expiration_time: optional(isoTime),
  latest_expiration_time: isoTime,
  occurrence_datetime: optional(isoTime),
  settlement_timer_seconds: whole,
  yes_bid_dollars: price,
  yes_ask_dollars: price,
  no_bid_dollars: price,
  no_ask_dollars: price,
  yes_bid_size_fp: count,
  yes_ask_size_fp: count,
  last_price_dollars: price,
  previous_price_dollars: price,
  previous_yes_bid_dollars: price,
  previous_yes_ask_dollars: price,
  volume_fp: count,
  volume_24h_fp: count,
  open_interest_fp: count,
  notional_value_dollars: money,
  /** Empty until there is one. */
  result: word(...MARKET_RESULTS, ''),
  settlement_value_dollars: optional(price),
  settlement_ts: optional(isoTime),
  expiration_value: text,
  can_close_early: optional(flag),
  early_close_condition: text,
  fee_waiver_expiration_time: optional(isoTime),
  strike_type: optional(
    word(
      'greater',
      'greater_or_equal',
      'less',
      'less_or_equal',
      'between',
      'functional',
      'custom',
      'structured',
    ),
  ),
  floor_strike: optional(strike),
  cap_strike: optional(strike),
  functional_strike: text,
  custom_strike: optional(anyObject),
  rules_primary: text,
  rules_secondary: text,
  mve_collection_ticker: text,
  mve_selected_legs: optional(z.array(selectedLeg)),
  primary_participant_key: text,
  price_level_structure: text,
  /** The truth about ticks. */
  price_ranges: z.array(priceRange).min(1),
  is_provisional: optional(flag),
  exchange_index: shard,
});

export type WireMarket = z.output<typeof wireMarket>;

export const marketsPage = wire({ markets: z.array(wireMarket), cursor });

export type MarketsPage = z.output<typeof marketsPage>;

export const marketAnswer = wire({ market: wireMarket });
