import * as z from 'zod';
import { anyObject, id, isoTime, optional, text, wire } from './wire-fields.ts';

/** Ties one thing in the real world, such as a game, to all events about it. */
export const wireMilestone = wire({
  id,
  category: text,
  type: z.string(),
  start_date: isoTime,
  end_date: optional(isoTime),
  related_event_tickers: z.array(z.string()),
  primary_event_tickers: optional(z.array(z.string())),
  title: text,
  notification_message: text,
  source_id: text,
  source_ids: optional(anyObject),
  details: optional(anyObject),
  last_updated_ts: isoTime,
});

export type WireMilestone = z.output<typeof wireMilestone>;
