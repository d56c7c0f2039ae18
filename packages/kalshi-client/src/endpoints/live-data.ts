import * as z from 'zod';
import { encode, request, toRepeated } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { anyObject, flag, id, msTime, optional, text, wire, word } from '../wire-fields.ts';

// For display: how late it is is not documented.

/** `details` has no fixed form. */
const liveData = wire({ type: z.string(), milestone_id: id, details: anyObject });

export type LiveData = z.output<typeof liveData>;

const liveDataAnswer = wire({ live_data: liveData });

const statsQuery = request({ include_player_stats: z.boolean().optional() });

export type GetLiveData = z.input<typeof statsQuery>;

/** State of a game, race or the like. */
export async function getLiveData(
  http: RestReader,
  milestoneId: string,
  query: GetLiveData = {},
): Promise<LiveData> {
  const filters = encode(statsQuery, query, 'GET /live_data/milestone/{milestone_id}');
  return (await http.get(route`/live_data/milestone/${milestoneId}`, liveDataAnswer, filters)).live_data;
}

/** As {@link getLiveData}, by the older path that repeats the type. */
export async function getLiveDataOfType(
  http: RestReader,
  type: string,
  milestoneId: string,
  query: GetLiveData = {},
): Promise<LiveData> {
  const filters = encode(statsQuery, query, 'GET /live_data/{type}/milestone/{milestone_id}');
  const at = route`/live_data/${type}/milestone/${milestoneId}`;
  return (await http.get(at, liveDataAnswer, filters)).live_data;
}

const batchQuery = request({
  milestone_ids: toRepeated.min(1),
  include_player_stats: z.boolean().optional(),
});

export type GetLiveDataBatch = z.input<typeof batchQuery>;

const batchAnswer = wire({ live_datas: z.array(liveData) });

/** State of several at once. */
export async function getLiveDataBatch(
  http: RestReader,
  query: GetLiveDataBatch,
): Promise<readonly LiveData[]> {
  const filters = encode(batchQuery, query, 'GET /live_data/batch');
  return (await http.get(route`/live_data/batch`, batchAnswer, filters)).live_datas;
}

const gameStatsAnswer = wire({
  pbp: optional(wire({ periods: optional(z.array(wire({ events: z.array(anyObject) }))) })),
});

export type GameStats = z.output<typeof gameStatsAnswer>;

/** Play by play, for the big leagues; null for others. */
export function getGameStats(http: RestReader, milestoneId: string): Promise<GameStats> {
  return http.get(route`/live_data/milestone/${milestoneId}/game_stats`, gameStatsAnswer);
}

const eventQuery = request({ range: z.string().optional() });

export type GetEventLiveData = z.input<typeof eventQuery>;

const eventAnswer = wire({
  live_data: wire({
    type: z.string(),
    details: anyObject,
    is_historical: optional(flag),
    default_range: text,
    range_options: optional(z.array(z.string())),
  }),
});

export type EventLiveData = z.output<typeof eventAnswer>['live_data'];

/** What an event measures, over a range such as `15min`, `1h` or `1d`. */
export async function getEventLiveData(
  http: RestReader,
  eventTicker: string,
  query: GetEventLiveData = {},
): Promise<EventLiveData> {
  const filters = encode(eventQuery, query, 'GET /live_data/events/{event_ticker}');
  return (await http.get(route`/live_data/events/${eventTicker}`, eventAnswer, filters)).live_data;
}

const weatherQuery = request({
  /** Milliseconds, both; or `last_sec`. */
  from: z.int().optional(),
  to: z.int().optional(),
  last_sec: z.int().optional(),
  detailed: z.boolean().optional(),
});

export type GetWeatherIndex = z.input<typeof weatherQuery>;

const reading = wire({
  station_id: id,
  code: text,
  source: text,
  temp_f: optional(z.number()),
  obs_time_ms: optional(msTime),
  received_at_ms: optional(msTime),
  primary_code: text,
});

const weatherAnswer = wire({
  city: z.string(),
  config_version: text,
  units: text,
  timeseries: z.array(
    wire({
      /** The minute. */
      t: msTime,
      /** Degrees, to 0.01; null while incomplete. A measurement, so a plain number. */
      v: optional(z.number()),
      status: word('incomplete'),
      contributors: optional(z.number()),
      receipt_basis: text,
      stations: optional(z.array(reading)),
    }),
  ),
});

export type WeatherIndex = z.output<typeof weatherAnswer>;

/** Temperature index of a city. */
export function getWeatherIndex(
  http: RestReader,
  city: string,
  query: GetWeatherIndex = {},
): Promise<WeatherIndex> {
  const filters = encode(weatherQuery, query, 'GET /live_data/weather/{city}');
  return http.get(route`/live_data/weather/${city}`, weatherAnswer, filters);
}

const calibrationsAnswer = wire({
  city: z.string(),
  units: text,
  calibrations: z.array(
    wire({
      config_version: z.string(),
      published_at_ms: optional(msTime),
      effective_at_ms: msTime,
      change_reason: text,
      calibration_window_start_ms: optional(msTime),
      calibration_window_end_ms: optional(msTime),
      city_reference_c: z.number(),
      stations: z.array(
        wire({ station_id: id, weight: z.number(), offset_c: z.number(), update_note: text }),
      ),
    }),
  ),
});

export type WeatherCalibrations = z.output<typeof calibrationsAnswer>;

/** How the stations of a city's index are weighted, and were. */
export function getWeatherCalibrations(http: RestReader, city: string): Promise<WeatherCalibrations> {
  return http.get(route`/live_data/weather/${city}/calibrations`, calibrationsAnswer);
}
