import { Count, Money, Price, type Side, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuditor } from './auditor/create-auditor.ts';
import type { ExchangeOutput, OrderRequest } from './exchange-api.ts';
import type { ReplayOptions } from './replay-engine.ts';
import { createReplayExchange, type ReplayBlock } from './replay-feed.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');

/** A recorded market with 100 contracts bid at 48 and 100 offered at 52; prices in cents, counts in contracts. */
function setUp(options: ReplayOptions = {}) {
  const outputs: ExchangeOutput[] = [];
  const { exchange, feed } = createReplayExchange({
    idSeed: 1,
    markets: [sampleMarket()],
    onOutput: (output) => outputs.push(structuredCloneOf(output)),
    ...options,
  });
  exchange.addUser('ann', Money.fromDollars(1000));
  exchange.addUser('bob', Money.fromDollars(1000));
  const market = feed.market(T);
  const delta = (side: Side, cents: number, contracts: number, byTrade = false) =>
    market.applyDelta(side, Price.of(cents * 100), contracts * 100, byTrade);
  const print = (cents: number, contracts: number, taker: Side, hasDelta = true) =>
    market.applyTrade(Price.of(cents * 100), contracts * 100, taker, hasDelta);
  const trade = (cents: number, contracts: number, taker: Side) => {
    delta(taker === 'bid' ? 'ask' : 'bid', cents, -contracts, true);
    print(cents, contracts, taker);
  };
  delta('bid', 48, 100);
  delta('ask', 52, 100);
  const place = (request: OrderRequest, user = 'ann') => {
    const result = exchange.place(user, request);
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  };
  const fills = (user = 'ann') =>
    exchange.fills(user).map((fill) => [fill.price / 100, fill.count / 100, fill.cause, fill.role]);
  const shown = (side: Side, cents: number) => exchange.book(T).countAt(side, Price.of(cents * 100)) / 100;
  const ahead = (id: string) => exchange.queueAhead(id as never) / 100;
  return { exchange, feed, market, outputs, delta, print, trade, place, fills, shown, ahead };
}

function structuredCloneOf(output: ExchangeOutput): ExchangeOutput {
  if (output.type === 'trade') return { type: 'trade', trade: { ...output.trade, tradeId: '' as never } };
  return { ...output };
}

