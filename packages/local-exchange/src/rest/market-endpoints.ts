import { type Market, type MarketStatus, Ticker, type Timestamp } from '@kalshi-mm/core';
import type { Exchange } from '@kalshi-mm/simulator';
import { bookJson } from '../wire/book-json.ts';
import { isCombination } from '../wire/is-combination.ts';
import { isoTime } from '../wire/iso-time.ts';
import { marketJson } from '../wire/market-json.ts';
import { tradeJson } from '../wire/trade-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { pageOf } from './page.ts';
import { type QueryReader, queryOf } from './query.ts';

/** Markets, their books and their trades. */
export const marketEndpoints: readonly Endpoint[] = [
  read('/markets', 'public', (call) => marketsPage(call, 'GetMarkets')),
  read('/markets/trades', 'public', (call) => tradesPage(call, 'GetTrades')),
  read('/markets/orderbooks', 'public', books),
  read('/markets/:ticker/orderbook', 'public', book),
  read('/markets/:ticker', 'public', (call) =>
    ok({ market: marketJsonOf(call, liveMarketOr404(call, call.param('ticker'))) }),
  ),
];

/** @throws ApiError 404 `market_not_found` */
export function marketOr404(exchange: Exchange, ticker: string): Market {
  const market = exchange.market(Ticker.of(ticker));
  if (market === null) throw ApiError.nested(404, 'market_not_found');
  return market;
}

/** @throws ApiError 404 also for a market that is in the historical tier */
export function liveMarketOr404(call: RestCall, ticker: string): Market {
  const market = marketOr404(call.exchange, ticker);
  if (call.records.isArchived(market)) throw ApiError.nested(404, 'market_not_found');
  return market;
}

/** Null unless the market is in the historical tier. */
export function historicalMarket(call: RestCall, ticker: string): Market | null {
  const market = call.exchange.market(Ticker.of(ticker));
  return market !== null && call.records.isArchived(market) ? market : null;
}

export function marketJsonOf({ exchange, records, reference }: RestCall, market: Market) {
  const times = { createdMs: records.createdMs(market), updatedMs: records.updatedMs(market) };
  return marketJson(exchange, market, times, reference.market(market.ticker));
}

/** The words of the `status` filter; they are not the words in the object. */
export const STATUS_FILTER = ['unopened', 'open', 'paused', 'closed', 'settled'] as const;

export function statusWord(status: MarketStatus): (typeof STATUS_FILTER)[number] {
  switch (status) {
    case 'initialized':
      return 'unopened';
    case 'active':
      return 'open';
    case 'inactive':
      return 'paused';
    case 'finalized':
      return 'settled';
    default:
      return 'closed';
  }
}

/** Markets of the live or the historical tier. */
export function marketsPage(call: RestCall, operation: 'GetMarkets' | 'GetHistoricalMarkets') {
  const query = queryOf(call, operation);
  const accepts = marketFilter(query, call);
  const archived = operation === 'GetHistoricalMarkets';
  const matching = call.exchange
    .markets()
    .filter((market) => call.records.isArchived(market) === archived && accepts(market));
  const page = pageOf(query, matching, (market) => market.ticker);
  return ok({ markets: page.items.map((market) => marketJsonOf(call, market)), cursor: page.cursor });
}

function marketFilter(query: QueryReader, call: RestCall): (market: Market) => boolean {
  const status = query.oneOf('status', STATUS_FILTER);
  const tickers = query.list('tickers');
  const event = query.text('event_ticker');
  const series = query.text('series_ticker');
  const combinations = query.oneOf('mve_filter', ['only', 'exclude']);
  const created = timeRange(query, 'created', status, ['unopened', 'open']);
  const close = timeRange(query, 'close', status, ['closed']);
  const settled = timeRange(query, 'settled', status, ['settled']);
  const updatedFrom = updatedFilter(query, call);
  return (market) =>
    (combinations === null || isCombination(market.ticker) === (combinations === 'only')) &&
    (status === null || statusWord(market.status) === status) &&
    (tickers === null || tickers.includes(market.ticker)) &&
    (event === null || market.eventTicker === event) &&
    (series === null || market.seriesTicker === series) &&
    created(call.records.createdMs(market)) &&
    close(market.closeMs) &&
    settled(market.settledMs) &&
    (updatedFrom === null || call.records.updatedMs(market) >= updatedFrom);
}

