import { generateKeyPairSync } from 'node:crypto';
import { Count, MmError, Money, Price, Timestamp } from '@kalshi-mm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as account from './endpoints/account.ts';
import * as apiKeys from './endpoints/api-keys.ts';
import * as candlesticks from './endpoints/candlesticks.ts';
import * as collections from './endpoints/collections.ts';
import * as communications from './endpoints/communications.ts';
import * as events from './endpoints/events.ts';
import * as exchange from './endpoints/exchange.ts';
import * as historical from './endpoints/historical.ts';
import * as incentives from './endpoints/incentives.ts';
import * as liveData from './endpoints/live-data.ts';
import * as markets from './endpoints/markets.ts';
import * as orderGroups from './endpoints/order-groups.ts';
import * as orders from './endpoints/orders.ts';
import * as portfolio from './endpoints/portfolio.ts';
import * as reference from './endpoints/reference.ts';
import * as series from './endpoints/series.ts';
import * as subaccounts from './endpoints/subaccounts.ts';
import * as transfers from './endpoints/transfers.ts';
import { createKalshiHttp, type KalshiHttp } from './http.ts';
import { createSigner } from './signer.ts';
import { type AnsweringServer, startAnsweringServer } from './testing/answering-server.ts';
import { systemClock } from './testing/commands.ts';
import { type NumberAt, officialOperations, sample } from './testing/official-client.ts';

const offered = {
  ...account,
  ...apiKeys,
  ...candlesticks,
  ...collections,
  ...communications,
  ...events,
  ...exchange,
  ...historical,
  ...incentives,
  ...liveData,
  ...markets,
  ...orderGroups,
  ...orders,
  ...portfolio,
  ...reference,
  ...series,
  ...subaccounts,
  ...transfers,
};

const at = Timestamp.of(1_790_000_000_000);
const price = Price.of(5_600);
const count = Count.of(300);
const group = '{order_group_id}';
const order = '{order_id}';
const span = { start_ts: at, end_ts: at, period_interval: 60 } as const;
const anOrder = {
  ticker: 'T',
  side: 'bid',
  count,
  price,
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
} as const;

