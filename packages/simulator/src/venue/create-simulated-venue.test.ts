import {
  ClientOrderId,
  type Command,
  Count,
  type Event,
  Money,
  type OrderId,
  type PlaceOrder,
  Price,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createExchange } from '../create-exchange.ts';
import { sampleMarket } from '../testing/sample-market.ts';
import { sampleOrder } from '../testing/sample-order.ts';
import { createSimulatedVenue, type SimulatedVenueOptions } from './create-simulated-venue.ts';

const T = Ticker.of('KXTEST-1');
const ms = Timestamp.of;

type Latency = Pick<SimulatedVenueOptions, 'entryLatencyMs' | 'responseLatencyMs' | 'latencySeed'>;

function setUp(latency: Latency = { entryLatencyMs: 100, responseLatencyMs: 30 }) {
  const events: Event[] = [];
  const exchange = createExchange({ idSeed: 1 });
  exchange.addUser('us', Money.fromDollars(1000));
  exchange.addUser('them', Money.fromDollars(1000));
  exchange.listMarket(sampleMarket());
  const venue = createSimulatedVenue({
    exchange,
    userId: 'us',
    ...latency,
    onEvent: (event) => events.push({ ...event }),
  });
  const them = (side: 'bid' | 'ask', cents: number, contracts: number) =>
    exchange.place('them', sampleOrder(side, cents, contracts));
  const story = () =>
    events
      .filter((event) => event.type !== 'book.changed' && event.type !== 'trade.printed')
      .map((event) => `${event.atMs} ${event.type}`);
  const of = <Type extends Event['type']>(type: Type) =>
    events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);
  return { exchange, venue, events, them, story, of };
}

function order(id: string, side: 'bid' | 'ask', cents: number, change: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    type: 'order.place',
    clientOrderId: ClientOrderId.of(id),
    ticker: T,
    side,
    price: Price.of(cents * 100),
    count: Count.of(500),
    timeInForce: 'good-till-canceled',
    postOnly: false,
    reduceOnly: false,
    expirationMs: null,
    purpose: 'quote',
    exchangeIndex: 0,
    ...change,
  };
}

function change(type: 'order.cancel', id: string, orderId: OrderId): Command {
  return { type, clientOrderId: ClientOrderId.of(id), orderId, ticker: T, exchangeIndex: 0 };
}

describe('latency', () => {
  it('reaches the exchange late and hears back later; public data comes at once', () => {
    const { venue, exchange, events, story } = setUp();
    venue.submit(order('a', 'bid', 40), ms(1000));
    venue.advanceTo(ms(1099));
    expect(exchange.orders('us')).toEqual([]);
    venue.advanceTo(ms(1100));
    expect(exchange.orders('us')).toHaveLength(1);
    expect(events).toMatchObject([{ type: 'book.changed', atMs: 1100, delta: 500 }]);
    venue.advanceTo(ms(1129));
    expect(story()).toEqual([]);
    venue.advanceTo(ms(5000));
    expect(story()).toEqual(['1130 order.accepted']);
  });

  it('can lose the race: what was there at submit is gone on arrival', () => {
    const { venue, exchange, them, of } = setUp();
    const target = them('ask', 50, 5);
    if (!target.ok) throw new Error('refused');
    venue.submit(order('a', 'bid', 50, { timeInForce: 'immediate-or-cancel' }), ms(1000));
    exchange.schedule(ms(1050), () => exchange.cancel('them', target.value.order.orderId));
    venue.advanceTo(ms(2000));
    expect(of('order.accepted')).toMatchObject([{ filled: 0, remaining: 0 }]);
    expect(of('order.filled')).toEqual([]);
  });

  it('keeps the order of equal times: exchange first, then as submitted', () => {
    const { venue, exchange, of } = setUp({ entryLatencyMs: 0, responseLatencyMs: 0 });
    exchange.schedule(ms(1000), () => exchange.setTradingActive(false));
    venue.submit(order('a', 'bid', 40), ms(999));
    venue.submit(order('b', 'bid', 41), ms(999));
    venue.submit(order('c', 'bid', 42), ms(1000));
    venue.advanceTo(ms(2000));
    expect(of('order.accepted').map((event) => event.clientOrderId)).toEqual(['a', 'b']);
    expect(of('order.rejected')).toMatchObject([{ clientOrderId: 'c', reason: 'trading-paused' }]);
  });
});

