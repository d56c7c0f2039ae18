import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Count, type Market, Money, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createReplayExchange, type ReplayBlock } from './replay-feed.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';
import { createMixedWorld } from './world/create-mixed-world.ts';

const DATA = new URL('../../../../shared/data/kalshi-gold15m-ws/', import.meta.url);
const WINDOW = 'KXGOLD15M-26AUG102130-30';

describe.skipIf(!existsSync(DATA))('a recorded market (skipped without ../shared/data)', () => {
  it('without own orders reproduces the recorder’s own book at each of its 885 samples', () => {
    const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [goldMarket()] });
    const block = readGold();
    const samples = readSamples();
    let row = 0;
    let equal = 0;
    for (const [atMs, expected] of samples) {
      while (row < block.rows && block.recvMs[row]! <= atMs) feed.applyRow(block, row++);
      feed.flush();
      const shown: string[] = [];
      for (const side of ['bid', 'ask'] as const) {
        exchange.book(goldMarket().ticker).forEachLevel(side, (price, count) => {
          shown.push(`${side},${price},${count}`);
          return true;
        });
      }
      if (shown.sort().join('|') === expected.sort().join('|')) equal++;
    }
    expect([equal, samples.size]).toEqual([885, 885]);
    expect(feed.misfits).toBe(0);
  });

  it('passes every delta and trade on unchanged', () => {
    const block = readGold();
    const told: number[] = [];
    const { feed } = createReplayExchange({
      idSeed: 1,
      markets: [goldMarket()],
      onOutput: (output) => {
        if (output.type === 'book.changed') told.push(output.price, output.delta);
        else if (output.type === 'trade') told.push(output.trade.price, output.trade.count);
      },
    });
    feed.apply(block);
    const expected: number[] = [];
    for (let i = 0; i < block.rows; i++) {
      if (block.kind[i]! < 2) expected.push(block.price[i]!, block.count[i]!);
    }
    expect(told.length).toBeGreaterThan(100_000);
    expect(told).toEqual(expected);
  });

  it('passes them on unchanged with generated markets beside it', () => {
    const block = readGold();
    const { ticker } = goldMarket();
    const told: number[] = [];
    let generated = 0;
    const { feed } = createMixedWorld({
      seed: 1,
      startMs: Timestamp.of(Math.floor(block.recvMs[0]!)),
      markets: [goldMarket()],
      onOutput: (output) => {
        if (output.type === 'book.changed') {
          if (output.ticker === ticker) told.push(output.price, output.delta);
          else generated++;
        } else if (output.type === 'trade' && output.trade.ticker === ticker) {
          told.push(output.trade.price, output.trade.count);
        }
      },
    });
    feed.apply(block);
    const expected: number[] = [];
    for (let i = 0; i < block.rows; i++) {
      if (block.kind[i]! < 2) expected.push(block.price[i]!, block.count[i]!);
    }
    expect(generated).toBeGreaterThan(10_000);
    expect(told).toEqual(expected);
  });

  it('fills orders at the touch, never beyond what was traded or added, with the ledger in balance', () => {
    const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [goldMarket()] });
    exchange.addUser('ann', Money.fromDollars(10_000));
    const block = readGold();
    const { ticker } = goldMarket();
    let traded = 0;
    for (let row = 0; row < block.rows; row++) {
      feed.applyRow(block, row);
      if (block.kind[row] === 1) traded += block.count[row]!;
      if (row % 500 !== 0) continue;
      exchange.cancelAll('ann');
      const book = exchange.book(ticker);
      for (const side of ['bid', 'ask'] as const) {
        const price = side === 'bid' ? book.bestBid() : book.bestAsk();
        if (!Price.isTradable(price)) continue;
        exchange.place('ann', { ...sampleOrder(side, 50, 1, { postOnly: true }), ticker, price });
      }
    }
    const fills = exchange.fills('ann');
    const queue = fills.filter((fill) => fill.cause === 'queue');
    const through = fills.filter((fill) => fill.cause === 'through');
    expect(queue.length).toBeGreaterThan(20);
    expect(through.length).toBeGreaterThan(5);
    const filled = fills.reduce((sum, fill) => sum + fill.count, 0);
    expect(filled).toBeLessThan(traded / 10);
    const { cash, reserved } = exchange.balance('ann')!;
    const spent = fills.reduce((sum, fill) => {
      const value = Money.notional(fill.price, fill.count);
      return sum + (fill.side === 'bid' ? value : -value) + fill.fee;
    }, 0);
    const { position } = exchange.positions('ann')[0]!;
    // A NO holding is paid for in full and stands for a sold YES with one dollar put down.
    const down = position < 0 ? -position * Price.ONE : 0;
    expect(cash + reserved).toBe(10_000_000_000 - spent - down);
  });
});

