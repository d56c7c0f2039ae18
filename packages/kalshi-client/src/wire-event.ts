import * as z from 'zod';
import {
  anyObject,
  cursor,
  flag,
  id,
  isoTime,
  multiplierMicros,
  optional,
  shard,
  text,
  wire,
  word,
} from './wire-fields.ts';
import { wireMarket } from './wire-market.ts';
import { wireMilestone } from './wire-milestone.ts';

export const settlementSource = wire({ name: text, url: text });

/** An event object of `GET /events`. */
export const wireEvent = wire({
  event_ticker: id,
  series_ticker: id,
  title: z.string(),
  sub_title: text,
  /** How positions in the event's markets are netted. */
  collateral_return_type: optional(word('MECNET', 'DIRECNET', '')),
  mutually_exclusive: optional(flag),
  category: text,
  strike_date: optional(isoTime),
  strike_period: text,
  product_metadata: optional(anyObject),
  settlement_sources: optional(z.array(settlementSource)),
  last_updated_ts: optional(isoTime),
  fee_type_override: text,
  fee_multiplier_override: optional(multiplierMicros),
  exchange_index: shard,
  /** Only when asked for with `with_nested_markets`. */
  markets: optional(z.array(wireMarket)),
});

export type WireEvent = z.output<typeof wireEvent>;

export const eventsPage = wire({
  events: z.array(wireEvent),
  milestones: optional(z.array(wireMilestone)),
  cursor,
});

export type EventsPage = z.output<typeof eventsPage>;

export const eventAnswer = wire({ event: wireEvent, markets: optional(z.array(wireMarket)) });
