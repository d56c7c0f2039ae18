import { Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createLocalExchange, type LocalExchange } from '../local-exchange.ts';
import { call, KEY_ID, KEYS, openFeed, USER } from '../testing/local-client.ts';
import { bookJson } from '../wire/book-json.ts';

const users = [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 1_000 }];

describe('a generated world behind the wire', () => {
  it('is the same for the same seed, however time is cut into turns', async () => {
    const play = async (seed: number, stepMs: number) => {
      const wall = { ms: 1_790_000_000_000 };
      const local = await createLocalExchange({
        world: { kind: 'synthetic', seed },
        users,
        startImmediately: true,
        wallClock: () => wall.ms,
      });
      const endMs = local.exchange.nowMs + 60_000;
      while (local.exchange.nowMs < endMs) {
        wall.ms += Math.min(stepMs, endMs - local.exchange.nowMs);
        local.turn();
      }
      const seen = books(local);
      await local.close();
      return seen;
    };
    const first = await play(7, 7);
    expect(await play(7, 1_000)).toEqual(first);
    expect(await play(8, 1_000)).not.toEqual(first);
  });

  it('has several open markets with two-sided books at once, and starts where told', async () => {
    const startMs = Timestamp.parseIso('2026-03-02T09:00:00Z');
    const local = await createLocalExchange({ world: { kind: 'synthetic', seed: 1, startMs }, users });
    const wall = { ms: Date.now() };
    const { body, headers } = await call(local, wall, 'GET', '/markets?status=open');
    expect(headers.get('x-exchange-clock')).toMatch(/^now=17724420\d{5}; speed=1$/);
    const twoSided = body.markets.filter(
      (market: { yes_bid_dollars: string; yes_ask_dollars: string }) =>
        market.yes_bid_dollars !== '0.0000' && market.yes_ask_dollars !== '1.0000',
    );
    expect(twoSided.length).toBeGreaterThan(3);
    await local.close();
  });

  it('announces the market that follows one that closes', async () => {
    const wall = { ms: 1_790_000_000_000 };
    const local = await createLocalExchange({
      world: { kind: 'synthetic', seed: 3 },
      users,
      wallClock: () => wall.ms,
    });
    const feed = await openFeed(local, wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    await feed.settled();
    const closing = local.exchange.markets().reduce((a, b) => (a.closeMs <= b.closeMs ? a : b));
    while (local.exchange.nowMs < closing.closeMs + 10_000) {
      wall.ms += 10_000;
      local.turn();
    }
    await feed.settled();
    const told = feed.messages.filter((message) => message.type === 'market_lifecycle_v2');
    expect(told.map((message) => message.msg.event_type)).toEqual(['created', 'determined', 'settled']);
    expect(told[0].msg.open_ts * 1_000).toBe(closing.closeMs);
    expect(told[1].msg.market_ticker).toBe(closing.ticker);
    await local.close();
  });
});

function books({ exchange }: LocalExchange) {
  return exchange.markets().map(({ ticker }) => [ticker, bookJson(exchange.book(ticker), null)]);
}
