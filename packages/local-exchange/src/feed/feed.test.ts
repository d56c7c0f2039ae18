import { createRandom, Price, type Ticker } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import type { LocalExchange } from '../local-exchange.ts';
import { COIN, GOLD, HOUSE, houseActs, houseOrder, LATER } from '../testing/fixture-world.ts';
import { call, type FeedClient, fixtures, openFeed } from '../testing/local-client.ts';
import { bookJson } from '../wire/book-json.ts';
import { marketId } from '../wire/market-id.ts';

const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '3',
  price: '0.4600',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  client_order_id: 'mine-1',
};

describe('the WebSocket feed', () => {
  const startFixture = fixtures();
  const start = async (options = {}) => {
    const fixture = await startFixture(options);
    return { ...fixture, feed: await openFeed(fixture.local, fixture.wall) };
  };

  it.each([false, true])('rebuilds the book from frames (use_yes_price %s)', async (useYesPrice) => {
    const { local, wall, world, feed } = await start();
    const { exchange } = world;
    const random = createRandom('feed');
    feed.send({
      id: 1,
      cmd: 'subscribe',
      params: { channels: ['orderbook_delta'], market_tickers: [GOLD, COIN], use_yes_price: useYesPrice },
    });
    await feed.settled();
    for (let act = 0; act < 300; act++) {
      houseActs(exchange, random, act % 2 === 0 ? GOLD : COIN);
      if (act === 100) exchange.setMarketActive(GOLD, false);
      if (act === 100) exchange.setMarketActive(GOLD, true);
      if (act % 40 === 0)
        await call(local, wall, 'POST', '/portfolio/events/orders', {
          ...ORDER,
          client_order_id: `mine-${act}`,
        });
      if (act === 150)
        feed.send({
          id: 7,
          cmd: 'update_subscription',
          params: { sid: 1, action: 'get_snapshot', market_tickers: [COIN] },
        });
    }
    await feed.settled();
    const books = rebuild(feed, useYesPrice);
    for (const ticker of [GOLD, COIN]) {
      expect(books.get(ticker)).toEqual(bookOf(local, ticker));
    }
    const numbered = feed.messages.filter((message) => message.seq !== undefined);
    expect(numbered.map((message) => message.seq)).toEqual(numbered.map((_, index) => index + 1));
    expect(numbered.length).toBeGreaterThan(300);
    expect(feed.messages.find((message) => message.id === 7)).toMatchObject({
      type: 'orderbook_snapshot',
      sid: 1,
      msg: { market_ticker: COIN },
    });
  });

  it('acknowledges per channel with rising sids, and starts again on a new connection', async () => {
    const { local, wall, feed } = await start();
    const subscribe = {
      id: 3,
      cmd: 'subscribe',
      params: { channels: ['trade', 'orderbook_delta'], market_ticker: GOLD },
    };
    feed.send(subscribe);
    feed.send({ ...subscribe, id: 4 });
    await feed.settled();
    const acks = (client: FeedClient) => client.messages.filter((message) => message.type === 'subscribed');
    expect(acks(feed)).toEqual([
      { type: 'subscribed', id: 3, msg: { channel: 'trade', sid: 1 } },
      { type: 'subscribed', id: 3, msg: { channel: 'orderbook_delta', sid: 2 } },
      { type: 'subscribed', id: 4, msg: { channel: 'trade', sid: 3 } },
      { type: 'subscribed', id: 4, msg: { channel: 'orderbook_delta', sid: 4 } },
    ]);
    await feed.close();
    const again = await openFeed(local, wall);
    again.send(subscribe);
    await again.settled();
    expect(acks(again)).toEqual([
      { type: 'subscribed', id: 3, msg: { channel: 'trade', sid: 1 } },
      { type: 'subscribed', id: 3, msg: { channel: 'orderbook_delta', sid: 2 } },
    ]);
    const snapshot = await again.until((message) => message.type === 'orderbook_snapshot');
    expect(snapshot.seq).toBe(1);
  });

  it('tells an order, its fill and the position to their owner, and own deltas by name', async () => {
    const { local, wall, world, feed } = await start();
    const params = { channels: ['fill', 'user_orders', 'market_positions', 'trade'] };
    feed.send({ id: 1, cmd: 'subscribe', params });
    feed.send({ id: 2, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: [GOLD] } });
    await feed.settled();
    const { order_id } = (await call(local, wall, 'POST', '/portfolio/events/orders', ORDER)).body;
    houseOrder(world.exchange, GOLD, 'ask', 4_600, 100);
    await feed.settled();

    const orders = feed.messages.filter((message) => message.type === 'user_order');
    expect(orders[0]).toMatchObject({
      sid: 2,
      msg: {
        order_id,
        ticker: GOLD,
        status: 'resting',
        remaining_count_fp: '3.00',
        client_order_id: 'mine-1',
      },
    });
    expect(orders.at(-1).msg).toMatchObject({ fill_count_fp: '1.00', last_update_reason: 'Trade' });
    const fill = feed.messages.find((message) => message.type === 'fill');
    expect(fill).toMatchObject({
      sid: 1,
      msg: {
        order_id,
        is_taker: false,
        yes_price_dollars: '0.4600',
        count_fp: '1.00',
        post_position_fp: '1.00',
      },
    });
    const trade = feed.messages.find((message) => message.type === 'trade');
    expect(trade).toMatchObject({ seq: 1, msg: { trade_id: fill.msg.trade_id, taker_book_side: 'ask' } });
    expect(feed.messages.find((message) => message.type === 'market_position')).toMatchObject({
      msg: { market_ticker: GOLD, position_fp: '1.00', position_cost_dollars: '0.460000', volume_fp: '1.00' },
    });
    for (const message of [...orders, fill]) expect(message.seq).toBeUndefined();
    const [rested, traded] = feed.messages.filter((message) => message.type === 'orderbook_delta');
    expect(rested.msg).toMatchObject({ delta_fp: '3.00', side: 'yes', client_order_id: 'mine-1' });
    // The house took it: nobody else learns whose order that was.
    expect(traded.msg).toMatchObject({ delta_fp: '-1.00', price_dollars: '0.4600' });
    expect(traded.msg.client_order_id).toBeUndefined();
  });

  it('announces what is decided, not what the clock does', async () => {
    const { wall, local, world, feed } = await start({ speed: 1_000 });
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    await feed.settled();
    world.exchange.setMarketActive(COIN, false);
    world.exchange.setMarketActive(COIN, true);
    world.exchange.setCloseTime(COIN, (world.exchange.market(COIN)!.closeMs + 60_000) as never);
    while (world.exchange.market(LATER)!.status === 'initialized') {
      wall.ms += 100;
      local.turn();
    }
    wall.ms += 500;
    for (let turn = 0; turn < 50; turn++) local.turn();
    await feed.settled();
    const told = feed.messages
      .filter((message) => message.type === 'market_lifecycle_v2')
      .map(({ seq, msg }) => [seq, msg.event_type, msg.market_ticker]);
    expect(told).toEqual([
      [1, 'deactivated', COIN],
      [2, 'activated', COIN],
      [3, 'close_date_updated', COIN],
      [4, 'determined', GOLD],
      [5, 'settled', GOLD],
      [6, 'determined', COIN],
      [7, 'settled', COIN],
    ]);
    const determined = feed.messages.find((message) => message.msg.event_type === 'determined');
    expect(determined.msg).toMatchObject({ result: 'yes', settlement_value: '1.0000' });
  });

  it('coalesces tickers and sends one at once when asked', async () => {
    const { wall, local, world, feed } = await start();
    const params = { channels: ['ticker'], market_tickers: [GOLD], send_initial_snapshot: true };
    feed.send({ id: 1, cmd: 'subscribe', params });
    await feed.settled();
    for (const price of [4_600, 4_700, 4_800]) houseOrder(world.exchange, GOLD, 'bid', price, 500);
    wall.ms += 1;
    local.turn();
    await feed.settled();
    const tickers = feed.messages.filter((message) => message.type === 'ticker');
    expect(tickers.map(({ msg }) => msg.yes_bid_dollars)).toEqual(['0.4500', '0.4800']);
    expect(tickers[1].msg).toMatchObject({ yes_bid_size_fp: '5.00', yes_ask_dollars: '0.5500' });
    expect(tickers[1].seq).toBeUndefined();
  });

  it('adds and drops markets, lists and ends subscriptions', async () => {
    const { feed, world } = await start();
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: [GOLD] } });
    feed.send({
      id: 2,
      cmd: 'update_subscription',
      params: { sid: 1, action: 'add_markets', market_tickers: [COIN] },
    });
    feed.send({
      id: 3,
      cmd: 'update_subscription',
      params: { sids: [1], action: 'delete_markets', market_tickers: [GOLD] },
    });
    feed.send({ id: 4, cmd: 'list_subscriptions' });
    feed.send({ id: 5, cmd: 'unsubscribe', params: { sids: [1] } });
    await feed.settled();
    houseOrder(world.exchange, COIN, 'bid', 4_600, 100);
    await feed.settled();
    expect(feed.messages.slice(0, 7)).toMatchObject([
      { type: 'subscribed', id: 1 },
      { type: 'orderbook_snapshot', seq: 1, msg: { market_ticker: GOLD } },
      { type: 'ok', id: 2, sid: 1, seq: 2, msg: { market_tickers: [GOLD, COIN] } },
      { type: 'orderbook_snapshot', seq: 3, msg: { market_ticker: COIN } },
      { type: 'ok', id: 3, seq: 4, msg: { market_tickers: [COIN] } },
      { type: 'ok', id: 4, msg: [{ channel: 'orderbook_delta', sid: 1 }] },
      { type: 'unsubscribed', id: 5, sid: 1, seq: 5 },
    ]);
    expect(feed.messages.some((message) => message.type === 'orderbook_delta')).toBe(false);
  });

  it('leaves the list out of ok on request, and an empty side out of a snapshot', async () => {
    const { feed } = await start();
    const params = { channels: ['orderbook_delta'], market_tickers: [GOLD], skip_ticker_ack: true };
    feed.send({ id: 1, cmd: 'subscribe', params });
    feed.send({
      id: 2,
      cmd: 'update_subscription',
      params: { sid: 1, action: 'add_markets', market_tickers: [LATER] },
    });
    await feed.settled();
    expect(feed.messages.find((message) => message.id === 2)).toEqual({ type: 'ok', id: 2, sid: 1, seq: 2 });
    expect(feed.messages.at(-2).msg).toEqual({ market_ticker: LATER, market_id: expect.any(String) });
  });

  it.each([
    ['no JSON', '{', 1],
    ['no object', '[]', 1],
    ['an unknown command', { cmd: 'dance' }, 5],
    ['no params', { cmd: 'subscribe' }, 2],
    ['no channels', { cmd: 'subscribe', params: {} }, 3],
    ['an unknown channel', { cmd: 'subscribe', params: { channels: ['ticker_v2'] } }, 8],
    ['books of all markets', { cmd: 'subscribe', params: { channels: ['orderbook_delta'] } }, 14],
    [
      'both ticker forms',
      { cmd: 'subscribe', params: { channels: ['trade'], market_ticker: GOLD, market_tickers: [GOLD] } },
      11,
    ],
    ['an unknown market', { cmd: 'subscribe', params: { channels: ['trade'], market_ticker: 'NOPE' } }, 11],
    ['unsubscribing nothing', { cmd: 'unsubscribe', params: {} }, 4],
    ['unsubscribing a stranger', { cmd: 'unsubscribe', params: { sids: [9] } }, 7],
    ['updating two', { cmd: 'update_subscription', params: { sids: [1, 2], action: 'add_markets' } }, 12],
    ['updating without action', { cmd: 'update_subscription', params: { sid: 1 } }, 15],
    ['an unknown action', { cmd: 'update_subscription', params: { sid: 1, action: 'paint' } }, 13],
    [
      'updating without markets',
      { cmd: 'update_subscription', params: { sid: 1, action: 'add_markets' } },
      14,
    ],
    [
      'updating a stranger',
      { cmd: 'update_subscription', params: { sid: 9, action: 'add_markets', market_ticker: GOLD } },
      7,
    ],
  ])('answers %s with its code', async (_name, message, code) => {
    const { feed } = await start();
    feed.send(typeof message === 'string' ? message : { id: 11, ...message });
    const error = await feed.until((one) => one.type === 'error');
    expect(error.msg.code).toBe(code);
    expect(error.id).toBe(typeof message === 'string' ? undefined : 11);
  });

  it('names markets of tickers by their ids too', async () => {
    const { feed } = await start();
    const [gold, coin] = [marketId(GOLD), marketId(COIN)];
    const params = { channels: ['ticker'], market_id: gold, send_initial_snapshot: true };
    feed.send({ id: 1, cmd: 'subscribe', params });
    const add = { sid: 1, action: 'add_markets', market_ids: [coin], send_initial_snapshot: true };
    feed.send({ id: 2, cmd: 'update_subscription', params: add });
    feed.send({ id: 3, cmd: 'subscribe', params: { channels: ['trade'], market_id: gold } });
    feed.send({ id: 4, cmd: 'subscribe', params: { channels: ['ticker'], market_ids: ['x'] } });
    await feed.settled();
    expect(feed.messages.slice(0, 6)).toMatchObject([
      { type: 'subscribed', id: 1 },
      { type: 'ticker', msg: { market_ticker: GOLD, market_id: gold } },
      { type: 'ok', id: 2, msg: { market_ids: [gold, coin] } },
      { type: 'ticker', msg: { market_ticker: COIN, market_id: coin } },
      { type: 'error', id: 3, msg: { code: 11 } },
      { type: 'error', id: 4, msg: { code: 11, market_ids: ['x'] } },
    ]);
  });

  it('bounds commands per second and markets per connection', async () => {
    const { wall, feed } = await start({ feed: { maxCommandsPerSecond: 3, maxMarkets: 3 } });
    const subscribe = (id: number, tickers: readonly string[]) =>
      feed.send({ id, cmd: 'subscribe', params: { channels: ['trade', 'ticker'], market_tickers: tickers } });
    const answer = (id: number) => feed.until((message) => message.id === id);
    subscribe(1, [GOLD, COIN]);
    subscribe(2, [GOLD]);
    const add = { sid: 1, action: 'add_markets', market_tickers: [COIN, LATER] };
    feed.send({ id: 3, cmd: 'update_subscription', params: add });
    feed.send({ id: 4, cmd: 'list_subscriptions' });
    expect((await answer(1)).msg).toEqual({ code: 26, msg: 'Subscription market limit exceeded' });
    expect((await answer(2)).type).toBe('subscribed');
    expect((await answer(3)).msg.code).toBe(26);
    expect((await answer(4)).msg).toEqual({ code: 27, msg: 'Too many requests' });
    wall.ms += 1_000;
    feed.send({ id: 5, cmd: 'list_subscriptions' });
    expect((await answer(5)).msg).toHaveLength(2);
  });

  it('pings with a heartbeat and drops who does not answer', async () => {
    const { wall, local, feed } = await start({ feed: { pingEveryMs: 20 } });
    const mute = await openFeed(local, wall, { autoPong: false });
    const payload = await new Promise((resolve) => mute.socket.once('ping', (data) => resolve(String(data))));
    expect(payload).toBe('heartbeat');
    const gone = new Promise((resolve) => mute.socket.once('close', resolve));
    // In steps, so that the client that answers is heard in between.
    for (let step = 0; step < 4; step++) {
      await new Promise((resolve) => feed.socket.once('ping', resolve));
      await feed.settled();
      wall.ms += 10_000;
    }
    await gone;
    await feed.settled();
    expect(feed.socket.readyState).toBe(feed.socket.OPEN);
  });

  it('ends the subscription of a slow reader with error 25', async () => {
    const { world, feed } = await start({ feed: { maxBufferedBytes: 2_000 } });
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: [GOLD] } });
    await feed.settled();
    feed.socket.pause();
    // Kernel buffers take megabytes before anything backs up.
    for (let act = 0; act < 30_000; act++) {
      houseOrder(world.exchange, GOLD, 'bid', 4_600, 100);
      world.exchange.cancel(HOUSE, world.exchange.orders(HOUSE).at(-1)!.orderId);
    }
    feed.socket.resume();
    const error = await feed.until((message) => message.type === 'error');
    expect(error).toMatchObject({ sid: 1, msg: { code: 25 } });
    expect(feed.messages.at(-1)).toEqual(error);
  });
});

