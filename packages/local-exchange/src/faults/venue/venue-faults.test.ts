import { type Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { LocalExchangeOptions } from '../../options.ts';
import { COIN, GOLD, START_MS } from '../../testing/fixture-world.ts';
import { call, fixtures, openFeed, USER } from '../../testing/local-client.ts';
import type { FaultOptions } from '../fault-options.ts';

const startFixture = fixtures();

const ROOT = '/portfolio/events/orders';
const TOKEN = 'a-token-for-tests-only';
const GOLD_EVENT = GOLD.slice(0, GOLD.lastIndexOf('-'));

describe('faults of the exchange', () => {
  const start = async (faults: FaultOptions, options: Partial<LocalExchangeOptions> = {}) => {
    const fixture = await startFixture({ faults, control: { token: TOKEN }, ...options });
    const { local, wall } = fixture;
    const api = (method: string, path: string, body?: unknown) => call(local, wall, method, path, body);
    const place = async (ticker: Ticker = GOLD) => {
      const { status, body } = await api('POST', ROOT, {
        ticker,
        side: 'bid',
        count: '2.00',
        price: '0.4600',
        time_in_force: 'good_till_canceled',
        self_trade_prevention_type: 'taker_at_cross',
      });
      return { status, code: body.error?.code, orderId: body.order_id as string };
    };
    const cancel = async (orderId: string, ticker: Ticker = GOLD) => {
      const { status, body } = await api('DELETE', `${ROOT}/${orderId}?market_ticker=${ticker}`);
      return [status, body.error?.code];
    };
    const control = async (path: string, body: object) => {
      const response = await fetch(local.control!.controlUrl + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(body),
      });
      return response.status;
    };
    /** Lets so much simulated time pass. */
    const pass = (ms: number) => {
      wall.ms += ms;
      local.turn();
    };
    const status = async () => (await api('GET', '/exchange/status')).body;
    const market = async (ticker: Ticker = GOLD) => (await api('GET', `/markets/${ticker}`)).body.market;
    const lifecycle = async () => {
      const feed = await openFeed(local, wall);
      feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
      await feed.settled();
      return async () => {
        await feed.settled();
        const told = feed.messages.filter(({ type }) => type !== 'subscribed' && type !== 'ok');
        return told.map(({ type, msg }) => msg?.event_type ?? type);
      };
    };
    local.start();
    return { ...fixture, api, place, cancel, control, pass, status, market, lifecycle };
  };

  it('pauses trading, by script and for its time; cancels pass', async () => {
    const { place, cancel, pass, status } = await start({
      pauseMs: 4_000,
      script: [{ fault: 'tradingPause', afterMs: 2_000 }],
    });
    const { orderId } = await place();
    pass(1_999);
    expect(await status()).toMatchObject({ trading_active: true });
    pass(1);
    expect(await status()).toMatchObject({ trading_active: false, exchange_active: true });
    expect(await place()).toMatchObject({ status: 409, code: 'trading_is_paused' });
    expect(await cancel(orderId)).toEqual([200, undefined]);
    pass(3_999);
    expect(await place()).toMatchObject({ status: 409 });
    pass(1);
    expect(await place()).toMatchObject({ status: 201 });
  });

  it('pauses everything, cancels included', async () => {
    const { local, place, cancel, control, pass, status } = await start({ pauseMs: 4_000 });
    const { orderId } = await place();
    expect(await control('/faults/exchangePause', {})).toBe(200);
    expect(await status()).toMatchObject({ exchange_active: false });
    expect(await place()).toMatchObject({ status: 409, code: 'exchange_is_paused' });
    expect(await cancel(orderId)).toEqual([409, 'exchange_is_paused']);
    expect(local.faults.happened('exchangePause')).toBe(1);
    pass(4_000);
    expect(await cancel(orderId)).toEqual([200, undefined]);
  });

  it('pauses one shard, and leaves the others alone', async () => {
    const { local, place, cancel, pass } = await start({ pauseMs: 4_000 });
    const [gold, coin] = [await place(GOLD), await place(COIN)];
    local.faults.inject('shardExchangePause', { match: '2' });
    expect(await place(COIN)).toMatchObject({ status: 409, code: 'exchange_is_paused' });
    expect(await cancel(coin.orderId, COIN)).toEqual([409, 'exchange_is_paused']);
    expect(await place(GOLD)).toMatchObject({ status: 201 });
    local.faults.inject('shardTradingPause', { match: '0' });
    expect(await place(GOLD)).toMatchObject({ status: 409, code: 'trading_is_paused' });
    expect(await cancel(gold.orderId)).toEqual([200, undefined]);
    pass(4_000);
    expect([(await place(GOLD)).status, (await place(COIN)).status]).toEqual([201, 201]);
  });

  it('leaves the end of a pause to the maintenance that has begun in it', async () => {
    const { local, world, status } = await start({ pauseMs: 60_000 }, { weeklyMaintenance: true });
    const move = (iso: string) => world.exchange.advanceTo(Timestamp.parseIso(iso));
    move('2026-10-08T06:59:30Z');
    local.faults.inject('tradingPause');
    move('2026-10-08T07:01:00Z');
    expect(await status()).toMatchObject({ trading_active: false });
    move('2026-10-08T09:00:00Z');
    expect(await status()).toMatchObject({ trading_active: true });
  });

  it('deactivates a market and reactivates it with an empty book', async () => {
    const { local, place, pass, market, lifecycle } = await start({ marketPauseMs: 3_000 });
    const told = await lifecycle();
    await place();
    local.faults.inject('marketPause', { match: GOLD });
    expect(await market()).toMatchObject({ status: 'inactive' });
    expect((await place()).status).toBe(409);
    expect((await place(COIN)).status).toBe(201);
    pass(3_000);
    expect(await told()).toEqual(['deactivated', 'activated']);
    expect(await market()).toMatchObject({ status: 'active', yes_bid_size_fp: '0.00' });
    expect(local.exchange.orders(USER)[0]).toMatchObject({ lastUpdateReason: 'HaltCancel' });
  });

  it('moves a close to an earlier time', async () => {
    const { local, place, pass, market, lifecycle } = await start({ closeInMs: 5_000 });
    const told = await lifecycle();
    await place();
    local.faults.inject('closeEarlier', { match: GOLD });
    expect(Date.parse((await market()).close_time)).toBe(START_MS + 5_000);
    pass(4_999);
    expect((await place()).status).toBe(201);
    pass(1);
    expect((await place()).status).toBe(409);
    pass(5_000);
    expect(await market()).toMatchObject({ status: 'finalized', result: 'yes' });
    expect(await told()).toEqual(['close_date_updated', 'determined', 'settled']);
  });

  it.each([
    ['disputeUpheld', 'yes', '1.0000'],
    ['disputeOverturned', 'no', '0.0000'],
  ] as const)(
    '%s: the result is challenged before it is paid, and is %s in the end',
    async (name, result, worth) => {
      const script = [{ fault: name, match: GOLD }];
      const { local, place, pass, market, lifecycle } = await start({ disputeMs: 7_000, script });
      const told = await lifecycle();
      await place();
      local.exchange.setCloseTime(GOLD, Timestamp.of(START_MS + 1_000));
      pass(1_000);
      expect(await market()).toMatchObject({ status: 'disputed', result: 'yes' });
      pass(6_999);
      expect(await market()).toMatchObject({ status: 'disputed' });
      pass(1);
      expect(await market()).toMatchObject({ status: 'amended', result });
      pass(1_000);
      expect(await market()).toMatchObject({ status: 'finalized', settlement_value_dollars: worth });
      expect(await told()).toEqual(['close_date_updated', 'determined', 'determined', 'settled']);
    },
  );

  it('pays a scalar result the other way round when it is overturned', async () => {
    const { local, pass, market } = await start({ disputeMs: 1_000, disputeOverturned: 1 });
    local.exchange.determine(GOLD, 'scalar', 3_000 as never);
    pass(1);
    expect(await market()).toMatchObject({ status: 'disputed', settlement_value_dollars: '0.3000' });
    pass(2_000);
    expect(await market()).toMatchObject({
      status: 'finalized',
      result: 'scalar',
      settlement_value_dollars: '0.7000',
    });
  });

  it('charges an event more for a while, and tells it', async () => {
    const script = [{ fault: 'feeChange', afterMs: 1_000, match: GOLD_EVENT } as const];
    const { local, api, pass, lifecycle } = await start({ feeChangeMs: 30_000, script });
    const told = await lifecycle();
    const changes = async () => (await api('GET', '/events/fee_changes')).body.event_fee_changes;
    pass(1_000);
    expect(local.exchange.eventFees(GOLD_EVENT)).toEqual({
      type: 'quadratic_with_maker_fees',
      multiplierMicros: 2_000_000,
    });
    expect(await changes()).toMatchObject([{ fee_multiplier_override: 2 }]);
    // It is twice, not four times, however often it is asked for meanwhile.
    local.faults.inject('feeChange', { match: GOLD_EVENT });
    expect(local.faults.happened('feeChange')).toBe(1);
    pass(30_000);
    expect(local.faults.happened('feeChange')).toBe(2);
    pass(30_000);
    expect(local.exchange.eventFees(GOLD_EVENT)).toBeNull();
    expect(await told()).toEqual(Array.from({ length: 4 }, () => 'event_fee_update'));
  });

  it('waits for a subject that fits', async () => {
    const { local, pass } = await start({ marketPauseMs: 1_000 });
    local.exchange.setMarketActive(COIN, false);
    local.faults.inject('marketPause', { match: COIN, times: 2 });
    pass(100);
    expect(local.faults.happened('marketPause')).toBe(0);
    local.exchange.setMarketActive(COIN, true);
    pass(1);
    expect([local.faults.happened('marketPause'), local.exchange.market(COIN)!.status]).toEqual([
      1,
      'inactive',
    ]);
    pass(1_000);
    expect(local.faults.happened('marketPause')).toBe(2);
    pass(1_000);
    expect(local.exchange.market(COIN)!.status).toBe('active');
  });
});

