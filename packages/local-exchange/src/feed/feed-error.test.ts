import { describe, expect, it } from 'vitest';
import { COIN, GOLD, houseOrder, LATER } from '../testing/fixture-world.ts';
import { fixtures, openFeed } from '../testing/local-client.ts';
import { marketId } from '../wire/market-id.ts';
import { FEED_ERRORS, type FeedErrorCode } from './feed-error.ts';

const startFixture = fixtures();

async function start(options: Parameters<typeof startFixture>[0] = {}) {
  const fixture = await startFixture(options);
  return { ...fixture, feed: await openFeed(fixture.local, fixture.wall) };
}

const BOOK = 1;
const TRADE = 2;
const INDEX = 3;
const PYTH = 4;
const TALK = 5;
const TICKER = 6;

/** Subscriptions 1 to 6, one channel each. */
const SUBSCRIBED = [
  { channels: ['orderbook_delta', 'trade'], market_tickers: [GOLD, COIN] },
  { channels: ['cfbenchmarks_value', 'pyth_value'] },
  { channels: ['communications'] },
  { channels: ['ticker'] },
].map((params) => ({ cmd: 'subscribe', params }));

const subscribe = (params: object) => ({ cmd: 'subscribe', params });
const update = (params: object) => ({ cmd: 'update_subscription', params });
const talk = (params: object) => subscribe({ channels: ['communications'], ...params });

/**
 * Every code of the exchange: what gets it, `elsewhere` when no command does, or why it cannot occur here.
 */
const CODES: Record<number, readonly object[] | 'elsewhere' | { readonly never: string }> = {
  1: [[], [1]],
  2: [
    { cmd: 'subscribe' },
    { cmd: 'unsubscribe', params: null },
    { cmd: 'update_subscription', params: [] },
    { cmd: 'subscribe', params: 'trade' },
  ],
  3: [subscribe({}), subscribe({ channels: [] }), subscribe({ channels: 'trade' })],
  4: [
    { cmd: 'unsubscribe', params: {} },
    { cmd: 'unsubscribe', params: { sids: [] } },
  ],
  5: [{}, { cmd: 'dance' }, { cmd: 'Subscribe', params: {} }],
  6: { never: 'retired: a channel may be subscribed to twice' },
  7: [
    { cmd: 'unsubscribe', params: { sids: [99] } },
    { cmd: 'unsubscribe', params: { sids: [BOOK, 99] } },
    update({ sid: 99, action: 'add_markets', market_ticker: GOLD }),
    update({ sid: 99, action: 'get_snapshot', market_ticker: GOLD }),
    update({ sid: 99, action: 'indexlist' }),
  ],
  8: [subscribe({ channels: ['ticker_v2'] }), subscribe({ channels: ['trade', 7] })],
  9: { never: 'a connection without a valid key is refused with 401 before it can say anything' },
  10: 'elsewhere',
  11: [
    subscribe({ channels: ['trade'], market_ticker: GOLD, market_tickers: [GOLD] }),
    subscribe({ channels: ['trade'], market_tickers: [7] }),
    subscribe({ channels: ['trade'], market_ticker: 'NOPE' }),
    subscribe({ channels: ['trade'], market_id: marketId(GOLD) }),
    subscribe({ channels: ['ticker'], market_ticker: GOLD, market_id: marketId(GOLD) }),
    subscribe({ channels: ['ticker'], market_id: 'nobody' }),
    subscribe({ channels: ['ticker'], send_initial_snapshot: 'yes' }),
    subscribe({ channels: ['trade'], skip_ticker_ack: 1 }),
    subscribe({ channels: ['orderbook_delta'], market_ticker: GOLD, use_yes_price: 'true' }),
    subscribe({ channels: ['cfbenchmarks_value'], index_ids: 'BRTI' }),
    subscribe({ channels: ['pyth_value'], underlying_tickers: [7] }),
    talk({ shard_factor: '2' }),
    talk({ shard_factor: 2, shard_key: 0.5 }),
    talk({ user_filter: 'others' }),
    { cmd: 'unsubscribe', params: { sids: ['1'] } },
    update({ sids: 1, action: 'add_markets', market_ticker: GOLD }),
    update({ sid: BOOK, action: 'add_markets', market_ticker: 'NOPE' }),
    update({ sid: BOOK, action: 'get_snapshot', market_ticker: LATER }),
    update({ sid: INDEX, action: 'subscribe_indices', index_ids: 'BRTI' }),
  ],
  12: [
    update({ action: 'add_markets', market_ticker: GOLD }),
    update({ sids: [], action: 'indexlist' }),
    update({ sids: [BOOK, TRADE], action: 'add_markets', market_ticker: GOLD }),
  ],
  13: [
    update({ sid: BOOK, action: 'paint' }),
    update({ sid: TRADE, action: 'get_snapshot', market_ticker: GOLD }),
    update({ sid: TICKER, action: 'add_markets', market_ticker: GOLD }),
    update({ sid: TALK, action: 'add_markets', market_ticker: GOLD }),
    update({ sid: INDEX, action: 'delete_markets', market_ticker: GOLD }),
    update({ sid: BOOK, action: 'indexlist' }),
    update({ sid: INDEX, action: 'underlying_list' }),
    update({ sid: PYTH, action: 'subscribe_indices', index_ids: ['BRTI'] }),
  ],
  14: [
    subscribe({ channels: ['orderbook_delta'] }),
    subscribe({ channels: ['trade', 'orderbook_delta'], market_tickers: [] }),
    update({ sid: BOOK, action: 'add_markets' }),
    update({ sid: BOOK, action: 'get_snapshot', market_tickers: [] }),
  ],
  15: [update({ sid: BOOK }), update({ sid: BOOK, action: '' })],
  16: { never: 'retired' },
  17: { never: 'retired' },
  18: { never: 'a command is carried out at once' },
  19: [talk({ shard_factor: 0 }), talk({ shard_factor: -1, shard_key: 0 })],
  20: [talk({ shard_key: 0 })],
  21: [talk({ shard_factor: 4, shard_key: 4 }), talk({ shard_factor: 4, shard_key: -1 })],
  22: [talk({ shard_factor: 101 })],
  23: { never: 'no channel takes match ids' },
  24: [
    update({ sid: INDEX, action: 'subscribe_indices' }),
    update({ sid: INDEX, action: 'unsubscribe_indices', index_ids: [] }),
  ],
  25: 'elsewhere',
  26: 'elsewhere',
  27: 'elsewhere',
  28: [
    update({ sid: PYTH, action: 'subscribe_underlyings' }),
    update({ sid: PYTH, action: 'unsubscribe_underlyings', underlying_tickers: [] }),
  ],
};

