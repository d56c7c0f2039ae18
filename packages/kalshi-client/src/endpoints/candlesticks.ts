import * as z from 'zod';
import { encode, request, toCommas, toSeconds } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import { count, id, money, optional, price, secondsTime, text, wire } from '../wire-fields.ts';

const quoteRange = wire({
  open_dollars: price,
  low_dollars: price,
  high_dollars: price,
  close_dollars: price,
});

/** Absent fields: nothing was traded in the period. */
const tradeRange = wire({
  open_dollars: optional(price),
  low_dollars: optional(price),
  high_dollars: optional(price),
  close_dollars: optional(price),
  /** Finer than a price. */
  mean_dollars: optional(money),
  previous_dollars: optional(price),
  min_dollars: optional(price),
  max_dollars: optional(price),
});

const candle = wire({
  end_period_ts: secondsTime,
  yes_bid: quoteRange,
  yes_ask: quoteRange,
  price: tradeRange,
  volume_fp: count,
  open_interest_fp: count,
});

export type Candle = z.output<typeof candle>;

const interval = z.union([z.literal(1), z.literal(60), z.literal(1440)]);

const candlesQuery = request({
  start_ts: toSeconds,
  end_ts: toSeconds,
  /** Minutes. */
  period_interval: interval,
  include_latest_before_start: z.boolean().optional(),
});

export type GetCandlesticks = z.input<typeof candlesQuery>;

const marketAnswer = wire({ ticker: id, candlesticks: z.array(candle) });

export type MarketCandlesticks = z.output<typeof marketAnswer>;

/** Candles of one market. */
export function getMarketCandlesticks(
  http: RestReader,
  seriesTicker: string,
  ticker: string,
  query: GetCandlesticks,
): Promise<MarketCandlesticks> {
  return http.get(
    route`/series/${seriesTicker}/markets/${ticker}/candlesticks`,
    marketAnswer,
    encode(candlesQuery, query, 'GET /series/{series_ticker}/markets/{ticker}/candlesticks'),
  );
}

const batchQuery = request({ ...candlesQuery.shape, market_tickers: toCommas });

export type GetCandlesticksOfMarkets = z.input<typeof batchQuery>;

const batchAnswer = wire({
  markets: z.array(wire({ market_ticker: id, candlesticks: z.array(candle) })),
});

export type CandlesticksOfMarkets = z.output<typeof batchAnswer>;

/** Candles of up to 100 markets, 10,000 in all. */
export function getCandlesticksOfMarkets(
  http: RestReader,
  query: GetCandlesticksOfMarkets,
): Promise<CandlesticksOfMarkets> {
  return http.get(
    route`/markets/candlesticks`,
    batchAnswer,
    encode(batchQuery, query, 'GET /markets/candlesticks'),
  );
}

const eventQuery = request({ start_ts: toSeconds, end_ts: toSeconds, period_interval: interval });

export type GetEventCandlesticks = z.input<typeof eventQuery>;

const eventAnswer = wire({
  market_tickers: z.array(z.string()),
  /** In the order of `market_tickers`. */
  market_candlesticks: z.array(z.array(candle)),
  /** Earlier than asked when the answer would have become too long. */
  adjusted_end_ts: secondsTime,
});

export type EventCandlesticks = z.output<typeof eventAnswer>;

/** Candles of all markets of an event. */
export function getEventCandlesticks(
  http: RestReader,
  seriesTicker: string,
  eventTicker: string,
  query: GetEventCandlesticks,
): Promise<EventCandlesticks> {
  return http.get(
    route`/series/${seriesTicker}/events/${eventTicker}/candlesticks`,
    eventAnswer,
    encode(eventQuery, query, 'GET /series/{series_ticker}/events/{ticker}/candlesticks'),
  );
}

const forecastQuery = request({
  ...eventQuery.shape,
  /** 5 s candles exist here too. */
  period_interval: z.union([z.literal(0), interval]),
  /** Hundredths of a percent, at most ten of them. */
  percentiles: z
    .array(z.int().min(0).max(10_000))
    .min(1)
    .max(10)
    .transform((values) => values.map(String)),
});

export type GetForecastPercentiles = z.input<typeof forecastQuery>;

const forecastAnswer = wire({
  forecast_history: z.array(
    wire({
      event_ticker: id,
      end_period_ts: secondsTime,
      period_interval: z.number(),
      percentile_points: z.array(
        wire({
          percentile: z.number(),
          raw_numerical_forecast: z.number(),
          numerical_forecast: z.number(),
          formatted_forecast: text,
        }),
      ),
    }),
  ),
});

export type ForecastPercentiles = z.output<typeof forecastAnswer>;

/** How the percentiles of what an event measures have moved, as its markets price them. */
export function getForecastPercentiles(
  http: RestReader,
  seriesTicker: string,
  eventTicker: string,
  query: GetForecastPercentiles,
): Promise<ForecastPercentiles> {
  return http.get(
    route`/series/${seriesTicker}/events/${eventTicker}/forecast_percentile_history`,
    forecastAnswer,
    encode(forecastQuery, query, 'GET /series/{series_ticker}/events/{ticker}/forecast_percentile_history'),
  );
}
