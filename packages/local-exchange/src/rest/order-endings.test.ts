import { Price } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, type FixtureWorld, GOLD, houseOrder } from '../testing/fixture-world.ts';
import { call, type FeedClient, fixtures, KEY_ID, KEYS, openFeed, USER } from '../testing/local-client.ts';

const ROOT = '/portfolio/events/orders';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '2.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

interface Scene {
  readonly local: LocalExchange;
  readonly exchange: FixtureWorld['exchange'];
  readonly feed: FeedClient;
  readonly wall: { ms: number };
  api(method: string, path: string, body?: unknown): ReturnType<typeof call>;
}

const startFixture = fixtures();

async function start(options = {}): Promise<Scene> {
  const { local, world, wall } = await startFixture(options);
  const feed = await openFeed(local, wall);
  feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['user_orders'] } });
  await feed.settled();
  const api = (method: string, path: string, body?: unknown) => {
    wall.ms += 1_000;
    return call(local, wall, method, path, body);
  };
  return { local, exchange: world.exchange, feed, wall, api };
}

/** What ends a resting bid of two, and the reason given for it. */
const ENDINGS: readonly [string, string, object, (scene: Scene, orderId: string) => unknown][] = [
  ['its user', 'Decrease', {}, ({ api }, id) => api('DELETE', `${ROOT}/${id}?market_ticker=${GOLD}`)],
  [
    'a decrease to nothing',
    'Decrease',
    {},
    ({ api }, id) => api('POST', `${ROOT}/${id}/decrease`, { reduce_to: '0' }),
  ],
  [
    'its own user in maker mode',
    'SelfTradeCancel',
    {},
    ({ api }) => api('POST', ROOT, { ...ORDER, side: 'ask', self_trade_prevention_type: 'maker' }),
  ],
  [
    'its expiration',
    'ExpiryCancel',
    { expiration_time: 1_791_208_860 },
    ({ wall, local }) => {
      wall.ms += 90_000;
      local.turn();
    },
  ],
  ['the close', 'CloseCancel', {}, ({ exchange }) => exchange.setCloseTime(GOLD, exchange.nowMs)],
  [
    'a trading pause',
    'HaltCancel',
    { cancel_order_on_pause: true },
    ({ exchange }) => exchange.setTradingActive(false),
  ],
  [
    'the reactivation of its market',
    'HaltCancel',
    {},
    ({ exchange }) => {
      exchange.setMarketActive(GOLD, false);
      exchange.setMarketActive(GOLD, true);
    },
  ],
];

describe('an order over the wire', () => {
  it.each(ENDINGS)('that %s ends is canceled, with the reason %s', async (_, reason, change, end) => {
    const scene = await start();
    const { order_id } = (await scene.api('POST', ROOT, { ...ORDER, ...change })).body;
    await end(scene, order_id);
    scene.local.turn();
    await scene.feed.settled();
    const told = scene.feed.messages.filter(({ msg }) => msg?.order_id === order_id).at(-1).msg;
    const { order } = (await scene.api('GET', `/portfolio/orders/${order_id}`)).body;
    for (const shown of [told, order]) {
      expect(shown).toMatchObject({
        status: 'canceled',
        remaining_count_fp: '0.00',
        initial_count_fp: '2.00',
        last_update_reason: reason,
      });
    }
  });

  it('stays in a pause that it did not ask to leave, and may be canceled in it', async () => {
    const { exchange, api } = await start();
    const { order_id } = (await api('POST', ROOT, { ...ORDER, ticker: COIN })).body;
    exchange.setTradingActive(false, 2);
    expect((await api('POST', ROOT, { ...ORDER, ticker: COIN })).body.error.code).toBe('trading_is_paused');
    // Shards pause by themselves.
    expect((await api('POST', ROOT, ORDER)).status).toBe(201);
    expect((await api('GET', `/portfolio/orders/${order_id}`)).body.order.status).toBe('resting');
    expect((await api('DELETE', `${ROOT}/${order_id}?market_ticker=${COIN}`)).status).toBe(200);
  });

  it('cannot be touched after the close', async () => {
    const { exchange, api } = await start();
    const { order_id } = (await api('POST', ROOT, ORDER)).body;
    exchange.setCloseTime(GOLD, exchange.nowMs);
    for (const answer of [
      await api('POST', ROOT, ORDER),
      await api('DELETE', `${ROOT}/${order_id}?market_ticker=${GOLD}`),
      await api('POST', `${ROOT}/${order_id}/decrease`, { reduce_to: '1' }),
    ]) {
      expect([answer.status, answer.body.error.code]).toEqual([409, 'market_inactive']);
    }
  });

  it('that fills or kills, or reduces only, meets its own order or its position', async () => {
    const { exchange, api } = await start();
    await api('POST', ROOT, { ...ORDER, side: 'ask', price: '0.5400' });
    const kill = { ...ORDER, price: '0.5400', time_in_force: 'fill_or_kill' };
    // Its own order stops it as it stops an immediate one.
    expect(await api('POST', ROOT, kill)).toMatchObject({ status: 201, body: { fill_count: '0.00' } });
    const reduce = { ...ORDER, price: '0.9900', time_in_force: 'immediate_or_cancel', reduce_only: true };
    const none = await api('POST', ROOT, { ...reduce, self_trade_prevention_type: 'maker' });
    expect(none.body).toMatchObject({ fill_count: '0.00', remaining_count: '0.00' });
    houseOrder(exchange, GOLD, 'bid', 5_400, 100);
    await api('DELETE', ROOT);
    const some = await api('POST', ROOT, { ...reduce, count: '50.00' });
    expect(some.body).toMatchObject({ fill_count: '1.00', remaining_count: '0.00' });
  });

  it('needs money on its shard: none was ever there, or not enough', async () => {
    const users = [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: { 0: 5 } }];
    const { api } = await start({ users });
    const refused = await api('POST', ROOT, { ...ORDER, ticker: COIN });
    expect([refused.status, refused.body.error.code]).toEqual([404, 'user_not_found']);
    const poor = await api('POST', ROOT, { ...ORDER, count: '12.00' });
    expect([poor.status, poor.body.error.code]).toEqual([400, 'insufficient_balance']);
  });

  it('that is matched pays what a void market pays', async () => {
    const { exchange, api, wall, local } = await start();
    await api('POST', ROOT, ORDER);
    houseOrder(exchange, GOLD, 'ask', 4_600, 200);
    exchange.determine(GOLD, 'scalar', Price.of(2_550));
    wall.ms += 5_000;
    local.turn();
    expect((await api('GET', '/portfolio/settlements')).body.settlements).toMatchObject([
      { market_result: 'scalar', yes_count_fp: '2.00', revenue: 51, value: 25 },
    ]);
    const query = 'settlement_status=settled';
    expect((await api('GET', `/portfolio/positions?${query}`)).body.market_positions).toMatchObject([
      { position_fp: '0.00', realized_pnl_dollars: '-0.410000', fees_paid_dollars: '0.000000' },
    ]);
  });
});