/** Every endpoint function once, with ids that name themselves. */
const calls: Readonly<Record<keyof typeof offered, (http: KalshiHttp) => Promise<unknown>>> = {
  getAccountLimits: account.getAccountLimits,
  getEndpointCosts: account.getEndpointCosts,
  getVolumeProgress: account.getVolumeProgress,
  upgradeUsageLevel: account.upgradeUsageLevel,
  getApiKeys: apiKeys.getApiKeys,
  createApiKey: (http) => apiKeys.createApiKey(http, { name: 'bot', public_key: 'PEM' }),
  generateApiKey: (http) => apiKeys.generateApiKey(http, { name: 'bot' }),
  deleteApiKey: (http) => apiKeys.deleteApiKey(http, '{api_key}'),
  getMarketCandlesticks: (http) =>
    candlesticks.getMarketCandlesticks(http, '{series_ticker}', '{ticker}', span),
  getCandlesticksOfMarkets: (http) =>
    candlesticks.getCandlesticksOfMarkets(http, { ...span, market_tickers: ['T'] }),
  getEventCandlesticks: (http) =>
    candlesticks.getEventCandlesticks(http, '{series_ticker}', '{ticker}', span),
  getForecastPercentiles: (http) =>
    candlesticks.getForecastPercentiles(http, '{series_ticker}', '{ticker}', {
      ...span,
      percentiles: [5_000],
    }),
  getCollections: collections.getCollections,
  getCollection: (http) => collections.getCollection(http, '{collection_ticker}'),
  createCombo: (http) =>
    collections.createCombo(http, '{collection_ticker}', {
      selected_markets: [{ market_ticker: 'T', event_ticker: 'E', side: 'yes' }],
    }),
  getCommunicationsId: communications.getCommunicationsId,
  getRfqs: communications.getRfqs,
  getRfq: (http) => communications.getRfq(http, '{rfq_id}'),
  createRfq: (http) =>
    communications.createRfq(http, {
      market_ticker: 'T',
      target_cost_dollars: Money.fromDollars(12.5),
      rest_remainder: false,
    }),
  deleteRfq: (http) => communications.deleteRfq(http, '{rfq_id}'),
  getQuotes: communications.getQuotes,
  getQuote: (http) => communications.getQuote(http, '{rfq_id}', '{quote_id}'),
  createQuote: (http) =>
    communications.createQuote(http, {
      rfq_id: 'R',
      yes_bid: price,
      no_bid: Price.NO_BID,
      rest_remainder: false,
    }),
  deleteQuote: (http) => communications.deleteQuote(http, '{rfq_id}', '{quote_id}'),
  acceptQuote: (http) => communications.acceptQuote(http, '{rfq_id}', '{quote_id}', { accepted_side: 'yes' }),
  confirmQuote: (http) => communications.confirmQuote(http, '{rfq_id}', '{quote_id}'),
  getBlockTradeProposals: communications.getBlockTradeProposals,
  proposeBlockTrade: (http) =>
    communications.proposeBlockTrade(http, {
      buyer_user_id: 'B',
      seller_user_id: 'S',
      market_ticker: 'T',
      price_centi_cents: price,
      centicount: count,
      maker_side: 'yes',
      expiration_ts: at,
    }),
  acceptBlockTrade: (http) => communications.acceptBlockTrade(http, '{block_trade_proposal_id}'),
  getEvents: events.getEvents,
  getEvent: (http) => events.getEvent(http, '{event_ticker}'),
  getEventMetadata: (http) => events.getEventMetadata(http, '{event_ticker}'),
  getMultivariateEvents: events.getMultivariateEvents,
  getEventFeeChanges: events.getEventFeeChanges,
  getExchangeStatus: exchange.getExchangeStatus,
  getExchangeSchedule: exchange.getExchangeSchedule,
  getUserDataTimestamp: exchange.getUserDataTimestamp,
  getHistoricalCutoff: historical.getHistoricalCutoff,
  getHistoricalMarkets: historical.getHistoricalMarkets,
  getHistoricalMarket: (http) => historical.getHistoricalMarket(http, '{ticker}'),
  getHistoricalCandlesticks: (http) => historical.getHistoricalCandlesticks(http, '{ticker}', span),
  getHistoricalTrades: historical.getHistoricalTrades,
  getHistoricalFills: historical.getHistoricalFills,
  getHistoricalOrders: historical.getHistoricalOrders,
  getHistoricalPositions: historical.getHistoricalPositions,
  getIncentivePrograms: incentives.getIncentivePrograms,
  getLiveData: (http) => liveData.getLiveData(http, '{milestone_id}'),
  getLiveDataOfType: (http) => liveData.getLiveDataOfType(http, '{type}', '{milestone_id}'),
  getLiveDataBatch: (http) => liveData.getLiveDataBatch(http, { milestone_ids: ['M'] }),
  getGameStats: (http) => liveData.getGameStats(http, '{milestone_id}'),
  getEventLiveData: (http) => liveData.getEventLiveData(http, '{event_ticker}'),
  getWeatherIndex: (http) => liveData.getWeatherIndex(http, '{city}'),
  getWeatherCalibrations: (http) => liveData.getWeatherCalibrations(http, '{city}'),
  getMarkets: markets.getMarkets,
  getMarket: (http) => markets.getMarket(http, '{ticker}'),
  getOrderBook: (http) => markets.getOrderBook(http, '{ticker}'),
  getOrderBooks: (http) => markets.getOrderBooks(http, ['T']),
  getTrades: markets.getTrades,
  createOrderGroup: (http) => orderGroups.createOrderGroup(http, { contracts_limit_fp: count }),
  getOrderGroups: orderGroups.getOrderGroups,
  getOrderGroup: (http) => orderGroups.getOrderGroup(http, group),
  resetOrderGroup: (http) => orderGroups.resetOrderGroup(http, group),
  triggerOrderGroup: (http) => orderGroups.triggerOrderGroup(http, group),
  setOrderGroupLimit: (http) => orderGroups.setOrderGroupLimit(http, group, { contracts_limit_fp: count }),
  deleteOrderGroup: (http) => orderGroups.deleteOrderGroup(http, group),
  createOrder: (http) => orders.createOrder(http, anOrder),
  createOrders: (http) => orders.createOrders(http, [anOrder]),
  cancelOrder: (http) => orders.cancelOrder(http, order, { market_ticker: 'T' }),
  cancelOrders: (http) => orders.cancelOrders(http, [{ order_id: 'O', market_ticker: 'T' }]),
  cancelAllOrders: orders.cancelAllOrders,
  amendOrder: (http) => orders.amendOrder(http, order, { ticker: 'T', side: 'ask', price, count }),
  decreaseOrder: (http) => orders.decreaseOrder(http, order, { reduce_to: Count.ZERO, market_ticker: 'T' }),
  getOrders: orders.getOrders,
  getOrder: (http) => orders.getOrder(http, order),
  getQueuePositions: (http) => orders.getQueuePositions(http, { market_tickers: ['T'] }),
  getQueuePosition: (http) => orders.getQueuePosition(http, order),
  getBalance: portfolio.getBalance,
  getPositions: portfolio.getPositions,
  getFills: portfolio.getFills,
  getSettlements: portfolio.getSettlements,
  getRestingOrderValue: portfolio.getRestingOrderValue,
  getDeposits: portfolio.getDeposits,
  getWithdrawals: portfolio.getWithdrawals,
  getTagsByCategories: reference.getTagsByCategories,
  getFiltersBySport: reference.getFiltersBySport,
  getStructuredTargets: reference.getStructuredTargets,
  getStructuredTarget: (http) => reference.getStructuredTarget(http, '{structured_target_id}'),
  getMilestones: (http) => reference.getMilestones(http, { limit: 100 }),
  getMilestone: (http) => reference.getMilestone(http, '{milestone_id}'),
  getSeriesList: series.getSeriesList,
  getSeries: (http) => series.getSeries(http, '{series_ticker}'),
  getSeriesFeeChanges: series.getSeriesFeeChanges,
  createSubaccount: subaccounts.createSubaccount,
  getSubaccountBalances: subaccounts.getSubaccountBalances,
  transferBetweenSubaccounts: (http) =>
    subaccounts.transferBetweenSubaccounts(http, {
      client_transfer_id: 'C',
      from_subaccount: 0,
      to_subaccount: 1,
      amount_cents: Money.fromDollars(3),
    }),
  getSubaccountTransfers: subaccounts.getSubaccountTransfers,
  getSubaccountNetting: subaccounts.getSubaccountNetting,
  setSubaccountNetting: (http) =>
    subaccounts.setSubaccountNetting(http, { subaccount_number: 1, enabled: false }),
  transferBetweenShards: (http) =>
    transfers.transferBetweenShards(http, {
      source: 'event_contract',
      destination: 'event_contract',
      amount: Money.fromDollars(3),
    }),
  getShardTransfer: (http) => transfers.getShardTransfer(http, '{transfer_id}'),
  getShardTransfers: transfers.getShardTransfers,
  getTargetAllocation: transfers.getTargetAllocation,
  setTargetAllocation: (http) => transfers.setTargetAllocation(http, { allocations: [] }),
};