describe('queueing behind recorded size', () => {
  it('fills only after the trades have used up what was ahead, and only what is left of them', () => {
    const { place, trade, fills, shown, ahead } = setUp();
    const { order } = place(sampleOrder('bid', 48, 20));
    expect(ahead(order.orderId)).toBe(100);
    expect(shown('bid', 48)).toBe(120);
    trade(48, 70, 'ask');
    expect(ahead(order.orderId)).toBe(30);
    expect(fills()).toEqual([]);
    trade(48, 30, 'ask');
    expect(ahead(order.orderId)).toBe(0);
    expect(fills()).toEqual([]);
    expect(shown('bid', 48)).toBe(20);
  });

  it('is the same whether the print or its delta comes first', () => {
    for (const printFirst of [false, true]) {
      const { place, delta, print, fills, ahead } = setUp();
      delta('bid', 48, 20);
      const { order } = place(sampleOrder('bid', 48, 20));
      delta('bid', 48, 50);
      if (printFirst) print(48, 100, 'ask');
      delta('bid', 48, -100, true);
      if (!printFirst) print(48, 100, 'ask');
      expect(ahead(order.orderId)).toBe(20);
      print(48, 30, 'ask');
      delta('bid', 48, -30, true);
      expect(fills()).toEqual([[48, 10, 'queue', 'maker']]);
    }
  });

  it('does not let a print advance an order that came after its delta', () => {
    const { place, delta, print, ahead, fills } = setUp();
    delta('bid', 48, -40, true);
    const { order } = place(sampleOrder('bid', 48, 10));
    print(48, 40, 'ask');
    expect(ahead(order.orderId)).toBe(60);
    expect(fills()).toEqual([]);
  });

  it.each([
    [0, 100, 60],
    [0.5, 80, 60],
    [1, 60, 40],
  ])('credits a share of %f of the cancels', (cancelsAheadShare, afterFirst, afterSecond) => {
    const { place, delta, ahead } = setUp({ queueModel: { kind: 'share', share: cancelsAheadShare } });
    const { order } = place(sampleOrder('bid', 48, 20));
    delta('bid', 48, 100);
    delta('bid', 48, -40);
    expect(ahead(order.orderId)).toBe(afterFirst);
    delta('bid', 48, -20);
    delta('bid', 48, -80);
    expect(ahead(order.orderId)).toBeLessThanOrEqual(afterSecond);
  });

  it('never has more ahead than the recording shows', () => {
    const { place, delta, ahead } = setUp({ queueModel: { kind: 'conservative' } });
    const { order } = place(sampleOrder('bid', 48, 20));
    delta('bid', 48, -90);
    expect(ahead(order.orderId)).toBe(10);
  });

  it('shares one trade between two orders in queue order', () => {
    const { place, delta, trade, fills, ahead } = setUp();
    place(sampleOrder('bid', 48, 10));
    delta('bid', 48, 30);
    const second = place(sampleOrder('bid', 48, 10), 'bob').order;
    expect(ahead(second.orderId)).toBe(140);
    trade(48, 115, 'ask');
    expect(fills()).toEqual([[48, 10, 'queue', 'maker']]);
    expect(fills('bob')).toEqual([]);
    // 105 of its 140 are used up; the recording shows 15 at the level, so no more than those are ahead.
    expect(ahead(second.orderId)).toBe(15);
    trade(48, 15, 'ask');
    expect(ahead(second.orderId)).toBe(0);
    expect(fills('bob')).toEqual([]);
  });

  it('ignores trades of the other side', () => {
    const { place, trade, fills } = setUp();
    place(sampleOrder('bid', 51, 10));
    trade(52, 50, 'bid');
    expect(fills()).toEqual([]);
  });
});

describe('through our price', () => {
  it('fills at our price when a trade prints below our bid, best first, never more than the trade', () => {
    const { place, trade, fills } = setUp();
    place(sampleOrder('bid', 49, 10));
    place(sampleOrder('bid', 50, 10), 'bob');
    trade(48, 15, 'ask');
    expect(fills('bob')).toEqual([[50, 10, 'through', 'maker']]);
    expect(fills()).toEqual([[49, 5, 'through', 'maker']]);
  });

  it('leaves what is beyond to the queue at the printed price', () => {
    const { place, trade, fills, ahead } = setUp();
    place(sampleOrder('bid', 50, 10));
    const queued = place(sampleOrder('bid', 48, 10), 'bob').order;
    trade(48, 60, 'ask');
    expect(fills()).toEqual([[50, 10, 'through', 'maker']]);
    expect(ahead(queued.orderId)).toBe(40);
  });

  it('fills from a recorded order that crosses, which then shows only the rest', () => {
    const { place, delta, fills, shown, exchange, outputs } = setUp();
    place(sampleOrder('bid', 50, 10));
    outputs.length = 0;
    delta('ask', 49, 25);
    expect(fills()).toEqual([[50, 10, 'through', 'maker']]);
    expect(shown('ask', 49)).toBe(15);
    expect(exchange.book(T).bestBid()).toBe(4800);
    expect(outputs.filter((output) => output.type === 'trade')).toHaveLength(1);
    delta('ask', 49, -25);
    expect(shown('ask', 49)).toBe(0);
  });

  it('does not offer absorbed size a second time', () => {
    const { place, delta, fills, shown } = setUp();
    place(sampleOrder('bid', 50, 30));
    delta('ask', 50, 25);
    expect(shown('ask', 50)).toBe(0);
    const ioc = sampleOrder('bid', 50, 100, { timeInForce: 'immediate-or-cancel' });
    expect(place(ioc, 'bob').order.filled).toBe(0);
    expect(fills()).toEqual([[50, 25, 'through', 'maker']]);
    delta('ask', 50, -25);
    delta('ask', 50, 2);
    expect(fills()).toEqual([
      [50, 25, 'through', 'maker'],
      [50, 2, 'through', 'maker'],
    ]);
  });
});

