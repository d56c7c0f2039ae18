import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Timestamp, WireError } from '@kalshi-mm/core';
import { dataPath } from '@kalshi-mm/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { getCandlesticksOfMarkets, getMarketCandlesticks } from './endpoints/candlesticks.ts';
import { getEvent, getEventMetadata, getEvents } from './endpoints/events.ts';
import { getExchangeSchedule, getExchangeStatus, getUserDataTimestamp } from './endpoints/exchange.ts';
import { getIncentivePrograms } from './endpoints/incentives.ts';
import { getMarket, getMarkets, getOrderBook, getOrderBooks, getTrades } from './endpoints/markets.ts';
import { getOrderGroup, getOrderGroups } from './endpoints/order-groups.ts';
import { getOrder, getOrders, getQueuePosition } from './endpoints/orders.ts';
import { getBalance, getFills, getPositions } from './endpoints/portfolio.ts';
import { getSeries, getSeriesList } from './endpoints/series.ts';
import { createKalshiHttp, type KalshiHttp } from './http.ts';
import { createSigner } from './signer.ts';
import { type AnsweringServer, startAnsweringServer } from './testing/answering-server.ts';
import { systemClock } from './testing/commands.ts';

type Read = (http: KalshiHttp) => Promise<unknown>;

const production = dataPath('kalshi-rest-ws-2026-08');
const golden = dataPath('kalshi-rest-golden-2026-01');
const cassettes = dataPath('kalshi-demo-cassettes');
const listing = dataPath('kalshi-market-list-2026-07');

let server: AnsweringServer;
let http: KalshiHttp;

beforeAll(async () => {
  server = await startAnsweringServer();
  const signer = createSigner({ keyId: 'k', privateKeyPem: generateKeyPairSync('ed25519').privateKey });
  http = createKalshiHttp({ restUrl: server.restUrl, signer, clock: systemClock, retries: 0 });
});

afterAll(async () => {
  await http.close();
  await server.close();
});

function json(path: string): any {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

/** What a payload fails with; null when it is read. */
async function fault(read: Read, payload: unknown): Promise<string | null> {
  server.answer = payload;
  try {
    await read(http);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).path.replace(/^\S+ \S+: /, '');
  }
}

/** Reads the payload, and refuses a copy in which one field is no number any more. */
async function expectRead(read: Read, payload: any, path: string): Promise<void> {
  expect(await fault(read, payload)).toBeNull();
  const copy = structuredClone(payload);
  const { holder, key } = placeOf(copy, path);
  expect(holder[key]).toBeDefined();
  holder[key] = { no: 'number' };
  expect(await fault(read, copy)).toBe(path);
}

/** The value at a path like `fills[0].fee_cost`, and where it is. */
function placeOf(payload: any, path: string): { readonly holder: any; readonly key: string } {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const key = keys.pop()!;
  return { holder: keys.reduce((holder, each) => holder[each], payload), key };
}

const span = { start_ts: Timestamp.of(0), end_ts: Timestamp.of(0), period_interval: 1 } as const;

describe.skipIf(production === null)('recorded in production, 2026-08 (../shared/data)', () => {
  it('candles', async () => {
    const { markets } = json(`${production}/candlesticks_mlb.json`);
    for (const [ticker, { candlesticks, series_ticker }] of Object.entries<any>(markets)) {
      if (candlesticks.length === 0) continue;
      await expectRead(
        (http) => getMarketCandlesticks(http, series_ticker, ticker, span),
        { ticker, candlesticks },
        'candlesticks[0].yes_bid.close_dollars',
      );
    }
  });

  it('books of combos', async () => {
    const orderbooks = json(`${production}/combo_orderbooks.json`);
    const index = orderbooks.findIndex((entry: any) => entry.orderbook_fp.no_dollars.length > 0);
    const path = `orderbooks[${index}].orderbook_fp.no_dollars[0][1]`;
    await expectRead((http) => getOrderBooks(http, ['T']), { orderbooks }, path);
  });

  it('series, events, fills', async () => {
    const { payloads } = json(`${production}/series_fee_fields.json`);
    for (const payload of Object.values(payloads)) {
      await expectRead((http) => getSeries(http, 'S'), payload, 'series.fee_multiplier');
    }
    const events = json(`${production}/events_sports_nested.json.gz`);
    await expectRead(getEvents, { events, cursor: '' }, 'events[0].markets[0].yes_bid_size_fp');
    const { payload: fills } = json(`${production}/portfolio_fills_redacted.json`);
    await expectRead(getFills, fills, 'fills[3].fee_cost');
  });
});