/** Operations of the official client that this package leaves out. */
const leftOut: Readonly<Record<string, string>> = {
  'PUT /communications/quotes/{quote_id}/accept': 'deprecated: use the path below the RFQ',
  'PUT /communications/quotes/{quote_id}/confirm': 'deprecated: use the path below the RFQ',
  'DELETE /communications/quotes/{quote_id}': 'deprecated: use the path below the RFQ',
  'GET /communications/quotes/{quote_id}': 'deprecated: use the path below the RFQ',
  'POST /fcm/subtraders': 'for clearing firms',
  'GET /fcm/subtraders': 'for clearing firms',
  'GET /fcm/orders': 'for clearing firms',
  'GET /fcm/positions': 'for clearing firms',
  'GET /fcm/subtraders/event_contract_daily_cap': 'for clearing firms',
  'PUT /fcm/subtraders/event_contract_daily_cap': 'for clearing firms',
  'DELETE /fcm/subtraders/event_contract_daily_cap': 'for clearing firms',
};

let server: AnsweringServer;
let http: KalshiHttp;
const operations = officialOperations();

beforeAll(async () => {
  server = await startAnsweringServer();
  const signer = createSigner({ keyId: 'k', privateKeyPem: generateKeyPairSync('ed25519').privateKey });
  http = createKalshiHttp({ restUrl: server.restUrl, signer, clock: systemClock, retries: 0 });
});

