import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, GOLD, houseOrder } from '../testing/fixture-world.ts';
import {
  call,
  type FeedClient,
  KEY_ID,
  KEYS,
  openFeed,
  startFixture,
  USER,
} from '../testing/local-client.ts';

const ORDERS = '/portfolio/events/orders';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '2.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

describe('subaccounts over real HTTP', () => {
  let local: LocalExchange;
  let wall: { ms: number };
  let feed: FeedClient;
  const orderIds: Record<string, string> = {};
  beforeAll(async () => {
    const users = [
      { userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: { 0: 100, 2: 50 } },
    ];
    ({ local, wall } = await startFixture({ users }));
    feed = await openFeed(local, wall);
    const channels = ['user_orders', 'fill', 'market_positions', 'orderbook_delta'];
    feed.send({ id: 1, cmd: 'subscribe', params: { channels, market_tickers: [GOLD, COIN] } });
    await feed.settled();
  });
  afterAll(() => local.close());

  const api = async (method: string, path: string, body?: unknown) => {
    wall.ms += 1_000;
    return call(local, wall, method, path, body);
  };
  const place = (change: object) => api('POST', ORDERS, { ...ORDER, ...change });

  it('are opened, funded, and shown with their balances', async () => {
    const opened = [
      await api('POST', '/portfolio/subaccounts', {}),
      await api('POST', '/portfolio/subaccounts', { exchange_index: 2 }),
    ];
    expect(opened.map(({ status, body }) => [status, body])).toEqual([
      [201, { subaccount_number: 1 }],
      [201, { subaccount_number: 2 }],
    ]);
    const rent = { client_transfer_id: 't-1', from_subaccount: 0, to_subaccount: 1, amount_cents: 3_000 };
    expect(await api('POST', '/portfolio/subaccounts/transfer', rent)).toMatchObject({
      status: 200,
      body: {},
    });
    const again = await api('POST', '/portfolio/subaccounts/transfer', rent);
    expect([again.status, again.body.error.code]).toEqual([409, 'transfer_already_exists']);
    const { transfers } = (await api('GET', '/portfolio/subaccounts/transfers')).body;
    expect(transfers).toEqual([
      {
        transfer_id: expect.any(String),
        from_subaccount: 0,
        to_subaccount: 1,
        amount_cents: 3_000,
        created_ts: expect.any(Number),
        exchange_index: 0,
      },
    ]);
    const move = { source: 'event_contract', destination: 'event_contract', amount: 100_000 };
    const across = { ...move, source_exchange_shard: 2, destination_exchange_shard: 0 };
    const sent = await api('POST', '/portfolio/intra_exchange_instance_transfer', {
      ...across,
      destination_subaccount: 1,
    });
    const within = await api('POST', '/portfolio/intra_exchange_instance_transfer', {
      ...move,
      destination_subaccount: 2,
    });
    // What stays on a shard is in the history of the subaccounts, the other in that of the shards.
    const history = (await api('GET', '/portfolio/subaccounts/transfers')).body.transfers;
    expect(history[0]).toMatchObject({ transfer_id: within.body.transfer_id, to_subaccount: 2 });
    const between = (await api('GET', '/portfolio/intra_exchange_instance_transfers')).body.transfers;
    expect(between.map((row: { transfer_id: string }) => row.transfer_id)).toEqual([sent.body.transfer_id]);
    const balances = (await api('GET', '/portfolio/subaccounts/balances')).body.subaccount_balances;
    expect(
      balances.map((row: Record<string, unknown>) => [
        row.subaccount_number,
        row.exchange_index,
        row.balance,
      ]),
    ).toEqual([
      [0, 0, '60.0000'],
      [0, 2, '40.0000'],
      [1, 0, '40.0000'],
      [2, 0, '10.0000'],
      [2, 2, '0.0000'],
    ]);
    const shown = async (query: string) => (await api('GET', `/portfolio/balance${query}`)).body;
    expect((await shown('')).balance_dollars).toBe('100.0000');
    expect((await shown('?subaccount=1')).balance_dollars).toBe('40.0000');
    expect((await shown('?subaccount=9')).error.code).toBe('user_not_found');
    expect((await api('GET', '/portfolio/balance?subaccount=64')).status).toBe(400);
  });

  it.each([
    ['no amount', { amount_cents: 0 }, 400],
    ['no id', { client_transfer_id: '' }, 400],
    ['too much', { amount_cents: 1_000_000 }, 400],
    ['to nobody', { to_subaccount: 9 }, 404],
    ['from a number that cannot be', { from_subaccount: -1 }, 404],
    ['to itself', { to_subaccount: 0 }, 400],
  ])('refuse a transfer of %s', async (_, change, status) => {
    const body = { client_transfer_id: 't-2', from_subaccount: 0, to_subaccount: 1, amount_cents: 100 };
    const answer = await api('POST', '/portfolio/subaccounts/transfer', { ...body, ...change });
    expect(answer.status).toBe(status);
  });

  it('have orders of their own, which reads show together or apart', async () => {
    for (const subaccount of [0, 1]) {
      const placed = await place({ subaccount, client_order_id: `own-${subaccount}` });
      expect(placed.status).toBe(201);
      orderIds[subaccount] = placed.body.order_id;
    }
    const taken = await place({ subaccount: 1, client_order_id: 'own-0' });
    expect([taken.status, taken.body.error.code]).toEqual([409, 'order_already_exists']);
    expect((await place({ subaccount: 7 })).body.error.code).toBe('user_not_found');
    expect((await place({ subaccount: 64 })).body.error.code).toBe('invalid_parameters');
    const numbers = async (query: string) =>
      (await api('GET', `/portfolio/orders?${query}`)).body.orders.map(
        (order: { subaccount_number: number }) => order.subaccount_number,
      );
    expect(await numbers('')).toEqual([1, 0]);
    expect(await numbers('subaccount=0')).toEqual([0]);
    expect(await numbers('subaccount=1')).toEqual([1]);
    expect(await numbers('subaccount=2')).toEqual([]);
    expect(await numbers('exchange_index=2')).toEqual([]);
    const one = (await api('GET', `/portfolio/orders/${orderIds[1]}`)).body.order;
    expect(one).toMatchObject({ subaccount_number: 1, user_id: USER });
    const queue = (query: string) =>
      api('GET', `/portfolio/orders/queue_positions?market_tickers=${GOLD}${query}`);
    expect((await queue('')).body.queue_positions).toMatchObject([{ order_id: orderIds[0] }]);
    expect((await queue('&subaccount=1')).body.queue_positions).toMatchObject([
      { order_id: orderIds[1], queue_position_fp: '2.00' },
    ]);
  });

  it('need their number in every write that is not about 0', async () => {
    const path = `${ORDERS}/${orderIds[1]}`;
    const amend = { ticker: GOLD, side: 'bid', price: '0.4600', count: '1.50' };
    expect((await api('POST', `${path}/amend`, amend)).status).toBe(404);
    expect((await api('POST', `${path}/amend?subaccount=1`, amend)).status).toBe(200);
    expect((await api('POST', `${path}/decrease`, { reduce_to: '1.00' })).status).toBe(404);
    expect((await api('POST', `${path}/decrease?subaccount=1`, { reduce_to: '1.00' })).status).toBe(200);
    expect((await api('DELETE', path)).status).toBe(404);
    const batch = { orders: [{ order_id: orderIds[1] }, { order_id: orderIds[1], subaccount: 1 }] };
    expect((await api('DELETE', `${ORDERS}/batched`, batch)).body.orders).toMatchObject([
      { error: { code: 'not_found' } },
      { reduced_by: '1.00' },
    ]);
  });

  it('have order groups of their own', async () => {
    const made = await api('POST', '/portfolio/order_groups/create', { contracts_limit: 9, subaccount: 1 });
    expect(made.body).toMatchObject({ subaccount: 1 });
    const id = made.body.order_group_id;
    const list = async (query: string) =>
      (await api('GET', `/portfolio/order_groups${query}`)).body.order_groups.length;
    expect([await list(''), await list('?subaccount=1'), await list('?subaccount=0')]).toEqual([1, 1, 0]);
    expect((await api('GET', `/portfolio/order_groups/${id}`)).status).toBe(200);
    expect((await api('GET', `/portfolio/order_groups/${id}?subaccount=0`)).status).toBe(404);
    expect((await place({ order_group_id: id })).status).toBe(404);
    expect((await place({ order_group_id: id, subaccount: 1 })).status).toBe(201);
    expect((await api('PUT', `/portfolio/order_groups/${id}/trigger`, {})).status).toBe(404);
    expect((await api('DELETE', `/portfolio/order_groups/${id}?subaccount=1`)).status).toBe(200);
  });

  it('do not trade with each other; others trade with each', async () => {
    const crossing = { subaccount: 1, side: 'ask', price: '0.4600' };
    expect((await place(crossing)).body).toMatchObject({ fill_count: '0.00', remaining_count: '0.00' });
    await place({ subaccount: 1, client_order_id: 'filled' });
    houseOrder(local.exchange, GOLD, 'ask', 4_600, 400);
    const fills = async (query: string) => (await api('GET', `/portfolio/fills?${query}`)).body.fills;
    expect((await fills('')).map((fill: any) => fill.subaccount_number)).toEqual([1, 0]);
    expect(await fills('subaccount=1')).toHaveLength(1);
    expect(await fills('exchange_index=2')).toEqual([]);
    const positions = async (query: string) =>
      (await api('GET', `/portfolio/positions?${query}`)).body.market_positions;
    expect(await positions('')).toMatchObject([{ position_fp: '2.00' }]);
    expect(await positions('subaccount=1')).toMatchObject([{ position_fp: '2.00' }]);
    expect(await positions('subaccount=2')).toEqual([]);
    expect(await positions('exchange_index=2')).toEqual([]);
  });

  it('are told on the feed with their numbers', async () => {
    await feed.settled();
    const told = (type: string, field: string) =>
      feed.messages.filter((message) => message.type === type).map(({ msg }) => msg[field]);
    expect(told('fill', 'subaccount')).toEqual([0, 1]);
    expect(told('market_position', 'subaccount')).toEqual([0, 1]);
    expect(new Set(told('user_order', 'subaccount_number'))).toEqual(new Set([0, 1]));
    expect(new Set(told('user_order', 'user_id'))).toEqual(new Set([USER]));
    const own = feed.messages.filter(({ msg }) => msg?.client_order_id === 'own-1' && msg.delta_fp);
    expect(own.map(({ msg }) => msg.subaccount)).toContain(1);
  });

  it('keep a netting setting', async () => {
    const setting = { subaccount_number: 1, enabled: true };
    expect(await api('PUT', '/portfolio/subaccounts/netting', setting)).toMatchObject({
      status: 200,
      body: null,
    });
    const configs = (await api('GET', '/portfolio/subaccounts/netting')).body.netting_configs;
    expect(configs).toContainEqual({ subaccount_number: 1, enabled: true, exchange_index: 0 });
    expect(configs).toContainEqual({ subaccount_number: 0, enabled: false, exchange_index: 0 });
    const nobody = await api('PUT', '/portfolio/subaccounts/netting', { ...setting, subaccount_number: 9 });
    expect(nobody.status).toBe(404);
  });

  it('are all emptied by a cancel of everything, or one alone', async () => {
    for (const subaccount of [0, 1]) await place({ subaccount, price: '0.0100' });
    const resting = async () => (await api('GET', '/portfolio/orders?status=resting')).body.orders.length;
    expect((await api('DELETE', `${ORDERS}?subaccount=1`)).status).toBe(204);
    expect(await resting()).toBe(1);
    await place({ subaccount: 1, price: '0.0100' });
    expect((await api('DELETE', ORDERS)).status).toBe(204);
    expect(await resting()).toBe(0);
  });

  it('settle apart, and positions of settled markets are shown on request', async () => {
    local.exchange.determine(GOLD, 'yes');
    wall.ms += 5_000;
    local.turn();
    const { settlements } = (await api('GET', '/portfolio/settlements')).body;
    expect(settlements).toMatchObject([
      { yes_count_fp: '2.00', revenue: 200 },
      { yes_count_fp: '2.00', revenue: 200 },
    ]);
    expect((await api('GET', '/portfolio/settlements?subaccount=2')).body.settlements).toEqual([]);
    const positions = async (query: string) =>
      (await api('GET', `/portfolio/positions?${query}`)).body.market_positions.length;
    expect(await positions('')).toBe(0);
    expect(await positions('settlement_status=settled')).toBe(1);
    expect(await positions('settlement_status=all')).toBe(1);
    expect((await api('GET', '/portfolio/positions?settlement_status=maybe')).status).toBe(400);
  });

  it('need the Advanced level', async () => {
    const basic = await startFixture({ tier: 'basic' });
    const answer = await call(basic.local, basic.wall, 'POST', '/portfolio/subaccounts', {});
    expect([answer.status, answer.body.error.code]).toEqual([403, 'permission_denied']);
    await basic.local.close();
  });
});

