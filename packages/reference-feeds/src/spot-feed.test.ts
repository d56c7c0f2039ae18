import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { coinbase } from './coinbase.ts';
import { createSpotFeed, type SpotFeed, type SpotFeedOptions } from './spot-feed.ts';
import type { SpotTick } from './spot-format.ts';

const TICKER = {
  type: 'ticker',
  sequence: 37_475_248_783,
  product_id: 'BTC-USD',
  price: '81117.21',
  best_bid: '81117.20',
  best_ask: '81117.21',
  time: '2026-05-11T12:17:31.018295Z',
  trade_id: 1_016_363_899,
  last_size: '0.01',
};

describe('the Coinbase format', () => {
  it('reads the price of a ticker or match, to the millionth of a dollar', () => {
    const tick = { symbol: 'BTC-USD', micros: 81_117_210_000, exchangeMs: 1_778_501_851_018 };
    expect(coinbase.decode(TICKER)).toEqual(tick);
    expect(coinbase.decode({ ...TICKER, type: 'match' })).toEqual(tick);
    expect(coinbase.decode({ ...TICKER, price: '0.0700819' })).toMatchObject({ micros: 70_081 });
    expect(coinbase.decode({ ...TICKER, time: undefined })).toMatchObject({ exchangeMs: Number.NaN });
    expect(coinbase.decode({ type: 'subscriptions', channels: [] })).toBeNull();
  });

  it.each([
    [{ ...TICKER, price: 'many' }, 'price'],
    [{ ...TICKER, price: '0' }, 'price'],
    [{ ...TICKER, price: 81_117 }, 'price'],
    [{ ...TICKER, product_id: undefined }, 'product_id'],
    [{ ...TICKER, time: 'noon' }, 'time'],
    [{ type: 'error', message: 'Failed to subscribe' }, 'type'],
    ['text', 'frame'],
  ])('names the field of %j that does not fit', (frame, path) => {
    expect(() => coinbase.decode(frame)).toThrow(expect.objectContaining({ path }));
  });
});

describe('a spot feed', () => {
  let server: WebSocketServer;
  let feed: SpotFeed | null = null;
  const received: unknown[] = [];
  beforeEach(async () => {
    received.length = 0;
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  });
  afterEach(async () => {
    feed?.close();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  const follow = (options: Partial<SpotFeedOptions> = {}): SpotFeed => {
    feed = createSpotFeed({
      format: coinbase,
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      symbols: ['BTC-USD'],
      reconnectBaseDelayMs: 5,
      reconnectMaxDelayMs: 10,
      ...options,
    });
    return feed;
  };
  /** The next client, once it has subscribed. */
  const subscriber = async () => {
    const [socket] = await once(server, 'connection');
    const [message] = await once(socket, 'message');
    received.push(JSON.parse(String(message)));
    return socket;
  };

  it('subscribes, tells ticks and raw frames, and counts what it cannot read', async () => {
    const ticks: SpotTick[] = [];
    const raw: string[] = [];
    const done = Promise.withResolvers<void>();
    const following = follow({
      onFrame: (frame) => raw.push(frame.toString()),
      onTick: (tick) => {
        ticks.push(tick);
        if (ticks.length === 2) done.resolve();
      },
    });
    const socket = await subscriber();
    expect(received).toEqual([{ type: 'subscribe', product_ids: ['BTC-USD'], channels: ['ticker'] }]);
    for (const text of [JSON.stringify(TICKER), 'no json', JSON.stringify({ ...TICKER, price: '81120' })]) {
      socket.send(text);
    }
    await done.promise;
    expect(ticks.map((tick) => tick.micros)).toEqual([81_117_210_000, 81_120_000_000]);
    expect(raw).toHaveLength(3);
    expect(following.stats).toEqual({ frames: 3, malformed: 1, connections: 1 });
  });

  it('comes back after a cut, and after silence', async () => {
    const changes: string[] = [];
    follow({
      idleTimeoutMs: 40,
      onConnection: (open, reason) => changes.push(open ? 'open' : reason),
    });
    (await subscriber()).terminate();
    await subscriber();
    // Says nothing: it is given up.
    await subscriber();
    expect(changes).toEqual(['open', 'closed with code 1006', 'open', 'nothing came for 40 ms', 'open']);
    expect(received).toHaveLength(3);
  });
});
