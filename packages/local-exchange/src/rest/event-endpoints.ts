import { Count, type Market, type Timestamp } from '@kalshi-mm/core';
import { eventJson, seriesJson } from '../wire/event-json.ts';
import { isCombination } from '../wire/is-combination.ts';
import { isoTime } from '../wire/iso-time.ts';
import { milestoneJson } from '../wire/milestone-json.ts';
import { ApiError } from './api-error.ts';
import { type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { marketJsonOf, statusWord } from './market-endpoints.ts';
import { pageOf } from './page.ts';
import { queryOf } from './query.ts';

/** Events and series, both derived from the markets that belong to them, with what the world knows beyond. */
export const eventEndpoints: readonly Endpoint[] = [
  read('/events', 'public', events),
  read('/events/multivariate', 'public', combinations),
  read('/events/fee_changes', 'public', eventFeeChanges),
  read('/events/:event_ticker', 'public', event),
  read('/events/:event_ticker/metadata', 'public', metadata),
  read('/series', 'public', seriesList),
  read('/series/fee_changes', 'public', () => ok({ series_fee_change_arr: [] })),
  read('/series/:series_ticker', 'public', series),
];

function events(call: RestCall) {
  const query = queryOf(call, 'GetEvents');
  const status = query.oneOf('status', ['unopened', 'open', 'closed', 'settled']);
  const seriesTicker = query.text('series_ticker');
  const tickers = query.list('tickers');
  const closesFrom = query.seconds('min_close_ts');
  const updatedFrom = query.seconds('min_updated_ts');
  const nested = query.flag('with_nested_markets');
  // An event has no status of its own: any market of it may match.
  const matching = byEvent(call.exchange.markets()).filter(
    (markets) =>
      !isCombination(markets[0]!.eventTicker) &&
      (status === null || markets.some((market) => statusWord(market.status) === status)) &&
      (seriesTicker === null || markets[0]!.seriesTicker === seriesTicker) &&
      (tickers === null || tickers.includes(markets[0]!.eventTicker)) &&
      (closesFrom === null || markets.some((market) => market.closeMs >= closesFrom)) &&
      isUpdated(call, markets, updatedFrom),
  );
  const page = pageOf(query, matching, (markets) => markets[0]!.eventTicker, { standard: 200, most: 200 });
  const shown = new Set(page.items.map((markets) => markets[0]!.eventTicker));
  const milestones = query.flag('with_milestones')
    ? call.reference
        .milestones()
        .filter(({ relatedEventTickers }) => relatedEventTickers.some((one) => shown.has(one)))
    : null;
  return ok({
    events: page.items.map((markets) => nestedJson(call, markets, nested)),
    ...(milestones === null ? {} : { milestones: milestones.map(milestoneJson) }),
    cursor: page.cursor,
  });
}

function combinations(call: RestCall) {
  const query = queryOf(call, 'GetMultivariateEvents');
  const seriesTicker = query.text('series_ticker');
  const nested = query.flag('with_nested_markets');
  const matching = byEvent(call.exchange.markets()).filter(
    ([first]) =>
      isCombination(first!.eventTicker) && (seriesTicker === null || first!.seriesTicker === seriesTicker),
  );
  const page = pageOf(query, matching, ([first]) => first!.eventTicker, { most: 200 });
  const rows = page.items.map((markets) => nestedJson(call, markets, nested));
  return ok({ events: rows, cursor: page.cursor });
}

function nestedJson(call: RestCall, markets: readonly Market[], nested: boolean) {
  return {
    ...eventJsonOf(call, markets),
    ...(nested ? { markets: markets.map((market) => marketJsonOf(call, market)) } : {}),
  };
}

/** Whether anything but trading has changed one of some markets since a time; null: any time will do. */
function isUpdated({ records }: RestCall, markets: readonly Market[], from: Timestamp | null): boolean {
  return from === null || markets.some((market) => records.updatedMs(market) >= from);
}

function eventJsonOf({ exchange, reference }: RestCall, markets: readonly Market[]) {
  const { eventTicker } = markets[0]!;
  return eventJson(markets, reference.event(eventTicker), exchange.eventFees(eventTicker));
}

function event(call: RestCall) {
  const ticker = call.param('event_ticker');
  const own = call.exchange.markets().filter((market) => market.eventTicker === ticker);
  if (own.length === 0) throw ApiError.nested(404, 'not_found');
  const markets = own.map((market) => marketJsonOf(call, market));
  const nested = queryOf(call, 'GetEvent').flag('with_nested_markets');
  return ok({
    event: { ...eventJsonOf(call, own), ...(nested ? { markets } : {}) },
    ...(nested ? {} : { markets }),
  });
}

function metadata(call: RestCall) {
  const ticker = call.param('event_ticker');
  const own = call.exchange.markets().filter((market) => market.eventTicker === ticker);
  if (own.length === 0) throw ApiError.nested(404, 'not_found');
  const market_details = own.map((market) => ({
    market_ticker: market.ticker,
    image_url: '',
    color_code: '',
  }));
  return ok({ image_url: '', market_details, settlement_sources: [] });
}

function eventFeeChanges(call: RestCall) {
  const query = queryOf(call, 'GetEventFeeChanges');
  const event = query.text('event_ticker');
  const all = call.records.eventFeeChanges().filter((row) => event === null || row.eventTicker === event);
  const page = pageOf(query, all, (row) => row.id);
  const seriesOf = (ticker: string): string =>
    call.exchange.markets().find((market) => market.eventTicker === ticker)?.seriesTicker ?? '';
  const rows = page.items.map(({ id, eventTicker, fees, atMs }) => ({
    id,
    event_ticker: eventTicker,
    series_ticker: seriesOf(eventTicker),
    fee_type_override: fees?.type ?? null,
    fee_multiplier_override: fees === null ? null : fees.multiplierMicros / 1_000_000,
    scheduled_ts: isoTime(atMs),
  }));
  return ok({ event_fee_changes: rows, cursor: page.cursor });
}

function seriesList(call: RestCall) {
  const query = queryOf(call, 'GetSeriesList');
  const category = query.text('category')?.toLowerCase() ?? null;
  const tags = query.list('tags');
  const updatedFrom = query.seconds('min_updated_ts');
  const withVolume = query.flag('include_volume');
  const bySeries = Map.groupBy(call.exchange.markets(), (market) => market.seriesTicker);
  const matching = [...bySeries].filter(
    ([ticker, markets]) =>
      (category === null || markets[0]!.category === category) &&
      (tags === null || call.reference.series(ticker)?.tags.some((tag) => tags.includes(tag))) &&
      isUpdated(call, markets, updatedFrom),
  );
  return ok({ series: matching.map(([, markets]) => seriesJsonOf(call, markets, withVolume)) });
}

function series(call: RestCall) {
  const ticker = call.param('series_ticker');
  const markets = call.exchange.markets().filter((one) => one.seriesTicker === ticker);
  if (markets.length === 0) throw ApiError.nested(404, 'not_found');
  const withVolume = queryOf(call, 'GetSeries').flag('include_volume');
  return ok({ series: seriesJsonOf(call, markets, withVolume) });
}

/** @param markets all of the series, at least one */
function seriesJsonOf({ exchange, reference }: RestCall, markets: readonly Market[], withVolume: boolean) {
  const [first] = markets;
  const json = seriesJson(first!, reference.series(first!.seriesTicker));
  if (!withVolume) return json;
  const volume = markets.reduce((sum, { ticker }) => sum + exchange.statistics(ticker).volume, 0);
  return { ...json, volume_fp: Count.format(volume) };
}

function byEvent(markets: readonly Market[]): Market[][] {
  return [...Map.groupBy(markets, (market) => market.eventTicker).values()];
}
