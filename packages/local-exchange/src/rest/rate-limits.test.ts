import { describe, expect, it } from 'vitest';
import { COIN, GOLD } from '../testing/fixture-world.ts';
import { call, startFixture } from '../testing/local-client.ts';

const order = {
  ticker: GOLD,
  side: 'bid',
  count: '1',
  price: '0.0100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};
const ROOT = '/portfolio/events/orders';
const batch = (size: number) => ({ orders: Array.from({ length: size }, () => order) });

describe('token buckets', () => {
  it('refuse whole batches, refill on wall time and keep reads apart', async () => {
    const { local, wall } = await startFixture({ tier: 'basic' });
    expect((await call(local, wall, 'GET', '/account/limits')).body).toEqual({
      usage_tier: 'basic',
      read: { refill_rate: 200, bucket_capacity: 600 },
      write: { refill_rate: 100, bucket_capacity: 100 },
      grants: [],
    });
    expect((await call(local, wall, 'POST', `${ROOT}/batched`, batch(6))).status).toBe(201);
    const refused = await call(local, wall, 'POST', `${ROOT}/batched`, batch(5));
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({ error: { code: 'too_many_requests', message: 'too many requests' } });
    expect(local.exchange.orders('alice')).toHaveLength(6);
    // The refusal took nothing: 40 tokens are left.
    expect((await call(local, wall, 'POST', `${ROOT}/batched`, batch(4))).status).toBe(201);
    expect((await call(local, wall, 'POST', ROOT, order)).status).toBe(429);
    expect((await call(local, wall, 'GET', '/portfolio/balance')).status).toBe(200);
    wall.ms += 20;
    const [resting] = local.exchange.orders('alice');
    // Two tokens pay for a cancel, not for an order.
    expect((await call(local, wall, 'POST', ROOT, order)).status).toBe(429);
    expect((await call(local, wall, 'DELETE', `${ROOT}/${resting!.orderId}`)).status).toBe(200);
    await local.close();
  });

  it('are one per shard for writes that name one above 0', async () => {
    const { local, wall } = await startFixture({ tier: 'basic' });
    const create = (change: object = {}) => call(local, wall, 'POST', ROOT, { ...order, ...change });
    const coin = { ticker: COIN };
    // Ten orders empty a bucket: the common one, by omission, by 0 and by -1 …
    for (const shard of [undefined, 0, -1]) {
      const known = shard === undefined ? {} : { exchange_index: shard };
      for (let n = 0; n < 3; n++) expect((await create(known)).status).toBe(201);
    }
    expect((await create()).status).toBe(201);
    expect((await create(coin)).status).toBe(429);
    // … and that of shard 2, by its name, in the body or in the query.
    const items = { orders: Array.from({ length: 9 }, () => ({ ...order, ...coin, exchange_index: 2 })) };
    expect((await call(local, wall, 'POST', `${ROOT}/batched`, items)).status).toBe(201);
    const [resting] = local.exchange.orders('alice').filter(({ ticker }) => ticker === COIN);
    const path = `${ROOT}/${resting!.orderId}`;
    expect((await call(local, wall, 'DELETE', path)).status).toBe(429);
    expect((await call(local, wall, 'DELETE', `${path}?exchange_index=2`)).status).toBe(200);
    expect((await create({ ...coin, exchange_index: 2 })).status).toBe(429);
    // A batch over both is paid by both, or by none.
    wall.ms += 100;
    const both = { orders: [order, order, { ...order, ...coin, exchange_index: 2 }] };
    expect((await call(local, wall, 'POST', `${ROOT}/batched`, both)).status).toBe(429);
    expect((await create({ ...coin, exchange_index: 2 })).status).toBe(201);
    expect((await create()).status).toBe(201);
    await local.close();
  });

  it('say no in either shape, and never when to come back', async () => {
    for (const [tooManyRequests, expected] of [
      ['nested', { error: { code: 'too_many_requests', message: 'too many requests' } }],
      ['flat', { error: 'too many requests' }],
    ] as const) {
      const { local, wall } = await startFixture({ tier: 'basic', tooManyRequests });
      const refused = await call(local, wall, 'POST', `${ROOT}/batched`, batch(11));
      expect([refused.status, refused.body]).toEqual([429, expected]);
      expect([...refused.headers.keys()].filter((name) => /retry|rate/.test(name))).toEqual([]);
      local.faults.inject('restRateLimited');
      expect((await call(local, wall, 'GET', '/portfolio/balance')).body).toEqual(expected);
      await local.close();
    }
  });

  it('grow at once with an upgrade, which costs 30 tokens and an order', async () => {
    const { local, wall } = await startFixture({ tier: 'basic' });
    const upgrade = () => call(local, wall, 'POST', '/account/api_usage_level/upgrade');
    const refused = await upgrade();
    expect([refused.status, refused.body.error.code]).toEqual([403, 'permission_denied']);
    expect((await call(local, wall, 'POST', ROOT, order)).status).toBe(201);
    expect(await upgrade()).toMatchObject({ status: 201, body: null });
    expect((await call(local, wall, 'GET', '/account/limits')).body).toEqual({
      usage_tier: 'advanced',
      read: { refill_rate: 300, bucket_capacity: 900 },
      write: { refill_rate: 300, bucket_capacity: 900 },
      grants: [{ exchange_instance: 'event_contract', level: 'advanced', source: 'manual' }],
    });
    const costs = (await call(local, wall, 'GET', '/account/endpoint_costs')).body.endpoint_costs;
    expect(costs).toContainEqual({
      method: 'POST',
      path: '/trade-api/v2/account/api_usage_level/upgrade',
      cost: 30,
    });
    // 100 − 30 − 10 − 30 tokens were left; three seconds bring 900 more.
    expect((await call(local, wall, 'POST', `${ROOT}/batched`, batch(4))).status).toBe(429);
    wall.ms += 3_000;
    expect((await call(local, wall, 'POST', `${ROOT}/batched`, batch(90))).status).toBe(201);
    expect((await call(local, wall, 'POST', '/portfolio/subaccounts', {})).status).toBe(429);
    wall.ms += 100;
    expect((await call(local, wall, 'POST', '/portfolio/subaccounts', {})).status).toBe(201);
    await local.close();
  });
});
