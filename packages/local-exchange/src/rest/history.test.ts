import { Count, FeeSchedule, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import type { LocalExchangeOptions } from '../options.ts';
import { COIN, type FixtureWorld, GOLD, houseOrder, LATER, START_MS } from '../testing/fixture-world.ts';
import { call, KEY_ID, KEYS, startFixture, USER } from '../testing/local-client.ts';

const MINUTE = 60_000;
const START_TS = START_MS / 1_000;

let local: LocalExchange;
let world: FixtureWorld;
let wall: { ms: number };
const start = async (options: Partial<LocalExchangeOptions> = {}) => {
  ({ local, world, wall } = await startFixture(options));
  local.start();
};
beforeEach(() => start());
afterEach(() => local.close());

const get = (path: string) => call(local, wall, 'GET', path);
const pass = (ms: number) => {
  // In steps, so that the work of one turn is never too much.
  for (let left = ms; left > 0; left -= MINUTE) {
    wall.ms += Math.min(left, MINUTE);
    local.turn();
  }
};

describe('candlesticks', () => {
  const path = `/series/KXGOLD15M/markets/${GOLD}/candlesticks`;
  const range = (minutes: number) =>
    `start_ts=${START_TS}&end_ts=${START_TS + 3_600}&period_interval=${minutes}`;
  /** The user buys from the house. */
  const trade = (price: number, count: number) => {
    houseOrder(world.exchange, GOLD, 'ask', price, count);
    const bought = world.exchange.place(USER, {
      ticker: GOLD,
      side: 'bid',
      price: Price.of(price),
      count: Count.of(count),
      timeInForce: 'immediate-or-cancel',
      selfTradePrevention: 'maker',
      clientOrderId: null,
      postOnly: false,
      reduceOnly: false,
      cancelOnPause: false,
      expirationMs: null,
    });
    expect(bought).toMatchObject({ ok: true });
  };

  it('tell quotes and trades per minute, hour and day', async () => {
    trade(5_000, 100);
    trade(5_200, 300);
    pass(2 * MINUTE);
    houseOrder(world.exchange, GOLD, 'bid', 4_600, 100);
    trade(4_900, 200);
    const { candlesticks } = (await get(`${path}?${range(1)}`)).body;
    expect(candlesticks).toHaveLength(2);
    expect(candlesticks[0]).toEqual({
      end_period_ts: START_TS + 60,
      yes_bid: {
        open_dollars: '0.4500',
        low_dollars: '0.4500',
        high_dollars: '0.4500',
        close_dollars: '0.4500',
      },
      yes_ask: {
        open_dollars: '0.5500',
        low_dollars: '0.5000',
        high_dollars: '0.5500',
        close_dollars: '0.5500',
      },
      price: {
        open_dollars: '0.5000',
        low_dollars: '0.5000',
        high_dollars: '0.5200',
        close_dollars: '0.5200',
        mean_dollars: '0.5150',
        min_dollars: '0.5000',
        max_dollars: '0.5200',
      },
      volume_fp: '4.00',
      open_interest_fp: '4.00',
    });
    expect(candlesticks[1]).toMatchObject({
      end_period_ts: START_TS + 180,
      yes_bid: { open_dollars: '0.4500', close_dollars: '0.4600' },
      price: { close_dollars: '0.4900', previous_dollars: '0.5200' },
      volume_fp: '2.00',
    });
    const hour = (await get(`${path}?${range(60)}`)).body.candlesticks;
    expect(hour).toMatchObject([
      {
        end_period_ts: START_TS + 3_600,
        yes_bid: { open_dollars: '0.4500', close_dollars: '0.4600' },
        price: {
          open_dollars: '0.5000',
          low_dollars: '0.4900',
          high_dollars: '0.5200',
          close_dollars: '0.4900',
        },
        volume_fp: '6.00',
      },
    ]);
  });

  it('of many markets and of an event, with how things stood before', async () => {
    trade(5_000, 100);
    pass(5 * MINUTE);
    const from = START_TS + 240;
    const query = `start_ts=${from}&end_ts=${from + 600}&period_interval=1&include_latest_before_start=true`;
    const { markets } = (await get(`/markets/candlesticks?market_tickers=${GOLD},${COIN},NOPE&${query}`))
      .body;
    expect(markets.map((one: { market_ticker: string }) => one.market_ticker)).toEqual([GOLD, COIN]);
    expect(markets[0].candlesticks).toEqual([
      expect.objectContaining({
        end_period_ts: from,
        price: { previous_dollars: '0.5000' },
        volume_fp: '0.00',
      }),
    ]);
    const event = GOLD.slice(0, GOLD.lastIndexOf('-'));
    const whole = (await get(`/series/KXGOLD15M/events/${event}/candlesticks?${range(1)}`)).body;
    expect(whole).toMatchObject({ market_tickers: [GOLD], adjusted_end_ts: START_TS + 3_600 });
    expect(whole.market_candlesticks[0]).toHaveLength(1);
  });

  it.each<[string, string, number]>([
    ['without a range', `${path}?period_interval=1`, 400],
    ['a period that does not exist', `${path}?${range(5)}`, 400],
    ['the wrong series', `${path.replace('KXGOLD', 'KXBTC')}?${range(1)}`, 404],
    ['an unknown market', `${path.replace(GOLD, 'NOPE')}?${range(1)}`, 404],
    ['many of none', `/markets/candlesticks?${range(1)}`, 400],
  ])('refuse %s', async (_, url, status) => {
    expect((await get(url)).status).toBe(status);
  });
});

describe('the historical tier', () => {
  it('takes over what is older than the cut-off, and nothing before', async () => {
    await local.close();
    await start({ historicalAfterMs: 10 * MINUTE });
    const order = { ticker: GOLD, side: 'bid', count: '2.00', price: '0.5500' };
    const rest = { time_in_force: 'good_till_canceled', self_trade_prevention_type: 'maker' };
    await call(local, wall, 'POST', '/portfolio/events/orders', { ...order, ...rest });
    const counts = async (tier: string) => {
      const read = async (what: string) => (await get(`${tier}/${what}`)).body;
      const account = tier === '' ? '/portfolio' : tier;
      const own = async (what: string) => (await get(`${account}/${what}`)).body;
      return [
        (await read(tier === '' ? 'markets/trades' : 'trades')).trades.length,
        (await own('fills')).fills.length,
        (await own('orders')).orders.length,
        (await own('positions')).market_positions.length,
        (await read('markets')).markets.length,
      ];
    };
    expect(await counts('')).toEqual([1, 1, 1, 1, 3]);
    expect(await counts('/historical')).toEqual([0, 0, 0, 0, 0]);
    const historical = await get(`/historical/markets/${GOLD}`);
    expect(historical.status).toBe(404);

    pass(27 * MINUTE);
    expect(await counts('')).toEqual([0, 0, 0, 0, 1]);
    expect(await counts('/historical')).toEqual([1, 1, 1, 1, 2]);
    expect((await get(`/markets/${GOLD}`)).status).toBe(404);
    expect((await get(`/historical/markets/${GOLD}`)).body.market).toMatchObject({ status: 'finalized' });
    const cutoff = (await get('/historical/cutoff')).body;
    expect(Date.parse(cutoff.market_settled_ts)).toBe(local.exchange.nowMs - 10 * MINUTE);
    expect(Object.keys(cutoff)).toHaveLength(4);
    const range = `start_ts=${START_TS}&end_ts=${START_TS + 3_600}&period_interval=1`;
    const candles = (await get(`/historical/markets/${GOLD}/candlesticks?${range}`)).body.candlesticks;
    expect(candles[0]).toMatchObject({
      yes_bid: { open: '0.4500' },
      price: { open: '0.5500', mean: '0.5500', previous: null },
      volume: '2.00',
    });
    expect((await get(`/series/KXGOLD15M/markets/${GOLD}/candlesticks?${range}`)).status).toBe(404);
  });
});

describe('reads about changes and the account', () => {
  it('list fee overrides, and markets whose description has changed', async () => {
    pass(2 * MINUTE);
    const event = COIN.slice(0, COIN.lastIndexOf('-'));
    const since = Math.floor(local.exchange.nowMs / 1_000);
    const changed = async (query = '') =>
      (await get(`/markets?min_updated_ts=${since}${query}`)).body.markets.map(
        (market: { ticker: string }) => market.ticker,
      );
    expect(await changed()).toEqual([]);
    local.exchange.updateMarket(LATER, { floorStrike: '4100' });
    expect(await changed('&mve_filter=exclude&series_ticker=KXGOLD15M')).toEqual([LATER]);
    expect((await get(`/markets?min_updated_ts=${since}&status=open`)).status).toBe(400);
    const events = (await get(`/events?min_updated_ts=${since}`)).body.events;
    expect(events.map((row: { event_ticker: string }) => row.event_ticker)).toEqual([LATER.slice(0, -3)]);
    const { series } = (await get(`/series?min_updated_ts=${since}`)).body;
    expect(series.map((row: { ticker: string }) => row.ticker)).toEqual(['KXGOLD15M']);
    const [first] = (await get(`/markets?tickers=${LATER}`)).body.markets;
    expect(Date.parse(first.updated_time)).toBe(since * 1_000);

    // A market is there from its listing on, long before it opens.
    const ticker = Ticker.of('KXGOLD15M-NEW');
    local.exchange.listMarket({ ...local.exchange.market(LATER)!, ticker });
    const isNew = `/markets?min_created_ts=${since}`;
    expect((await get(isNew)).body.markets).toMatchObject([{ ticker, status: 'initialized' }]);
    const times = [first.created_time, first.open_time].map((text) => Date.parse(text));
    expect(times).toEqual([START_MS, START_MS + 15 * MINUTE]);

    local.exchange.setEventFees(event, FeeSchedule.QUADRATIC);
    expect((await get(`/events/fee_changes?event_ticker=${event}`)).body).toEqual({
      event_fee_changes: [
        {
          id: expect.any(String),
          event_ticker: event,
          series_ticker: 'KXBTC15M',
          fee_type_override: 'quadratic',
          fee_multiplier_override: 1,
          scheduled_ts: expect.stringMatching(/^2026-10-05T14:02/),
        },
      ],
      cursor: '',
    });
  });

  it('list incentive programs by state, those that were given', async () => {
    await local.close();
    const program = (id: string, from: number, to: number) => ({
      id,
      market_id: 'm',
      market_ticker: GOLD,
      incentive_type: 'liquidity' as const,
      incentive_description: 'test',
      start_date: Timestamp.formatIso(Timestamp.of(START_MS + from * MINUTE)),
      end_date: Timestamp.formatIso(Timestamp.of(START_MS + to * MINUTE)),
      period_reward: 200_000,
      paid_out: false,
    });
    await start({
      incentivePrograms: [program('past', -9, -1), program('now', -1, 9), program('next', 9, 20)],
    });
    const ids = async (query: string) =>
      (await get(`/incentive_programs?${query}`)).body.incentive_programs.map(
        (one: { id: string }) => one.id,
      );
    expect(await ids('')).toEqual(['past', 'now', 'next']);
    expect(await ids('status=active')).toEqual(['now']);
    expect(await ids('status=upcoming&type=liquidity')).toEqual(['next']);
    expect(await ids('status=closed')).toEqual(['past']);
    expect(await ids('type=volume')).toEqual([]);
    const first = (await get('/incentive_programs?limit=2')).body;
    expect(first.next_cursor).not.toBe('');
    expect(await ids(`limit=2&cursor=${first.next_cursor}`)).toEqual(['next']);
    expect(await ids('incentive_description=other')).toEqual([]);
    expect(await ids('status=paid_out')).toEqual([]);
    expect((await get('/incentive_programs?status=ended')).status).toBe(400);
    expect((await get('/incentive_programs?type=liquidty')).status).toBe(400);
  });

  it('tell keys and volume to their owner only', async () => {
    expect((await get('/api_keys')).body).toEqual({
      api_keys: [{ api_key_id: KEY_ID, name: KEY_ID, scopes: ['read', 'write'] }],
      api_key_region_expiration_ts: null,
    });
    const progress = (await get('/account/api_usage_level/volume_progress')).body.volume_progress;
    expect(progress).toMatchObject([{ trailing_30d_volume_fp: '0.00' }]);
    expect(progress[0].goals.map(({ level }: { level: string }) => level)).toContain('premier');
    expect((await get('/portfolio/summary/total_resting_order_value')).status).toBe(403);
  });

  it('move cash between shards, each with its own', async () => {
    await local.close();
    const cashDollars = { 0: 100 };
    await start({ users: [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars }] });
    const rows = async () =>
      (await get('/portfolio/subaccounts/balances')).body.subaccount_balances.map(
        (row: { exchange_index: number; balance: string }) => [row.exchange_index, row.balance],
      );
    expect(await rows()).toEqual([[0, '100.0000']]);
    expect((await get('/portfolio/balance?exchange_index=2')).status).toBe(404);
    const path = '/portfolio/intra_exchange_instance_transfer';
    const body = { source: 'event_contract', destination: 'event_contract', amount: 250_000 };
    const moved = await call(local, wall, 'POST', path, { ...body, destination_exchange_shard: 2 });
    expect(moved.status).toBe(200);
    expect(await rows()).toEqual([[0, '75.0000'], [2, '25.0000']]); // biome-ignore format: rows
    expect((await get('/portfolio/balance?exchange_index=2')).body.balance_dollars).toBe('25.0000');
    const { transfers } = (await get(`${path}s`)).body;
    expect(transfers).toMatchObject([
      { transfer_id: moved.body.transfer_id, amount: '25.0000', status: 'complete' },
    ]);
    expect((await get(`${path}s/${moved.body.transfer_id}`)).body.transfer).toEqual(transfers[0]);
    const tooMuch = await call(local, wall, 'POST', path, {
      ...body,
      amount: 10_000_000,
      destination_exchange_shard: 2,
    });
    expect([tooMuch.status, tooMuch.body.error.code]).toEqual([400, 'insufficient_balance']);
  });

  it.each([
    ['/events/multivariate', { events: [], cursor: '' }],
    ['/series/fee_changes', { series_fee_change_arr: [] }],
    ['/search/filters_by_sport', { filters_by_sports: {}, sport_ordering: [] }],
    ['/search/tags_by_categories', { tags_by_categories: { commodities: [], crypto: [] } }],
    ['/structured_targets', { structured_targets: [], cursor: '' }],
    ['/milestones?limit=5', { milestones: [], cursor: '' }],
    ['/live_data/batch?milestone_ids=a', { live_datas: [] }],
  ])('%s has nothing to tell, in its documented shape', async (path, body) => {
    expect((await get(path)).body).toEqual(body);
  });

  it.each(['/milestones', '/live_data/milestone/x', '/live_data/events/x', '/structured_targets/x'])(
    '%s is refused',
    async (path) => {
      expect((await get(path)).status).toBe(path === '/milestones' ? 400 : 404);
    },
  );
});
