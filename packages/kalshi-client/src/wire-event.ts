import { z } from 'zod';
import { multiplierMicros, optional, shard } from './wire-fields.ts';
import { wireMarket } from './wire-market.ts';

/** An event object of `GET /events`. */
export const wireEvent = z.object({
  event_ticker: z.string().min(1),
  series_ticker: z.string().min(1),
  title: z.string(),
  category: optional(z.string()),
  fee_type_override: optional(z.string()),
  fee_multiplier_override: optional(multiplierMicros),
  exchange_index: shard,
  /** Only when asked for with `with_nested_markets`. */
  markets: optional(z.array(wireMarket)),
});

export type WireEvent = z.output<typeof wireEvent>;

export const eventsPage = z.object({ events: z.array(wireEvent), cursor: optional(z.string()) });

export const eventAnswer = z.object({ event: wireEvent });
