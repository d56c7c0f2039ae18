import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLocalExchange } from '../local-exchange.ts';
import type { LocalExchangeOptions } from '../options.ts';
import { COIN, fixtureWorld, GOLD, START_MS } from '../testing/fixture-world.ts';
import { call, fixtures, openFeed, USER } from '../testing/local-client.ts';

const TOKEN = 'a-token-for-tests-only';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '2.00',
  price: '0.5500',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

describe('the control port', () => {
  const startFixture = fixtures();
  const start = async (options: Partial<LocalExchangeOptions> = {}) => {
    const fixture = await startFixture({ control: { token: TOKEN }, ...options });
    const { local, wall } = fixture;
    const control = async (method: string, path: string, body?: unknown, token = TOKEN) => {
      const response = await fetch(local.control!.controlUrl + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as any };
    };
    const api = (method: string, path: string, body?: unknown) => call(local, wall, method, path, body);
    return { ...fixture, control, api };
  };

  it('is closed unless asked for, and makes a token of its own', async () => {
    const { local } = await startFixture();
    expect(local.control).toBeNull();
    await local.close();
    const { local: controlled } = await startFixture({ control: {} });
    expect(controlled.control!.controlToken).toMatch(/^[\w-]{40,}$/);
    expect(controlled.control!.controlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('does nothing without its token', async () => {
    const { local, control } = await start();
    const bare = await fetch(`${local.control!.controlUrl}/ledger`);
    expect(bare.status).toBe(401);
    expect((await control('GET', '/ledger', undefined, 'a-token-for-tests-onlx')).status).toBe(401);
    expect((await control('POST', '/exchange/trading', { active: false }, '')).status).toBe(401);
    expect(local.exchange.tradingActive).toBe(true);
  });

  it('pauses, resumes, speeds up and steps time', async () => {
    const { wall, control, api } = await start();
    await api('GET', '/portfolio/balance');
    wall.ms += 1_000;
    expect((await control('GET', '/time')).body).toEqual({
      now_ms: START_MS + 1_000,
      speed: 1,
      running: true,
    });
    expect((await control('POST', '/time/pause')).body.running).toBe(false);
    wall.ms += 5_000;
    const paused = await api('GET', '/portfolio/balance');
    expect(paused.headers.get('x-exchange-clock')).toBe(`now=${START_MS + 1_000}; speed=0`);
    expect((await control('POST', '/time/step', { ms: 2_500 })).body.now_ms).toBe(START_MS + 3_500);
    await control('POST', '/time/speed', { speed: 10 });
    await control('POST', '/time/resume');
    wall.ms += 100;
    expect((await control('GET', '/time')).body).toEqual({
      now_ms: START_MS + 4_500,
      speed: 10,
      running: true,
    });
    const header = (await api('GET', '/portfolio/balance')).headers.get('x-exchange-clock');
    expect(header).toBe(`now=${START_MS + 4_500}; speed=10`);
  });

  it('trades while time stands still, and tells it', async () => {
    const { local, wall, control, api } = await start();
    const feed = await openFeed(local, wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['fill', 'ticker'], market_ticker: GOLD } });
    await control('POST', '/time/pause');
    expect((await api('POST', '/portfolio/events/orders', ORDER)).body.fill_count).toBe('2.00');
    await feed.until((message) => message.type === 'fill');
    await feed.until((message) => message.type === 'ticker' && message.msg.last_trade_size_fp === '2.00');
  });

  it('steps over the end of a market', async () => {
    const { local, control } = await start();
    await control('POST', '/time/step', { ms: 16 * 60_000 });
    expect(local.exchange.market(GOLD)!.status).toBe('finalized');
  });

  it('makes faults happen and counts them', async () => {
    const { control, api } = await start();
    const match = 'GET /portfolio/balance';
    expect((await control('POST', '/faults/restUnavailable', { times: 1, match })).status).toBe(200);
    expect((await api('GET', '/portfolio/fills')).status).toBe(200);
    expect((await api('GET', '/portfolio/balance')).status).toBe(503);
    expect((await control('GET', '/faults')).body.happened).toMatchObject({
      restUnavailable: 1,
      feedDrop: 0,
    });
    expect((await control('POST', '/faults/fire')).status).toBe(400);
  });

  it('pauses, reactivates, closes and settles a market', async () => {
    const { control, api } = await start();
    expect((await control('POST', `/markets/${GOLD}/pause`)).body).toEqual({
      ticker: GOLD,
      status: 'inactive',
    });
    expect((await api('POST', '/portfolio/events/orders', ORDER)).status).toBe(409);
    expect((await control('POST', `/markets/${GOLD}/reactivate`)).body.status).toBe('active');
    expect((await control('POST', `/markets/${COIN}/close`)).body.status).not.toBe('active');
    const body = { result: 'scalar', settlement_value_dollars: '0.2500' };
    await control('POST', `/markets/${GOLD}/determine`, body);
    await control('POST', '/time/step', { ms: 2_000 });
    const { market } = (await api('GET', `/markets/${GOLD}`)).body;
    expect(market).toMatchObject({
      result: 'scalar',
      settlement_value_dollars: '0.2500',
      status: 'finalized',
    });
    expect((await control('POST', '/markets/NOPE/close')).status).toBe(404);
  });

  it('disputes and amends a result, and moves a close there and back', async () => {
    const { local, wall, control, api } = await start();
    const feed = await openFeed(local, wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    await feed.settled();
    await control('POST', '/time/pause');
    expect((await control('POST', `/markets/${GOLD}/dispute`)).status).toBe(400);
    await control('POST', `/markets/${GOLD}/determine`, { result: 'yes' });
    expect((await control('POST', `/markets/${GOLD}/dispute`)).body.status).toBe('disputed');
    await control('POST', '/time/step', { ms: 5_000 });
    expect(local.exchange.market(GOLD)!.status).toBe('disputed');
    expect((await control('POST', `/markets/${GOLD}/amend`, { result: 'no' })).body.status).toBe('amended');
    await control('POST', '/time/step', { ms: 5_000 });
    expect((await api('GET', `/markets/${GOLD}`)).body.market).toMatchObject({
      status: 'finalized',
      result: 'no',
    });
    const at = new Date(START_MS + 60_000).toISOString();
    expect((await control('POST', `/markets/${COIN}/close`, { at })).body.status).toBe('active');
    await control('POST', '/time/step', { ms: 50_001 });
    expect(local.exchange.market(COIN)!.status).not.toBe('active');
    await feed.settled();
    const told = feed.messages.filter(({ type }) => type === 'market_lifecycle_v2');
    expect(told.map(({ msg }) => [msg.market_ticker, msg.event_type, msg.result])).toEqual(
      expect.arrayContaining([
        [GOLD, 'determined', 'yes'],
        [GOLD, 'determined', 'no'],
        [COIN, 'close_date_updated', undefined],
      ]),
    );
    expect((await control('POST', `/markets/${COIN}/close`, { at: 'soon' })).status).toBe(400);
  });

  it('tells a late strike, changes the grid, and gives money', async () => {
    const { control, api } = await start();
    await control('POST', `/markets/${GOLD}/describe`, { floor_strike: 4020.5, yes_sub_title: 'Above' });
    const price_ranges = [{ start: '0', end: '1', step: '0.001' }];
    expect((await control('POST', `/markets/${GOLD}/grid`, { price_ranges })).status).toBe(200);
    expect((await api('GET', `/markets/${GOLD}`)).body.market).toMatchObject({
      floor_strike: 4020.5,
      yes_sub_title: 'Above',
      price_level_structure: 'deci_cent',
    });
    expect((await api('POST', '/portfolio/events/orders', { ...ORDER, price: '0.4015' })).status).toBe(400);
    expect((await api('POST', '/portfolio/events/orders', { ...ORDER, price: '0.4010' })).status).toBe(201);
    expect((await control('POST', `/markets/${GOLD}/grid`, { price_ranges: [] })).status).toBe(400);
    const before = (await api('GET', '/portfolio/balance')).body.balance;
    expect((await control('POST', `/users/${USER}/deposit`, { dollars: '12.3456' })).status).toBe(200);
    expect((await api('GET', '/portfolio/balance')).body.balance - before).toBe(1_234);
    for (const dollars of ['-1', '0', '1e3', '0.00001', '1000000000'])
      expect([dollars, (await control('POST', `/users/${USER}/deposit`, { dollars })).status]).toEqual([
        dollars,
        400,
      ]);
    expect((await control('POST', '/users/nobody/deposit', { dollars: '1' })).status).toBe(400);
  });

  it('changes fees of a market and of an event', async () => {
    const { local, control, api } = await start();
    const fee = async () => {
      await control('POST', `/markets/${GOLD}/reactivate`);
      const placed = await api('POST', '/portfolio/events/orders', { ...ORDER, count: '1.00' });
      return placed.body.average_fee_paid;
    };
    const usual = await fee();
    const free = { fee_type: 'quadratic', fee_multiplier: 0 };
    const double = { fee_type: 'quadratic', fee_multiplier: 2 };
    const event = local.exchange.market(GOLD)!.eventTicker;
    await control('POST', `/markets/${GOLD}/fees`, free);
    const none = await fee();
    await control('POST', `/events/${event}/fees`, double);
    const most = await fee();
    expect([Number(none), Number(most) > Number(usual) * 1.9]).toEqual([0, true]);
    expect((await control('POST', `/events/${event}/fees`, { fee_type: null })).status).toBe(200);
    expect((await api('GET', '/events/fee_changes')).body.event_fee_changes).toHaveLength(2);
  });

  it('pauses trading, and everything', async () => {
    const { control, api } = await start();
    await control('POST', '/exchange/trading', { active: false });
    expect((await api('POST', '/portfolio/events/orders', ORDER)).body.error.code).toBe('trading_is_paused');
    await control('POST', '/exchange/trading', { active: true });
    await control('POST', '/exchange/active', { active: false, exchange_index: 0 });
    expect((await api('GET', '/exchange/status')).body.exchange_active).toBe(false);
  });

  it('shows the books of the exchange, stale or not', async () => {
    const { control, api } = await start({ faults: { staleReadsMs: 60_000 } });
    await api('POST', '/portfolio/events/orders', ORDER);
    expect((await api('GET', '/portfolio/fills')).body.fills).toEqual([]);
    const { body } = await control('GET', '/ledger');
    expect(body.users).toHaveLength(1);
    expect(body.users[0]).toMatchObject({
      user_id: USER,
      orders: [{ status: 'executed' }],
      fills: [{ count_fp: '2.00' }],
      positions: [{ ticker: GOLD, position_fp: '2.00' }],
    });
    expect(body.users[0].cash[0].free_dollars).toMatch(/^998\.\d{6}$/);
    expect(Number(body.fees_collected_dollars)).toBeGreaterThan(0);
  });

  it('audits a generated world', async () => {
    const { wall, control, api } = await start({ world: { kind: 'synthetic', seed: 7 } });
    const { markets } = (await api('GET', '/markets?status=open&limit=3')).body;
    for (const { ticker } of markets) {
      for (const [side, price] of [
        ['bid', '0.9900'],
        ['ask', '0.9900'],
      ] as const) {
        // biome-ignore format: rows
        wall.ms += 500;
        expect(
          (await api('POST', '/portfolio/events/orders', { ...ORDER, ticker, side, price })).status,
        ).toBe(201);
      }
    }
    expect((await control('GET', '/ledger')).body.users[0].fills.length).toBeGreaterThan(0);
    expect((await control('GET', '/audit')).body).toEqual({ agrees: true });
    wall.ms += 500;
    await api('POST', '/portfolio/subaccounts', {});
    const rent = { client_transfer_id: 't', from_subaccount: 0, to_subaccount: 1, amount_cents: 10_000 };
    expect((await api('POST', '/portfolio/subaccounts/transfer', rent)).status).toBe(200);
    const { ticker } = markets[0];
    const elsewhere = { ...ORDER, ticker, price: '0.9900', subaccount: 1 };
    expect((await api('POST', '/portfolio/events/orders', elsewhere)).status).toBe(201);
    const { users } = (await control('GET', '/ledger')).body;
    expect(users.map((row: any) => [row.user_id, row.subaccount_number])).toEqual([
      [USER, 0],
      [USER, 1],
    ]);
    expect(users[1].orders).toMatchObject([{ subaccount_number: 1 }]);
    expect((await control('GET', '/audit')).body).toEqual({ agrees: true });
    await control('POST', '/time/step', { ms: 20 * 60_000 });
    expect((await control('GET', '/audit')).body).toEqual({ agrees: true });
  });

  it('adds an incentive program, shows everybody’s score, and pays it', async () => {
    const { control, api } = await start();
    await api('GET', '/portfolio/balance');
    await control('POST', '/time/pause');
    const iso = (ms: number) => new Date(ms).toISOString();
    const program = {
      id: 'minute',
      market_ticker: GOLD,
      start_date: iso(START_MS),
      end_date: iso(START_MS + 60_000),
      period_reward: 200_000,
      target_size_fp: '2.00',
      discount_factor_bps: 5_000,
    };
    const added = await control('POST', '/incentives', { ...program, payout_delay_ms: 30_000 });
    expect(added.status).toBe(200);
    expect(added.body.programs).toMatchObject([{ id: 'minute', snapshots: 0, scores: [] }]);
    expect((await control('POST', '/incentives', program)).status).toBe(400);
    expect((await control('POST', '/incentives', { ...program, id: 'b', target_size_fp: 'x' })).status).toBe(
      400,
    );
    const rows = async (status: string) =>
      (await api('GET', `/incentive_programs?status=${status}`)).body.incentive_programs.map(
        ({ id }: { id: string }) => id,
      );
    expect(await rows('active')).toEqual(['minute']);
    await api('POST', '/portfolio/events/orders', { ...ORDER, price: '0.5400' });
    const before = (await api('GET', '/portfolio/balance')).body.balance;
    await control('POST', '/time/step', { ms: 60_000 });
    const [{ snapshots, scores, paid_out: paid }] = (await control('GET', '/incentives')).body.programs;
    expect({ snapshots, paid }).toEqual({ snapshots: 60, paid: false });
    const { share, reward_dollars: reward } = scores.find((one: { user_id: string }) => one.user_id === USER);
    // Alone at the best bid with the whole target size: all of that side.
    expect([share, reward]).toEqual([0.5, '10.000000']);
    expect([await rows('closed'), await rows('paid_out')]).toEqual([['minute'], []]);
    await control('POST', '/time/step', { ms: 30_000 });
    expect((await api('GET', '/portfolio/balance')).body.balance - before).toBe(1_000);
    expect(await rows('paid_out')).toEqual(['minute']);
  });

  it('does not audit a world of somebody else', async () => {
    const { control } = await start();
    expect((await control('GET', '/audit')).status).toBe(409);
  });

  it.each<[string, string, string, unknown, number]>([
    ['an unknown path', 'POST', '/nowhere', {}, 404],
    ['a wrong method', 'GET', '/time/pause', undefined, 404],
    ['what is not JSON', 'POST', '/time/step', '{', 400],
    ['a step back', 'POST', '/time/step', { ms: -1 }, 400],
    ['a speed of zero', 'POST', '/time/speed', { speed: 0 }, 400],
    ['an unknown field', 'POST', '/time/step', { ms: 1, s: 1 }, 400],
    ['a price that is none', 'POST', `/markets/${GOLD}/determine`, { result: 'scalar', settlement_value_dollars: 'x' }, 400], // biome-ignore format: table
    ['a broken escape', 'POST', '/markets/%zz/close', {}, 400],
    ['an oversized body', 'POST', '/time/step', `{"ms":${' '.repeat(100_000)}1}`, 413],
  ])('refuses %s', async (_, method, path, body, status) => {
    const { control } = await start();
    expect((await control(method, path, body)).status).toBe(status);
  });

  it('says when its port is taken, and leaves nothing open behind it', async () => {
    const { local } = await start();
    const port = Number(new URL(local.control!.controlUrl).port);
    const world = { kind: 'custom', world: fixtureWorld() } as const;
    await expect(createLocalExchange({ world, users: [], control: { port } })).rejects.toThrow(/in use/);
    await expect(createLocalExchange({ world, users: [], control: { token: 'short' } })).rejects.toThrow(
      /token/,
    );
  });

  it('closes with the exchange', async () => {
    const { local } = await start();
    const port = Number(new URL(local.control!.controlUrl).port);
    await local.close();
    const refused = new Promise<string>((resolve) => {
      connect(port, '127.0.0.1').once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
    expect(await refused).toBe('ECONNREFUSED');
  });
});
