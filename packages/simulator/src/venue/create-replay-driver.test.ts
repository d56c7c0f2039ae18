import { ClientOrderId, Count, type Event, Money, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createReplayExchange, type ReplayBlock } from '../replay-feed.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { runReplay } from './create-replay-driver.ts';
import { createSimulatedVenue } from './create-simulated-venue.ts';

const T = Ticker.of('KXTEST-1');
const ms = Timestamp.of;

/** Rows of [time, kind, side, flags, price in cents, contracts]. */
function blockOf(rows: readonly number[][]): ReplayBlock {
  const column = (i: number, scale = 1) => rows.map((row) => row[i]! * scale);
  return {
    rows: rows.length,
    recvMs: Float64Array.from(column(0)),
    kind: Uint8Array.from(column(1)),
    market: new Uint16Array(rows.length),
    side: Uint8Array.from(column(2)),
    flags: Uint8Array.from(column(3)),
    price: Int16Array.from(column(4, 100)),
    count: Int32Array.from(column(5, 100)),
  };
}

const SNAPSHOT = [
  [1000, 4, 0, 0, 0, 0],
  [1000, 2, 0, 0, 0, 0],
  [1000, 3, 0, 0, 48, 10],
  [1000, 3, 1, 0, 52, 10],
];

function run(
  blocks: readonly ReplayBlock[],
  options: { fromMs?: Timestamp; toMs?: Timestamp; tickMs?: number } = {},
  react: (event: Event, submit: (id: string, cents: number) => void) => void = () => {},
) {
  const markets = [sampleMarket({ closeMs: ms(100_000), result: 'no', settledMs: ms(105_000) })];
  const { exchange, feed } = createReplayExchange({ idSeed: 1, markets });
  exchange.addUser('us', Money.fromDollars(100));
  const events: Event[] = [];
  const venue = createSimulatedVenue({
    exchange,
    userId: 'us',
    entryLatencyMs: 50,
    responseLatencyMs: 20,
    onEvent: (event) => {
      events.push({ ...event });
      react(event, (id, cents) =>
        venue.submit(
          {
            type: 'order.place',
            clientOrderId: ClientOrderId.of(id),
            ticker: T,
            side: 'bid',
            price: Price.of(cents * 100),
            count: Count.of(500),
            timeInForce: 'good-till-canceled',
            postOnly: true,
            reduceOnly: false,
            expirationMs: null,
            purpose: 'quote',
            exchangeIndex: 0,
          },
          event.atMs,
        ),
      );
    },
  });
  const totals = runReplay({ venue, feed, markets, blocks, tickMs: 1000, ...options });
  return { exchange, totals, events, story: events.map((event) => `${event.atMs} ${event.type}`) };
}

describe('the replay driver', () => {
  it('merges rows, ticks and life cycle in time order', () => {
    const rows = [...SNAPSHOT, [1500, 0, 0, 0, 49, 1], [2000, 0, 0, 0, 49, -1], [3500, 1, 1, 0, 48, 2]];
    const { story, totals } = run([blockOf(rows)], { toMs: ms(4000) });
    expect(story).toEqual([
      '1000 market.opened',
      '1000 clock.ticked',
      '1000 feed.gapped',
      '1000 book.replaced',
      '1500 book.changed',
      '2000 clock.ticked',
      '2000 book.changed',
      '3000 clock.ticked',
      '3500 trade.printed',
      '4000 clock.ticked',
    ]);
    expect(totals).toEqual({ rows: 7, ticks: 4 });
  });

  it('gives the same story however the rows are cut into blocks', () => {
    const rows = [...SNAPSHOT, [1500, 0, 0, 0, 49, 1], [2700, 0, 0, 0, 49, -1]];
    const whole = run([blockOf(rows)]).story;
    for (let cut = 1; cut < rows.length; cut++) {
      expect(run([blockOf(rows.slice(0, cut)), blockOf(rows.slice(cut))]).story).toEqual(whole);
    }
  });

  it('builds books silently before the start, and stops at the end', () => {
    const rows = [...SNAPSHOT, [1500, 0, 0, 0, 49, 1], [6500, 0, 0, 0, 49, -1], [9000, 0, 0, 0, 47, 1]];
    const { story, events } = run([blockOf(rows)], { fromMs: ms(6000), toMs: ms(7000) });
    expect(story).toEqual([
      '6000 market.opened',
      '6000 book.replaced',
      '6000 clock.ticked',
      '6500 book.changed',
      '7000 clock.ticked',
    ]);
    const replaced = events.find((event) => event.type === 'book.replaced')!;
    expect(replaced.bids).toEqual([
      { price: 4900, count: 100 },
      { price: 4800, count: 1000 },
    ]);
  });

  it('lets orders arrive between rows, fill by the queue, and settle after the last row', () => {
    const rows = [
      ...SNAPSHOT,
      [1100, 0, 0, 0, 48, 5],
      [1200, 0, 0, 1, 48, -15],
      [1210, 1, 1, 2, 48, 15],
      [1300, 1, 1, 0, 48, 2],
    ];
    const { story, exchange } = run([blockOf(rows)], { toMs: ms(106_000) }, (event, submit) => {
      if (event.type === 'book.replaced') submit('a', 48);
    });
    expect(story.filter((line) => /order|balance|closed|settled/.test(line))).toEqual([
      '1070 order.accepted',
      '1230 order.filled',
      '1230 balance.changed',
      '100000 market.closed',
      '105000 market.settled',
      '105020 balance.changed',
    ]);
    // Ten contracts were ahead on arrival at 1050; the five that came after it stand behind.
    expect(exchange.fills('us')).toMatchObject([{ count: 500, cause: 'queue', atMs: 1210 }]);
    expect(exchange.settlements('us')).toMatchObject([{ result: 'no', revenue: 0 }]);
  });
});
