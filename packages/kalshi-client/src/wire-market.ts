import { z } from 'zod';
import { count, isoTime, money, optional, price, shard, strike } from './wire-fields.ts';

const priceRange = z.object({ start: price, end: price, step: price });

/** A market object as `GET /markets` lists it, its numbers parsed. */
export const wireMarket = z.object({
  ticker: z.string().min(1),
  event_ticker: z.string().min(1),
  title: optional(z.string()),
  yes_sub_title: optional(z.string()),
  /** Not an enum: a new status must not stop the bot. */
  status: z.string(),
  open_time: isoTime,
  close_time: isoTime,
  expected_expiration_time: optional(isoTime),
  updated_time: optional(isoTime),
  yes_bid_dollars: price,
  yes_ask_dollars: price,
  last_price_dollars: price,
  volume_fp: count,
  volume_24h_fp: count,
  open_interest_fp: count,
  notional_value_dollars: money,
  result: z.string(),
  settlement_value_dollars: optional(price),
  settlement_ts: optional(isoTime),
  strike_type: optional(z.string()),
  floor_strike: optional(strike),
  cap_strike: optional(strike),
  price_ranges: z.array(priceRange).min(1),
  exchange_index: shard,
});

export type WireMarket = z.output<typeof wireMarket>;

export const marketsPage = z.object({ markets: z.array(wireMarket), cursor: optional(z.string()) });

export const marketAnswer = z.object({ market: wireMarket });