describe('a pause', () => {
  it.each(['trading', 'exchange'] as const)(
    'of %s lets nothing match, and what passed our price meets us when it ends',
    (what) => {
      const { exchange, place, delta, trade, print, fills, shown } = setUp();
      const set = (active: boolean): void =>
        what === 'trading' ? exchange.setTradingActive(active) : exchange.setExchangeActive(active);
      place(sampleOrder('bid', 49, 20));
      place(sampleOrder('ask', 52, 10));
      set(false);
      trade(52, 100, 'bid');
      print(47, 5, 'ask', false);
      delta('ask', 48, 12);
      expect(fills()).toEqual([]);
      set(true);
      expect(fills()).toEqual([[49, 12, 'through', 'maker']]);
      expect(shown('ask', 48)).toBe(0);
      expect(shown('bid', 49)).toBe(8);
      // The queue ahead of the ask has traded in the pause.
      delta('ask', 52, 5);
      trade(52, 3, 'bid');
      expect(fills().at(-1)).toEqual([52, 3, 'queue', 'maker']);
    },
  );

  it('of the market lets nothing match', () => {
    const { exchange, place, trade, delta, fills } = setUp();
    place(sampleOrder('bid', 49, 20));
    exchange.setMarketActive(T, false);
    delta('ask', 48, 12);
    trade(48, 100, 'ask');
    expect(fills()).toEqual([]);
  });
});

describe('taking recorded size', () => {
  it('walks the levels, remembers what it took, and sees it again only when it is new', () => {
    const { place, delta, fills, shown } = setUp();
    delta('ask', 53, 50);
    const ioc = (contracts: number) =>
      place(sampleOrder('bid', 53, contracts, { timeInForce: 'immediate-or-cancel' })).order.filled / 100;
    expect(ioc(120)).toBe(120);
    expect(fills()).toEqual([
      [52, 100, 'match', 'taker'],
      [53, 20, 'match', 'taker'],
    ]);
    expect([shown('ask', 52), shown('ask', 53)]).toEqual([0, 30]);
    delta('ask', 52, 40);
    expect(shown('ask', 52)).toBe(40);
    delta('ask', 52, -90);
    expect(shown('ask', 52)).toBe(0);
    delta('ask', 52, -50);
    delta('ask', 52, 60);
    expect(shown('ask', 52)).toBe(60);
    expect(ioc(500)).toBe(90);
  });

  it('rests what it could not take', () => {
    const { place, shown, ahead } = setUp();
    const { order, fills } = place(sampleOrder('bid', 52, 130));
    expect(fills).toHaveLength(1);
    expect(order).toMatchObject({ status: 'resting', remaining: 3000 });
    expect(shown('bid', 52)).toBe(30);
    expect(ahead(order.orderId)).toBe(0);
  });

  it('meets another user’s order in its place in the queue, and its own with self-trade prevention', () => {
    const { place, fills } = setUp();
    place(sampleOrder('bid', 48, 10));
    const ioc = { timeInForce: 'immediate-or-cancel' } as const;
    expect(place(sampleOrder('ask', 48, 105, ioc), 'bob').order.filled).toBe(10_500);
    expect(fills()).toEqual([[48, 5, 'match', 'maker']]);
    expect(place(sampleOrder('ask', 48, 5, ioc)).order).toMatchObject({
      filled: 0,
      lastUpdateReason: 'SelfTradeCancel',
    });
  });

  it('refuses post-only orders that cross recorded size', () => {
    const { exchange } = setUp();
    expect(exchange.place('ann', sampleOrder('bid', 52, 1, { postOnly: true }))).toMatchObject({
      ok: false,
      error: { code: 'invalid_order', details: 'post only cross' },
    });
  });
});

