import { createPrivateKey } from 'node:crypto';
import { Timestamp } from '@kalshi-mm/core';
import {
  AccountApi,
  ApiKeysApi,
  Configuration,
  EventsApi,
  ExchangeApi,
  HistoricalApi,
  IncentiveProgramsApi,
  MarketApi,
  OrderGroupsApi,
  OrdersApi,
  PortfolioApi,
} from 'kalshi-typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalExchange, type LocalExchange } from './local-exchange.ts';
import { fixtureWorld, GOLD, houseOrder, LATER, START_MS } from './testing/fixture-world.ts';
import { KEY_ID, KEYS, USER } from './testing/local-client.ts';
import { answerType, methodsOf, misfits } from './testing/official-shapes.ts';
import { marketId } from './wire/market-id.ts';

const SERIES = 'KXGOLD15M';
const EVENT = GOLD.slice(0, GOLD.lastIndexOf('-'));
const FROM = START_MS / 1_000;
const TO = FROM + 3_600;
const COMBOS = { limit: 5 };

const PROGRAM = {
  market_id: marketId(GOLD),
  market_ticker: GOLD,
  incentive_description: 'every fifteen minutes',
  start_date: Timestamp.formatIso(Timestamp.of(START_MS)),
  end_date: Timestamp.formatIso(Timestamp.of(START_MS + 900_000)),
  period_reward: 200_000,
  paid_out: false,
};
const PROGRAMS = [
  {
    ...PROGRAM,
    id: 'liquidity',
    incentive_type: 'liquidity',
    target_size_fp: '1000.00',
    discount_factor_bps: 5_000,
    max_reward_per_account: 50_000,
  },
  { ...PROGRAM, id: 'volume', incentive_type: 'volume' },
] as const;

const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '2.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
} as const;

const RENT = { client_transfer_id: 't-1', from_subaccount: 0, to_subaccount: 1, amount_cents: 10_000 };
const PUBLIC_PEM = KEYS.publicKey.export({ type: 'spki', format: 'pem' });

/** What earlier steps leave for later ones. */
interface Left {
  orderId: string;
  secondId: string;
  groupId: string;
  transferId: string;
  keyId: string;
}

/** The classes share no interface; each step names its own method. */
type Api = any;

/** API, method, arguments, status, and (if any) what the answer must contain. */
type Step = readonly [
  api: string,
  method: string,
  args: (left: Left) => readonly unknown[],
  status: number,
  contains?: (left: Left) => object,
];

const none = () => [];

