import {
  ClientOrderId,
  Count,
  Money,
  type OrderId,
  Position,
  Price,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import type { ExchangeOutput, OrderRequest, PlacedOrder, Result } from './exchange-api.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');
const ms = Timestamp.of;

function setUp(market = sampleMarket(), postOnlyCross: 'reject' | 'cancel' = 'reject') {
  const outputs: ExchangeOutput[] = [];
  const exchange = createExchange({ idSeed: 1, postOnlyCross, onOutput: (output) => outputs.push(output) });
  for (const user of ['ann', 'bob', 'cat']) exchange.addUser(user, Money.fromDollars(1000));
  exchange.listMarket(market);
  const place = (user: string, request: OrderRequest): PlacedOrder => ok(exchange.place(user, request));
  const cash = (user: string): number => exchange.balance(user)!.cash + exchange.balance(user)!.reserved;
  return { exchange, outputs, place, cash };
}

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.details ?? ''}`);
  return result.value;
}

function codeOf(result: Result<unknown>): string {
  if (result.ok) return 'ok';
  return result.error.details === undefined
    ? result.error.code
    : `${result.error.code}: ${result.error.details}`;
}

describe('matching', () => {
  it('fills at the resting price, oldest first, and tells the story in order', () => {
    const { exchange, outputs, place } = setUp();
    const first = place('ann', sampleOrder('ask', 52, 3)).order;
    const second = place('bob', sampleOrder('ask', 52, 5)).order;
    place('bob', sampleOrder('ask', 51, 1));
    outputs.length = 0;
    const taker = place('cat', sampleOrder('bid', 55, 6));
    expect(taker.fills.map((fill) => [fill.price, fill.count, fill.role])).toEqual([
      [5100, 100, 'taker'],
      [5200, 300, 'taker'],
      [5200, 200, 'taker'],
    ]);
    expect(first.status).toBe('executed');
    expect(second).toMatchObject({ status: 'resting', filled: 200, remaining: 300 });
    expect(taker.order).toMatchObject({ status: 'executed', takerCost: 510_000 + 2_600_000 });
    const types = outputs.slice(0, 9).map((output) => output.type);
    expect(types).toEqual([
      'order',
      'book.changed',
      'trade',
      'fill',
      'order',
      'position',
      'fill',
      'order',
      'position',
    ]);
    const trades = exchange.trades(T);
    expect(trades.map((trade) => trade.count)).toEqual([200, 300, 100]);
    const fillIds = exchange.fills('cat').map((fill) => fill.fillId);
    expect(trades.map((trade) => trade.tradeId)).toEqual(fillIds.toReversed());
    expect(exchange.statistics(T)).toEqual({
      lastPrice: 5200,
      volume: 600,
      volume24h: 600,
      openInterest: 600,
    });
    expect(exchange.book(T).countAt('ask', Price.of(5200))).toBe(300);
  });

  it('charges the recorded fee, and keeps limit price and true cost apart', () => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('ask', 52, 1));
    const { order, fills } = place('bob', sampleOrder('bid', 99, 1, { timeInForce: 'immediate-or-cancel' }));
    expect(order).toMatchObject({ price: 9900, takerCost: 520_000, takerFees: 17_500, status: 'executed' });
    expect(fills[0]!.fee).toBe(17_500);
    expect(exchange.balance('bob')!.cash).toBe(1_000_000_000 - 520_000 - 17_500);
    expect(exchange.feesCollected).toBe(17_500);
  });

  it('gives the same ids and outputs for the same calls', () => {
    const run = () => {
      const { outputs, place } = setUp();
      place('ann', sampleOrder('ask', 52, 1));
      place('bob', sampleOrder('bid', 60, 3));
      return JSON.stringify(outputs);
    };
    expect(run()).toBe(run());
    const { place } = setUp();
    expect(place('ann', sampleOrder('ask', 52, 1)).order.orderId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('refusals', () => {
  it.each<[string, Partial<OrderRequest>]>([
    ['market_not_found', { ticker: Ticker.of('KXNONE') }],
    ['invalid_price: price is not on the grid', { price: Price.of(5050) }],
    ['invalid_price: price must be inside (0, 1)', { price: Price.of(0) }],
    ['invalid_price: price must be inside (0, 1)', { price: Price.of(10_000) }],
    ['invalid_order: count must be positive', { count: Count.of(0) }],
    ['invalid_order: post only cross', { postOnly: true, price: Price.of(5200) }],
    ['invalid_order: reduce only requires immediate or cancel', { reduceOnly: true }],
    [
      'invalid_order: post only requires good till canceled',
      { postOnly: true, timeInForce: 'immediate-or-cancel' },
    ],
    [
      'invalid_order: expiration requires good till canceled',
      { expirationMs: ms(50), timeInForce: 'fill-or-kill' },
    ],
    ['invalid_order: expiration is in the past', { expirationMs: ms(5) }],
    ['order_already_exists', { clientOrderId: ClientOrderId.of('used') }],
    ['fill_or_kill_insufficient_resting_volume', { timeInForce: 'fill-or-kill', price: Price.of(5200) }],
    ['insufficient_balance', { count: Count.of(400_000) }],
  ])('%s', (expected, change) => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('ask', 52, 1));
    const used = place('bob', sampleOrder('bid', 10, 1, { clientOrderId: ClientOrderId.of('used') }));
    ok(exchange.cancel('bob', used.order.orderId));
    exchange.advanceTo(ms(10));
    const before = exchange.balance('bob');
    expect(codeOf(exchange.place('bob', sampleOrder('bid', 50, 2, change)))).toBe(expected);
    expect(exchange.balance('bob')).toEqual(before);
  });

  it('does not know strangers, dead orders, or other people’s orders', () => {
    const { exchange, place } = setUp();
    expect(codeOf(exchange.place('eve', sampleOrder('bid', 50, 1)))).toBe('user_not_found');
    const { orderId } = place('ann', sampleOrder('bid', 50, 1)).order;
    expect(codeOf(exchange.cancel('bob', orderId))).toBe('not_found');
    expect(ok(exchange.cancel('ann', orderId)).reducedBy).toBe(100);
    expect(codeOf(exchange.cancel('ann', orderId))).toBe('not_found');
    expect(codeOf(exchange.decrease('ann', orderId, Count.ZERO))).toBe('not_found');
    expect(codeOf(exchange.cancel('ann', 'nothing' as OrderId))).toBe('not_found');
  });

  it('may accept and cancel a crossing post-only order instead', () => {
    const { exchange, place } = setUp(sampleMarket(), 'cancel');
    place('ann', sampleOrder('ask', 52, 1));
    const { order } = place('bob', sampleOrder('bid', 52, 1, { postOnly: true }));
    expect(order).toMatchObject({ status: 'canceled', lastUpdateReason: 'PostOnlyCrossCancel', filled: 0 });
    // So does one that is amended across, which is refused otherwise.
    const later = place('bob', sampleOrder('bid', 40, 1, { postOnly: true })).order;
    const change = {
      side: 'bid',
      price: Price.of(5200),
      totalCount: Count.of(100),
      clientOrderId: null,
    } as const;
    expect(ok(exchange.amend('bob', later.orderId, change)).order).toMatchObject({
      status: 'canceled',
      lastUpdateReason: 'PostOnlyCrossCancel',
    });
    expect(exchange.balance('bob')!.reserved).toBe(0);
  });
});

describe('time in force', () => {
  it('cancels what an immediate order cannot match', () => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('ask', 52, 1));
    const ioc = { timeInForce: 'immediate-or-cancel' } as const;
    expect(place('bob', sampleOrder('bid', 51, 1, ioc)).order).toMatchObject({
      status: 'canceled',
      filled: 0,
      remaining: 0,
      initial: 100,
    });
    expect(place('bob', sampleOrder('bid', 52, 4, ioc)).order).toMatchObject({
      status: 'canceled',
      filled: 100,
    });
    expect(exchange.balance('bob')!.reserved).toBe(0);
  });

  it('fills all or nothing for fill-or-kill', () => {
    const { place } = setUp();
    place('ann', sampleOrder('ask', 52, 1));
    place('cat', sampleOrder('ask', 53, 1));
    const { order } = place('bob', sampleOrder('bid', 53, 2, { timeInForce: 'fill-or-kill' }));
    expect(order).toMatchObject({ status: 'executed', filled: 200 });
  });

  it('caps a reduce-only order by the position', () => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('ask', 52, 3));
    place('bob', sampleOrder('bid', 52, 3));
    place('ann', sampleOrder('bid', 40, 10));
    const reduce = { timeInForce: 'immediate-or-cancel', reduceOnly: true } as const;
    expect(place('bob', sampleOrder('ask', 40, 8, reduce)).order).toMatchObject({
      initial: 300,
      filled: 300,
    });
    expect(exchange.positions('bob')[0]!.position).toBe(0);
    expect(place('bob', sampleOrder('ask', 40, 8, reduce)).order).toMatchObject({
      status: 'canceled',
      filled: 0,
      lastUpdateReason: 'ReduceOnlyCancel',
    });
  });

  it('expires an order at its exact time', () => {
    const { exchange, outputs, place } = setUp();
    const { order } = place('ann', sampleOrder('bid', 50, 1, { expirationMs: ms(5000) }));
    exchange.advanceTo(ms(4999));
    expect(order.status).toBe('resting');
    outputs.length = 0;
    exchange.advanceTo(ms(9000));
    expect(order).toMatchObject({ status: 'canceled', lastUpdateReason: 'ExpiryCancel', updatedMs: 5000 });
    expect(outputs.map((output) => [output.type, (output as { atMs: number }).atMs])).toEqual([
      ['book.changed', 5000],
      ['order', 5000],
    ]);
    expect(exchange.balance('ann')).toEqual({ cash: 1_000_000_000, reserved: 0 });
  });
});

describe('self-trade prevention', () => {
  it('stops the incoming order at its own resting one', () => {
    const { place } = setUp();
    const own = place('ann', sampleOrder('ask', 52, 1)).order;
    place('bob', sampleOrder('ask', 51, 1));
    const { order } = place('ann', sampleOrder('bid', 53, 5));
    expect(order).toMatchObject({ filled: 100, status: 'canceled', lastUpdateReason: 'SelfTradeCancel' });
    expect(own.status).toBe('resting');
  });

  it('cancels the resting order in maker mode and goes on', () => {
    const { exchange, place } = setUp();
    const own = place('ann', sampleOrder('ask', 51, 1)).order;
    place('bob', sampleOrder('ask', 52, 1));
    const { order } = place('ann', sampleOrder('bid', 53, 5, { selfTradePrevention: 'maker' }));
    expect(own).toMatchObject({ status: 'canceled', lastUpdateReason: 'SelfTradeCancel' });
    expect(order).toMatchObject({ filled: 100, remaining: 400, status: 'resting' });
    expect(exchange.book(T).bestBid()).toBe(5300);
  });

  it('lets a fill-or-kill that meets its own order behave as immediate', () => {
    const { place } = setUp();
    place('bob', sampleOrder('ask', 51, 1));
    place('ann', sampleOrder('ask', 52, 1));
    const { order } = place('ann', sampleOrder('bid', 53, 5, { timeInForce: 'fill-or-kill' }));
    expect(order).toMatchObject({ filled: 100, status: 'canceled' });
  });
});

describe('amend and decrease', () => {
  it('keeps the place for a pure reduction, loses it for a new price or a larger size', () => {
    const { exchange, place } = setUp();
    const [a, b, c] = ['ann', 'bob', 'cat'].map((user) => place(user, sampleOrder('bid', 50, 2)).order);
    const ahead = () => [a, b, c].map((order) => exchange.queueAhead(order!.orderId));
    expect(ahead()).toEqual([0, 200, 400]);
    const change = { side: 'bid', price: Price.of(5000), clientOrderId: null } as const;
    ok(exchange.amend('ann', a!.orderId, { ...change, totalCount: Count.of(100) }));
    expect(ahead()).toEqual([0, 100, 300]);
    ok(exchange.decrease('bob', b!.orderId, Count.of(50)));
    expect(ahead()).toEqual([0, 100, 150]);
    ok(exchange.amend('ann', a!.orderId, { ...change, totalCount: Count.of(300) }));
    expect(ahead()).toEqual([250, 0, 50]);
    ok(exchange.amend('bob', b!.orderId, { ...change, price: Price.of(4900), totalCount: Count.of(50) }));
    ok(exchange.amend('bob', b!.orderId, { ...change, totalCount: Count.of(50) }));
    expect(ahead()).toEqual([200, 500, 0]);
    expect(exchange.book(T).countAt('bid', Price.of(5000))).toBe(550);
    expect(a!.lastUpdateReason).toBe('Amend');
  });

  it('is refused where a level would hold more than it can', () => {
    const { exchange } = setUp();
    exchange.deposit('ann', Money.fromDollars(100_000_000));
    const most = Count.of(0x7fffffff);
    const { order } = ok(exchange.place('ann', sampleOrder('bid', 40, 1)));
    const other = ok(exchange.place('ann', sampleOrder('bid', 41, 1, { count: most }))).order;
    const change = { side: 'bid', price: Price.of(4000), totalCount: most, clientOrderId: null } as const;
    ok(exchange.amend('ann', order.orderId, change));
    for (const more of [{ price: Price.of(4100) }, { totalCount: Count.of(2 ** 31) }]) {
      const refused = exchange.amend('ann', order.orderId, { ...change, ...more });
      expect(codeOf(refused)).toBe('invalid_order: count too large');
    }
    for (const { price } of [order, other]) expect(exchange.book(T).countAt('bid', price)).toBe(most);
  });

  it('trades as taker when amended across, counting what was filled before', () => {
    const { exchange, place } = setUp();
    const { order } = place('ann', sampleOrder('bid', 50, 5));
    place('bob', sampleOrder('ask', 50, 2));
    place('bob', sampleOrder('ask', 53, 1));
    const change = { side: 'bid', price: Price.of(5300), clientOrderId: null } as const;
    expect(codeOf(exchange.amend('ann', order.orderId, { ...change, totalCount: Count.of(200) }))).toMatch(
      /^invalid_order/,
    );
    const amended = ok(exchange.amend('ann', order.orderId, { ...change, totalCount: Count.of(600) }));
    expect(amended.fills.map((fill) => [fill.role, fill.price, fill.count])).toEqual([['taker', 5300, 100]]);
    expect(order).toMatchObject({
      initial: 600,
      filled: 300,
      remaining: 300,
      price: 5300,
      status: 'resting',
    });
  });

  it('renames only to a name that was never used', () => {
    const { exchange, place } = setUp();
    const named = (name: string) => ({ clientOrderId: ClientOrderId.of(name) });
    const { order } = place('ann', sampleOrder('bid', 50, 5, named('one')));
    place('ann', sampleOrder('bid', 49, 5, named('two')));
    const change = { side: 'bid', price: order.price, totalCount: order.initial } as const;
    expect(codeOf(exchange.amend('ann', order.orderId, { ...change, ...named('two') }))).toBe(
      'order_already_exists',
    );
    expect(ok(exchange.amend('ann', order.orderId, { ...change, ...named('3') })).order.clientOrderId).toBe(
      '3',
    );
  });

  it('leaves the order as it was when the amend is refused', () => {
    const { exchange, place } = setUp();
    place('bob', sampleOrder('ask', 60, 1));
    const { order } = place('ann', sampleOrder('bid', 50, 5, { postOnly: true }));
    const before = { ...order };
    const balance = exchange.balance('ann');
    const amend = (price: number, contracts: number) =>
      codeOf(
        exchange.amend('ann', order.orderId, {
          side: 'bid',
          price: Price.of(price),
          totalCount: Count.of(contracts * 100),
          clientOrderId: null,
        }),
      );
    expect(amend(6000, 5)).toBe('invalid_order: post only cross');
    expect(amend(5000, 3000)).toBe('insufficient_balance');
    expect(amend(5001, 5)).toBe('invalid_price: price is not on the grid');
    expect({ ...order }).toEqual(before);
    expect(exchange.balance('ann')).toEqual(balance);
  });

  it('cancels on a decrease to nothing', () => {
    const { exchange, place } = setUp();
    const { order } = place('ann', sampleOrder('bid', 50, 5));
    expect(ok(exchange.decrease('ann', order.orderId, Count.ZERO)).status).toBe('canceled');
    expect(exchange.book(T).bestBid()).toBe(0);
  });
});

describe('life cycle', () => {
  it('opens, closes, determines and settles at its times', () => {
    const market = sampleMarket({
      openMs: ms(100),
      closeMs: ms(1000),
      result: 'yes',
      settlementPrice: Price.ONE,
      settledMs: ms(7000),
    });
    const { exchange, outputs, place, cash } = setUp(market);
    expect(codeOf(exchange.place('ann', sampleOrder('bid', 50, 1)))).toBe('market_inactive');
    exchange.advanceTo(ms(100));
    expect(exchange.market(T)).toMatchObject({ status: 'active', result: null, settledMs: null });
    place('ann', sampleOrder('bid', 60, 10));
    place('bob', sampleOrder('ask', 60, 10));
    const { order } = place('cat', sampleOrder('bid', 10, 1));
    exchange.advanceTo(ms(1000));
    expect(order).toMatchObject({ status: 'canceled', lastUpdateReason: 'CloseCancel' });
    expect(codeOf(exchange.cancel('cat', order.orderId))).toBe('market_inactive');
    exchange.advanceTo(ms(6999));
    expect(exchange.market(T)).toMatchObject({ status: 'determined', result: 'yes', settledMs: null });
    exchange.advanceTo(ms(7000));
    expect(exchange.market(T)).toMatchObject({ status: 'finalized', settledMs: 7000 });
    expect(exchange.settlements('ann')).toMatchObject([{ position: 1000, revenue: 10_000_000 }]);
    expect(exchange.settlements('bob')).toMatchObject([{ position: -1000, revenue: 0 }]);
    expect(cash('ann') + cash('bob') + exchange.feesCollected).toBe(2_000_000_000);
    expect(cash('ann')).toBe(1_000_000_000 + 4_000_000);
    const changes = outputs.flatMap((output) =>
      output.type === 'market' ? [[output.change, output.atMs]] : [],
    );
    expect(changes).toEqual([
      ['created', 0],
      ['activated', 100],
      ['closed', 1000],
      ['determined', 6000],
      ['settled', 7000],
    ]);
  });

  it.each([
    ['yes', undefined, 10_000_000, 0],
    ['no', undefined, 0, 10_000_000],
    ['scalar', Price.of(3700), 3_700_000, 6_300_000],
  ] as const)('pays %s', (result, price, long, short) => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('bid', 50, 10));
    place('bob', sampleOrder('ask', 50, 10));
    exchange.determine(T, result, price);
    exchange.advanceTo(ms(2000));
    expect(exchange.settlements('ann')[0]!.revenue).toBe(long);
    expect(exchange.settlements('bob')[0]!.revenue).toBe(short);
    expect(exchange.positions('ann')[0]).toMatchObject({ position: 0, exposure: 0 });
    expect(exchange.positions('ann')[0]!.realizedPnl).toBe(long - 5_000_000);
  });

  it('stays closed without a result, and moves its close', () => {
    const { exchange } = setUp();
    exchange.setCloseTime(T, ms(2_000_000));
    exchange.advanceTo(ms(1_500_000));
    expect(exchange.market(T)!.status).toBe('active');
    exchange.advanceTo(ms(9_000_000));
    expect(exchange.market(T)!.status).toBe('closed');
  });

  it('pauses trading: cancels pass, what asked for it is canceled', () => {
    const { exchange, place } = setUp();
    const stays = place('ann', sampleOrder('bid', 50, 1)).order;
    const goes = place('ann', sampleOrder('bid', 49, 1, { cancelOnPause: true })).order;
    exchange.setTradingActive(false);
    expect(goes).toMatchObject({ status: 'canceled', lastUpdateReason: 'HaltCancel' });
    expect(codeOf(exchange.place('ann', sampleOrder('bid', 48, 1)))).toBe('trading_is_paused');
    expect(ok(exchange.cancel('ann', stays.orderId)).reducedBy).toBe(100);
    exchange.setTradingActive(true);
    exchange.setExchangeActive(false);
    expect(codeOf(exchange.cancel('ann', stays.orderId))).toBe('exchange_is_paused');
  });

  it('empties the book when a paused market is reactivated', () => {
    const { exchange, place } = setUp();
    const { order } = place('ann', sampleOrder('bid', 50, 1));
    exchange.setMarketActive(T, false);
    expect(order.status).toBe('resting');
    expect(codeOf(exchange.place('ann', sampleOrder('bid', 50, 1)))).toBe('market_inactive');
    exchange.setMarketActive(T, true);
    expect(order).toMatchObject({ status: 'canceled', lastUpdateReason: 'HaltCancel' });
    expect(exchange.market(T)!.status).toBe('active');
  });

  it('cancels everything of a user', () => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('bid', 50, 1));
    place('ann', sampleOrder('ask', 60, 1));
    place('bob', sampleOrder('bid', 40, 1));
    expect(exchange.cancelAll('ann')).toHaveLength(2);
    expect(exchange.book(T).bestBid()).toBe(4000);
    expect(exchange.balance('ann')!.reserved).toBe(0);
  });
});

describe('money', () => {
  it('holds back the premium of both sides, and nothing for what closes a position', () => {
    const { exchange, place } = setUp();
    place('ann', sampleOrder('bid', 40, 10, { postOnly: true }));
    place('ann', sampleOrder('ask', 45, 10, { postOnly: true }));
    expect(exchange.balance('ann')!.reserved).toBe(4_000_000 + 5_500_000);
    place('bob', sampleOrder('ask', 40, 10));
    expect(exchange.positions('ann')[0]!.position).toBe(1000);
    expect(exchange.balance('ann')!.reserved).toBe(0);
    place('ann', sampleOrder('ask', 50, 4, { postOnly: true }));
    expect(exchange.balance('ann')!.reserved).toBe(2_000_000);
  });

  it('keeps average cost, and realises on closing and crossing through zero', () => {
    const { exchange, place } = setUp();
    const trade = (seller: string, buyer: string, cents: number, contracts: number) => {
      place(seller, sampleOrder('ask', cents, contracts));
      place(buyer, sampleOrder('bid', cents, contracts));
    };
    trade('bob', 'ann', 40, 10);
    trade('bob', 'ann', 60, 10);
    expect(exchange.positions('ann')[0]).toMatchObject({
      position: Position.of(2000),
      exposure: 10_000_000,
    });
    trade('ann', 'cat', 55, 5);
    expect(exchange.positions('ann')[0]).toMatchObject({ exposure: 7_500_000, realizedPnl: 250_000 });
    trade('ann', 'cat', 30, 25);
    expect(exchange.positions('ann')[0]).toMatchObject({
      position: -1000,
      exposure: 7_000_000,
      realizedPnl: 250_000 - 3_000_000,
    });
  });
});
