import {
  ClientOrderId,
  Count,
  type Event,
  type Fill,
  FillId,
  Money,
  OrderId,
  Position,
  Price,
  PriceGrid,
  type Side,
  Timestamp,
} from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MarketStates,
  OrderBook,
  OwnAccount,
  PriceWindow,
  QueuePlaces,
  snapshotOf,
  staleKinds,
} from './index.ts';

const market = aMarket();
const { ticker } = market;
const at = (ms: number) => Timestamp.of(ms);
const id = ClientOrderId.of('mm-1');
const orderId = OrderId.of('o-1');
const fill = (fillId: string, count: number, side: Side = 'bid'): Fill => ({
  ...{ fillId: FillId.of(fillId), orderId, clientOrderId: id, ticker, side, price: Price.of(4_000) },
  ...{ count: Count.of(count), fee: Money.ZERO, role: 'maker', exchangeMs: at(1) },
});

describe('OwnAccount', () => {
  it('follows an order from its acceptance to its last fill, and counts a fill once', () => {
    const own = new OwnAccount();
    own.sent({ clientOrderId: id, ticker, side: 'bid', price: Price.of(4_000) });
    expect(own.ordersIn(ticker)).toEqual([]);
    const accepted = { clientOrderId: id, orderId, ticker, remaining: Count.of(500), filled: Count.ZERO };
    own.absorb({ type: 'order.accepted', atMs: at(1), ...accepted });
    const filled = (f: Fill): Event => ({ type: 'order.filled', atMs: at(2), fill: f });
    own.absorb(filled(fill('f-1', 200)));
    own.absorb(filled(fill('f-1', 200)));
    expect(own.ordersIn(ticker)).toMatchObject([{ side: 'bid', price: 4_000, remaining: 300 }]);
    expect(own.holding(ticker).position).toBe(200);
    own.absorb(filled(fill('f-2', 300)));
    expect(own.ordersIn(ticker)).toEqual([]);
    expect(own.fills).toHaveLength(2);
    const settled = { type: 'market.settled', ticker, result: 'yes', settlementPrice: Price.ONE } as const;
    own.absorb({ ...settled, atMs: at(3) });
    expect(own.holding(ticker)).toMatchObject({ position: 0, realizedPnl: 500 * 6_000 });
  });

  it('takes a complete report as all there is, and keeps the reported position apart', () => {
    const own = new OwnAccount(2);
    own.sent({ clientOrderId: id, ticker, side: 'bid', price: Price.of(4_000) });
    const report = { type: 'orders.reported', atMs: at(1), asOfMs: at(1), complete: true } as const;
    own.absorb({ ...report, orders: [] });
    own.absorb({
      ...{ type: 'order.accepted', atMs: at(1), clientOrderId: id, orderId, ticker },
      ...{ remaining: Count.ONE, filled: Count.ZERO },
    });
    expect(own.ordersIn(ticker)).toEqual([]);
    expect(own.reportedPosition(ticker)).toBeNull();
    own.absorb({
      ...{ type: 'position.reported', atMs: at(1), ticker, position: Position.of(-300), cost: null },
      ...{ feesPaid: Money.ZERO, realizedPnl: Money.ZERO },
    });
    expect(own.reportedPosition(ticker)).toBe(-300);
    for (const name of ['a', 'b', 'c'])
      own.absorb({ type: 'order.filled', atMs: at(2), fill: fill(name, 100) });
    expect(own.fills.map((each) => each.fillId)).toEqual(['b', 'c']);
  });
});

describe('QueuePlaces', () => {
  const price = Price.of(4_000);
  const change = (delta: number): Event => ({
    ...{ type: 'book.changed', ticker, side: 'bid', price, delta, exchangeMs: null, atMs: at(1) },
  });
  const trade = (count: number): Event => ({
    ...{ type: 'trade.printed', ticker, price, count: Count.of(count), takerSide: 'ask' },
    ...{ exchangeMs: null, atMs: at(1) },
  });

  it('brackets the true place whatever happens in the queue', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'cancel', 'trade'),
      size: fc.integer({ min: 1, max: 40 }),
      place: fc.nat(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 5 }),
        fc.array(step),
        (queue, steps) => {
          const book = new OrderBook(PriceGrid.cent());
          for (const size of queue) book.change('bid', price, size);
          const places = new QueuePlaces();
          places.join('ours', ticker, 'bid', price, Count.of(25), book);
          book.change('bid', price, 25);
          const ahead = [...queue];
          const behind: number[] = [];
          const tell = (event: Event): void => {
            if (event.type === 'book.changed') book.change('bid', price, event.delta);
            places.absorb(event, book);
          };
          for (const { kind, size, place } of steps) {
            if (kind === 'add') {
              behind.push(size);
              tell(change(size));
            } else if (kind === 'cancel') {
              const at = place % (ahead.length + behind.length || 1);
              const list = at < ahead.length ? ahead : behind;
              const [gone] = list.splice(at < ahead.length ? at : at - ahead.length, 1);
              if (gone !== undefined) tell(change(-gone));
            } else if (ahead.length > 0) {
              const taken = Math.min(size, ahead[0]!);
              ahead[0]! -= taken;
              if (ahead[0] === 0) ahead.shift();
              tell(change(-taken));
              tell(trade(taken));
            }
            const truth = ahead.reduce((sum, each) => sum + each, 0);
            const { least, most } = places.ahead('ours')!;
            expect(least).toBeLessThanOrEqual(truth);
            expect(most).toBeGreaterThanOrEqual(truth);
          }
          places.fill('ours', Count.of(5));
          expect(places.ahead('ours')).toEqual({ least: 0, most: 0 });
          places.fill('ours', Count.of(20));
          expect(places.ahead('ours')).toBeNull();
        },
      ),
    );
  });
});

describe('PriceWindow', () => {
  it('is bounded by time and by capacity', () => {
    const window = new PriceWindow(100, 3);
    expect(window.range(at(0))).toBeNull();
    [4_000, 4_300, 4_100, 4_200].forEach((price, i) => void window.push(at(i * 10), Price.of(price)));
    expect(window.range(at(30))).toEqual({ first: 4_300, last: 4_200, low: 4_100, high: 4_300 });
    expect(window.range(at(120))).toEqual({ first: 4_100, last: 4_200, low: 4_100, high: 4_200 });
    expect(window.range(at(131))).toBeNull();
  });
});

it('staleness by kind, and a snapshot that shares nothing with the state', () => {
  const states = new MarketStates();
  const state = states.list(market);
  expect(staleKinds(state, at(10), { book: 5, trade: 5 })).toEqual(['book', 'trade']);
  const level = { price: Price.of(4_000), count: Count.of(1_000) };
  states.absorb({ type: 'book.replaced', atMs: at(10), ticker, bids: [level], asks: [] });
  expect(staleKinds(state, at(15), { book: 5, ticker: 1_000 })).toEqual(['ticker']);
  const snapshot = snapshotOf(state, at(15));
  states.absorb({ type: 'feed.gapped', atMs: at(16), ticker });
  expect(staleKinds(state, at(16), { book: 1_000 })).toEqual(['book']);
  expect(snapshot).toEqual({
    ...{ ticker, status: 'active', bookTrusted: true, bids: [['0.4000', '10.00']], asks: [] },
    ...{ lastTradePrice: null, volume: null, openInterest: null },
    ages: { bookMs: 5, tradeMs: null, tickerMs: null },
  });
});