afterAll(async () => {
  await http.close();
  await server.close();
});

/** The operation that a function calls. */
async function operationOf(call: (http: KalshiHttp) => Promise<unknown>): Promise<string> {
  server.answer = {};
  await call(http).catch(() => undefined);
  return server.requests.at(-1)!;
}

describe('the endpoint functions', () => {
  it('offer every operation of the official client, but for a written list', async () => {
    expect(operations.length).toBeGreaterThan(100);
    const covered = new Set<string>();
    for (const call of Object.values(calls)) covered.add(await operationOf(call));
    expect(covered.size).toBe(Object.keys(calls).length);
    const official = operations.map(({ name }) => name);
    expect(official.filter((name) => !covered.has(name)).sort()).toEqual(Object.keys(leftOut).sort());
    expect([...covered].filter((name) => !official.includes(name))).toEqual([]);
  });

  it.each(Object.entries(calls))('%s reads what the official client declares', async (_, call) => {
    const operation = await operationOf(call);
    const { answer: type } = operations.find(({ name }) => name === operation)!;
    for (const fields of ['all', 'required'] as const) {
      // An entry of a batch has everything optional, but has an order or an error.
      if (fields === 'required' && operation === 'POST /portfolio/events/orders/batched') continue;
      const { value } = sample(type, fields);
      server.answer = named(value);
      await call(http);
    }
  });

  it.each(Object.entries(calls))('%s keeps what it does not know', async (name, call) => {
    const operation = await operationOf(call);
    const { answer: type } = operations.find(({ name }) => name === operation)!;
    server.answer = withNews(named(sample(type, 'all').value));
    const read = JSON.stringify(await call(http)) ?? '';
    if (type === 'void' || type === 'object' || READ_FOR_ONE_VALUE.has(name)) return;
    expect(read).toContain('"news":');
  });

  it.each(Object.entries(calls))('%s names a number that is malformed or missing', async (name, call) => {
    const operation = await operationOf(call);
    const { answer: type } = operations.find(({ name }) => name === operation)!;
    const { value, numbers } = sample(type, 'all');
    for (const number of numbers.filter(({ path }) => !UNREAD.test(path))) {
      for (const change of number.isOptional || number.path.endsWith('exchange_index')
        ? (['malform'] as const)
        : (['malform', 'remove'] as const)) {
        server.answer = changed(named(value), number, change);
        const error = await call(http).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error, `${name}: ${change} ${number.path}`).toBeInstanceOf(MmError);
        expect((error as MmError).message).toContain(`${number.path}: expected`);
      }
    }
  });
});

/** Numbers that are not read: deprecated ones, free-form ones, and times of day. */
const UNREAD = /\.(expiration_time|liquidity_dollars|key)$|day\[0\]\.(open|close)_time$/;

/** Those that give a single value of the answer, or a book or map made of it. */
const READ_FOR_ONE_VALUE: ReadonlySet<string> = new Set([
  'getCommunicationsId',
  'createRfq',
  'createQuote',
  'proposeBlockTrade',
  'getUserDataTimestamp',
  'getOrderBook',
  'getOrderBooks',
  'getQueuePosition',
  'getTagsByCategories',
  'createSubaccount',
  'transferBetweenShards',
]);

/** A field in every object that no version of this package has seen. */
function withNews(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNews);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, withNews(field)]);
  // What is sampled with a field "key" is a map, whose names are free.
  return Object.fromEntries('key' in value ? fields : [...fields, ['news', { a: 1 }]]);
}

/** The answers to changes must be about the order that was changed. */
function named(value: unknown): unknown {
  const copy = structuredClone(value) as Record<string, unknown> | null;
  if (copy !== null && typeof copy.order_id === 'string') copy.order_id = order;
  return copy;
}

function changed(value: unknown, { path }: NumberAt, change: 'malform' | 'remove'): unknown {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop()!;
  let holder = value as Record<string, unknown>;
  for (const key of keys) holder = holder[key] as Record<string, unknown>;
  if (change === 'remove') delete holder[last];
  else holder[last] = 'not a number';
  return value;
}
