import { type Market, Ticker } from '@kalshi-mm/core';
import type { Candle } from '../records/candle-recorder.ts';
import { candleJson, historicalCandleJson } from '../wire/candle-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { liveMarketOr404 } from './market-endpoints.ts';
import { type QueryReader, queryOf } from './query.ts';

/** Candles, made from what the local exchange has seen since it started. */
export const candleEndpoints: readonly Endpoint[] = [
  read('/markets/candlesticks', 'public', many),
  read('/series/:series_ticker/markets/:ticker/candlesticks', 'public', one),
  read('/series/:series_ticker/events/:ticker/candlesticks', 'public', ofEvent),
];

const MOST_CANDLES = 10_000;

function many(call: RestCall) {
  const query = queryOf(call, 'BatchGetMarketCandlesticks');
  const tickers = query.list('market_tickers', 100);
  if (tickers === null) throw ApiError.parameter('BatchGetMarketCandlesticks', 'MarketTickers', 'required');
  const range = rangeOf(query, 'BatchGetMarketCandlesticks');
  const known = tickers.flatMap((ticker) => call.exchange.market(Ticker.of(ticker)) ?? []);
  const markets = known.map(({ ticker }) => ({
    market_ticker: ticker,
    candlesticks: candlesOf(call, ticker, range),
  }));
  refuseTooMany(markets.map(({ candlesticks }) => candlesticks));
  return ok({ markets });
}

function one(call: RestCall) {
  const range = rangeOf(queryOf(call, 'GetMarketCandlesticks'), 'GetMarketCandlesticks');
  const { ticker } = requireSeries(call, liveMarketOr404(call, call.param('ticker')));
  return ok({ ticker, candlesticks: candlesOf(call, ticker, range) });
}

function ofEvent(call: RestCall) {
  const range = rangeOf(queryOf(call, 'GetMarketCandlesticksByEvent'), 'GetMarketCandlesticksByEvent');
  const event = call.param('ticker');
  const markets = call.exchange.markets().filter((market) => market.eventTicker === event);
  if (markets.length === 0) throw ApiError.nested(404, 'not_found');
  requireSeries(call, markets[0]!);
  const candles = markets.map(({ ticker }) => candlesOf(call, ticker, range));
  refuseTooMany(candles);
  return ok({
    market_tickers: markets.map(({ ticker }) => ticker),
    market_candlesticks: candles,
    adjusted_end_ts: range.toTs,
  });
}

/** `GET /historical/markets/{ticker}/candlesticks`. */
export function historicalCandles(call: RestCall, { ticker }: Market) {
  const range = rangeOf(queryOf(call, 'GetMarketCandlesticksHistorical'), 'GetMarketCandlesticksHistorical');
  const found = call.records.candles.read(ticker, range.minutes, range.fromTs, range.toTs);
  return ok({ ticker, candlesticks: found.map(historicalCandleJson) });
}

interface CandleRange {
  readonly fromTs: number;
  readonly toTs: number;
  readonly minutes: number;
  readonly withLatest: boolean;
}

function rangeOf(query: QueryReader, operation: string): CandleRange {
  const required = (name: string, field: string): number => {
    const value = query.integer(name, 0, 99_999_999_999);
    if (value === null) throw ApiError.parameter(operation, field, 'required');
    return value;
  };
  const fromTs = required('start_ts', 'StartTs');
  const toTs = required('end_ts', 'EndTs');
  if (toTs < fromTs) throw ApiError.parameter(operation, 'EndTs', 'gtefield');
  const minutes = Number(query.oneOf('period_interval', ['1', '60', '1440']) ?? 0);
  if (minutes === 0) throw ApiError.parameter(operation, 'PeriodInterval', 'required');
  return { fromTs, toTs, minutes, withLatest: query.flag('include_latest_before_start') };
}

function candlesOf(call: RestCall, ticker: Ticker, { fromTs, toTs, minutes, withLatest }: CandleRange) {
  const { candles } = call.records;
  const within = candles.read(ticker, minutes, fromTs, toTs);
  const before = withLatest ? candles.read(ticker, minutes, 0, fromTs - 1).at(-1) : undefined;
  return [...(before === undefined ? [] : [standstill(before, fromTs)]), ...within].map(candleJson);
}

/** How things stood at the start: nothing traded, quotes as the last candle left them. */
function standstill(last: Candle, endTs: number): Candle {
  const still = (price: Candle['bid']['close']) => ({ open: price, low: price, high: price, close: price });
  return {
    ...last,
    endTs,
    bid: still(last.bid.close),
    ask: still(last.ask.close),
    trades: null,
    previous: last.trades?.close ?? last.previous,
    volume: 0,
    notional: 0,
  };
}

function requireSeries(call: RestCall, market: Market): Market {
  if (market.seriesTicker !== call.param('series_ticker')) throw ApiError.nested(404, 'not_found');
  return market;
}

function refuseTooMany(lists: readonly (readonly unknown[])[]): void {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  if (total > MOST_CANDLES) {
    throw ApiError.nested(400, 'invalid_parameters', `at most ${MOST_CANDLES} candlesticks in all`);
  }
}
