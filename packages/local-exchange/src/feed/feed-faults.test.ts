import { createRandom } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, type FaultOptions } from '../faults/fault-options.ts';
import type { LocalExchangeOptions } from '../options.ts';
import { GOLD, houseActs, houseOrder } from '../testing/fixture-world.ts';
import { call, fixtures, openFeed } from '../testing/local-client.ts';

const startFixture = fixtures();

/** Trades at once with the house. */
const TAKER = {
  ticker: GOLD,
  side: 'bid',
  count: '2.00',
  price: '0.5500',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

describe('faults of the feed', () => {
  const start = async (faults: FaultOptions = {}, options: Partial<LocalExchangeOptions> = {}) => {
    const fixture = await startFixture({ faults, ...options });
    const feed = await openFeed(fixture.local, fixture.wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_ticker: GOLD } });
    await feed.settled();
    /** Rests `count` hundredths of a contract at 40 cents, which is one delta. */
    const rest = (count: number) => houseOrder(fixture.world.exchange, GOLD, 'bid', 4_000, count);
    const deltas = () =>
      feed.messages
        .filter((message) => message.type === 'orderbook_delta')
        .map((message) => [message.seq, message.msg.delta_fp]);
    return { ...fixture, feed, rest, deltas };
  };
  const three = async ({ rest, feed }: Awaited<ReturnType<typeof start>>) => {
    for (const count of [100, 200, 300]) rest(count);
    await feed.settled();
  };

  it('leaves a frame out: its number is missing', async () => {
    const run = await start();
    run.local.faults.inject('feedDrop');
    await three(run);
    expect(run.deltas()).toEqual([[3, '2.00'], [4, '3.00']]); // biome-ignore format: rows
  });

  it('sends a frame twice', async () => {
    const run = await start();
    run.local.faults.inject('feedDuplicate', { match: 'orderbook_delta' });
    await three(run);
    expect(run.deltas()).toEqual([[2, '1.00'], [2, '1.00'], [3, '2.00'], [4, '3.00']]); // biome-ignore format: rows
  });

  it('swaps two frames', async () => {
    const run = await start();
    run.local.faults.inject('feedReorder');
    await three(run);
    expect(run.deltas()).toEqual([[3, '2.00'], [2, '1.00'], [4, '3.00']]); // biome-ignore format: rows
  });

  it('skips a number, and repeats one', async () => {
    const skipped = await start();
    skipped.local.faults.inject('feedSkipSeq');
    await three(skipped);
    expect(skipped.deltas()).toEqual([[3, '1.00'], [4, '2.00'], [5, '3.00']]); // biome-ignore format: rows
    await skipped.local.close();

    const repeated = await start();
    repeated.rest(50);
    repeated.local.faults.inject('feedRepeatSeq');
    await three(repeated);
    expect(repeated.deltas()).toEqual([[2, '0.50'], [2, '1.00'], [3, '2.00'], [4, '3.00']]); // biome-ignore format: rows
  });

  it('holds the connection back by the simulated clock, order kept', async () => {
    const run = await start({ feedDelayMs: 3_000 }, { speed: 3 });
    run.local.faults.inject('feedDelay');
    for (const count of [100, 200, 300]) run.rest(count);
    // A reply waits in the same line, so a second connection tells that the server has gone on.
    const settled = run.feed.settled();
    const other = await openFeed(run.local, run.wall);
    run.wall.ms += 999;
    await other.settled();
    expect(run.deltas()).toEqual([]);
    run.wall.ms += 1;
    await settled;
    expect(run.deltas()).toEqual([[2, '1.00'], [3, '2.00'], [4, '3.00']]); // biome-ignore format: rows
  });

  it('keeps a fill back while everything else passes, and reads tell it at once', async () => {
    const run = await start({ feedWithholdMs: 3_000 }, { speed: 3 });
    const channels = ['fill', 'user_orders', 'market_positions'];
    run.feed.send({ id: 2, cmd: 'subscribe', params: { channels, market_ticker: GOLD } });
    await run.feed.settled();
    const own = () =>
      run.feed.messages.map(({ type }) => type).filter((type) => /^(fill|user_order|market_p.*)$/.test(type));
    run.local.faults.inject('feedWithhold', { match: 'fill' });
    await call(run.local, run.wall, 'POST', '/portfolio/events/orders', TAKER);
    await run.feed.settled();
    expect(own()).toContain('user_order');
    expect(own()).toContain('market_position');
    expect(own()).not.toContain('fill');
    const { fills } = (await call(run.local, run.wall, 'GET', '/portfolio/fills')).body;
    expect(fills).toHaveLength(1);
    run.wall.ms += 999;
    await run.feed.settled();
    expect(own()).not.toContain('fill');
    run.wall.ms += 1;
    const fill = await run.feed.until(({ type }) => type === 'fill');
    expect(fill.msg.trade_id).toBe(fills[0].trade_id);
    expect(own().at(-1)).toBe('fill');
  });

  it('repeats a fill, unchanged, a while later', async () => {
    const run = await start({ feedRepeatMs: 2_000, feedRepeatFill: 1 });
    run.feed.send({ id: 2, cmd: 'subscribe', params: { channels: ['fill'], market_ticker: GOLD } });
    await call(run.local, run.wall, 'POST', '/portfolio/events/orders', TAKER);
    await run.feed.settled();
    const fills = () => run.feed.messages.filter(({ type }) => type === 'fill');
    expect(fills()).toHaveLength(1);
    run.wall.ms += 2_000;
    await run.feed.until((message) => message.type === 'fill' && message !== fills()[0]);
    expect(fills()[1]).toEqual(fills()[0]);
    expect(fills()).toHaveLength(2);
  });

  it('sends snapshots between the deltas, which agree with them', async () => {
    const run = await start({ seed: 3, feedSnapshot: 0.5 });
    const random = createRandom(3);
    for (let act = 0; act < 60; act++) houseActs(run.world.exchange, random, GOLD);
    await run.feed.settled();
    const books = run.feed.messages.filter(({ type }) => /^orderbook_/.test(type));
    expect(books.map(({ seq }) => seq)).toEqual(books.map((_, index) => index + 1));
    const levels = new Map<string, number>();
    let snapshots = 0;
    for (const { type, msg } of books) {
      if (type === 'orderbook_delta') {
        const level = `${msg.side} ${msg.price_dollars}`;
        const count = (levels.get(level) ?? 0) + Math.round(100 * Number(msg.delta_fp));
        if (count === 0) levels.delete(level);
        else levels.set(level, count);
        continue;
      }
      const told = new Map<string, number>();
      for (const side of ['yes', 'no'] as const) {
        for (const [price, count] of msg[`${side}_dollars_fp`] ?? [])
          told.set(`${side} ${price}`, Math.round(100 * Number(count)));
      }
      if (snapshots++ > 0) expect(told).toEqual(levels);
      else for (const [level, count] of told) levels.set(level, count);
    }
    expect(snapshots - 1).toBe(run.local.faults.happened('feedSnapshot'));
    expect(snapshots).toBeGreaterThan(10);
  });

  it('cuts the connection without a close frame', async () => {
    const run = await start();
    run.local.faults.inject('feedDisconnect');
    const closed = new Promise<number>((resolve) => run.feed.socket.once('close', resolve));
    run.rest(100);
    expect(await closed).toBe(1006);
    expect(run.deltas()).toEqual([]);
    const again = await openFeed(run.local, run.wall);
    await again.settled();
  });

  it('goes half open: no frames, no replies, no pongs, and no close either', async () => {
    const run = await start({}, { feed: { pingEveryMs: 5, dropAfterMs: 1_000 } });
    run.local.faults.inject('feedHalfOpen');
    await new Promise((resolve) => run.feed.socket.once('ping', resolve));
    run.rest(100);
    let heard = 0;
    for (const event of ['ping', 'pong', 'message', 'close']) run.feed.socket.on(event, () => heard++);
    run.feed.socket.ping('are you there');
    run.feed.send({ id: 9, cmd: 'list_subscriptions' });
    run.wall.ms += 60_000;
    // Others live on: their pings show that the heart has beaten meanwhile.
    const other = await openFeed(run.local, run.wall);
    for (let beat = 0; beat < 5; beat++) {
      await new Promise((resolve) => other.socket.once('ping', resolve));
      run.rest(100);
    }
    await other.settled();
    expect(heard).toBe(0);
    expect(run.feed.socket.readyState).toBe(run.feed.socket.OPEN);
  });

  it.each([
    ['feedChannelError', 10, 'Channel error'],
    ['feedOverflow', 25, 'Subscription buffer overflow'],
  ] as const)('%s ends the subscription with error %i', async (name, code, text) => {
    const run = await start();
    run.local.faults.inject(name);
    await three(run);
    expect(run.feed.messages.find((message) => message.type === 'error')).toEqual({
      type: 'error',
      sid: 1,
      seq: 2,
      msg: { code, msg: text },
    });
    expect(run.deltas()).toEqual([]);
    run.feed.send({ id: 5, cmd: 'list_subscriptions' });
    expect((await run.feed.until((message) => message.id === 5)).msg).toEqual([]);
  });

  it('hits only frames of the named type', async () => {
    const run = await start();
    run.feed.send({ id: 2, cmd: 'subscribe', params: { channels: ['trade'], market_ticker: GOLD } });
    run.local.faults.inject('feedDrop', { match: 'trade' });
    houseOrder(run.world.exchange, GOLD, 'bid', 4_000, 100);
    await run.feed.settled();
    expect(run.deltas()).toHaveLength(1);
    expect(run.local.faults.happened('feedDrop')).toBe(0);
  });
});

