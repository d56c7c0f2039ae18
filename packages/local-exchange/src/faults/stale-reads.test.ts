import { describe, expect, it } from 'vitest';
import { GOLD, HOUSE, houseOrder } from '../testing/fixture-world.ts';
import { call, fixtures } from '../testing/local-client.ts';

const ROOT = '/portfolio/events/orders';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '3.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  client_order_id: 'old',
};

describe('stale reads', () => {
  const startFixture = fixtures();

  it('show orders, fills, positions and balance as they were, and say so', async () => {
    const { local, wall, world } = await startFixture({ faults: { staleReadsMs: 2_000 } });
    const get = async (path: string) => (await call(local, wall, 'GET', path)).body;
    const account = async () => ({
      orders: (await get('/portfolio/orders')).orders.map((order: Record<string, string>) => [
        order.status,
        order.fill_count_fp,
      ]),
      fills: (await get('/portfolio/fills')).fills.length,
      positions: (await get('/portfolio/positions')).market_positions.map(
        (position: Record<string, string>) => position.position_fp,
      ),
      balance: (await get('/portfolio/balance')).balance_dollars,
      asOfMs: Date.parse((await get('/exchange/user_data_timestamp')).as_of_time),
    });
    const startMs = Date.parse((await get('/exchange/user_data_timestamp')).as_of_time);
    const empty = { orders: [], fills: 0, positions: [], balance: '1000.0000' };

    const placed = await call(local, wall, 'POST', ROOT, ORDER);
    expect(await account()).toEqual({ ...empty, asOfMs: startMs });
    expect((await call(local, wall, 'GET', `/portfolio/orders/${placed.body.order_id}`)).status).toBe(404);

    wall.ms += 1_500;
    local.turn();
    houseOrder(world.exchange, GOLD, 'ask', 4_600, 100);
    expect(await account()).toEqual({ ...empty, asOfMs: startMs });

    wall.ms += 500;
    expect(await account()).toEqual({
      ...empty,
      orders: [['resting', '0.00']],
      balance: expect.stringMatching(/^998\./),
      asOfMs: startMs,
    });

    wall.ms += 1_500;
    const last = await account();
    expect(last).toMatchObject({ orders: [['resting', '1.00']], fills: 1, positions: ['1.00'] });
    expect(last.asOfMs).toBe(startMs + 1_500);
    // What it writes goes by the present.
    const canceled = await call(local, wall, 'DELETE', `${ROOT}/${placed.body.order_id}`);
    expect(canceled.body.reduced_by).toBe('2.00');
    expect((await account()).orders).toEqual([['resting', '1.00']]);
    expect(world.exchange.orders(HOUSE).length).toBeGreaterThan(0);
  });

  it('show subaccounts, and the groups of orders, as they were too', async () => {
    const { local, wall } = await startFixture({ faults: { staleReadsMs: 2_000 } });
    const api = (method: string, path: string, body?: unknown) => call(local, wall, method, path, body);
    await api('POST', '/portfolio/subaccounts', {});
    const rent = { client_transfer_id: 't', from_subaccount: 0, to_subaccount: 1, amount_cents: 1_000 };
    await api('POST', '/portfolio/subaccounts/transfer', rent);
    const group = { contracts_limit: 9, subaccount: 1 };
    const { order_group_id } = (await api('POST', '/portfolio/order_groups/create', group)).body;
    await api('POST', ROOT, { ...ORDER, order_group_id, subaccount: 1 });
    expect((await api('GET', '/portfolio/orders')).body.orders).toEqual([]);
    wall.ms += 2_001;
    expect((await api('GET', '/portfolio/orders')).body.orders).toMatchObject([
      { subaccount_number: 1, order_group_id },
    ]);
    const { balance_dollars } = (await api('GET', '/portfolio/balance?subaccount=1')).body;
    expect(Number(balance_dollars)).toBeLessThan(10);
  });
});