describe('latency that varies', () => {
  it('keeps commands and answers in order: who would overtake arrives together', () => {
    const { venue, story } = setUp({
      entryLatencyMs: { kind: 'recorded', samplesMs: [300, 10, 50], order: 'played' },
      responseLatencyMs: { kind: 'recorded', samplesMs: [100, 20], order: 'played' },
    });
    venue.submit(order('a', 'bid', 40), ms(0));
    venue.submit(order('b', 'bid', 41), ms(100));
    venue.submit(order('c', 'bid', 42), ms(260));
    venue.advanceTo(ms(2000));
    expect(story()).toEqual(['400 order.accepted', '400 order.accepted', '410 order.accepted']);
  });

  it('follows from the seed', () => {
    const run = (latencySeed: string) => {
      const lognormal = { kind: 'lognormal', medianMs: 80, p99Ms: 900 } as const;
      const { venue, story } = setUp({
        entryLatencyMs: lognormal,
        responseLatencyMs: lognormal,
        latencySeed,
      });
      for (let i = 0; i < 20; i++) venue.submit(order(`o${i}`, 'bid', 30), ms(i * 100));
      venue.advanceTo(ms(60_000));
      return story();
    };
    expect(run('one')).toEqual(run('one'));
    expect(run('two')).not.toEqual(run('one'));
  });
});