describe('the target balance allocation', () => {
  it('is kept, sweeps every ten seconds, and ends with an empty list', async () => {
    const users = [
      { userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: { 0: 100, 2: 50 } },
    ];
    const { local, wall } = await startFixture({ users });
    const path = '/portfolio/target_balance_allocation';
    const api = (method: string, body?: unknown) => call(local, wall, method, path, body);
    expect((await api('GET')).body).toEqual({ allocations: [], resting_margin_reservation: 'sum' });
    const allocations = [
      { exchange_index: 0, percent: 20 },
      { exchange_index: 2, percent: 80 },
    ];
    const wish = { allocations, resting_margin_reservation: 'max' };
    expect(await api('POST', wish)).toMatchObject({ status: 200, body: {} });
    expect((await api('GET')).body).toEqual(wish);
    wall.ms += 10_000;
    const { balance_breakdown } = (await call(local, wall, 'GET', '/portfolio/balance')).body;
    expect(balance_breakdown).toEqual([
      { exchange_index: 0, balance: '30.0000' },
      { exchange_index: 2, balance: '120.0000' },
    ]);
    for (const bad of [
      { allocations: [{ exchange_index: 0, percent: 99 }] },
      { allocations: [{ exchange_index: 9, percent: 100 }] },
      { allocations, resting_margin_reservation: 'some' },
    ]) {
      expect((await api('POST', bad)).status).toBe(400);
    }
    expect((await api('POST', { allocations: [] })).status).toBe(200);
    expect((await api('GET')).body).toEqual({ allocations: [], resting_margin_reservation: 'sum' });
    await local.close();
  });
});