function goldMarket(): Market {
  return sampleMarket({ ticker: Ticker.of(WINDOW), closeMs: 4_000_000_000_000 as never });
}

function readGold(): ReplayBlock {
  const folder = new URL(`events/${WINDOW}/`, DATA);
  const lines = readdirSync(folder)
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(new URL(name, folder)))
        .toString()
        .trim()
        .split('\n'),
    );
  const rows: number[][] = [];
  /** Trades and negative deltas by time, level and size: equal keys belong together. */
  const deltas = new Map<string, number[]>();
  const trades = new Map<string, number[]>();
  for (const line of lines) {
    const { recv_ms: recvMs, event } = JSON.parse(line);
    const { msg } = event;
    if (event.type === 'orderbook_snapshot') {
      rows.push([recvMs, 2, 0, 0, 0, 0]);
      for (const [side, levels] of [
        [0, msg.yes_dollars_fp ?? []],
        [1, msg.no_dollars_fp ?? []],
      ] as const) {
        for (const [price, count] of levels) {
          rows.push([recvMs, 3, side, 0, yesPrice(side, price), Count.parse(count)]);
        }
      }
    } else if (event.type === 'orderbook_delta') {
      const side = msg.side === 'yes' ? 0 : 1;
      const price = yesPrice(side, msg.price_dollars);
      const delta = Count.parseSigned(msg.delta_fp);
      if (delta < 0) push(deltas, `${msg.ts_ms} ${side} ${price} ${-delta}`, rows.length);
      rows.push([recvMs, 0, side, 0, price, delta]);
    } else if (event.type === 'trade') {
      const taker = msg.taker_book_side === 'bid' ? 0 : 1;
      const price = Price.parse(msg.yes_price_dollars);
      const count = Count.parse(msg.count_fp);
      push(trades, `${msg.ts_ms} ${1 - taker} ${price} ${count}`, rows.length);
      rows.push([recvMs, 1, taker, 0, price, count]);
    }
  }
  for (const [key, at] of trades) {
    for (const [i, trade] of at.entries()) {
      const delta = deltas.get(key)?.[i];
      if (delta === undefined) continue;
      rows[trade]![3] = 2;
      rows[delta]![3] = 1;
    }
  }
  const column = (i: number) => rows.map((row) => row[i]!);
  return {
    rows: rows.length,
    recvMs: Float64Array.from(column(0)),
    kind: Uint8Array.from(column(1)),
    market: new Uint16Array(rows.length),
    side: Uint8Array.from(column(2)),
    flags: Uint8Array.from(column(3)),
    price: Int16Array.from(column(4)),
    count: Int32Array.from(column(5)),
  };
}

function readSamples(): Map<number, string[]> {
  const text = gunzipSync(readFileSync(new URL(`snapshots/${WINDOW}.1s.csv.gz`, DATA))).toString();
  const samples = new Map<number, string[]>();
  for (const line of text.trim().split('\n').slice(1)) {
    const [ts, , side, price, size] = line.split(',') as [string, string, string, string, string];
    const bid = side === 'yes' || side === 'bid';
    push(
      samples,
      Number(ts),
      `${bid ? 'bid' : 'ask'},${side === 'no' ? 10_000 - Number(price) : price},${size}`,
    );
  }
  return new Map([...samples].sort(([a], [b]) => a - b));
}

function yesPrice(side: number, text: string): number {
  const price = Price.parse(text);
  return side === 0 ? price : Price.complement(price);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