const STEPS: readonly Step[] = [
  ['ExchangeApi', 'getExchangeStatus', none, 200, () => ({ trading_active: true })],
  ['ExchangeApi', 'getExchangeSchedule', none, 200],
  ['ExchangeApi', 'getUserDataTimestamp', none, 200],
  ['ExchangeApi', 'getSeriesFeeChanges', none, 200],
  ['MarketApi', 'getMarkets', () => [2], 200, () => ({ cursor: expect.stringMatching(/./) })],
  ['MarketApi', 'getMarket', () => [GOLD], 200, () => ({ market: { ticker: GOLD, status: 'active' } })],
  ['MarketApi', 'getMarketOrderbook', () => [GOLD, 1], 200, () => ({ orderbook_fp: { yes_dollars: [['0.4500', '100.00']] } })], // biome-ignore format: table
  ['MarketApi', 'getMarketOrderbooks', () => [[GOLD, LATER]], 200, () => ({ orderbooks: [{ ticker: GOLD }, { ticker: LATER }] })], // biome-ignore format: table
  ['MarketApi', 'getSeries', () => [SERIES], 200],
  ['MarketApi', 'getSeriesList', none, 200],
  ['EventsApi', 'getEvents', () => [10, undefined, true], 200],
  ['EventsApi', 'getEvent', () => [EVENT], 200, () => ({ event: { event_ticker: EVENT } })],
  ['EventsApi', 'getEventMetadata', () => [EVENT], 200],
  ['EventsApi', 'getEventFeeChanges', none, 200],
  ['EventsApi', 'getMultivariateEvents', () => [COMBOS.limit], 200, () => ({ events: [] })],
  ['AccountApi', 'getAccountApiLimits', none, 200, () => ({ usage_tier: 'prestige' })],
  ['AccountApi', 'getAccountEndpointCosts', none, 200],
  ['AccountApi', 'getAccountApiUsageLevelVolumeProgress', none, 200],
  ['IncentiveProgramsApi', 'getIncentivePrograms', none, 200, () => ({ incentive_programs: PROGRAMS })],
  ['PortfolioApi', 'getBalance', none, 200, () => ({ balance: 50_000, balance_dollars: '500.0000' })],
  ['PortfolioApi', 'createSubaccount', () => [{}], 201, () => ({ subaccount_number: 1 })],
  ['PortfolioApi', 'applySubaccountTransfer', () => [RENT], 200],
  [
    'PortfolioApi',
    'applySubaccountTransfer',
    () => [RENT],
    409,
    () => ({ error: { code: 'transfer_already_exists' } }),
  ],
  ['PortfolioApi', 'getSubaccountBalances', none, 200, () => ({ subaccount_balances: [{ balance: '400.0000' }, { subaccount_number: 1, balance: '100.0000' }] })], // biome-ignore format: table
  ['PortfolioApi', 'getSubaccountTransfers', none, 200, () => ({ transfers: [{ to_subaccount: 1, amount_cents: 10_000 }] })], // biome-ignore format: table
  ['PortfolioApi', 'updateSubaccountNetting', () => [{ subaccount_number: 1, enabled: true }], 200],
  ['PortfolioApi', 'getSubaccountNetting', none, 200, () => ({ netting_configs: [{ enabled: false }, { subaccount_number: 1, enabled: true }] })], // biome-ignore format: table
  ['PortfolioApi', 'setTargetBalanceAllocation', () => [{ allocations: [{ exchange_index: 0, percent: 100 }], resting_margin_reservation: 'max' }], 200], // biome-ignore format: table
  ['PortfolioApi', 'getTargetBalanceAllocation', none, 200, () => ({ allocations: [{ percent: 100 }], resting_margin_reservation: 'max' })], // biome-ignore format: table
  ['PortfolioApi', 'setTargetBalanceAllocation', () => [{ allocations: [] }], 200],
  ['ApiKeysApi', 'createApiKey', () => [{ name: 'mine', public_key: PUBLIC_PEM }], 201],
  ['ApiKeysApi', 'generateApiKey', () => [{ name: 'new', scopes: ['read'], subaccount: 1 }], 201, () => ({ private_key: expect.stringContaining('PRIVATE KEY') })], // biome-ignore format: table
  ['ApiKeysApi', 'getApiKeys', none, 200, ({ keyId }) => ({ api_keys: [{}, {}, { api_key_id: keyId, scopes: ['read'], subaccount: 1 }] })], // biome-ignore format: table
  ['ApiKeysApi', 'deleteApiKey', ({ keyId }) => [keyId], 204],
  ['ApiKeysApi', 'deleteApiKey', ({ keyId }) => [keyId], 404],
  ['AccountApi', 'upgradeAccountApiUsageLevel', none, 403],
  ['PortfolioApi', 'getDeposits', none, 200],
  ['PortfolioApi', 'getWithdrawals', none, 200],
  ['PortfolioApi', 'intraExchangeInstanceTransfer', () => [{ source: 'event_contract', destination: 'event_contract', amount: 10_000, destination_exchange_shard: 2 }], 200], // biome-ignore format: table
  [
    'PortfolioApi',
    'getIntraExchangeInstanceTransfers',
    none,
    200,
    () => ({ transfers: [{ amount: '1.0000' }] }),
  ],
  ['PortfolioApi', 'getIntraExchangeInstanceTransfer', ({ transferId }) => [transferId], 200],
  [
    'PortfolioApi',
    'getPortfolioRestingOrderTotalValue',
    none,
    403,
    () => ({ error: { code: 'permission_denied' } }),
  ],
  ['OrderGroupsApi', 'createOrderGroup', () => [{ contracts_limit: 50 }], 201, () => ({ subaccount: 0 })],
  ['OrdersApi', 'createOrderV2', ({ groupId }) => [{ ...ORDER, client_order_id: 'c-1', order_group_id: groupId }], 201, () => ({ fill_count: '0.00', remaining_count: '2.00' })], // biome-ignore format: table
  ['OrdersApi', 'createOrderV2', () => [{ ...ORDER, client_order_id: 'c-1' }], 409, () => ({ error: { code: 'order_already_exists' } })], // biome-ignore format: table
  [
    'OrderGroupsApi',
    'getOrderGroup',
    ({ groupId }) => [groupId],
    200,
    ({ orderId }) => ({ orders: [orderId] }),
  ],
  ['OrderGroupsApi', 'getOrderGroups', none, 200],
  ['OrderGroupsApi', 'updateOrderGroupLimit', ({ groupId }) => [groupId, { contracts_limit: 60 }], 200],
  ['OrdersApi', 'getOrder', ({ orderId }) => [orderId], 200, ({ orderId, groupId }) => ({ order: { order_id: orderId, order_group_id: groupId, status: 'resting' } })], // biome-ignore format: table
  [
    'OrdersApi',
    'getOrderQueuePosition',
    ({ orderId }) => [orderId],
    200,
    () => ({ queue_position_fp: '0.00' }),
  ],
  ['OrdersApi', 'getOrderQueuePositions', () => [GOLD], 200],
  ['OrdersApi', 'amendOrderV2', ({ orderId }) => [orderId, { ticker: GOLD, side: 'bid', price: '0.4700', count: '3.00' }], 200, ({ orderId }) => ({ order_id: orderId, remaining_count: '3.00' })], // biome-ignore format: table
  ['OrdersApi', 'decreaseOrderV2', ({ orderId }) => [orderId, { reduce_to: '1.00' }], 200, () => ({ remaining_count: '1.00' })], // biome-ignore format: table
  ['OrdersApi', 'cancelOrderV2', ({ orderId }) => [orderId, undefined, undefined, GOLD], 200, () => ({ reduced_by: '1.00' })], // biome-ignore format: table
  ['OrdersApi', 'cancelOrderV2', ({ orderId }) => [orderId], 404, () => ({ error: { code: 'not_found' } })],
  ['OrdersApi', 'batchCreateOrdersV2', () => [{ orders: [{ ...ORDER, client_order_id: 'b-1' }, { ...ORDER, price: '0.4650' }] }], 201, () => ({ orders: [{ client_order_id: 'b-1' }, { error: { code: 'invalid_price' } }] })], // biome-ignore format: table
  ['OrdersApi', 'batchCancelOrdersV2', ({ secondId }) => [{ orders: [{ order_id: secondId }] }], 200, () => ({ orders: [{ reduced_by: '2.00' }] })], // biome-ignore format: table
  ['OrdersApi', 'createOrderV2', () => [{ ...ORDER, price: '0.5500', time_in_force: 'immediate_or_cancel' }], 201, () => ({ fill_count: '2.00', average_fill_price: '0.5500' })], // biome-ignore format: table
  ['OrdersApi', 'getOrders', none, 200, () => ({ cursor: '' })],
  ['AccountApi', 'upgradeAccountApiUsageLevel', none, 201],
  ['AccountApi', 'getAccountApiLimits', none, 200, () => ({ usage_tier: 'prestige', grants: [{ level: 'prestige' }, { level: 'advanced' }] })], // biome-ignore format: table
  ['OrdersApi', 'createOrderV2', () => [{ ...ORDER, price: '0.4400', subaccount: 1 }], 201],
  ['OrdersApi', 'getOrders', () => [GOLD, undefined, undefined, undefined, 'resting', undefined, undefined, 1], 200, () => ({ orders: [{ subaccount_number: 1, yes_price_dollars: '0.4400' }] })], // biome-ignore format: table
  ['OrdersApi', 'cancelAllOrders', none, 204],
  ['OrderGroupsApi', 'triggerOrderGroup', ({ groupId }) => [groupId, undefined, undefined, {}], 200],
  ['OrdersApi', 'createOrderV2', ({ groupId }) => [{ ...ORDER, order_group_id: groupId }], 400, () => ({ error: { details: 'order group triggered' } })], // biome-ignore format: table
  ['OrderGroupsApi', 'resetOrderGroup', ({ groupId }) => [groupId, undefined, undefined, {}], 200],
  ['OrderGroupsApi', 'deleteOrderGroup', ({ groupId }) => [groupId], 200],
  ['MarketApi', 'getTrades', () => [10, undefined, GOLD], 200, () => ({ trades: [{ count_fp: '2.00', yes_price_dollars: '0.5500' }] })], // biome-ignore format: table
  ['MarketApi', 'getMarketCandlesticks', () => [SERIES, GOLD, FROM, TO, 1], 200, () => ({ ticker: GOLD, candlesticks: [{ volume_fp: '2.00' }] })], // biome-ignore format: table
  ['MarketApi', 'batchGetMarketCandlesticks', () => [GOLD, FROM, TO, 60], 200],
  ['EventsApi', 'getMarketCandlesticksByEvent', () => [EVENT, SERIES, FROM, FROM + 86_400 * 2, 1_440], 200],
  ['PortfolioApi', 'getFills', none, 200, () => ({ fills: [{ is_taker: true, count_fp: '2.00' }] })],
  [
    'PortfolioApi',
    'getPositions',
    none,
    200,
    () => ({ market_positions: [{ ticker: GOLD, position_fp: '2.00' }] }),
  ],
  ['HistoricalApi', 'getHistoricalMarkets', none, 200, () => ({ markets: [] })],
  // From here on the gold market is settled, and older than the cut-off.
  [
    'PortfolioApi',
    'getSettlements',
    none,
    200,
    () => ({ settlements: [{ ticker: GOLD, market_result: 'yes' }] }),
  ],
  ['HistoricalApi', 'getHistoricalCutoff', none, 200],
  ['HistoricalApi', 'getHistoricalMarkets', none, 200, () => ({ markets: [{ ticker: GOLD }, {}] })],
  ['HistoricalApi', 'getHistoricalMarket', () => [GOLD], 200, () => ({ market: { result: 'yes' } })],
  ['HistoricalApi', 'getMarketCandlesticksHistorical', () => [GOLD, FROM, TO, 1], 200],
  ['HistoricalApi', 'getTradesHistorical', none, 200, () => ({ trades: [{ ticker: GOLD }] })],
  ['HistoricalApi', 'getFillsHistorical', none, 200, () => ({ fills: [{ ticker: GOLD }] })],
  ['HistoricalApi', 'getHistoricalOrders', none, 200],
  ['HistoricalApi', 'getHistoricalPositions', none, 200, () => ({ market_positions: [{ ticker: GOLD }] })],
];