describe.skipIf(listing === null)('market lists of 2026-07 (../shared/data)', () => {
  it('every market of every list', async () => {
    for (const file of readdirSync(listing!).filter((name) => name.endsWith('.jsonl.gz'))) {
      const lines = gunzipSync(readFileSync(`${listing}/${file}`))
        .toString()
        .trim()
        .split('\n');
      const markets = lines.map((line) => JSON.parse(line).market);
      expect(markets.length).toBeGreaterThan(0);
      await expectRead(getMarkets, { markets, cursor: '' }, 'markets[0].volume_24h_fp');
    }
  });
});

describe.skipIf(golden === null)(
  'recorded in production, 2026-01, when prices were cents (../shared/data)',
  () => {
    const file = (name: string): any =>
      json(`${golden}/${readdirSync(golden!).find((one) => one.startsWith(name))}`).response;

    it.each<[string, Read, string]>([
      ['exchange_status', getExchangeStatus, 'exchange_active'],
      ['exchange_schedule', getExchangeSchedule, 'schedule.standard_hours[0].start_time'],
      ['user_data_timestamp', getUserDataTimestamp, 'as_of_time'],
      ['event_metadata', (http) => getEventMetadata(http, 'E'), 'market_details[0].market_ticker'],
      ['series_single', (http) => getSeries(http, 'S'), 'series.fee_multiplier'],
      ['series_list', getSeriesList, 'series[0].fee_multiplier'],
      ['incentive_programs', getIncentivePrograms, 'incentive_programs[0].period_reward'],
      ['order_group_single', (http) => getOrderGroup(http, 'G'), 'is_auto_cancel_enabled'],
      ['order_groups_list', getOrderGroups, 'order_groups[0].is_auto_cancel_enabled'],
    ])('%s has the form of today', (name, read, path) => expectRead(read, file(name), path));

    it.each<[string, Read, string]>([
      ['market_single', (http) => getMarket(http, 'T'), 'market.updated_time'],
      ['markets_list', getMarkets, 'markets[0].updated_time'],
      ['event_single', (http) => getEvent(http, 'E'), 'markets[0].updated_time'],
      ['trades_list', getTrades, 'trades[0].count_fp'],
      ['orderbook_', (http) => getOrderBook(http, 'T'), 'orderbook'],
      [
        'candlesticks_batch',
        (http) => getCandlesticksOfMarkets(http, { ...span, market_tickers: ['T'] }),
        'markets[0].candlesticks[0].volume_fp',
      ],
      [
        'series_candlesticks',
        (http) => getMarketCandlesticks(http, 'S', 'T', span),
        'candlesticks[0].volume_fp',
      ],
      ['portfolio_balance', getBalance, 'balance_dollars'],
      ['portfolio_fills', getFills, 'fills[0].book_side'],
      ['portfolio_order_single', (http) => getOrder(http, 'O'), 'order.book_side'],
      ['portfolio_orders', getOrders, 'orders[0].book_side'],
      ['portfolio_positions', getPositions, 'market_positions[0].position_fp'],
      ['order_queue_position', (http) => getQueuePosition(http, 'O'), 'queue_position_fp'],
    ])('%s lacks a field of today, and says which', async (name, read, path) => {
      expect(await fault(read, file(name))).toBe(path);
    });
  },
);

