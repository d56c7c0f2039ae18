import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataPath } from '@kalshi-mm/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GOLD } from '../testing/fixture-world.ts';
import { call, openFeed, startFixture } from '../testing/local-client.ts';
import { differences, type Shape, shapeOf } from '../testing/shape.ts';

const DEMO = dataPath('kalshi-demo-session');
const AUGUST = dataPath('kalshi-rest-ws-2026-08');
const GOLDEN = dataPath('kalshi-rest-golden-2026-01');
const CASSETTES = dataPath('kalshi-demo-cassettes');

/** Bodies and frames of every shape. */
type Json = any;

function read(folder: string, name: string): Json {
  const bytes = readFileSync(join(folder, name));
  return JSON.parse(String(name.endsWith('.gz') ? gunzipSync(bytes) : bytes));
}

function lines(folder: string, name: string): Json[] {
  const bytes = readFileSync(join(folder, name));
  const text = String(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

/** What a recording holds of each subject. */
const RECORDINGS: Readonly<Record<string, () => Readonly<Record<string, Json[]>>>> = {
  ...(DEMO === null ? {} : { 'demo 2026-07': () => demo(DEMO) }),
  ...(AUGUST === null ? {} : { 'production 2026-08': () => august(AUGUST) }),
  ...(GOLDEN === null ? {} : { 'production 2026-01': () => golden(GOLDEN) }),
  ...(CASSETTES === null ? {} : { 'cassettes 2025': () => cassettes(CASSETTES) }),
};

function demo(folder: string) {
  const rest = lines(folder, 'rest.jsonl').map((row) => [row.url, JSON.parse(row.response_body)] as const);
  const bodies = (end: string) => rest.flatMap(([url, body]) => (url.endsWith(end) ? [body] : []));
  return {
    book: bodies('/orderbook'),
    positions: bodies('/portfolio/positions'),
    ...frames(lines(folder, 'session.jsonl.gz')),
  };
}

function frames(all: Json[]): Record<string, Json[]> {
  const of = (type: string) => all.filter((frame) => frame.type === type);
  return {
    'frame subscribed': of('subscribed'),
    'frame ok': of('ok'),
    'frame orderbook_snapshot': of('orderbook_snapshot'),
    'frame orderbook_delta': of('orderbook_delta'),
    'frame fill': of('fill'),
  };
}

function august(folder: string) {
  const { 'frame fill': _, ...stream } = frames(
    read(folder, 'ws_orderbook_stream.json.gz').frames.map(({ frame }: Json) => frame),
  );
  const nested: Json[] = read(folder, 'events_sports_nested.json.gz');
  const { nested: inEvent, single } = read(folder, 'market_single.json');
  const candles = Object.values(read(folder, 'candlesticks_mlb.json').markets) as Json[];
  return {
    ...stream,
    book: read(folder, 'combo_orderbooks.json').map(({ orderbook_fp }: Json) => ({ orderbook_fp })),
    fills: [read(folder, 'portfolio_fills_redacted.json').payload],
    series: Object.values(read(folder, 'series_fee_fields.json').payloads),
    event: nested,
    market: [inEvent, single.market, ...nested.flatMap(({ markets }) => markets)],
    candle: candles.flatMap(({ candlesticks }) => candlesticks),
  };
}

function golden(folder: string) {
  const response = (name: string) => {
    const file = readdirSync(folder).find((found) => found.startsWith(`${name}_response.json`))!;
    return read(folder, file).response;
  };
  return {
    order: [
      ...['create_order', 'cancel_order', 'decrease_order', 'amend_order', 'portfolio_order_single'].map(
        (name) => response(name).order,
      ),
      ...response('portfolio_orders').orders,
    ],
    candle: [
      ...response('candlesticks_batch').markets.flatMap(({ candlesticks }: Json) => candlesticks),
      ...response('series_candlesticks').candlesticks,
    ],
    eventMetadata: [response('event_metadata')],
    event: [response('event_single').event, ...response('events_list').events],
    schedule: [response('exchange_schedule')],
    status: [response('exchange_status')],
    incentives: [response('incentive_programs')],
    market: [response('market_single').market, ...response('markets_list').markets],
    groupCreated: [response('order_group_create')],
    groupDeleted: [response('order_group_delete')],
    groupReset: [response('order_group_reset')],
    group: [response('order_group_single')],
    groups: [response('order_groups_list')],
    queuePosition: [response('order_queue_position')],
    book: [response('orderbook')],
    balance: [response('portfolio_balance')],
    fills: [response('portfolio_fills')],
    positions: [response('portfolio_positions')],
    restingValue: [response('portfolio_total_resting_order_value')],
    series: [
      response('series_single'),
      ...response('series_list').series.map((series: Json) => ({ series })),
    ],
    trades: [response('trades_list')],
    userDataTimestamp: [response('user_data_timestamp')],
  };
}

function cassettes(folder: string) {
  const recorded = readdirSync(folder).flatMap(
    (name) => parse(readFileSync(join(folder, name), 'utf8')).interactions,
  );
  const bodies = (part: string): Json[] =>
    recorded.flatMap(({ request, response }: Json) =>
      request.uri.includes(part) ? [JSON.parse(response.body.string)] : [],
    );
  return {
    balance: bodies('/portfolio/balance'),
    fills: bodies('/portfolio/fills'),
    positions: bodies('/portfolio/positions'),
    market: bodies('/markets?').flatMap(({ markets }) => markets),
    order: bodies('/portfolio/orders').map(({ order }) => order),
  };
}

/** The same subjects, answered by a local exchange on which a user has traded. */
async function record(): Promise<Map<string, Shape>> {
  const { local, wall, world } = await startFixture({
    tier: 'prestige',
    speed: 0.001,
    incentivePrograms: [PROGRAM],
  });
  const api = async (method: string, path: string, body?: unknown) =>
    (await call(local, wall, method, path, body)).body;
  const feed = await openFeed(local, wall);
  feed.send({
    id: 1,
    cmd: 'subscribe',
    params: { channels: ['orderbook_delta', 'fill'], market_tickers: [GOLD] },
  });
  feed.send({
    id: 2,
    cmd: 'update_subscription',
    params: { sid: 1, action: 'add_markets', market_tickers: [GOLD] },
  });
  const { order_group_id: group } = await api('POST', '/portfolio/order_groups/create', {
    contracts_limit: 9,
  });
  const order = {
    ticker: GOLD,
    side: 'bid',
    count: '2.00',
    price: '0.4600',
    time_in_force: 'good_till_canceled',
    self_trade_prevention_type: 'taker_at_cross',
  };
  const { order_id: resting } = await api('POST', '/portfolio/events/orders', {
    ...order,
    order_group_id: group,
    client_order_id: '0c0ffee0-0000-4000-8000-000000000003',
    expiration_time: Math.floor(world.exchange.nowMs / 1_000) + 600,
  });
  const { order_id: filled } = await api('POST', '/portfolio/events/orders', { ...order, price: '0.5500' });
  await feed.settled();
  const event = GOLD.slice(0, GOLD.lastIndexOf('-'));
  const series = GOLD.slice(0, GOLD.indexOf('-'));
  const from = Math.floor(world.exchange.nowMs / 1_000) - 60;
  const candles = `/series/${series}/markets/${GOLD}/candlesticks?start_ts=${from}&end_ts=${from + 3_600}&period_interval=1`;
  const markets = (await api('GET', '/markets')).markets;
  const spare = await api('POST', '/portfolio/order_groups/create', { contracts_limit: 9 });
  const ours: Record<string, Json[]> = {
    order: [
      (await api('GET', `/portfolio/orders/${resting}`)).order,
      (await api('GET', `/portfolio/orders/${filled}`)).order,
    ],
    candle: (await api('GET', candles)).candlesticks,
    eventMetadata: [await api('GET', `/events/${event}/metadata`)],
    event: (await api('GET', '/events?with_nested_markets=true')).events,
    schedule: [await api('GET', '/exchange/schedule')],
    status: [await api('GET', '/exchange/status')],
    incentives: [await api('GET', '/incentive_programs')],
    market: [...markets, (await api('GET', `/markets/${GOLD}`)).market],
    groupCreated: [spare],
    groupReset: [await api('PUT', `/portfolio/order_groups/${spare.order_group_id}/reset`, {})],
    groupDeleted: [await api('DELETE', `/portfolio/order_groups/${spare.order_group_id}`)],
    group: [await api('GET', `/portfolio/order_groups/${group}`)],
    groups: [await api('GET', '/portfolio/order_groups')],
    queuePosition: [await api('GET', `/portfolio/orders/${resting}/queue_position`)],
    book: [await api('GET', `/markets/${GOLD}/orderbook`)],
    balance: [await api('GET', '/portfolio/balance')],
    fills: [await api('GET', '/portfolio/fills')],
    positions: [await api('GET', '/portfolio/positions')],
    restingValue: [await api('GET', '/portfolio/summary/total_resting_order_value')],
    series: [await api('GET', `/series/${series}`)],
    trades: [await api('GET', '/markets/trades')],
    userDataTimestamp: [await api('GET', '/exchange/user_data_timestamp')],
    // The answer of `settled` is an `ok` of another command.
    ...frames(feed.messages.filter(({ type, sid }) => type !== 'ok' || sid !== undefined)),
  };
  await feed.close();
  await local.close();
  return new Map(Object.entries(ours).map(([subject, values]) => [subject, shapeOf(values)]));
}

const PROGRAM = {
  id: '0c0ffee0-0000-4000-8000-000000000001',
  market_id: '0c0ffee0-0000-4000-8000-000000000002',
  market_ticker: GOLD,
  incentive_type: 'liquidity',
  incentive_description: 'test',
  start_date: '2026-10-05T14:00:00Z',
  end_date: '2026-10-05T15:00:00Z',
  period_reward: 200_000,
  paid_out: false,
  discount_factor_bps: 5_000,
  target_size_fp: '300.00',
} as const;

/** Recordings from before the API's spring of 2026. */
const OLD = /2025|2026-01/;
const ANY = /./;

/**
 * Where ours may differ: why, in which recordings, how, and the fields by their subject. Numbers are sections of the
 * exchange's changes: what a recording still has, or does not have yet, when it was made.
 */
const ALLOWED: readonly (readonly [why: string, when: RegExp, what: 'gone' | 'new' | 'other', fields: Readonly<Record<string, string>>])[] = [
  ['integer cents and counts were removed in March and April 2026', OLD, 'gone', {
    'market.': 'last_price liquidity no_ask no_bid notional_value open_interest previous_price previous_yes_ask previous_yes_bid volume volume_24h yes_ask yes_bid',
    'order.': 'fill_count initial_count remaining_count maker_fees maker_fill_cost taker_fees taker_fill_cost no_price yes_price',
    'fills.fills[].': 'count no_price no_price_fixed price yes_price yes_price_fixed',
    'positions.event_positions[].': 'event_exposure fees_paid realized_pnl total_cost total_cost_shares',
    'positions.market_positions[].': 'fees_paid market_exposure position realized_pnl total_traded',
    'trades.trades[].': 'count no_price price yes_price',
    'candle.': 'open_interest volume price.close price.high price.low price.max price.mean price.min price.open price.previous yes_ask.close yes_ask.high yes_ask.low yes_ask.open yes_bid.close yes_bid.high yes_bid.low yes_bid.open',
    'queuePosition.': 'queue_position',
    'incentives.incentive_programs[].': 'target_size',
    'book.': 'orderbook',
  }],
  ['their successors in dollars and hundredths', OLD, 'new', {
    'market.': 'open_interest_fp volume_fp volume_24h_fp yes_ask_size_fp yes_bid_size_fp',
    'order.': 'fill_count_fp initial_count_fp remaining_count_fp maker_fees_dollars taker_fees_dollars',
    'fills.fills[].': 'count_fp no_price_dollars yes_price_dollars',
    'positions.event_positions[].': 'total_cost_shares_fp',
    'positions.market_positions[].': 'position_fp',
    'trades.trades[].': 'count_fp',
    'candle.': 'open_interest_fp volume_fp price.max_dollars price.min_dollars',
    'queuePosition.': 'queue_position_fp',
    'incentives.incentive_programs[].': 'target_size_fp',
    'book.': 'orderbook_fp',
    'balance.': 'balance_dollars balance_breakdown',
    'group.': 'contracts_limit_fp',
    'groups.order_groups[].': 'contracts_limit_fp',
  }],
  ['sums of money have six decimals since then', OLD, 'other', {
    'order.': 'maker_fill_cost_dollars taker_fees_dollars taker_fill_cost_dollars',
    'positions.event_positions[].': 'event_exposure_dollars fees_paid_dollars realized_pnl_dollars total_cost_dollars',
    'positions.market_positions[].': 'fees_paid_dollars market_exposure_dollars realized_pnl_dollars total_traded_dollars',
  }],
  ['directions were named anew in May 2026, the old names stay beside them', OLD, 'new', {
    'order.': 'book_side outcome_side',
    'fills.fills[].': 'book_side outcome_side',
    'trades.trades[].': 'taker_book_side taker_outcome_side',
  }],
  ['shards came in August 2026', ANY, 'new', {
    'market.': 'exchange_index',
    'event.': 'exchange_index',
    'series.series.': 'exchange_index',
    'order.': 'exchange_index',
    'fills.fills[].': 'exchange_index',
    'positions.market_positions[].': 'exchange_index',
    'group.': 'exchange_index',
    'groups.order_groups[].': 'exchange_index',
    'groupCreated.': 'exchange_index',
    'frame fill.msg.': 'exchange_index',
    'status.': 'exchange_index_statuses intra_exchange_transfers_active',
  }],
  ['added in 2026', OLD, 'new', {
    'market.': 'updated_time',
    'event.': 'settlement_sources',
    'series.series.': 'categories',
    'order.': 'cancel_order_on_pause last_update_reason self_trade_prevention_type subaccount_number',
    'fills.fills[].': 'fee_cost subaccount_number',
    'trades.trades[].': 'is_block_trade',
    'groupCreated.': 'subaccount',
    'incentives.incentive_programs[].': 'incentive_description market_id',
  }],
  ['categories of a series came on 2026-09-17', /2026-08/, 'new', { 'series.series.': 'categories' }],
  ['highest and lowest of a candle: documented, recorded only where there were trades', /2026-08/, 'new', { 'candle.': 'price.max_dollars price.min_dollars' }],
  ['removed in 2026', ANY, 'gone', {
    'market.': 'category liquidity_dollars response_price_units risk_limit_cents tick_size',
    'event.': 'available_on_brokers markets[].liquidity_dollars',
    'positions.market_positions[].': 'resting_orders_count',
    'order.': 'queue_position',
  }],
  ['optional, and deprecated or of no meaning here', ANY, 'gone', {
    'market.': 'custom_strike early_close_condition expiration_time mve_collection_ticker mve_selected_legs occurrence_datetime subtitle',
    'event.': 'last_updated_ts product_metadata strike_period markets[].custom_strike markets[].early_close_condition markets[].expiration_time markets[].occurrence_datetime markets[].subtitle',
    'eventMetadata.': 'featured_image_url',
    'series.series.': 'last_updated_ts product_metadata',
    'candle.': 'price.previous_dollars',
  }],
  ['markets with a strike were not recorded then', OLD, 'new', { 'market.': 'floor_strike' }],
  ['markets were not asked for', OLD, 'new', { 'event.': 'markets' }],
  ['the recording was cut to its rows', /2026-08/, 'new', { 'fills.': 'cursor' }],
  ['it was not the recorder’s own order', ANY, 'new', {
    'frame orderbook_delta.msg.': 'client_order_id subaccount',
    'frame fill.msg.': 'client_order_id',
  }],
  ['an order of ours has an expiry and a group, and the recorded ones have not', OLD, 'other', { 'order.': 'expiration_time order_group_id' }],
  ['written as an empty text when nothing was filled', /2025/, 'other', { 'order.': 'maker_fill_cost_dollars taker_fill_cost_dollars' }],
  ['accounts are named by whoever starts a local exchange', OLD, 'other', { 'order.': 'user_id' }],
  ['a series without tags has null, documented for both', /2026-08/, 'other', { 'series.series.': 'tags' }],
  ['none of the recorded series has prohibitions', OLD, 'other', { 'series.series.': 'additional_prohibitions' }],
]; // biome-ignore format: table

describe.skipIf(Object.keys(RECORDINGS).length < 4)(
  'recorded payloads (skipped where the recordings are absent)',
  () => {
    let ours: Map<string, Shape>;
    const used = new Set<string>();
    const key = (why: string, name: string): string => `${name} (${why})`;
    beforeAll(async () => {
      ours = await record();
    });

    const isAllowed = (recording: string, subject: string, difference: string): boolean => {
      const [path, what] = difference.split(': ') as [string, string];
      const kind = what === 'gone' || what === 'new' ? what : 'other';
      const name = subject + path;
      const found = ALLOWED.filter(
        ([, when, how, fields]) => how === kind && when.test(recording) && namesOf(fields).includes(name),
      );
      for (const [why] of found) used.add(key(why, name));
      return found.length > 0;
    };

    it.each(Object.entries(RECORDINGS))(
      '%s: same fields and formats, but for what has a reason',
      (recording, load) => {
        const subjects = Object.entries(load());
        expect(subjects.length).toBeGreaterThan(4);
        const unexplained = subjects.flatMap(([subject, values]) => {
          expect([subject, values.length]).not.toEqual([subject, 0]);
          return differences(ours.get(subject)!, shapeOf(values))
            .filter((difference) => !isAllowed(recording, subject, difference))
            .map((difference) => `${subject}${difference}`);
        });
        expect(unexplained).toEqual([]);
      },
    );

    it('every reason is still needed', () => {
      const all = ALLOWED.flatMap(([why, , , fields]) => namesOf(fields).map((name) => key(why, name)));
      expect(all.filter((one) => !used.has(one))).toEqual([]);
      expect(new Set(all).size).toBe(all.length);
    });

    it('covers every subject that is recorded', () => {
      const recorded = Object.values(RECORDINGS).flatMap((load) => Object.keys(load()));
      expect([...ours.keys()].toSorted()).toEqual([...new Set(recorded)].toSorted());
    });
  },
);

describe('a shape', () => {
  it('tells fields, kinds and formats apart', () => {
    const ours = shapeOf([
      { a: '0.5000', b: '1.00', c: 1_790_000_000, d: [['0.1000', '2.00']], side: 'yes', new: 1 },
    ]);
    const recorded = shapeOf([
      { a: 50, b: '1', c: 1_790_000_000_000, d: [['0.1000', 2]], side: 'yes', gone: {} },
    ]);
    expect(differences(ours, recorded)).toEqual([
      '.a: dollars with 4 decimals for number',
      '.b: count with 2 decimals for text',
      '.c: unix seconds for unix milliseconds',
      '.d[][1]: count with 2 decimals for number',
      '.gone: gone',
      '.new: new',
    ]);
    expect(differences(shapeOf([{ side: 'bid' }]), shapeOf([{ side: 'yes' }]))).toEqual([
      '.side: unknown word "bid" for known word',
    ]);
  });

  it('says nothing about entries of a list that is empty on one side, and tells a field once', () => {
    expect(differences(shapeOf([{ list: [] }]), shapeOf([{ list: [{ a: 1 }] }]))).toEqual([]);
    expect(differences(shapeOf([{}]), shapeOf([{ deep: { a: { b: 1 } } }]))).toEqual(['.deep: gone']);
  });
});

function namesOf(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).flatMap(([prefix, leaves]) => leaves.split(' ').map((leaf) => prefix + leaf));
}