describe('error codes', () => {
  it('are all known, but for those that cannot occur', () => {
    const codes = Object.keys(CODES).map(Number);
    expect(codes).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
    const possible = codes.filter((code) => CODES[code] === 'elsewhere' || Array.isArray(CODES[code]));
    expect(Object.keys(FEED_ERRORS).map(Number)).toEqual(possible);
  });

  const cases = Object.entries(CODES).flatMap(([code, commands]) =>
    Array.isArray(commands) ? [[Number(code) as FeedErrorCode, commands] as const] : [],
  );
  it.each(cases)('%i comes with the command’s id, and changes nothing', async (code, commands) => {
    const { feed } = await start();
    for (const command of SUBSCRIBED) feed.send(command);
    await feed.settled();
    feed.messages.length = 0;
    for (const [i, command] of commands.entries()) {
      feed.send(Array.isArray(command) ? command : { id: i + 1, ...command });
    }
    feed.send({ id: 100, cmd: 'list_subscriptions' });
    const { msg } = await feed.until(({ id }) => id === 100);
    expect(msg).toHaveLength(6);
    const errors = feed.messages.slice(0, -1);
    expect(errors).toHaveLength(commands.length);
    for (const [i, error] of errors.entries()) {
      const numbered = Array.isArray(commands[i]) ? {} : { id: i + 1 };
      const { market_tickers, market_ids, ...rest } = error.msg;
      expect({ command: commands[i], ...error, msg: rest }).toEqual({
        command: commands[i],
        ...numbered,
        type: 'error',
        msg: { code, msg: FEED_ERRORS[code] },
      });
    }
  });

  it.each([
    [10, 'feedChannelError'],
    [25, 'feedOverflow'],
  ] as const)('%i ends the subscription, in its numbers', async (code, fault) => {
    const { local, world, feed } = await start();
    feed.send({ id: 1, ...SUBSCRIBED[0] });
    await feed.settled();
    local.faults.inject(fault);
    houseOrder(world.exchange, GOLD, 'bid', 4_600, 100);
    const error = await feed.until(({ type }) => type === 'error');
    expect(error).toEqual({ type: 'error', sid: BOOK, seq: 3, msg: { code, msg: FEED_ERRORS[code] } });
  });

  it('26 and 27 bound markets and commands', async () => {
    const { feed } = await start({ feed: { maxMarkets: 1, maxCommandsPerSecond: 2 } });
    for (let id = 1; id <= 3; id++) feed.send({ id, ...SUBSCRIBED[0] });
    await feed.until(({ id }) => id === 3);
    expect(feed.messages.map(({ msg }) => msg)).toEqual(
      ([26, 26, 27] as const).map((code) => ({ code, msg: FEED_ERRORS[code] })),
    );
  });
});
