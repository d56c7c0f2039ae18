import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, GOLD } from '../testing/fixture-world.ts';
import { call, startFixture } from '../testing/local-client.ts';

const ROOT = '/portfolio/events/orders';
const order = {
  ticker: GOLD,
  side: 'bid',
  count: '10.00',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

describe('orders over real HTTP', () => {
  let local: LocalExchange;
  let wall: { ms: number };
  beforeAll(async () => {
    ({ local, wall } = await startFixture());
  });
  afterAll(() => local.close());

  const api = async (method: string, path: string, body?: unknown) => {
    // Time for the buckets to refill.
    wall.ms += 1_000;
    return call(local, wall, method, path, body);
  };

  it('places, reads, amends, decreases and cancels a resting order', async () => {
    const created = await api('POST', ROOT, { ...order, client_order_id: 'trip-1' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      order_id: expect.any(String),
      client_order_id: 'trip-1',
      fill_count: '0.00',
      remaining_count: '10.00',
      ts_ms: expect.any(Number),
    });
    const id = created.body.order_id;

    const read = await api('GET', `/portfolio/orders/${id}`);
    expect(read.body.order).toMatchObject({
      order_id: id,
      status: 'resting',
      outcome_side: 'yes',
      book_side: 'bid',
      yes_price_dollars: '0.4600',
      no_price_dollars: '0.5400',
      initial_count_fp: '10.00',
      remaining_count_fp: '10.00',
      taker_fees_dollars: '0.000000',
      self_trade_prevention_type: 'taker_at_cross',
      exchange_index: 0,
    });
    const queue = await api('GET', `/portfolio/orders/${id}/queue_position`);
    expect(queue.body).toEqual({ queue_position_fp: '0.00' });

    const amended = await api('POST', `${ROOT}/${id}/amend`, {
      ticker: GOLD,
      side: 'bid',
      price: '0.4500',
      count: '12',
    });
    expect(amended.body).toMatchObject({ order_id: id, remaining_count: '12.00' });
    const queues = await api('GET', `/portfolio/orders/queue_positions?market_tickers=${GOLD}`);
    expect(queues.body.queue_positions).toEqual([
      { order_id: id, market_ticker: GOLD, queue_position_fp: '100.00' },
    ]);

    const decreased = await api('POST', `${ROOT}/${id}/decrease`, { reduce_by: '2', market_ticker: GOLD });
    expect(decreased.body).toMatchObject({ order_id: id, remaining_count: '10.00' });

    const canceled = await api('DELETE', `${ROOT}/${id}?market_ticker=${GOLD}`);
    expect(canceled.status).toBe(200);
    expect(canceled.body).toMatchObject({ order_id: id, reduced_by: '10.00' });
    const after = await api('GET', `/portfolio/orders/${id}`);
    expect(after.body.order).toMatchObject({ status: 'canceled', remaining_count_fp: '0.00' });

    // Dead and unknown look the same.
    const again = await api('DELETE', `${ROOT}/${id}?market_ticker=${GOLD}`);
    const unknown = await api('DELETE', `${ROOT}/no-such-order?market_ticker=${GOLD}`);
    expect([again.status, unknown.status]).toEqual([404, 404]);
    expect(again.body).toEqual(unknown.body);

    const reused = await api('POST', ROOT, { ...order, client_order_id: 'trip-1' });
    expect([reused.status, reused.body.error.code]).toEqual([409, 'order_already_exists']);
  });

  it('fills at the resting price and keeps books of it', async () => {
    const taken = await api('POST', ROOT, {
      ...order,
      ticker: GOLD,
      count: '1',
      price: '0.99',
      time_in_force: 'immediate_or_cancel',
    });
    expect(taken.body).toMatchObject({
      fill_count: '1.00',
      remaining_count: '0.00',
      average_fill_price: '0.5500',
      average_fee_paid: '0.0174',
    });
    const { fills } = (await api('GET', `/portfolio/fills?ticker=${GOLD}`)).body;
    expect(fills[0]).toMatchObject({
      order_id: taken.body.order_id,
      outcome_side: 'yes',
      count_fp: '1.00',
      yes_price_dollars: '0.5500',
      is_taker: true,
      fee_cost: '0.017400',
    });
    const positions = (await api('GET', '/portfolio/positions')).body;
    expect(positions.market_positions).toMatchObject([
      {
        ticker: GOLD,
        position_fp: '1.00',
        market_exposure_dollars: '0.550000',
        fees_paid_dollars: '0.017400',
      },
    ]);
    expect(positions.event_positions).toMatchObject([{ total_cost_shares_fp: '1.00' }]);
    expect((await api('GET', '/portfolio/balance')).body).toMatchObject({
      balance: 99_943,
      balance_dollars: '999.4326',
      portfolio_value: 55,
      balance_breakdown: [{ exchange_index: 0, balance: '999.4326' }],
    });
    // A shard's figures are about what lies there.
    for (const [shard, value] of [
      [0, 55],
      [2, 0],
    ]) {
      const { body } = await api('GET', `/portfolio/balance?exchange_index=${shard}`);
      expect([shard, body.portfolio_value]).toEqual([shard, value]);
    }
    const trades = (await api('GET', `/markets/trades?ticker=${GOLD}`)).body.trades;
    expect(trades[0]).toMatchObject({
      trade_id: fills[0].trade_id,
      taker_book_side: 'bid',
      count_fp: '1.00',
    });
  });

  it('answers a batch item by item', async () => {
    const answer = await api('POST', `${ROOT}/batched`, {
      orders: [
        { ...order, client_order_id: 'b-1' },
        { ...order, price: '0.4650', client_order_id: 'b-2' },
        { ...order, side: 'ask', price: '0.5400', client_order_id: 'b-3' },
      ],
    });
    expect(answer.status).toBe(201);
    const [first, second, third] = answer.body.orders;
    expect(second).toEqual({
      client_order_id: 'b-2',
      error: expect.objectContaining({ code: 'invalid_price' }),
    });
    const canceled = await api('DELETE', `${ROOT}/batched`, {
      orders: [
        { order_id: first.order_id, market_ticker: GOLD },
        { order_id: 'gone', market_ticker: GOLD },
        { order_id: third.order_id, market_ticker: GOLD },
      ],
    });
    expect(canceled.status).toBe(200);
    expect(canceled.body.orders).toMatchObject([
      { order_id: first.order_id, reduced_by: '10.00' },
      { order_id: 'gone', reduced_by: '0.00', error: { code: 'not_found' } },
      { order_id: third.order_id, reduced_by: '10.00' },
    ]);
  });

  it('finds an order only on its shard', async () => {
    const { order_id } = (await api('POST', ROOT, { ...order, ticker: COIN })).body;
    expect((await api('DELETE', `${ROOT}/${order_id}`)).status).toBe(404);
    expect((await api('DELETE', `${ROOT}/${order_id}?exchange_index=2`)).status).toBe(200);
    const astray = await api('POST', ROOT, { ...order, ticker: COIN, exchange_index: 0 });
    expect([astray.status, astray.body.error.code]).toEqual([404, 'market_not_found']);
    // A market that does not exist is no way to shard 0.
    const own = (await api('POST', ROOT, order)).body.order_id;
    expect((await api('DELETE', `${ROOT}/${own}?market_ticker=NOPE`)).status).toBe(404);
    expect((await api('DELETE', `${ROOT}/${own}?exchange_index=none`)).body.msg).toMatch(
      /'ExchangeIndex'.*'number'/,
    );
    expect((await api('DELETE', `${ROOT}/${own}?market_ticker=${GOLD}`)).status).toBe(200);
  });

  it('cancels everything with 204 and no body', async () => {
    await api('POST', ROOT, order);
    await api('POST', ROOT, { ...order, ticker: COIN });
    expect(await api('DELETE', ROOT)).toMatchObject({ status: 204, body: null });
    expect((await api('GET', '/portfolio/orders?status=resting')).body).toEqual({ orders: [], cursor: '' });
  });

  it('pages newest first and ends with an empty cursor', async () => {
    const all = (await api('GET', '/portfolio/orders')).body.orders;
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = (await api('GET', `/portfolio/orders?limit=2&cursor=${cursor}`)).body;
      ids.push(...page.orders.map((one: { order_id: string }) => one.order_id));
      cursor = page.cursor;
    } while (cursor !== '');
    expect(ids).toEqual(all.map((one: { order_id: string }) => one.order_id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(4);
  });

  it.each<[string, object | string, number, object]>([
    [
      'a number for a count',
      { ...order, count: 10 },
      400,
      {
        code: 'bad_request',
        message: 'bad request',
        details:
          'json: cannot unmarshal number into Go struct field CreateOrderV2Request.count of type string',
      },
    ],
    ['a number for a price', { ...order, price: 0.46 }, 400, { code: 'bad_request' }],
    ['a string for a flag', { ...order, post_only: 'yes' }, 400, { code: 'bad_request' }],
    ['a text for an expiration', { ...order, expiration_time: '179' }, 400, { code: 'bad_request' }],
    ['no JSON', '{"ticker":', 400, { code: 'bad_request' }],
    ['a list', [order], 400, { code: 'bad_request' }],
    [
      'no time in force',
      { ...order, time_in_force: undefined },
      400,
      { error: { code: 'invalid_parameters' } },
    ],
    [
      'an unknown time in force',
      { ...order, time_in_force: 'gtc' },
      400,
      { error: { code: 'invalid_parameters' } },
    ],
    ['the old side', { ...order, side: 'yes' }, 400, { error: { code: 'invalid_parameters' } }],
    [
      'no self-trade rule',
      { ...order, self_trade_prevention_type: undefined },
      400,
      { error: { code: 'invalid_parameters' } },
    ],
    ['count zero', { ...order, count: '0.00' }, 400, { error: { code: 'invalid_parameters' } }],
    ['too fine a count', { ...order, count: '1.005' }, 400, { error: { code: 'invalid_parameters' } }],
    ['a negative count', { ...order, count: '-1' }, 400, { error: { code: 'invalid_parameters' } }],
    [
      'a dot in the client id',
      { ...order, client_order_id: 'a.b' },
      400,
      { error: { code: 'invalid_parameters' } },
    ],
    ['an unknown order group', { ...order, order_group_id: 'g' }, 404, { error: { code: 'not_found' } }],
    ['a price off the grid', { ...order, price: '0.4650' }, 400, { error: { code: 'invalid_price' } }],
    ['a price of one dollar', { ...order, price: '1.0000' }, 400, { error: { code: 'invalid_price' } }],
    ['a price in cents', { ...order, price: '46' }, 400, { error: { code: 'invalid_price' } }],
    [
      'a post-only cross',
      { ...order, price: '0.5500', post_only: true },
      400,
      { error: { code: 'invalid_order', details: 'post only cross' } },
    ],
    ['reduce-only at rest', { ...order, reduce_only: true }, 400, { error: { code: 'invalid_order' } }],
    [
      'an expiring IOC',
      { ...order, time_in_force: 'immediate_or_cancel', expiration_time: 1_900_000_000 },
      400,
      { error: { code: 'invalid_order' } },
    ],
    ['more than the cash', { ...order, count: '100000' }, 400, { error: { code: 'insufficient_balance' } }],
    ['an unknown market', { ...order, ticker: 'NOPE' }, 404, { error: { code: 'market_not_found' } }],
    [
      'an unfillable FOK',
      { ...order, time_in_force: 'fill_or_kill' },
      409,
      { error: { code: 'fill_or_kill_insufficient_resting_volume' } },
    ],
  ])('refuses %s', async (_name, body, status, expected) => {
    const answer = await api('POST', ROOT, body);
    expect(answer.body).toMatchObject(expected);
    expect(answer.status).toBe(status);
  });

  it('refuses with 409 during a trading pause, but cancels', async () => {
    const { order_id } = (await api('POST', ROOT, order)).body;
    local.exchange.setTradingActive(false);
    const refused = await api('POST', ROOT, order);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'trading_is_paused']);
    expect((await api('GET', '/exchange/status')).body).toMatchObject({
      exchange_active: true,
      trading_active: false,
    });
    expect((await api('DELETE', `${ROOT}/${order_id}?market_ticker=${GOLD}`)).status).toBe(200);
    local.exchange.setTradingActive(true);
  });

  it('keeps, moves and clears the expiration in an amend, and refuses one that has passed', async () => {
    const now = Math.floor(local.exchange.nowMs / 1_000);
    const { order_id: id } = (await api('POST', ROOT, { ...order, expiration_time: now + 60 })).body;
    const amend = (change: object) =>
      api('POST', `${ROOT}/${id}/amend`, {
        ...{ ticker: GOLD, side: 'bid', price: '0.4600', count: '10.00' },
        ...change,
      });
    const expires = async () => (await api('GET', `/portfolio/orders/${id}`)).body.order.expiration_time;
    const iso = (seconds: number) => `${new Date(seconds * 1_000).toISOString().slice(0, -1)}000Z`;
    expect((await amend({})).status).toBe(200);
    expect(await expires()).toBe(iso(now + 60));
    expect((await amend({ expiration_time: now + 90 })).status).toBe(200);
    expect(await expires()).toBe(iso(now + 90));
    const past = await amend({ expiration_time: now - 1 });
    expect([past.status, past.body.error.code]).toEqual([400, 'invalid_order']);
    expect(await expires()).toBe(iso(now + 90));
    expect((await amend({ expiration_time: 0 })).status).toBe(200);
    expect(await expires()).toBeUndefined();
    await api('DELETE', `${ROOT}/${id}?market_ticker=${GOLD}`);
  });

  it('creates and cancels a post-only cross when told to', async () => {
    const other = await startFixture({ postOnlyCross: 'cancel' });
    const crossing = { ...order, price: '0.5500', post_only: true };
    const placed = await call(other.local, other.wall, 'POST', ROOT, crossing);
    expect([placed.status, placed.body.fill_count, placed.body.remaining_count]).toEqual([
      201,
      '0.00',
      '0.00',
    ]);
    const read = await call(other.local, other.wall, 'GET', `/portfolio/orders/${placed.body.order_id}`);
    expect(read.body.order).toMatchObject({
      status: 'canceled',
      last_update_reason: 'PostOnlyCrossCancel',
    });
    await other.local.close();
  });
});