describe('snapshots', () => {
  it('replace the book, keep our orders, and cap what is ahead of them', () => {
    const { place, market, outputs, ahead, shown, exchange } = setUp();
    const { order } = place(sampleOrder('bid', 48, 10));
    outputs.length = 0;
    market.beginSnapshot();
    market.applyLevel('bid', Price.of(4800), 6000);
    market.applyLevel('ask', Price.of(5500), 2000);
    market.endSnapshot();
    expect(outputs.map((output) => output.type)).toEqual(['book.replaced']);
    expect(ahead(order.orderId)).toBe(60);
    expect([shown('bid', 48), shown('ask', 52), shown('ask', 55)]).toEqual([70, 0, 20]);
    expect(exchange.book(T).bestAsk()).toBe(5500);
  });

  it('fill our orders that the new book has passed', () => {
    const { place, market, fills, shown } = setUp();
    place(sampleOrder('bid', 48, 10));
    market.beginSnapshot();
    market.applyLevel('ask', Price.of(4500), 2500);
    market.endSnapshot();
    expect(fills()).toEqual([[48, 10, 'through', 'maker']]);
    expect([shown('ask', 45), shown('bid', 48)]).toEqual([15, 0]);
  });
});

describe('blocks', () => {
  const row = fc.record({
    kind: fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4, 5),
    side: fc.nat(1),
    flags: fc.nat(3),
    price: fc.integer({ min: 46, max: 54 }),
    count: fc.integer({ min: -40, max: 60 }),
    step: fc.nat(3),
  });

  it('without own orders reproduce every recorded row and nothing else', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
        const { block, expected } = makeBlock(rows);
        const seen: unknown[] = [];
        const { exchange, feed } = createReplayExchange({
          idSeed: 1,
          markets: [sampleMarket()],
          onOutput: (output) => {
            if (output.type === 'book.changed') {
              seen.push(['delta', output.side, output.price, output.delta, output.atMs]);
            } else if (output.type === 'trade') {
              const { trade } = output;
              seen.push(['trade', trade.takerSide, trade.price, trade.count, trade.atMs]);
            } else if (output.type === 'book.replaced') {
              seen.push(['replaced']);
            }
          },
        });
        feed.apply(block);
        feed.flush();
        expect(seen).toEqual(expected.outputs);
        expect(feed.misfits).toBe(expected.misfits);
        for (const [key, count] of expected.levels) {
          const [side, level] = key.split(' ') as [Side, string];
          expect(exchange.book(T).countAt(side, Price.of(Number(level)))).toBe(count);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never fill more against recorded flow than there was, and never show a negative level', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 20, maxLength: 80 }), fc.nat(1000), (rows, seed) => {
        const { block } = makeBlock(rows);
        let trades = 0;
        let adds = 0;
        for (let i = 0; i < block.rows; i++) {
          if (block.kind[i] === 1) trades += block.count[i]!;
          if (block.kind[i] === 0 || block.kind[i] === 3) adds += Math.max(0, block.count[i]!);
        }
        const auditor = createAuditor();
        const { exchange, feed } = createReplayExchange({
          idSeed: 1,
          markets: [sampleMarket()],
          onOutput: auditor.hear,
        });
        exchange.addListener((output) => {
          if (output.type === 'book.changed' && output.userId !== null) expect(output.delta).not.toBe(0);
          if (output.type === 'fill') expect(output.fill.count).toBeGreaterThan(0);
        });
        exchange.addUser('ann', Money.fromDollars(1e6));
        const created = exchange.createOrderGroup('ann', Count.of(100));
        if (!created.ok) throw new Error(created.error.code);
        const { groupId } = created.value;
        for (let i = 0; i < block.rows; i++) {
          feed.applyRow(block, i);
          auditor.check(exchange);
          if (i % 11 === 0) exchange.resetOrderGroup('ann', groupId);
          const pick = (seed * 31 + i * 17) % 40;
          if (pick < 18) {
            exchange.place(
              'ann',
              sampleOrder(pick % 2 === 0 ? 'bid' : 'ask', 46 + (pick % 9), 1, {
                count: Count.of(10 + pick),
                timeInForce: pick % 5 === 0 ? 'immediate-or-cancel' : 'good-till-canceled',
                selfTradePrevention: 'maker',
                orderGroupId: pick % 3 === 0 ? groupId : null,
              }),
            );
          }
          auditor.check(exchange);
        }
        feed.flush();
        auditor.check(exchange);
        const total = (cause: string) =>
          exchange
            .fills('ann')
            .filter((fill) => fill.cause === cause)
            .reduce((sum, fill) => sum + fill.count, 0);
        expect(total('queue')).toBeLessThanOrEqual(trades);
        expect(total('through') + total('match')).toBeLessThanOrEqual(trades + adds);
        let own = 0;
        for (const order of exchange.orders('ann')) own += order.remaining;
        const book = exchange.book(T);
        expect(book.total('bid') + book.total('ask')).toBeGreaterThanOrEqual(own);
      }),
      { numRuns: 300 },
    );
  });
});

