import { describe, expect, it } from 'vitest';
import { GOLD } from '../testing/fixture-world.ts';
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
});
