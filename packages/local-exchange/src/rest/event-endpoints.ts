import type { Market } from '@kalshi-mm/core';
import { eventJson, seriesJson } from '../wire/event-json.ts';
import { marketJson } from '../wire/market-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { statusWord } from './market-endpoints.ts';
import { pageOf } from './page.ts';
import { queryOf } from './query.ts';

/** Events and series, both derived from the markets that belong to them. */
export const eventEndpoints: readonly Endpoint[] = [
  read('/events', 'public', events),
  read('/events/:event_ticker', 'public', event),
  read('/series', 'public', seriesList),
  read('/series/:series_ticker', 'public', series),
];

function events(call: RestCall) {
  const query = queryOf(call, 'GetEvents');
  const status = query.oneOf('status', ['unopened', 'open', 'closed', 'settled']);
  const seriesTicker = query.text('series_ticker');
  const tickers = query.list('tickers');
  const closesFrom = query.seconds('min_close_ts');
  const nested = query.flag('with_nested_markets');
  // An event has no status of its own: any market of it may match.
  const matching = byEvent(call.exchange.markets()).filter(
    (markets) =>
      (status === null || markets.some((market) => statusWord(market.status) === status)) &&
      (seriesTicker === null || markets[0]!.seriesTicker === seriesTicker) &&
      (tickers === null || tickers.includes(markets[0]!.eventTicker)) &&
      (closesFrom === null || markets.some((market) => market.closeMs >= closesFrom)),
  );
  const page = pageOf(query, matching, (markets) => markets[0]!.eventTicker, { standard: 200, most: 200 });
  return ok({
    events: page.items.map((markets) => ({
      ...eventJson(markets),
      ...(nested ? { markets: markets.map((market) => marketJson(call.exchange, market)) } : {}),
    })),
    cursor: page.cursor,
  });
}

function event(call: RestCall) {
  const ticker = call.param('event_ticker');
  const own = call.exchange.markets().filter((market) => market.eventTicker === ticker);
  if (own.length === 0) throw ApiError.nested(404, 'not_found');
  const markets = own.map((market) => marketJson(call.exchange, market));
  const nested = queryOf(call, 'GetEvent').flag('with_nested_markets');
  return ok({ event: { ...eventJson(own), ...(nested ? { markets } : {}) }, ...(nested ? {} : { markets }) });
}

function seriesList(call: RestCall) {
  const category = queryOf(call, 'GetSeriesList').text('category')?.toLowerCase() ?? null;
  const first = new Map<string, Market>();
  for (const market of call.exchange.markets()) {
    if (category !== null && market.category !== category) continue;
    if (!first.has(market.seriesTicker)) first.set(market.seriesTicker, market);
  }
  return ok({ series: [...first.values()].map(seriesJson) });
}

function series(call: RestCall) {
  const ticker = call.param('series_ticker');
  const market = call.exchange.markets().find((one) => one.seriesTicker === ticker);
  if (market === undefined) throw ApiError.nested(404, 'not_found');
  return ok({ series: seriesJson(market) });
}

function byEvent(markets: readonly Market[]): Market[][] {
  return [...Map.groupBy(markets, (market) => market.eventTicker).values()];
}
