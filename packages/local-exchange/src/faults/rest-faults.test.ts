import { describe, expect, it } from 'vitest';
import type { LocalExchangeOptions } from '../options.ts';
import { GOLD } from '../testing/fixture-world.ts';
import { call, fixtures, signed, USER } from '../testing/local-client.ts';

const ROOT = '/portfolio/events/orders';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '3.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

describe('faults of REST', () => {
  const startFixture = fixtures();
  const start = async (options: Partial<LocalExchangeOptions> = {}) => {
    const { local, wall } = await startFixture(options);
    const api = (method: string, path: string, body?: unknown) => call(local, wall, method, path, body);
    const orders = () => local.exchange.orders(USER);
    return { local, wall, api, orders };
  };

  it('is unavailable before anything has happened', async () => {
    const { local, api, orders } = await start();
    local.faults.inject('restUnavailable', { times: 2 });
    const answer = await api('POST', ROOT, ORDER);
    expect([answer.status, answer.body.error.code]).toEqual([503, 'service_unavailable']);
    expect((await api('GET', '/markets')).status).toBe(503);
    expect(orders()).toEqual([]);
    expect((await api('POST', ROOT, ORDER)).status).toBe(201);
    expect(local.faults.happened('restUnavailable')).toBe(2);
  });

  it('cuts the connection before, or after, the order is placed', async () => {
    const { local, api, orders } = await start();
    local.faults.inject('restReset');
    await expect(api('POST', ROOT, ORDER)).rejects.toThrow();
    expect(orders()).toHaveLength(0);
    local.faults.inject('restApplyThenReset');
    // Reads are left alone, and a refused write has not been applied.
    expect((await api('GET', '/portfolio/balance')).status).toBe(200);
    expect((await api('POST', ROOT, { ...ORDER, price: '0.4650' })).status).toBe(400);
  });

  it('places the order and then loses the answer', async () => {
    const { local, api, orders } = await start();
    local.faults.inject('restApplyThenReset');
    await expect(api('POST', ROOT, { ...ORDER, client_order_id: 'lost' })).rejects.toThrow();
    expect(orders().map(({ clientOrderId }) => clientOrderId)).toEqual(['lost']);
    local.faults.inject('restApplyThenUnavailable', { match: `DELETE ${ROOT}/:order_id` });
    expect((await api('POST', ROOT, ORDER)).status).toBe(201);
    const canceled = await api('DELETE', `${ROOT}/${orders()[0]!.orderId}`);
    expect([canceled.status, canceled.body.error.code]).toEqual([503, 'service_unavailable']);
    expect(orders().map(({ status }) => status)).toEqual(['canceled', 'resting']);
  });

  it('refuses a write cleanly: billed, and nothing done', async () => {
    const { local, api, orders } = await start({ tier: 'basic' });
    local.faults.inject('restReject', { times: 10 });
    expect((await api('GET', '/portfolio/balance')).status).toBe(200);
    for (let request = 0; request < 10; request++) {
      const { status, body } = await api('POST', ROOT, ORDER);
      expect([status, body.error.code]).toEqual([400, 'invalid_parameters']);
    }
    expect(orders()).toEqual([]);
    // Ten orders empty the bucket of this tier.
    expect((await api('POST', ROOT, ORDER)).status).toBe(429);
  });

  it('cuts the connection before, or after, a cancel and nothing else', async () => {
    const { api, orders } = await start({
      faults: {
        script: [{ fault: 'restCancelReset', times: 2 }, { fault: 'restCancelApplyThenReset' }],
      },
    });
    const { order_id } = (await api('POST', ROOT, ORDER)).body;
    const statuses = () => orders().map(({ status }) => status);
    await expect(api('DELETE', `${ROOT}/${order_id}`)).rejects.toThrow();
    await expect(api('DELETE', ROOT)).rejects.toThrow();
    expect(statuses()).toEqual(['resting']);
    await expect(api('DELETE', `${ROOT}/${order_id}`)).rejects.toThrow();
    expect(statuses()).toEqual(['canceled']);
    expect((await api('DELETE', `${ROOT}/${order_id}`)).status).toBe(404);
  });

  it.each([
    ['restCancelReset', 'resting'],
    ['restCancelApplyThenReset', 'canceled'],
  ] as const)('%s has a rate of its own', async (name, status) => {
    const { api, orders } = await start({ faults: { [name]: 1 } });
    const { order_id } = (await api('POST', ROOT, ORDER)).body;
    const body = { orders: [{ order_id }] };
    await expect(api('DELETE', `${ROOT}/batched`, body)).rejects.toThrow();
    expect(orders().map((order) => order.status)).toEqual([status]);
  });

  it('answers with the right status and no body', async () => {
    const { local, api, orders } = await start();
    local.faults.inject('restEmptyBody');
    const answer = await api('POST', ROOT, ORDER);
    expect([answer.status, answer.body]).toEqual([201, null]);
    expect(orders()).toHaveLength(1);
  });

  it('answers 429 without taking tokens', async () => {
    const { local, api, orders } = await start({ tier: 'basic' });
    local.faults.inject('restRateLimited', { times: 30 });
    for (let request = 0; request < 30; request++) {
      const { status, body } = await api('POST', ROOT, ORDER);
      expect([status, body.error.code]).toEqual([429, 'too_many_requests']);
    }
    expect(orders()).toEqual([]);
    // The whole bucket is still there: ten orders, and not one more.
    for (let request = 0; request < 10; request++) expect((await api('POST', ROOT, ORDER)).status).toBe(201);
    expect((await api('POST', ROOT, ORDER)).status).toBe(429);
  });

  it('answers late, by the simulated clock, with the order placed at once', async () => {
    const { local, wall, api, orders } = await start({ speed: 10, faults: { restLateMs: 5_000 } });
    local.faults.inject('restLate', { match: `POST ${ROOT}` });
    let answered = false;
    const late = api('POST', ROOT, ORDER).then((answer) => {
      answered = true;
      return answer;
    });
    while (orders().length === 0) await (await fetch(`${local.restUrl}/exchange/status`)).text();
    wall.ms += 499;
    for (let other = 0; other < 20; other++) await (await fetch(`${local.restUrl}/exchange/status`)).text();
    expect(answered).toBe(false);
    wall.ms += 1;
    expect((await late).status).toBe(201);
  });

  it('lets a client give up on a late answer, and still ends at once', async () => {
    const { local, wall, orders } = await start();
    local.faults.inject('restLate', { match: `POST ${ROOT}` });
    const path = `/trade-api/v2${ROOT}`;
    const given = new AbortController();
    const late = fetch(local.restUrl + ROOT, {
      method: 'POST',
      body: JSON.stringify(ORDER),
      headers: signed('POST', path, wall.ms),
      signal: given.signal,
    });
    const lost = expect(late).rejects.toThrow();
    while (orders().length === 0) await (await fetch(`${local.restUrl}/exchange/status`)).text();
    given.abort();
    await lost;
    expect(orders()[0]!.status).toBe('resting');
    await local.close();
  });

  it('refuses one order of a batch', async () => {
    const { local, api, orders } = await start();
    local.faults.inject('restBatchEntryFails');
    const names = ['a', 'b', 'c'].map((client_order_id) => ({ ...ORDER, client_order_id }));
    const { status, body } = await api('POST', `${ROOT}/batched`, { orders: names });
    expect(status).toBe(201);
    expect(body.orders[0]).toMatchObject({ client_order_id: 'a', error: { code: 'service_unavailable' } });
    expect(orders().map(({ clientOrderId }) => clientOrderId)).toEqual(['b', 'c']);
  });

  it('follows the script: from its moment on, what fits', async () => {
    const { wall, api } = await start({
      faults: {
        script: [{ fault: 'restUnavailable', afterMs: 2_000, times: 1, match: 'GET /portfolio/balance' }],
      },
    });
    expect((await api('GET', '/portfolio/balance')).status).toBe(200);
    wall.ms += 2_000;
    expect((await api('GET', '/portfolio/fills')).status).toBe(200);
    expect((await api('GET', '/portfolio/balance')).status).toBe(503);
    expect((await api('GET', '/portfolio/balance')).status).toBe(200);
  });

  it('hits the same requests for the same seed', async () => {
    const run = async (seed: number) => {
      const { local, api } = await start({ tier: 'prestige', faults: { seed, restUnavailable: 0.3 } });
      const statuses: number[] = [];
      for (let request = 0; request < 40; request++)
        statuses.push((await api('GET', '/portfolio/balance')).status);
      await local.close();
      return statuses;
    };
    const first = await run(1);
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });
});
