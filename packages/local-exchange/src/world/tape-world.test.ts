import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Count, FeeSchedule, type Market, Price, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import { createTapeWriter, importDataset, RowKind, type TapeRow } from '@kalshi-mm/tape';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalExchange } from '../local-exchange.ts';
import { call, KEY_ID, KEYS, openFeed, USER } from '../testing/local-client.ts';
import { tapeWorld } from './tape-world.ts';

const GOLD_DATA = fileURLToPath(new URL('../../../../../shared/data/kalshi-gold15m-ws', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'local-exchange-'));
afterAll(() => rmSync(dir, { recursive: true }));

const T0 = Timestamp.parseIso('2026-08-10T21:15:00Z');
const user = { userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 1_000 };

describe('a tape behind the wire', () => {
  it('plays rows at their time, lets users trade, jumps silence, settles after the end', async () => {
    const evening = market('KXGOLD15M-A', 0);
    const night = market('KXGOLD15M-B', 5 * 3_600_000);
    const path = writeTape(
      'two.tape',
      [evening, night],
      [
        row(0, RowKind.clear, 0, 0, 0, 0),
        row(0, RowKind.level, 0, 0, 4_500, 1_000),
        row(0, RowKind.level, 0, 1, 5_500, 1_000),
        row(1_000, RowKind.delta, 0, 0, 4_600, 500),
        row(2_000, RowKind.trade, 0, 0, 5_500, 200),
        row(5 * 3_600_000 + 10_000, RowKind.delta, 1, 0, 3_000, 100),
      ],
    );
    const wall = { ms: 1_790_000_000_000 };
    const local = await createLocalExchange({
      world: { kind: 'tape', paths: [path] },
      users: [user],
      wallClock: () => wall.ms,
    });
    const feed = await openFeed(local, wall);
    const params = { channels: ['orderbook_delta', 'trade'], market_tickers: [evening.ticker, night.ticker] };
    feed.send({ id: 1, cmd: 'subscribe', params: { ...params, use_yes_price: true } });
    local.turn();
    wall.ms += 1_000;
    local.turn();
    const order = {
      ticker: evening.ticker,
      side: 'bid',
      price: '0.5500',
      count: '3',
      time_in_force: 'immediate_or_cancel',
      self_trade_prevention_type: 'maker',
    };
    const taken = await call(local, wall, 'POST', '/portfolio/events/orders', order);
    expect(taken.body).toMatchObject({ fill_count: '3.00', average_fill_price: '0.5500', ts_ms: T0 + 1_000 });
    wall.ms += 1_000;
    local.turn();
    await feed.settled();
    const told = feed.messages.filter((message) => message.msg?.market_ticker === evening.ticker);
    expect(told.slice(-3)).toMatchObject([
      { type: 'orderbook_delta', msg: { price_dollars: '0.5500', delta_fp: '-3.00', side: 'no' } },
      { type: 'trade', msg: { count_fp: '3.00' } },
      { type: 'trade', msg: { count_fp: '2.00', ts_ms: T0 + 2_000 } },
    ]);

    // To the close and the payout of the first market.
    wall.ms += 15 * 60_000 + 5_000;
    for (let turn = 0; turn < 100; turn++) local.turn();
    expect(local.exchange.settlements(USER)).toMatchObject([{ result: 'yes', revenue: 3_000_000 }]);
    const { settlements } = (await call(local, wall, 'GET', '/portfolio/settlements')).body;
    expect(settlements).toMatchObject([
      {
        market_result: 'yes',
        yes_count_fp: '3.00',
        yes_total_cost_dollars: '1.650000',
        revenue: 300,
        value: 100,
      },
    ]);
    // Nothing trades for hours: the next wall second finds the next market about to open.
    wall.ms += 1_000;
    local.turn();
    expect(local.exchange.nowMs).toBeGreaterThan(night.openMs - 2_000);
    wall.ms += 10_500;
    local.turn();
    expect(local.exchange.book(night.ticker).bestBid()).toBe(3_000);
    // The tape is over: what nobody recorded is not shown as a standing book, but our own order is.
    const own = { ...order, ticker: night.ticker, price: '0.2000', time_in_force: 'good_till_canceled' };
    expect((await call(local, wall, 'POST', '/portfolio/events/orders', own)).status).toBe(201);
    wall.ms += 2_000;
    local.turn();
    expect(local.exchange.book(night.ticker).total('bid')).toBe(300);
    await local.close();
  });

  it.each([
    ['touch', 'executed'],
    ['conservative', 'resting'],
  ] as const)('moves orders in their queues as the model says: %s', async (kind, status) => {
    const listed = market('KXA-1', 0);
    const path = writeTape(
      `${kind}.tape`,
      [listed],
      [
        row(0, RowKind.clear, 0, 0, 0, 0),
        row(0, RowKind.level, 0, 0, 4_000, 1_000),
        row(1_000, RowKind.trade, 0, 1, 4_000, 500),
      ],
    );
    const wall = { ms: 1_790_000_000_000 };
    const local = await createLocalExchange({
      world: { kind: 'tape', paths: [path], queueModel: { kind } },
      users: [user],
      wallClock: () => wall.ms,
    });
    local.start();
    wall.ms += 500;
    local.turn();
    await call(local, wall, 'POST', '/portfolio/events/orders', {
      ticker: listed.ticker,
      side: 'bid',
      price: '0.4000',
      count: '1',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'maker',
    });
    wall.ms += 1_000;
    local.turn();
    expect(local.exchange.orders(USER)).toMatchObject([{ status }]);
    await local.close();
  });

  it('merges several tapes by time', () => {
    const paths = ['KXA-1', 'KXA-2'].map((ticker, n) =>
      writeTape(
        `${ticker}.tape`,
        [market(ticker, 0)],
        [
          row(n, RowKind.clear, 0, 0, 0, 0),
          row(n, RowKind.level, 0, 0, 4_000, 100),
          row(10 + n, RowKind.delta, 0, 0, 4_000, 100),
          row(20 + n, RowKind.delta, 0, 0, 4_000, 100),
        ],
      ),
    );
    const world = tapeWorld(paths, 1);
    const told: [string, number][] = [];
    world.exchange.addListener((output) => {
      if (output.type === 'book.changed' || output.type === 'book.replaced') {
        told.push([output.ticker, output.atMs - T0]);
      }
    });
    expect(world.nextRecordedMs()).toBe(T0);
    expect(world.advance(Timestamp.of(T0 + 100), () => true)).toBe(true);
    expect(world.nextRecordedMs()).toBeNull();
    world.close();
    expect(told).toEqual([
      ['KXA-1', 0],
      ['KXA-2', 1],
      ['KXA-1', 10],
      ['KXA-2', 11],
      ['KXA-1', 20],
      ['KXA-2', 21],
    ]);
  });

  it('stops where it may not go on, and continues there', () => {
    const rows = Array.from({ length: 200 }, (_, n) => row(n, RowKind.delta, 0, 0, 4_000, 100));
    const world = tapeWorld([writeTape('long.tape', [market('KXA-1', 0)], rows)], 1);
    const target = Timestamp.of(T0 + 1_000);
    expect(world.advance(target, () => false)).toBe(false);
    expect(world.exchange.book(Ticker.of('KXA-1')).total('bid')).toBe(6_400);
    expect(world.exchange.nowMs).toBe(T0 + 63);
    expect(world.advance(target, () => true)).toBe(true);
    expect(world.exchange.book(Ticker.of('KXA-1')).total('bid')).toBe(20_000);
    world.close();
  });

  it('names a tape that is missing, and a world of none', async () => {
    const start = (paths: string[]) => createLocalExchange({ world: { kind: 'tape', paths }, users: [user] });
    await expect(start([join(dir, 'missing.tape')])).rejects.toThrow(/missing\.tape/);
    await expect(start([])).rejects.toMatchObject({ code: 'bad-option' });
  });

  it.skipIf(!existsSync(GOLD_DATA))(
    'plays a recorded gold market at speed 200: frames rebuild the exchange’s own book (skipped without ../shared/data)',
    async () => {
      const path = join(dir, 'gold.tape');
      const ticker = Ticker.of('KXGOLD15M-26AUG102130-30');
      await importDataset(GOLD_DATA, path, { ticker });
      const wall = { ms: 1_790_000_000_000 };
      const local = await createLocalExchange({
        world: { kind: 'tape', paths: [path] },
        users: [user],
        speed: 200,
        wallClock: () => wall.ms,
      });
      const feed = await openFeed(local, wall);
      const params = { channels: ['orderbook_delta', 'trade', 'ticker'], market_tickers: [ticker] };
      feed.send({ id: 1, cmd: 'subscribe', params: { ...params, use_yes_price: true } });
      await feed.settled();
      // Three simulated minutes in wall steps of 5 ms.
      const startMs = local.exchange.nowMs;
      while (local.exchange.nowMs < startMs + 180_000) {
        wall.ms += 5;
        local.turn();
      }
      await feed.settled();
      const books = feed.messages.filter((message) => message.type.startsWith('orderbook'));
      expect(books.length).toBeGreaterThan(5_000);
      expect(books.map((message) => message.seq)).toEqual(books.map((_, n) => n + 1));
      expect(feed.messages.some((message) => message.type === 'trade')).toBe(true);
      const ladder = new Map<string, number>();
      for (const { type, msg } of books) {
        if (type === 'orderbook_snapshot') {
          ladder.clear();
          for (const [price, count] of msg.yes_dollars_fp ?? [])
            ladder.set(`bid ${price}`, Count.parse(count));
          for (const [price, count] of msg.no_dollars_fp ?? [])
            ladder.set(`ask ${price}`, Count.parse(count));
        } else {
          const level = `${msg.side === 'yes' ? 'bid' : 'ask'} ${msg.price_dollars}`;
          const count = (ladder.get(level) ?? 0) + Count.parseSigned(msg.delta_fp);
          if (count === 0) ladder.delete(level);
          else ladder.set(level, count);
        }
      }
      const own = new Map<string, number>();
      for (const side of ['bid', 'ask'] as const) {
        local.exchange.book(ticker).forEachLevel(side, (price, count) => {
          own.set(`${side} ${Price.format(price)}`, count);
          return true;
        });
      }
      expect(own.size).toBeGreaterThan(10);
      expect(new Map([...ladder].sort())).toEqual(new Map([...own].sort()));
      await local.close();
    },
  );
});