describe('the clock of the exchange', () => {
  it('is off by as much as asked for, in signatures and in Date', async () => {
    const { local, wall } = await startFixture({ faults: { clockSkewMs: -25_000 } });
    const right = await call(local, wall, 'GET', '/portfolio/balance');
    expect([right.status, right.body.error.code]).toEqual([401, 'header_timestamp_expired']);
    expect(Date.parse(right.headers.get('date')!)).toBe(wall.ms - 25_000);
    await expect(openFeed(local, wall)).rejects.toThrow(/401/);
    const off = { ms: wall.ms - 25_000 };
    expect((await call(local, off, 'GET', '/portfolio/balance')).status).toBe(200);
    await (await openFeed(local, off)).settled();
  });

  it('steps away, and back', async () => {
    const script = [1_000, 2_000].map((afterMs) => ({ fault: 'clockStep', afterMs }) as const);
    const { local, wall } = await startFixture({ faults: { clockStepMs: 60_000, script } });
    const status = async () => (await call(local, wall, 'GET', '/portfolio/balance')).status;
    expect(await status()).toBe(200);
    const statuses = [];
    for (let second = 1; second <= 2; second++) {
      wall.ms += 1_000;
      local.turn();
      statuses.push(await status());
    }
    expect(statuses).toEqual([401, 200]);
  });
});

