import { Timestamp } from '@kalshi-mm/core';
import { createExchange, POPULATIONS } from '@kalshi-mm/simulator';
import { describe, expect, it } from 'vitest';
import { COIN_START_MS, coinWorld } from '../testing/coin-world.ts';
import { type FeedClient, fixtures, openFeed } from '../testing/local-client.ts';
import { exchangeWorld } from '../world/exchange-world.ts';
import type { World } from '../world/world.ts';

const QUARTER_MS = COIN_START_MS + 5 * 60_000;

describe('the channels of reference prices', () => {
  const startFixture = fixtures();
  const start = async (world: World = coinWorld()) => {
    const { local, wall } = await startFixture({ world: { kind: 'custom', world } });
    const feed = await openFeed(local, wall);
    const { exchange } = world;
    const advance = async (ms: number) => {
      exchange.advanceTo(Timestamp.of(exchange.nowMs + ms));
      await feed.settled();
    };
    const command = async (id: number, cmd: string, params: object) => {
      feed.send({ id, cmd, params });
      return feed.until((message) => message.id === id);
    };
    return { local, feed, world, exchange, advance, command };
  };

  it('tell the minute before a quarter of an hour as its markets settle on it', async () => {
    const { feed, world, exchange, advance, command } = await start();
    await command(1, 'subscribe', { channels: ['cfbenchmarks_value'], index_ids: ['all'] });
    await advance(5 * 60_000 + 10_000);
    for (const [series, name, decimals] of [
      ['KXBTC15M', 'BRTI', 2],
      ['KXDOGE15M', 'DOGEUSD_RTI', 6],
      ['KXADA15M', 'ADAUSD_RTI', 5],
    ] as const) {
      const told = values(feed, 'cfbenchmarks_value').filter(({ index_id }) => index_id === name);
      expect(told).toHaveLength(310);
      const ticks = told.map(({ data }) => JSON.parse(data));
      const prices = ticks.map(({ value }) => Number(value));
      for (const [i, msg] of told.entries()) {
        const atMs = COIN_START_MS + 1_000 * (i + 1);
        expect(ticks[i]).toEqual({
          type: 'value',
          id: name,
          time: atMs,
          value: expect.stringMatching(`^\\d+\\.\\d{${decimals}}$`),
        });
        expect(msg.received_at).toBe(atMs);
        expect(msg.avg_60s_data).toEqual({
          value: expect.stringMatching(/^\d+\.\d{8}$/),
          window_size: 60,
          window_start_ts_ms: atMs - 60_000,
          window_end_ts_exclusive: atMs,
        });
        if (i >= 60) expect(Number(msg.avg_60s_data.value)).toBeCloseTo(mean(prices.slice(i - 60, i)), 7);
        const size = 60 - (QUARTER_MS - atMs) / 1_000;
        expect([i, msg.last_60s_windowed_average_15min]).toEqual([
          i,
          size < 1 || size > 60
            ? undefined
            : {
                value: expect.stringMatching(/^\d+\.\d{8}$/),
                window_size: size,
                window_start_ts_ms: QUARTER_MS - 60_000,
                window_end_ts_exclusive: QUARTER_MS,
              },
        ]);
        if (size < 1 || size > 60) continue;
        const known = prices.slice(i + 1 - size, i + 1);
        expect(Number(msg.last_60s_windowed_average_15min.value)).toBeCloseTo(mean(known), 7);
      }
      const market = exchange
        .markets()
        .find(({ seriesTicker, closeMs }) => seriesTicker === series && closeMs === QUARTER_MS)!;
      const last = told.findLast((msg) => msg.last_60s_windowed_average_15min !== undefined)!;
      const unit = 10 ** decimals;
      const settled = Math.round(Number(last.last_60s_windowed_average_15min.value) * unit) / unit;
      expect(world.reference!.market(market.ticker)!.expirationValue).toBe(settled.toFixed(decimals));
      expect(market.result).toBe(settled >= Number(market.floorStrike) ? 'yes' : 'no');
    }
    const numbers = feed.messages
      .filter(({ type }) => type === 'cfbenchmarks_value')
      .map(({ sid, seq }) => [sid, seq]);
    expect(numbers).toEqual(numbers.map((_, i) => [1, i + 1]));
  });

  it('say nothing until something is asked for, and know what there is', async () => {
    const { feed, advance, command } = await start();
    const update = (id: number, action: string, index_ids?: string[]) =>
      command(id, 'update_subscription', { sid: 1, action, ...(index_ids ? { index_ids } : {}) });
    const heard = async () => {
      feed.messages.length = 0;
      await advance(1_000);
      return values(feed, 'cfbenchmarks_value').map(({ index_id }) => index_id);
    };
    await command(1, 'subscribe', { channels: ['cfbenchmarks_value'] });
    expect(await heard()).toEqual([]);
    const all = ['BRTI', 'DOGEUSD_RTI', 'ADAUSD_RTI'];
    expect(await update(2, 'indexlist')).toEqual({
      type: 'cfbenchmarks_value_indexlist',
      id: 2,
      sid: 1,
      seq: 1,
      msg: { index_ids: all },
    });
    expect(await heard()).toEqual([]);
    // A name that does not exist is taken, and nothing comes of it.
    expect(await update(3, 'subscribe_indices', ['NOPE_RTI', 'BRTI'])).toEqual({
      type: 'ok',
      id: 3,
      sid: 1,
      seq: 2,
      msg: { index_ids: ['NOPE_RTI', 'BRTI'] },
    });
    expect(await heard()).toEqual(['BRTI']);
    expect((await update(4, 'subscribe_indices', ['all'])).msg.index_ids).toEqual([
      'NOPE_RTI',
      'BRTI',
      'all',
    ]);
    expect(await heard()).toEqual(all);
    expect((await update(5, 'unsubscribe_indices', ['BRTI', 'NOPE_RTI'])).msg.index_ids).toEqual(
      all.slice(1),
    );
    expect(await heard()).toEqual(all.slice(1));
    expect((await update(6, 'unsubscribe_indices', ['all'])).msg.index_ids).toEqual([]);
    expect(await heard()).toEqual([]);
  });

  it('repeat the last price between two seconds, five times a second, for the coins that have it', async () => {
    const { feed, advance, command } = await start();
    const channels = ['cfbenchmarks_value_5hz', 'cfbenchmarks_value'];
    await command(1, 'subscribe', { channels, index_ids: ['all'] });
    const listed = await command(2, 'update_subscription', { sid: 1, action: 'indexlist' });
    expect(listed).toMatchObject({
      type: 'cfbenchmarks_value_5hz_indexlist',
      msg: { index_ids: ['BRTI', 'DOGEUSD_RTI'] },
    });
    await advance(3_000);
    const slow = new Map<number, string>();
    for (const { index_id, data } of values(feed, 'cfbenchmarks_value')) {
      if (index_id === 'BRTI') slow.set(JSON.parse(data).time, JSON.parse(data).value);
    }
    const fast = values(feed, 'cfbenchmarks_value_5hz').filter(({ index_id }) => index_id === 'BRTI');
    expect(fast.map(({ source_ts_ms }) => source_ts_ms - COIN_START_MS)).toEqual(
      Array.from({ length: 15 }, (_, i) => 200 * (i + 1)),
    );
    for (const { source_ts_ms, received_at, value_usd, data } of fast.slice(4)) {
      const value = slow.get(1_000 * Math.floor(source_ts_ms / 1_000));
      expect(JSON.parse(data)).toEqual({ type: 'value', id: 'BRTI', time: source_ts_ms, value });
      expect([received_at, value_usd]).toEqual([source_ts_ms, `${value}000000`]);
    }
    expect(new Set(fast.map(({ value_usd }) => value_usd)).size).toBe(4);
  });

  it('tell the same coins as underlyings', async () => {
    const { feed, advance, command } = await start();
    await command(1, 'subscribe', {
      channels: ['pyth_value', 'cfbenchmarks_value'],
      underlying_tickers: ['Crypto.ADA/USD'],
      index_ids: ['ADAUSD_RTI'],
    });
    const update = (id: number, action: string, underlying_tickers?: string[]) =>
      command(id, 'update_subscription', {
        sids: [1],
        action,
        ...(underlying_tickers ? { underlying_tickers } : {}),
      });
    await advance(1_000);
    const [index] = values(feed, 'cfbenchmarks_value');
    expect(feed.messages.find(({ type }) => type === 'pyth_value')).toEqual({
      type: 'pyth_value',
      sid: 1,
      seq: 1,
      msg: {
        underlying_ticker: 'Crypto.ADA/USD',
        value_usd: `${JSON.parse(index.data).value}000`,
        source_ts_ms: COIN_START_MS + 1_000,
        received_at: COIN_START_MS + 1_000,
      },
    });
    expect(await update(2, 'underlying_list')).toEqual({
      type: 'pyth_value_underlying_list',
      id: 2,
      sid: 1,
      seq: 2,
      msg: { underlying_tickers: ['Crypto.BTC/USD', 'Crypto.DOGE/USD', 'Crypto.ADA/USD'] },
    });
    const added = await update(3, 'subscribe_underlyings', ['Crypto.BTC/USD']);
    expect(added.msg).toEqual({ underlying_tickers: ['Crypto.ADA/USD', 'Crypto.BTC/USD'] });
    expect((await update(4, 'unsubscribe_underlyings', ['Crypto.ADA/USD'])).msg.underlying_tickers).toEqual([
      'Crypto.BTC/USD',
    ]);
  });

  it('leave the trading of a world as it is', async () => {
    const play = async (isHeard: boolean): Promise<string> => {
      const outputs: unknown[] = [];
      const { local, feed, advance, command } = await start(
        coinWorld(POPULATIONS.busy, (output) => outputs.push(output)),
      );
      const channels = ['cfbenchmarks_value', 'cfbenchmarks_value_5hz', 'pyth_value'];
      if (isHeard) {
        await command(1, 'subscribe', { channels, index_ids: ['all'], underlying_tickers: ['all'] });
      }
      await advance(60_000);
      expect(feed.messages.some(({ type }) => type === 'pyth_value')).toBe(isHeard);
      await local.close();
      return JSON.stringify(outputs);
    };
    const alone = await play(false);
    expect(alone).toContain('"trade"');
    expect(await play(true)).toBe(alone);
  });

  it('plan nothing ahead once nobody listens', async () => {
    const { exchange, advance, command } = await start();
    expect(exchange.nextMs).toBe(COIN_START_MS + 1_000);
    await command(1, 'subscribe', { channels: ['cfbenchmarks_value_5hz'], index_ids: ['BRTI'] });
    expect(exchange.nextMs).toBe(COIN_START_MS + 200);
    await command(2, 'unsubscribe', { sids: [1] });
    await advance(200);
    expect(exchange.nextMs).toBe(COIN_START_MS + 1_000);
  });

  it('have no names in a world without such coins', async () => {
    const { advance, feed, command } = await start(
      exchangeWorld(createExchange({ startMs: COIN_START_MS, idSeed: 'quiet' })),
    );
    await command(1, 'subscribe', {
      channels: ['cfbenchmarks_value', 'cfbenchmarks_value_5hz', 'pyth_value'],
      index_ids: ['all'],
      underlying_tickers: ['all'],
    });
    const list = (sid: number, action: string) => command(sid + 1, 'update_subscription', { sid, action });
    expect((await list(1, 'indexlist')).msg).toEqual({ index_ids: [] });
    expect((await list(2, 'indexlist')).msg).toEqual({ index_ids: [] });
    expect((await list(3, 'underlying_list')).msg).toEqual({ underlying_tickers: [] });
    feed.messages.length = 0;
    await advance(2_000);
    expect(feed.messages.map(({ type }) => type)).toEqual(['ok']);
  });
});

function values(feed: FeedClient, type: string): any[] {
  return feed.messages.filter((message) => message.type === type).map(({ msg }) => msg);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