function writeTape(name: string, markets: readonly Market[], rows: readonly TapeRow[]): string {
  const path = join(dir, name);
  const writer = createTapeWriter(path, {
    source: 'test',
    labels: { trades: true, depth: 'full', receiveClock: 'local', exchangeClock: false, ticker: false },
    markets,
    receiveUnit: 'ms',
  });
  for (const one of rows) writer.append(one);
  writer.close([]);
  return path;
}

function row(
  afterMs: number,
  kind: RowKind,
  index: number,
  side: 0 | 1,
  price: number,
  count: number,
): TapeRow {
  const times = { recvMs: T0 + afterMs, exchangeMs: Number.NaN, seq: Number.NaN };
  return { ...times, kind, market: index, side, flags: 0, price, count };
}

function market(ticker: string, afterMs: number): Market {
  return {
    ticker: Ticker.of(ticker),
    eventTicker: ticker,
    seriesTicker: 'KXGOLD15M',
    category: 'commodities',
    title: ticker,
    status: 'finalized',
    openMs: Timestamp.of(T0 + afterMs),
    closeMs: Timestamp.of(T0 + afterMs + 15 * 60_000),
    grid: PriceGrid.cent(),
    fees: FeeSchedule.QUADRATIC,
    exchangeIndex: 0,
    strikeType: null,
    floorStrike: null,
    result: 'yes',
    settlementPrice: null,
    settledMs: null,
  };
}