/** What a reading needs today and no cassette has. */
const TODAY: Readonly<Record<string, unknown>> = {
  balance_dollars: '2350.8400',
  ...{ book_side: 'bid', count_fp: '1.00', position_fp: '-103.00', total_cost_shares_fp: '103.00' },
  ...{ fee_cost: '0.280000', yes_price_dollars: '0.0400', no_price_dollars: '0.9600' },
  ...{ initial_count_fp: '1.00', fill_count_fp: '0.00', remaining_count_fp: '1.00' },
  ...{ taker_fees_dollars: '0.0000', maker_fees_dollars: '0.0000' },
  ...{ taker_fill_cost_dollars: '0.0000', maker_fill_cost_dollars: '0.0000' },
  ...{ volume_fp: '0.00', volume_24h_fp: '0.00', open_interest_fp: '0.00' },
  ...{ yes_bid_size_fp: '0.00', yes_ask_size_fp: '0.00' },
  updated_time: '2025-11-18T03:00:18Z',
};

/** Fills in what is asked for, field by field, until the payload is read. @returns the names of what was filled in */
async function bringUpToDate(read: Read, payload: any): Promise<Set<string>> {
  const added = new Set<string>();
  for (let path = await fault(read, payload); path !== null; path = await fault(read, payload)) {
    const { holder, key } = placeOf(payload, path);
    // Where nothing was to say, it once was empty.
    expect(holder[key] ?? '', `${path} is there, and not read`).toBe('');
    expect(TODAY, path).toHaveProperty([key]);
    holder[key] = TODAY[key];
    added.add(key);
  }
  return added;
}

describe.skipIf(cassettes === null)('cassettes of 2025-11 and 2025-12 (../shared/data)', () => {
  const bodies = (name: string, method: string, uri: RegExp): any[] =>
    parse(readFileSync(`${cassettes}/${name}.yaml`, 'utf8'))
      .interactions.filter(({ request }: any) => request.method === method && uri.test(request.uri))
      .map(({ response }: any) => JSON.parse(response.body.string));

  const ofMarket = ['open_interest_fp', 'updated_time', 'volume_24h_fp', 'volume_fp'];
  const newInMarket = [...ofMarket, 'yes_ask_size_fp', 'yes_bid_size_fp'];
  const ofOrder = ['book_side', 'fill_count_fp', 'initial_count_fp', 'maker_fees_dollars'];
  const newInOrder = [
    ...[...ofOrder, 'maker_fill_cost_dollars', 'remaining_count_fp'],
    ...['taker_fees_dollars', 'taker_fill_cost_dollars'],
  ];
  const newInFill = ['book_side', 'count_fp', 'fee_cost', 'no_price_dollars', 'yes_price_dollars'];
  const newInPosition = ['position_fp', 'total_cost_shares_fp'];
  const order: Read = (http) => getOrder(http, 'O');
  const lifecycle = 'kalshi_order_lifecycle';
  const orderPrice = 'order.yes_price_dollars';
  const bid = 'markets[0].yes_bid_dollars';

  it.each<[string, string, RegExp, Read, readonly string[], string]>([
    ['kalshi_get_balance', 'GET', /balance/, getBalance, ['balance_dollars'], 'portfolio_value'],
    ['kalshi_get_fills', 'GET', /fills/, getFills, newInFill, 'fills[0].created_time'],
    [
      ...(['kalshi_get_positions', 'GET', /positions/, getPositions] as const),
      ...([newInPosition, 'market_positions[0].fees_paid_dollars'] as const),
    ],
    ['kalshi_get_markets', 'GET', /markets/, getMarkets, newInMarket, bid],
    [lifecycle, 'GET', /markets/, getMarkets, newInMarket, bid],
    [lifecycle, 'POST', /orders/, order, newInOrder, orderPrice],
    [lifecycle, 'GET', /orders/, order, newInOrder, orderPrice],
    [lifecycle, 'DELETE', /orders/, order, newInOrder, orderPrice],
  ])('%s, %s %s: all but what is new since is read', async (name, method, uri, read, isNew, path) => {
    const [payload] = bodies(name, method, uri);
    expect([...(await bringUpToDate(read, payload))].sort()).toEqual(isNew);
    await expectRead(read, payload, path);
  });
});
