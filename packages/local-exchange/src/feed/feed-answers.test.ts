import { FeeSchedule, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { COIN_START_MS, coinWorld } from '../testing/coin-world.ts';
import { COIN, GOLD, houseOrder, LATER } from '../testing/fixture-world.ts';
import { call, fixtures, openFeed } from '../testing/local-client.ts';
import { CHANNELS } from './subscription.ts';

const startFixture = fixtures();

async function start(options: Parameters<typeof startFixture>[0] = {}) {
  const fixture = await startFixture(options);
  return { ...fixture, feed: await openFeed(fixture.local, fixture.wall) };
}

const subscribe = (params: object) => ({ cmd: 'subscribe', params });
const update = (params: object) => ({ cmd: 'update_subscription', params });
const talk = (params: object) => subscribe({ channels: ['communications'], ...params });

/** What each command is answered, one after the other on one connection; data messages are left out. */
const ANSWERS: readonly (readonly [object, ...object[]])[] = [
  [
    subscribe({ channels: ['orderbook_delta', 'trade'], market_ticker: GOLD }),
    { type: 'subscribed', msg: { channel: 'orderbook_delta', sid: 1 } },
    { type: 'subscribed', msg: { channel: 'trade', sid: 2 } },
  ],
  [
    subscribe({ channels: ['orderbook_delta'], market_tickers: [GOLD], skip_ticker_ack: true }),
    { type: 'subscribed', msg: { channel: 'orderbook_delta', sid: 3 } },
  ],
  [
    subscribe({ channels: ['cfbenchmarks_value', 'pyth_value'], index_ids: ['BRTI'], skip_ticker_ack: true }),
    { type: 'subscribed', msg: { channel: 'cfbenchmarks_value', sid: 4 } },
    { type: 'subscribed', msg: { channel: 'pyth_value', sid: 5 } },
  ],
  [
    talk({ shard_factor: 100, shard_key: 99, user_filter: 'self' }),
    { type: 'subscribed', msg: { channel: 'communications', sid: 6 } },
  ],
  [
    talk({ shard_factor: 1, user_filter: '' }),
    { type: 'subscribed', msg: { channel: 'communications', sid: 7 } },
  ],
  // The snapshots of books have numbers too.
  [
    update({ sid: 1, action: 'add_markets', market_tickers: [COIN] }),
    { type: 'ok', sid: 1, seq: 2, msg: { market_tickers: [GOLD, COIN] } },
  ],
  [
    update({ sids: [1], action: 'delete_markets', market_ticker: GOLD }),
    { type: 'ok', sid: 1, seq: 4, msg: { market_tickers: [COIN] } },
  ],
  [update({ sid: 3, action: 'add_markets', market_ticker: COIN }), { type: 'ok', sid: 3, seq: 2 }],
  [
    update({ sid: 2, action: 'delete_markets', market_ticker: GOLD }),
    { type: 'ok', sid: 2, seq: 1, msg: { market_tickers: [] } },
  ],
  [
    update({ sid: 1, action: 'get_snapshot', market_ticker: COIN }),
    {
      type: 'orderbook_snapshot',
      sid: 1,
      seq: 5,
      msg: expect.objectContaining({ market_ticker: COIN }) as object,
    },
  ],
  [update({ sid: 4, action: 'subscribe_indices', index_ids: ['all'] }), { type: 'ok', sid: 4, seq: 1 }],
  [
    update({ sid: 4, action: 'indexlist' }),
    { type: 'cfbenchmarks_value_indexlist', sid: 4, seq: 2, msg: { index_ids: [] } },
  ],
  [
    update({ sid: 5, action: 'underlying_list' }),
    { type: 'pyth_value_underlying_list', sid: 5, seq: 1, msg: { underlying_tickers: [] } },
  ],
  [
    { cmd: 'unsubscribe', params: { sids: [1, 7] } },
    { type: 'unsubscribed', sid: 1, seq: 6 },
    { type: 'unsubscribed', sid: 7, seq: 1 },
  ],
  [
    { cmd: 'unsubscribe', params: { sid: 6 } },
    { type: 'unsubscribed', sid: 6, seq: 1 },
  ],
  [
    { cmd: 'list_subscriptions' },
    {
      type: 'ok',
      msg: [
        { channel: 'trade', sid: 2 },
        { channel: 'orderbook_delta', sid: 3 },
        { channel: 'cfbenchmarks_value', sid: 4 },
        { channel: 'pyth_value', sid: 5 },
      ],
    },
  ],
];

describe('acknowledgements', () => {
  it.each([true, false])('answer every command as documented (with an id: %s)', async (isNumbered) => {
    const { feed } = await start();
    for (const [i, [command]] of ANSWERS.entries()) {
      feed.send(isNumbered ? { ...command, id: i + 1 } : { ...command, id: 0 });
    }
    await feed.settled();
    const isData = ({ type, id }: { type: string; id?: number }) =>
      type === 'orderbook_snapshot' && (isNumbered ? id === undefined : true);
    const told = feed.messages.slice(0, -1).filter((message) => !isData(message));
    const expected = ANSWERS.flatMap(([, ...answers], i) =>
      answers.map((answer) => (isNumbered ? { id: i + 1, ...answer } : answer)),
    );
    // Without an id a snapshot on request is one like any other.
    expect(told).toEqual(isNumbered ? expected : expected.filter((one) => !isData(one as { type: string })));
  });
});

describe('a parameter that is null', () => {
  it('is as if it were not there', async () => {
    const { local, feed } = await start();
    const answer = async (cmd: string, params: object) => {
      feed.send({ id: 9, cmd, params });
      return feed.until(({ id }) => id === 9);
    };
    const params = { channels: ['orderbook_delta'], market_tickers: [GOLD], use_yes_price: null };
    expect(await answer('subscribe', { ...params, market_ticker: null, market_ids: null })).toMatchObject({
      type: 'subscribed',
    });
    feed.messages.length = 0;
    const update = { action: 'add_markets', sid: 1, sids: null, market_ticker: COIN, market_tickers: null };
    expect(await answer('update_subscription', update)).toMatchObject({ type: 'ok' });
    await local.close();
  });
});

describe('numbers', () => {
  it('are in all messages but those of tickers and accounts', async () => {
    const numbered = new Map<string, Set<boolean>>();
    const collect = (messages: { type: string; seq?: number; sid?: number }[]) => {
      for (const { type, seq } of messages) {
        const seen = numbered.get(type) ?? new Set();
        numbered.set(type, seen.add(seq !== undefined));
      }
    };
    const everything = {
      channels: CHANNELS,
      market_tickers: [GOLD, COIN, LATER],
      index_ids: ['all'],
      underlying_tickers: ['all'],
    };

    const { local, wall, world, feed } = await start();
    feed.send({ id: 1, cmd: 'subscribe', params: everything });
    const { exchange } = world;
    const order = {
      ticker: GOLD,
      side: 'bid',
      count: '3',
      price: '0.4600',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
    };
    await call(local, wall, 'POST', '/portfolio/events/orders', order);
    await call(local, wall, 'POST', '/portfolio/order_groups/create', { contracts_limit_fp: '10.00' });
    houseOrder(exchange, GOLD, 'ask', 4_600, 100);
    exchange.setEventFees(exchange.market(GOLD)!.eventTicker, FeeSchedule.QUADRATIC);
    const combination = { ...exchange.market(LATER)!, eventTicker: 'KXMVE-1', seriesTicker: 'KXMVE' };
    exchange.listMarket({ ...combination, ticker: 'KXMVE-1-A' as never, status: 'initialized' });
    exchange.setMarketActive(COIN, false);
    await feed.settled();
    feed.send({ id: 2, cmd: 'unsubscribe', params: { sids: [CHANNELS.indexOf('trade') + 1] } });
    local.turn();
    await feed.settled();
    // The answer to the list of subscriptions belongs to none of them.
    collect(feed.messages.filter(({ type, sid }) => type !== 'ok' || sid !== undefined));
    await local.close();

    const coins = await start({ world: { kind: 'custom', world: coinWorld() } });
    const { market_tickers: _, ...rest } = everything;
    const channels = CHANNELS.filter((channel) => channel !== 'orderbook_delta');
    coins.feed.send({ id: 1, cmd: 'subscribe', params: { ...rest, channels } });
    await coins.feed.settled();
    coins.local.exchange.advanceTo(Timestamp.of(COIN_START_MS + 1_000));
    const sid = channels.indexOf('cfbenchmarks_value') + 1;
    coins.feed.send({ id: 2, ...update({ sid, action: 'indexlist' }) });
    coins.feed.send({ id: 3, ...update({ sid, action: 'unsubscribe_indices', index_ids: ['all'] }) });
    await coins.feed.settled();
    collect(coins.feed.messages.filter(({ type, sid }) => type !== 'ok' || sid !== undefined));

    const has = (isNumbered: boolean) =>
      [...numbered].filter(([, seen]) => seen.has(isNumbered)).map(([type]) => type);
    expect(has(false).toSorted()).toEqual(['fill', 'market_position', 'subscribed', 'ticker', 'user_order']);
    expect(has(true).toSorted()).toEqual([
      'cfbenchmarks_value',
      'cfbenchmarks_value_5hz',
      'cfbenchmarks_value_indexlist',
      'event_fee_update',
      'event_lifecycle',
      'market_lifecycle_v2',
      'multivariate_market_lifecycle',
      'ok',
      'order_group_updates',
      'orderbook_delta',
      'orderbook_snapshot',
      'pyth_value',
      'trade',
      'unsubscribed',
    ]);
  });
});
