import { type Market, type MarketStatus, Ticker } from '@kalshi-mm/core';
import type { Exchange } from '@kalshi-mm/simulator';
import { bookJson } from '../wire/book-json.ts';
import { isoTime } from '../wire/iso-time.ts';
import { marketJson } from '../wire/market-json.ts';
import { tradeJson } from '../wire/trade-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { pageOf } from './page.ts';
import { type QueryReader, queryOf } from './query.ts';

/** Markets, their books and their trades. */
export const marketEndpoints: readonly Endpoint[] = [
  read('/markets', 'public', list),
  read('/markets/trades', 'public', trades),
  read('/markets/orderbooks', 'public', books),
  read('/markets/:ticker/orderbook', 'public', book),
  read('/markets/:ticker', 'public', (call) =>
    ok({ market: marketJson(call.exchange, marketOr404(call.exchange, call.param('ticker'))) }),
  ),
];

/** @throws ApiError 404 `market_not_found` */
export function marketOr404(exchange: Exchange, ticker: string): Market {
  const market = exchange.market(Ticker.of(ticker));
  if (market === null) throw ApiError.nested(404, 'market_not_found');
  return market;
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

function list(call: RestCall) {
  const query = queryOf(call, 'GetMarkets');
  const accepts = marketFilter(query);
  const page = pageOf(query, call.exchange.markets().filter(accepts), (market) => market.ticker);
  return ok({
    markets: page.items.map((market) => marketJson(call.exchange, market)),
    cursor: page.cursor,
  });
}

function marketFilter(query: QueryReader): (market: Market) => boolean {
  const status = query.oneOf('status', STATUS_FILTER);
  const tickers = query.list('tickers');
  const event = query.text('event_ticker');
  const series = query.text('series_ticker');
  const combosOnly = query.oneOf('mve_filter', ['only', 'exclude']) === 'only';
  const created = timeRange(query, 'created', status, ['unopened', 'open']);
  const close = timeRange(query, 'close', status, ['closed']);
  const settled = timeRange(query, 'settled', status, ['settled']);
  if (query.text('min_updated_ts') !== null) {
    throw ApiError.nested(501, 'not_implemented', 'min_updated_ts is not served by the local exchange');
  }
  return (market) =>
    !combosOnly &&
    (status === null || statusWord(market.status) === status) &&
    (tickers === null || tickers.includes(market.ticker)) &&
    (event === null || market.eventTicker === event) &&
    (series === null || market.seriesTicker === series) &&
    created(market.openMs) &&
    close(market.closeMs) &&
    settled(market.settledMs);
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

function trades(call: RestCall) {
  const query = queryOf(call, 'GetTrades');
  const ticker = query.text('ticker');
  const least = query.seconds('min_ts');
  const most = query.seconds('max_ts');
  const unknown = ticker !== null && call.exchange.market(Ticker.of(ticker)) === null;
  const all =
    unknown || query.flag('is_block_trade')
      ? []
      : call.exchange
          .trades(ticker === null ? null : Ticker.of(ticker))
          .filter(({ atMs }) => (least === null || atMs >= least) && (most === null || atMs <= most));
  const page = pageOf(query, all, (trade) => trade.tradeId);
  const rows = page.items.map((trade) => ({
    ...tradeJson(trade),
    ticker: trade.ticker,
    created_time: isoTime(trade.atMs),
  }));
  return ok({ trades: rows, cursor: page.cursor });
}