/** Methods of those classes that the local exchange does not serve. */
const LEFT_OUT = ['getEventForecastPercentilesHistory'];

describe('every method of the official client that is served', () => {
  let local: LocalExchange;
  const wall = { ms: Date.now() };
  const left: Left = { orderId: '', secondId: '', groupId: '', transferId: '', keyId: '' };
  const apis: Record<string, Api> = {};
  beforeAll(async () => {
    const world = fixtureWorld();
    local = await createLocalExchange({
      world: { kind: 'custom', world },
      users: [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: { 0: 500 } }],
      tier: 'prestige',
      historicalAfterMs: 600_000,
      incentivePrograms: PROGRAMS,
      wallClock: () => wall.ms,
      speed: 1,
    });
    const key = createPrivateKey(KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const privateKeyPem = key.export({ type: 'pkcs1', format: 'pem' }).toString();
    const configuration = new Configuration({ basePath: local.restUrl, apiKey: KEY_ID, privateKeyPem });
    const classes = {
      ...{ AccountApi, ApiKeysApi, EventsApi, ExchangeApi, HistoricalApi, IncentiveProgramsApi },
      ...{ MarketApi, OrderGroupsApi, OrdersApi, PortfolioApi },
    };
    for (const [name, Class] of Object.entries(classes)) apis[name] = new Class(configuration);
    houseOrder(world.exchange, GOLD, 'ask', 5_600, 100);
  });
  afterAll(() => local.close());

  it.each(STEPS.map((step) => [`${step[0]}.${step[1]} → ${step[3]}`, step] as const))(
    '%s',
    async (_, [api, method, args, status, contains]) => {
      if (method === 'getSettlements') passHalfAnHour(local, wall);
      const answer = await apis[api][method](...args(left)).catch((error: Api) => error.response ?? error);
      expect(answer.status, JSON.stringify(answer.data)).toBe(status);
      if (status < 300) expect(misfits(answer.data, answerType(method))).toEqual([]);
      if (contains !== undefined) expect(answer.data).toMatchObject(contains(left));
      keep(left, method, answer.data);
    },
  );

  it('would be found out if it answered something else', async () => {
    const { data } = await apis.MarketApi.getMarket(LATER);
    const bent = {
      ...data.market,
      last_price_dollars: 0.5,
      volume_fp: '3',
      status: 'asleep',
      open_time: 'now',
    };
    delete bent.close_time;
    const found = misfits({ market: bent }, 'GetMarketResponse').map((text) => text.split(':')[0]);
    const fields = ['close_time', 'last_price_dollars', 'open_time', 'status', 'volume_fp'];
    expect(found.toSorted()).toEqual(fields.map((field) => `.market.${field}`));
  });

  it('is called above, or named as left out', () => {
    const called = new Set(STEPS.map(([, method]) => method));
    const all = Object.keys(apis).flatMap(methodsOf);
    expect(all.filter((method) => !called.has(method)).toSorted()).toEqual(LEFT_OUT.toSorted());
  });
});

function keep(left: Left, method: string, data: Api): void {
  if (method === 'createOrderV2' && left.orderId === '') left.orderId = data.order_id;
  if (method === 'batchCreateOrdersV2') left.secondId = data.orders[0].order_id;
  if (method === 'generateApiKey') left.keyId = data.api_key_id;
  if (method === 'createOrderGroup') left.groupId = data.order_group_id;
  if (method === 'intraExchangeInstanceTransfer') left.transferId = data.transfer_id;
}

/** Signatures go by the same clock, so it only jumps ahead within what they allow: the exchange's time is moved. */
function passHalfAnHour(local: LocalExchange, wall: { ms: number }): void {
  const before = wall.ms;
  for (let minute = 0; minute < 30; minute++) {
    wall.ms += 60_000;
    local.turn();
  }
  wall.ms = before;
}