interface Row {
  kind: number;
  side: number;
  flags: number;
  price: number;
  count: number;
  step: number;
}

function makeBlock(rows: readonly Row[]) {
  const size = rows.length;
  const block: ReplayBlock & { recvMs: Float64Array } = {
    rows: size,
    recvMs: new Float64Array(size),
    kind: new Uint8Array(size),
    market: new Uint16Array(size),
    side: new Uint8Array(size),
    flags: new Uint8Array(size),
    price: new Int16Array(size),
    count: new Int32Array(size),
  };
  const levels = new Map<string, number>();
  const outputs: unknown[] = [];
  let misfits = 0;
  let now = 0;
  let inSnapshot = false;
  for (const [i, row] of rows.entries()) {
    now += row.step;
    const positive = row.kind === 1 || row.kind === 3;
    const count = positive ? Math.abs(row.count) : row.count;
    block.recvMs[i] = now + 0.25;
    block.kind[i] = row.kind;
    block.side[i] = row.side;
    block.flags[i] = row.flags;
    block.price[i] = row.price * 100;
    block.count[i] = count;
    const side = row.side === 0 ? 'bid' : 'ask';
    const key = `${side} ${row.price * 100}`;
    const before = levels.get(key) ?? 0;
    if (inSnapshot && row.kind !== 3) {
      outputs.push(['replaced']);
      inSnapshot = false;
    }
    if (row.kind === 0) {
      if (before + count < 0) {
        misfits++;
        continue;
      }
      levels.set(key, before + count);
      outputs.push(['delta', side, row.price * 100, count, now]);
    } else if (row.kind === 1) {
      outputs.push(['trade', side, row.price * 100, count, now]);
    } else if (row.kind === 2) {
      inSnapshot = true;
      for (const level of levels.keys()) levels.set(level, 0);
    } else if (row.kind === 3) {
      if (!inSnapshot) outputs.push(['delta', side, row.price * 100, count - before, now]);
      levels.set(key, count);
    }
  }
  if (inSnapshot) outputs.push(['replaced']);
  return { block, expected: { outputs, misfits, levels } };
}

it('keeps the clock of the recording', () => {
  const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [sampleMarket()] });
  const { block } = makeBlock([
    { kind: 0, side: 0, flags: 0, price: 50, count: 5, step: 7 },
    { kind: 0, side: 0, flags: 0, price: 50, count: 5, step: 3 },
  ]);
  feed.apply(block, 0, 1);
  expect(exchange.nowMs).toBe(Timestamp.of(7));
  feed.apply(block, 1);
  expect(exchange.nowMs).toBe(10);
});

it('lists further markets while it runs', () => {
  const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [] });
  expect(feed.addMarket(sampleMarket())).toBe(0);
  expect(feed.addMarket(sampleMarket({ ticker: Ticker.of('KXTEST-2') }))).toBe(1);
  feed.market(Ticker.of('KXTEST-2')).applyDelta('bid', Price.of(4000), 100, false);
  expect(exchange.book(Ticker.of('KXTEST-2')).bestBid()).toBe(4000);
  expect(exchange.book(T).bestBid()).toBe(0);
  expect(() => feed.market(Ticker.of('KXNONE'))).toThrow(/KXNONE/);
});