/** Applies snapshots and deltas the way a client does; throws on a level below zero. */
function rebuild(feed: FeedClient, useYesPrice: boolean): Map<Ticker, Record<string, number>> {
  const books = new Map<Ticker, Record<string, number>>();
  const hundredths = (text: string): number => Math.round(Number(text) * 100);
  const key = (side: 'yes' | 'no', price: string): string => {
    const own = side === 'no' && useYesPrice ? Price.format(Price.complement(Price.parse(price))) : price;
    return `${side} ${own}`;
  };
  for (const { type, msg } of feed.messages) {
    if (type === 'orderbook_snapshot') {
      const book: Record<string, number> = {};
      for (const [price, count] of msg.yes_dollars_fp ?? []) book[key('yes', price)] = hundredths(count);
      for (const [price, count] of msg.no_dollars_fp ?? []) book[key('no', price)] = hundredths(count);
      books.set(msg.market_ticker, book);
    } else if (type === 'orderbook_delta') {
      const book = books.get(msg.market_ticker)!;
      const level = key(msg.side, msg.price_dollars);
      const count = (book[level] ?? 0) + hundredths(msg.delta_fp);
      if (count < 0) throw new Error(`level ${level} fell below zero`);
      if (count === 0) delete book[level];
      else book[level] = count;
    }
  }
  return books;
}

function bookOf(local: LocalExchange, ticker: Ticker): Record<string, number> {
  const { yes_dollars, no_dollars } = bookJson(local.exchange.book(ticker), null);
  const levels: Record<string, number> = {};
  for (const [price, count] of yes_dollars) levels[`yes ${price}`] = Math.round(Number(count) * 100);
  for (const [price, count] of no_dollars) levels[`no ${price}`] = Math.round(Number(count) * 100);
  return levels;
}
