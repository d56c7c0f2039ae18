import type { Duplex } from 'node:stream';
import { Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { GOLD, houseOrder, START_MS } from '../testing/fixture-world.ts';
import { fixtures, openFeed } from '../testing/local-client.ts';

const startFixture = fixtures();

async function start(options: Parameters<typeof startFixture>[0] = {}) {
  const fixture = await startFixture(options);
  return { ...fixture, feed: await openFeed(fixture.local, fixture.wall) };
}

const SUBSCRIBE = { cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_ticker: GOLD } };

describe('options', () => {
  it('stamp every frame with the simulated time of its sending', async () => {
    const { world, feed } = await start({ feed: { sendingTs: true } });
    feed.send({ id: 1, ...SUBSCRIBE });
    feed.send({ id: 2, cmd: 'dance' });
    await feed.settled();
    world.exchange.advanceTo(Timestamp.of(START_MS + 1_234));
    houseOrder(world.exchange, GOLD, 'bid', 4_600, 100);
    const delta = await feed.until(({ type }) => type === 'orderbook_delta');
    expect(delta.sending_ts_ms).toBe(START_MS + 1_234);
    expect(feed.messages.slice(0, -1).map((message) => message.sending_ts_ms)).toEqual(
      Array(feed.messages.length - 1).fill(START_MS),
    );
    expect(feed.messages.map(({ type }) => type)).toContain('error');
  });

  it.each([false, true])('compress for clients that offer it (%s)', async (compression) => {
    const { world, feed } = await start({ feed: { compression } });
    expect(feed.socket.extensions).toBe(compression ? 'permessage-deflate' : '');
    let bytes = 0;
    // What goes over the wire.
    (Reflect.get(feed.socket, '_socket') as Duplex).on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    feed.send({ id: 1, ...SUBSCRIBE });
    await feed.settled();
    for (let act = 0; act < 200; act++) houseOrder(world.exchange, GOLD, 'bid', 4_600, 100 + act);
    await feed.settled();
    const deltas = feed.messages.filter(({ type }) => type === 'orderbook_delta');
    expect(deltas.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, i) => i + 2));
    const plain = feed.messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
    if (compression) expect(bytes).toBeLessThan(plain / 2);
    else expect(bytes).toBeGreaterThan(plain);
  });
});
