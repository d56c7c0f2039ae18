import * as z from 'zod';
import { encode, page, request, toCommas, toSeconds } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { type EventsPage, eventAnswer, eventsPage, settlementSource, type WireEvent } from '../wire-event.ts';
import { cursor, id, isoTime, multiplierMicros, optional, text, wire } from '../wire-fields.ts';
import { feeType } from '../wire-series.ts';

const eventsQuery = request({
  ...page,
  /** Matches when any market of the event has it. */
  status: z.enum(['unopened', 'open', 'closed', 'settled']).optional(),
  series_ticker: z.string().optional(),
  tickers: toCommas.optional(),
  with_nested_markets: z.boolean().optional(),
  with_milestones: z.boolean().optional(),
  min_close_ts: toSeconds.optional(),
  min_updated_ts: toSeconds.optional(),
});

export type GetEvents = z.input<typeof eventsQuery>;

/** One page of events, 200 at most, without those of combos. */
export function getEvents(http: RestReader, query: GetEvents = {}): Promise<EventsPage> {
  return http.get(route`/events`, eventsPage, encode(eventsQuery, query, 'GET /events'));
}

const eventQuery = request({ with_nested_markets: z.boolean().optional() });

export type GetEvent = z.input<typeof eventQuery>;

export async function getEvent(
  http: RestReader,
  eventTicker: string,
  query: GetEvent = {},
): Promise<WireEvent> {
  const filters = encode(eventQuery, query, 'GET /events/{event_ticker}');
  return (await http.get(route`/events/${eventTicker}`, eventAnswer, filters)).event;
}

const metadataAnswer = wire({
  image_url: text,
  featured_image_url: text,
  market_details: z.array(wire({ market_ticker: id, image_url: text, color_code: text })),
  settlement_sources: optional(z.array(settlementSource)),
  competition: text,
  competition_scope: text,
});

export type EventMetadata = z.output<typeof metadataAnswer>;

/** Pictures, colours and sources. */
export function getEventMetadata(http: RestReader, eventTicker: string): Promise<EventMetadata> {
  return http.get(route`/events/${eventTicker}/metadata`, metadataAnswer);
}

const multivariateQuery = request({
  ...page,
  series_ticker: z.string().optional(),
  /** Not together with `series_ticker`. */
  collection_ticker: z.string().optional(),
  with_nested_markets: z.boolean().optional(),
});

export type GetMultivariateEvents = z.input<typeof multivariateQuery>;

/** One page of the events of combos, 200 at most. */
export function getMultivariateEvents(
  http: RestReader,
  query: GetMultivariateEvents = {},
): Promise<EventsPage> {
  const filters = encode(multivariateQuery, query, 'GET /events/multivariate');
  return http.get(route`/events/multivariate`, eventsPage, filters);
}

const feeChangesQuery = request({ ...page, event_ticker: z.string().optional() });

export type GetEventFeeChanges = z.input<typeof feeChangesQuery>;

const feeChangesPage = wire({
  event_fee_changes: z.array(
    wire({
      id,
      event_ticker: id,
      series_ticker: id,
      /** Null ends the override. */
      fee_type_override: optional(feeType),
      fee_multiplier_override: optional(multiplierMicros),
      scheduled_ts: isoTime,
    }),
  ),
  cursor,
});

export type EventFeeChangesPage = z.output<typeof feeChangesPage>;

/** Past and coming fee overrides of events. */
export function getEventFeeChanges(
  http: RestReader,
  query: GetEventFeeChanges = {},
): Promise<EventFeeChangesPage> {
  const filters = encode(feeChangesQuery, query, 'GET /events/fee_changes');
  return http.get(route`/events/fee_changes`, feeChangesPage, filters);
}