describe('rates of zero', () => {
  it('leave every byte of a session as it is without the option', async () => {
    const ZERO: FaultOptions = { seed: 99, ...Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) };
    const bare = await session({});
    expect(await session({ faults: ZERO })).toEqual(bare);
    expect(bare.frames.length).toBeGreaterThan(20);
    expect(await session({ faults: { ...ZERO, feedDrop: 0.5 } })).not.toEqual(bare);
  });
});

/** All that a client gets to see of a scripted session: answers with their headers, and frames as text. */
async function session(options: Partial<LocalExchangeOptions>) {
  const { local, wall, world } = await startFixture(options);
  const feed = await openFeed(local, wall);
  const frames: string[] = [];
  feed.socket.on('message', (data) => frames.push(String(data)));
  const channels = ['orderbook_delta', 'trade', 'ticker', 'fill', 'user_orders', 'market_positions'];
  feed.send({ id: 1, cmd: 'subscribe', params: { channels, market_tickers: [GOLD] } });
  await feed.settled();
  const answers: unknown[] = [];
  for (let step = 0; step < 12; step++) {
    wall.ms += 50;
    const answer = await call(local, wall, 'POST', '/portfolio/events/orders', {
      ticker: GOLD,
      side: step % 2 === 0 ? 'bid' : 'ask',
      count: '2.00',
      price: step % 3 === 0 ? '0.4400' : '0.5000',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'maker',
      client_order_id: `s-${step}`,
    });
    // Tickers leave at turns, so a turn follows every change.
    local.turn();
    houseOrder(world.exchange, GOLD, step % 2 === 0 ? 'ask' : 'bid', 5_000, 50);
    local.turn();
    await feed.settled();
    const account = await call(local, wall, 'GET', '/portfolio/orders');
    for (const { status, headers, body } of [answer, account]) {
      answers.push([status, [...headers].filter(([name]) => name !== 'date'), body]);
    }
  }
  await feed.close();
  await local.close();
  return { frames, answers };
}
