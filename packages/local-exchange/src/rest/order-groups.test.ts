import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, GOLD, houseOrder } from '../testing/fixture-world.ts';
import { call, type FeedClient, openFeed, startFixture, USER } from '../testing/local-client.ts';

const ROOT = '/portfolio/order_groups';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '4.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

describe('order groups over real HTTP', () => {
  let local: LocalExchange;
  let wall: { ms: number };
  let feed: FeedClient;
  beforeAll(async () => {
    ({ local, wall } = await startFixture());
    feed = await openFeed(local, wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['order_group_updates', 'user_orders'] } });
    await feed.settled();
  });
  afterAll(() => local.close());

  const api = async (method: string, path: string, body?: unknown) => {
    wall.ms += 1_000;
    return call(local, wall, method, path, body);
  };
  const place = (order_group_id: string, change: object = {}) =>
    api('POST', '/portfolio/events/orders', { ...ORDER, order_group_id, ...change });
  const updates = () =>
    feed.messages
      .filter((message) => message.type === 'order_group_updates')
      .map(({ msg }) => [msg.event_type, msg.order_group_id, msg.contracts_limit_fp]);

  it('create, hold orders, trigger at the limit, refuse, reset, change and delete', async () => {
    const created = await api('POST', `${ROOT}/create`, { contracts_limit: 5 });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ order_group_id: expect.any(String), subaccount: 0, exchange_index: 0 });
    const id = created.body.order_group_id;

    const orders = [await place(id), await place(id, { price: '0.4500' })];
    expect(orders.map(({ status }) => status)).toEqual([201, 201]);
    const placed = orders.map(({ body }) => body.order_id);
    const shown = { contracts_limit_fp: '5.00', is_auto_cancel_enabled: true, exchange_index: 0 };
    expect((await api('GET', `${ROOT}/${id}`)).body).toEqual({ ...shown, orders: placed });
    expect((await api('GET', ROOT)).body).toEqual({ order_groups: [{ id, ...shown }] });
    const read = await api('GET', `/portfolio/orders/${placed[0]}`);
    expect(read.body.order.order_group_id).toBe(id);

    // Four contracts match, then two more: the limit is crossed and everything else of the group goes.
    houseOrder(local.exchange, GOLD, 'ask', 4_600, 600);
    await place(id, { price: '0.4700' });
    houseOrder(local.exchange, GOLD, 'ask', 4_700, 200);
    expect((await api('GET', `${ROOT}/${id}`)).body.orders).toEqual([]);
    const refused = await place(id);
    expect(refused.body.error).toMatchObject({ details: 'order group triggered' });

    expect((await api('PUT', `${ROOT}/${id}/reset`, {})).body).toEqual({});
    expect((await place(id, { price: '0.4400' })).status).toBe(201);
    expect((await api('PUT', `${ROOT}/${id}/limit`, { contracts_limit_fp: '7.50' })).status).toBe(200);
    expect((await api('PUT', `${ROOT}/${id}/trigger`, {})).status).toBe(200);
    expect((await api('DELETE', `${ROOT}/${id}`)).body).toEqual({});
    expect((await api('GET', `${ROOT}/${id}`)).status).toBe(404);
    expect(local.exchange.orders(USER).filter(({ status }) => status === 'resting')).toEqual([]);

    await feed.settled();
    expect(updates()).toEqual([
      ['created', id, '5.00'],
      ['triggered', id, undefined],
      ['reset', id, undefined],
      ['limit_updated', id, '7.50'],
      ['triggered', id, undefined],
      ['deleted', id, undefined],
    ]);
    const seqs = feed.messages.filter(({ type }) => type === 'order_group_updates').map(({ seq }) => seq);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6]);
    const own = feed.messages.filter(({ type }) => type === 'user_order');
    expect(own.every(({ msg }) => msg.order_group_id === id)).toBe(true);
  });

  it('live on one shard', async () => {
    const { body } = await api('POST', `${ROOT}/create`, { contracts_limit_fp: '10', exchange_index: 2 });
    const id = body.order_group_id;
    expect(body.exchange_index).toBe(2);
    expect((await api('PUT', `${ROOT}/${id}/trigger`, {})).status).toBe(404);
    expect((await place(id)).status).toBeGreaterThanOrEqual(400);
    expect((await place(id, { ticker: COIN, price: '0.4400' })).status).toBe(201);
    expect((await api('DELETE', `${ROOT}/${id}?exchange_index=2`)).status).toBe(200);
  });

  it.each<[string, object, number]>([
    ['no limit', {}, 400],
    ['two limits', { contracts_limit: 1, contracts_limit_fp: '1.00' }, 400],
    ['a limit of nothing', { contracts_limit: 0 }, 400],
    ['too high a limit', { contracts_limit: 1_000_001 }, 400],
    ['a limit as a number where text is due', { contracts_limit_fp: 5 }, 400],
    ['a subaccount that is not there', { contracts_limit: 1, subaccount: 3 }, 404],
    ['a subaccount that cannot be', { contracts_limit: 1, subaccount: 64 }, 400],
  ])('refuse %s', async (_, body, status) => {
    expect((await api('POST', `${ROOT}/create`, body)).status).toBe(status);
  });

  it('refuse what is not theirs', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', '/reset'],
      ['PUT', '/trigger'],
      ['DELETE', ''],
    ] as const) {
      const answer = await api(method, `${ROOT}/nobody${path}`, method === 'PUT' ? {} : undefined);
      expect([method, answer.status, answer.body.error.code]).toEqual([method, 404, 'not_found']);
    }
    expect((await place('nobody')).status).toBeGreaterThanOrEqual(400);
  });
});