describe('faults of the exchange by rates', () => {
  const MINUTES = 12;
  /** What each market and the exchange went through, with its times, when time moves in steps of so many ms. */
  const history = async (faults: FaultOptions, stepMs: number) => {
    const { local, world } = await startFixture({ faults });
    const happened: unknown[] = [];
    world.exchange.addListener((output) => {
      if (output.type === 'market') happened.push([output.atMs, output.market.ticker, output.change]);
      if (output.type === 'event-fees') happened.push([output.atMs, output.eventTicker, output.fees]);
    });
    for (let ms = stepMs; ms <= MINUTES * 60_000; ms += stepMs)
      world.exchange.advanceTo(Timestamp.of(START_MS + ms));
    const count = local.faults.happened('marketPause');
    await local.close();
    return { happened, count };
  };

  it('happen at the same moments however time moves, and others for another seed', async () => {
    const faults: FaultOptions = { seed: 6, marketPause: 0.3, feeChange: 0.2, tradingPause: 0.2 };
    const coarse = await history(faults, MINUTES * 60_000);
    expect(coarse.count).toBeGreaterThan(2);
    expect(await history(faults, 1_000)).toEqual(coarse);
    expect(await history({ ...faults, seed: 7 }, 60_000)).not.toEqual(coarse);
  });

  it('happen about as often as the rate says', async () => {
    // Two markets for twelve minutes, each paused for a tenth of a second.
    const counts = [];
    for (let seed = 0; seed < 40; seed++) {
      const { count } = await history({ seed, marketPause: 0.25, marketPauseMs: 100 }, 60_000);
      counts.push(count);
    }
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean).toBeGreaterThan(5);
    expect(mean).toBeLessThan(7);
  });

  it('are not moved by another fault, whatever its rate', async () => {
    const alone = await history({ seed: 2, marketPause: 0.4 }, 60_000);
    const none = await history({ seed: 2, marketPause: 0.4, closeEarlier: 0, tradingPause: 0 }, 60_000);
    expect(none).toEqual(alone);
    const beside = await history({ seed: 2, marketPause: 0.4, tradingPause: 1, clockStep: 0.5 }, 60_000);
    expect(beside).toEqual(alone);
    expect(alone.count).toBeGreaterThan(2);
  });

  it('are nothing at all at zero', async () => {
    const { happened } = await history({ seed: 2, staleReadsMs: 0, restLate: 0.5 }, 60_000);
    expect(happened).toEqual([]);
  });
});
