import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeeSchedule, type Market, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import { POPULATIONS } from '@kalshi-mm/simulator';
import { createTapeWriter, RowKind } from '@kalshi-mm/tape';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalExchange } from '../local-exchange.ts';
import { call, KEY_ID, KEYS, openFeed, USER } from '../testing/local-client.ts';
import { bookJson } from '../wire/book-json.ts';
import { mixedWorld } from './mixed-world.ts';
import { tapeWorld } from './tape-world.ts';

const dir = mkdtempSync(join(tmpdir(), 'local-exchange-mixed-'));
afterAll(() => rmSync(dir, { recursive: true }));

const T0 = Timestamp.parseIso('2026-08-10T21:15:00Z');
const MINUTE = 60_000;
const users = [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 1_000 }];
const gold: Market = {
  ticker: Ticker.of('KXREC-1'),
  eventTicker: 'KXREC',
  seriesTicker: 'KXREC',
  category: 'commodities',
  title: 'Recorded',
  status: 'finalized',
  openMs: T0,
  closeMs: Timestamp.of(T0 + 15 * MINUTE),
  grid: PriceGrid.cent(),
  fees: FeeSchedule.QUADRATIC,
  exchangeIndex: 0,
  strikeType: null,
  floorStrike: null,
  result: 'yes',
  settlementPrice: null,
  settledMs: null,
};

/** Ten minutes in which the bid comes and goes and something trades now and then. */
function writeTape(): string {
  const path = join(dir, 'recorded.tape');
  const writer = createTapeWriter(path, {
    source: 'test',
    labels: { trades: true, depth: 'full', receiveClock: 'local', exchangeClock: false, ticker: false },
    markets: [gold],
    receiveUnit: 'ms',
  });
  const append = (afterMs: number, kind: RowKind, side: 0 | 1, price: number, count: number): void =>
    writer.append({
      recvMs: T0 + afterMs,
      exchangeMs: Number.NaN,
      seq: Number.NaN,
      kind,
      market: 0,
      side,
      flags: 0,
      price,
      count,
    });
  append(0, RowKind.clear, 0, 0, 0);
  append(0, RowKind.level, 0, 4_500, 9_000);
  append(0, RowKind.level, 1, 5_500, 9_000);
  for (let i = 1; i <= 300; i++) {
    append(i * 2_000, RowKind.delta, 0, 4_600, i % 2 === 0 ? -500 : 500);
    if (i % 5 === 0) append(i * 2_000, RowKind.trade, 0, 5_500, 100);
  }
  writer.close([]);
  return path;
}

describe('recorded and generated markets on one local exchange', () => {
  const path = writeTape();

  it('plays both on the time of the tape, and the recorded one exactly', () => {
    const recorded = tapeWorld([path], 1);
    const mixed = mixedWorld([path], { seed: 1 });
    expect(mixed.exchange.nowMs).toBe(T0);
    for (let minute = 1; minute <= 10; minute++) {
      const target = Timestamp.of(T0 + minute * MINUTE - 1);
      for (const world of [recorded, mixed]) while (!world.advance(target, () => false));
      const books = [recorded, mixed].map(({ exchange }) => bookJson(exchange.book(gold.ticker), null));
      expect(books[1]).toEqual(books[0]);
      expect(mixed.exchange.statistics(gold.ticker)).toEqual(recorded.exchange.statistics(gold.ticker));
    }
    expect(mixed.exchange.markets().filter(({ status }) => status === 'active').length).toBeGreaterThan(6);
    for (const world of [recorded, mixed]) world.close();
  });

  it('goes on after the tape, and shows both over REST and the feed', async () => {
    const wall = { ms: 1_790_000_000_000 };
    const local = await createLocalExchange({
      world: { kind: 'mixed', paths: [path], seed: 3, recordedPopulation: POPULATIONS.calm },
      users,
      wallClock: () => wall.ms,
    });
    const feed = await openFeed(local, wall);
    feed.send({ id: 1, cmd: 'subscribe', params: { channels: ['trade'] } });
    await feed.settled();
    while (local.exchange.nowMs < T0 + 16 * MINUTE) {
      wall.ms += 500;
      local.turn();
    }
    await feed.settled();
    const traded = new Set(
      feed.messages.filter(({ type }) => type === 'trade').map(({ msg }) => msg.market_ticker),
    );
    expect(traded).toContain(gold.ticker);
    expect(traded.size).toBeGreaterThan(5);
    // More than the recording's own sixty prints of one contract.
    expect(local.exchange.statistics(gold.ticker).volume).toBeGreaterThan(60 * 100);
    const { market } = (await call(local, wall, 'GET', `/markets/${gold.ticker}`)).body;
    expect(market).toMatchObject({ status: 'finalized', result: 'yes' });
    const open = (await call(local, wall, 'GET', '/markets?status=open')).body.markets;
    expect(open.length).toBe(6);
    await local.close();
  });

  it('needs a tape', async () => {
    const start = createLocalExchange({ world: { kind: 'mixed', paths: [], seed: 1 }, users });
    await expect(start).rejects.toMatchObject({ code: 'bad-option' });
  });
});