describe('answers', () => {
  it('accepts before it fills, then tells the balance once', () => {
    const { venue, them, story, of } = setUp();
    them('ask', 50, 2);
    them('ask', 51, 2);
    venue.submit(order('a', 'bid', 51), ms(0));
    venue.advanceTo(ms(1000));
    expect(story()).toEqual([
      '130 order.accepted',
      '130 order.filled',
      '130 order.filled',
      '130 balance.changed',
    ]);
    expect(of('order.accepted')).toMatchObject([{ filled: 400, remaining: 100 }]);
    expect(of('order.filled')[0]!.fill).toMatchObject({
      price: 5000,
      count: 200,
      role: 'taker',
      fee: 35_000,
      clientOrderId: 'a',
      exchangeMs: 100,
    });
    // 1000 less 1.00, 1.02, fees of 0.035 and 0.035, and 0.51 with its fee reserve for the contract that rests.
    expect(of('balance.changed')[0]!.balance).toBe(1_000_000_000 - 2_020_000 - 70_000 - 527_500);
  });

  it('reports fills of resting orders, and that a late cancel came too late', () => {
    const { venue, exchange, them, story } = setUp();
    venue.submit(order('a', 'bid', 50), ms(0));
    venue.advanceTo(ms(200));
    const { orderId } = exchange.orders('us')[0]!;
    venue.submit(change('order.cancel', 'a', orderId), ms(250));
    exchange.schedule(ms(300), () => them('ask', 50, 5));
    venue.advanceTo(ms(1000));
    expect(story()).toEqual([
      '130 order.accepted',
      '330 order.filled',
      '330 balance.changed',
      '380 cancel.rejected',
    ]);
  });

  it('answers cancel, decrease and amend', () => {
    const { venue, exchange, them, of, story } = setUp();
    venue.submit(order('a', 'bid', 50), ms(0));
    venue.advanceTo(ms(200));
    const { orderId } = exchange.orders('us')[0]!;
    const head = { clientOrderId: ClientOrderId.of('a'), orderId, ticker: T, exchangeIndex: 0 };
    venue.submit({ type: 'order.decrease', ...head, reduceTo: Count.of(300) }, ms(200));
    venue.advanceTo(ms(400));
    expect(of('order.amended').at(-1)).toMatchObject({ price: 5000, remaining: 300 });
    them('ask', 52, 1);
    const amend = { type: 'order.amend', ...head, side: 'bid', price: Price.of(5200) } as const;
    venue.submit({ ...amend, totalCount: Count.of(400) }, ms(400));
    venue.advanceTo(ms(600));
    // Before the match of 1 contract, which its own fill tells.
    expect(of('order.amended').at(-1)).toMatchObject({ price: 5200, remaining: 400 });
    expect(of('order.filled').at(-1)!.fill).toMatchObject({ count: 100, role: 'taker' });
    venue.submit(change('order.cancel', 'a', orderId), ms(600));
    venue.advanceTo(ms(800));
    expect(of('order.canceled')).toMatchObject([{ reason: 'requested', atMs: 730 }]);
    venue.submit({ ...amend, totalCount: Count.of(400) }, ms(800));
    venue.advanceTo(ms(1000));
    expect(of('cancel.rejected')).toMatchObject([{ reason: 'not-found' }]);
    expect(story().at(-1)).toBe('930 cancel.rejected');
  });

  it.each<[string, Partial<PlaceOrder>]>([
    ['post-only-cross', { postOnly: true, price: Price.of(6000) }],
    ['invalid-price', { price: Price.of(5050) }],
    ['insufficient-balance', { count: Count.of(1_000_000) }],
    ['fill-or-kill-unfilled', { timeInForce: 'fill-or-kill' }],
    ['market-not-found', { ticker: Ticker.of('KXNONE') }],
    ['invalid-order', { reduceOnly: true }],
  ])('rejects with %s', (reason, what) => {
    const { venue, them, of } = setUp();
    them('ask', 60, 1);
    venue.submit(order('a', 'bid', 50, what), ms(0));
    venue.advanceTo(ms(1000));
    expect(of('order.rejected')).toMatchObject([{ clientOrderId: 'a', reason }]);
  });

  it('rejects a name that was used before', () => {
    const { venue, of } = setUp();
    venue.submit(order('a', 'bid', 50), ms(0));
    venue.submit(order('a', 'bid', 50), ms(1));
    venue.advanceTo(ms(1000));
    expect(of('order.rejected')).toMatchObject([{ reason: 'duplicate-client-order-id' }]);
  });

  it('tells of orders that end by themselves', () => {
    const { venue, exchange, of } = setUp();
    venue.submit(order('a', 'bid', 50, { expirationMs: ms(5000) }), ms(0));
    venue.submit(order('b', 'bid', 49), ms(0));
    venue.submit(order('c', 'ask', 50, { timeInForce: 'immediate-or-cancel' }), ms(0));
    venue.advanceTo(ms(6000));
    expect(of('order.expired')).toMatchObject([{ clientOrderId: 'a', atMs: 5030 }]);
    exchange.setCloseTime(T, ms(7000));
    venue.advanceTo(ms(8000));
    expect(of('order.canceled')).toMatchObject([{ clientOrderId: 'b', reason: 'close', atMs: 7030 }]);
  });
});

describe('markets', () => {
  it('announces, closes, settles, and pays', () => {
    const { venue, exchange, them, story, of } = setUp();
    them('ask', 50, 5);
    venue.announce();
    venue.submit(order('a', 'bid', 50), ms(0));
    venue.advanceTo(ms(900));
    exchange.determine(T, 'yes');
    venue.advanceTo(ms(3000));
    expect(story()).toEqual([
      '0 market.opened',
      '0 book.replaced',
      '130 order.accepted',
      '130 order.filled',
      '130 balance.changed',
      '900 market.closed',
      '1900 market.settled',
      '1930 balance.changed',
    ]);
    expect(of('book.replaced')[0]!.asks).toEqual([{ price: 5000, count: 500 }]);
    expect(of('market.settled')).toMatchObject([{ result: 'yes', settlementPrice: 10_000 }]);
    expect(of('balance.changed').at(-1)!.balance).toBe(1_000_000_000 + 2_500_000 - 87_500);
  });

  it('swallows public events while muted, and stops when closed', () => {
    const { venue, them, events } = setUp();
    venue.muted = true;
    them('ask', 50, 5);
    expect(events).toEqual([]);
    venue.muted = false;
    them('ask', 51, 5);
    expect(events).toHaveLength(1);
    venue.close();
    them('ask', 52, 5);
    expect(events).toHaveLength(1);
  });
});