/** `min_updated_ts` stands alone, but for `mve_filter=exclude`, and for `series_ticker` together with that. */
function updatedFilter(query: QueryReader, { query: given }: RestCall): Timestamp | null {
  const least = query.seconds('min_updated_ts');
  if (least === null) return null;
  const excludes = query.oneOf('mve_filter', ['only', 'exclude']) === 'exclude';
  const allowed = ['min_updated_ts', 'limit', 'cursor', ...(excludes ? ['mve_filter', 'series_ticker'] : [])];
  for (const [name, value] of given) {
    if (value !== '' && !allowed.includes(name)) {
      throw ApiError.parameter('GetMarkets', 'MinUpdatedTs', 'excluded_with');
    }
  }
  return least;
}

/** `min_…_ts` and `max_…_ts`, which go only with some values of `status`. */
function timeRange(
  query: QueryReader,
  name: 'created' | 'close' | 'settled',
  status: string | null,
  allowed: readonly string[],
): (atMs: number | null) => boolean {
  const least = query.seconds(`min_${name}_ts`);
  const most = query.seconds(`max_${name}_ts`);
  if (least === null && most === null) return () => true;
  if (status !== null && !allowed.includes(status)) {
    const side = least === null ? 'Max' : 'Min';
    const field = `${side}${name[0]!.toUpperCase()}${name.slice(1)}Ts`;
    throw ApiError.parameter('GetMarkets', field, 'excluded_with');
  }
  return (atMs) => atMs !== null && (least === null || atMs >= least) && (most === null || atMs <= most);
}

function book(call: RestCall) {
  const market = marketOr404(call.exchange, call.param('ticker'));
  const depth = queryOf(call, 'GetMarketOrderbook').integer('depth', Number.MIN_SAFE_INTEGER, 100) ?? 0;
  return ok({ orderbook_fp: bookJson(call.exchange.book(market.ticker), depth > 0 ? depth : null) });
}

function books({ exchange, query }: RestCall) {
  const tickers = query.getAll('tickers');
  if (tickers.length === 0) throw ApiError.parameter('GetMarketOrderbooks', 'Tickers', 'required');
  if (tickers.length > 100) throw ApiError.parameter('GetMarketOrderbooks', 'Tickers', 'max');
  const known = tickers.flatMap((ticker) => exchange.market(Ticker.of(ticker)) ?? []);
  return ok({
    orderbooks: known.map(({ ticker }) => ({
      ticker,
      orderbook_fp: bookJson(exchange.book(ticker), null),
    })),
  });
}

/** Trades of the live or the historical tier. */
export function tradesPage(call: RestCall, operation: 'GetTrades' | 'GetTradesHistorical') {
  const query = queryOf(call, operation);
  const { cutoffMs } = call.records;
  const archived = operation === 'GetTradesHistorical';
  const ticker = query.text('ticker');
  const least = query.seconds('min_ts');
  const most = query.seconds('max_ts');
  const unknown = ticker !== null && call.exchange.market(Ticker.of(ticker)) === null;
  const all =
    unknown || query.flag('is_block_trade')
      ? []
      : call.exchange
          .trades(ticker === null ? null : Ticker.of(ticker))
          .filter(({ atMs }) => atMs < cutoffMs === archived)
          .filter(({ atMs }) => (least === null || atMs >= least) && (most === null || atMs <= most));
  const page = pageOf(query, all, (trade) => trade.tradeId);
  const rows = page.items.map((trade) => ({
    ...tradeJson(trade),
    ticker: trade.ticker,
    created_time: isoTime(trade.atMs),
  }));
  return ok({ trades: rows, cursor: page.cursor });
}
