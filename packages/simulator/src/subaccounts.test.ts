import { ClientOrderId, Money, type Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createAuditor } from './auditor/create-auditor.ts';
import { createExchange } from './create-exchange.ts';
import type { OrderRequest, Result } from './exchange-api.ts';
import { createReplayExchange } from './replay-feed.ts';
import { Subaccount } from './subaccount.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const dollars = Money.fromDollars;
const COIN = Ticker.of('KXTEST-2');
const error = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.details ?? ''}`);
  return result.value;
}

function setUp() {
  const auditor = createAuditor();
  const exchange = createExchange({ idSeed: 1, onOutput: auditor.hear });
  exchange.addUser('ann', [
    { exchangeIndex: 0, cash: dollars(10) },
    { exchangeIndex: 2, cash: dollars(10) },
  ]);
  exchange.addUser('bob', dollars(100));
  exchange.listMarket(sampleMarket());
  exchange.listMarket(sampleMarket({ ticker: COIN, exchangeIndex: 2 }));
  return { exchange, check: () => auditor.check(exchange) };
}

describe('subaccounts', () => {
  it('are numbered in turn, up to 63, and named after their user', () => {
    const { exchange, check } = setUp();
    expect(ok(exchange.createSubaccount('ann'))).toBe(1);
    expect(ok(exchange.createSubaccount('ann', 2))).toBe(2);
    expect(exchange.accountsOf('ann')).toEqual(['ann', 'ann#1', 'ann#2']);
    expect(exchange.accountsOf('eve')).toEqual([]);
    expect(exchange.shardBalances('ann#2')).toEqual([{ exchangeIndex: 2, cash: 0, reserved: 0 }]);
    expect(['ann', 'ann#2'].map(Subaccount.ownerOf)).toEqual(['ann', 'ann']);
    expect(['ann', 'ann#2'].map(Subaccount.numberOf)).toEqual([0, 2]);
    expect([0, 2].map((number) => Subaccount.idOf('ann', number))).toEqual(['ann', 'ann#2']);
    for (let number = 3; number <= 63; number++) ok(exchange.createSubaccount('ann'));
    expect(exchange.createSubaccount('ann')).toEqual(error('invalid_parameters'));
    expect(exchange.createSubaccount('ann#1')).toEqual(error('user_not_found'));
    expect(exchange.createSubaccount('bob', 9)).toEqual(error('invalid_parameters'));
    expect(() => exchange.addUser('bob#1', dollars(1))).toThrow('name of a subaccount');
    check();
  });

  it('keep cash, orders, positions and groups apart', () => {
    const { exchange, check } = setUp();
    ok(exchange.createSubaccount('ann'));
    expect(exchange.place('ann#1', sampleOrder('bid', 50, 1))).toEqual(error('insufficient_balance'));
    expect(exchange.place('ann#2', sampleOrder('bid', 50, 1))).toEqual(error('user_not_found'));
    ok(exchange.transferCash('ann', 0, 0, dollars(4), { toSubaccount: 1 }));
    const { order } = ok(exchange.place('ann#1', sampleOrder('bid', 50, 5)));
    expect(exchange.cancel('ann', order.orderId)).toEqual(error('not_found'));
    ok(exchange.place('bob', sampleOrder('ask', 50, 2)));
    expect(exchange.positions('ann')).toEqual([]);
    expect(exchange.positions('ann#1')).toMatchObject([{ position: 200 }]);
    expect(exchange.fills('ann#1')).toMatchObject([{ userId: 'ann#1', count: 200 }]);
    expect(exchange.balance('ann', 0)!.cash).toBe(dollars(6));
    const group = ok(exchange.createOrderGroup('ann#1', 500 as never));
    const inGroup = { orderGroupId: group.groupId };
    expect(exchange.place('ann', sampleOrder('bid', 40, 1, inGroup))).toEqual(error('not_found'));
    ok(exchange.place('ann#1', sampleOrder('bid', 40, 1, inGroup)));
    expect(exchange.orderGroups('ann')).toEqual([]);
    exchange.cancelAll('ann');
    expect(order.status).toBe('resting');
    exchange.determine(sampleMarket().ticker, 'yes');
    exchange.advanceTo(Timestamp.of(60_000));
    expect(exchange.settlements('ann#1')).toMatchObject([{ revenue: dollars(2) }]);
    expect(exchange.settlements('ann')).toEqual([]);
    check();
  });

  it('share the client order ids of their user', () => {
    const { exchange } = setUp();
    ok(exchange.createSubaccount('ann'));
    exchange.deposit('ann#1', dollars(5));
    const named = sampleOrder('bid', 10, 1, { clientOrderId: ClientOrderId.of('x') });
    ok(exchange.place('ann#1', named));
    expect(exchange.place('ann', named)).toEqual(error('order_already_exists'));
    ok(exchange.place('bob', named));
  });

  it.each(['matching', 'recorded'])('do not trade with each other in a %s market', (kind) => {
    const market = sampleMarket();
    const options = { idSeed: 1, startMs: Timestamp.of(0) };
    const exchange =
      kind === 'matching'
        ? createExchange(options)
        : createReplayExchange({ ...options, markets: [market] }).exchange;
    if (kind === 'matching') exchange.listMarket(market);
    exchange.addUser('ann', dollars(50));
    ok(exchange.createSubaccount('ann'));
    exchange.deposit('ann#1', dollars(50));
    const place = (user: string, side: 'bid' | 'ask', change: Partial<OrderRequest> = {}) =>
      ok(exchange.place(user, sampleOrder(side, 50, 5, change))).order;

    const resting = place('ann', 'bid');
    expect(place('ann#1', 'ask')).toMatchObject({ status: 'canceled', lastUpdateReason: 'SelfTradeCancel' });
    expect(resting.status).toBe('resting');
    // A fill-or-kill that would meet it ends like an immediate-or-cancel instead of being refused.
    expect(place('ann#1', 'ask', { timeInForce: 'fill-or-kill' }).status).toBe('canceled');
    const taker = place('ann#1', 'ask', { selfTradePrevention: 'maker' });
    expect([resting.status, taker.status]).toEqual(['canceled', 'resting']);
    expect(exchange.fills('ann')).toEqual([]);
  });
});

describe('transfers between subaccounts', () => {
  it('move free cash once per client transfer id, also across shards', () => {
    const { exchange, check } = setUp();
    ok(exchange.createSubaccount('ann'));
    const options = { toSubaccount: 1, clientTransferId: 'rent' };
    const moved = ok(exchange.transferCash('ann', 0, 0, dollars(3), options));
    expect(moved).toMatchObject({ fromSubaccount: 0, toSubaccount: 1, clientTransferId: 'rent' });
    expect(exchange.transferCash('ann', 0, 0, dollars(3), options)).toEqual(error('transfer_already_exists'));
    ok(exchange.transferCash('ann', 2, 0, dollars(1), { toSubaccount: 1 }));
    ok(exchange.transferCash('ann', 0, 2, dollars(2), { fromSubaccount: 1, toSubaccount: 1 }));
    expect(exchange.shardBalances('ann#1').map(({ cash }) => cash)).toEqual([dollars(2), dollars(2)]);
    expect(exchange.transfers('ann')).toHaveLength(3);
    const back = { fromSubaccount: 1 };
    expect(exchange.transferCash('ann', 0, 0, dollars(3), back)).toEqual(error('insufficient_balance'));
    expect(exchange.transferCash('ann', 0, 0, dollars(3), { toSubaccount: 9 })).toEqual(
      error('user_not_found'),
    );
    check();
  });

  it('work for a pool too', () => {
    const { exchange, check } = setUp();
    ok(exchange.createSubaccount('bob'));
    ok(exchange.transferCash('bob', 0, 0, dollars(30), { toSubaccount: 1 }));
    expect(exchange.balance('bob#1')!.cash).toBe(dollars(30));
    ok(exchange.place('bob#1', sampleOrder('bid', 50, 5, { ticker: COIN })));
    expect(exchange.transferCash('bob', 0, 2, dollars(1), { toSubaccount: 1 })).toEqual(
      error('invalid_parameters'),
    );
    check();
  });
});

describe('a target allocation', () => {
  const half = (reservation: 'sum' | 'max' | 'none') => ({
    allocations: [
      { exchangeIndex: 0, percent: 50 },
      { exchangeIndex: 2, percent: 50 },
    ],
    reservation,
  });
  const cash = (exchange: ReturnType<typeof setUp>['exchange']) =>
    exchange.shardBalances('ann').map((row) => row.cash + row.reserved);

  it('is reached every ten seconds with the money that does not serve orders', () => {
    const { exchange, check } = setUp();
    exchange.deposit('ann', dollars(10));
    ok(exchange.setTargetAllocation('ann', half('none')));
    exchange.advanceTo(Timestamp.of(9_999));
    expect(cash(exchange)).toEqual([dollars(20), dollars(10)]);
    exchange.advanceTo(Timestamp.of(10_000));
    expect(cash(exchange)).toEqual([dollars(15), dollars(15)]);
    ok(exchange.transferCash('ann', 0, 3, dollars(15)));
    exchange.advanceTo(Timestamp.of(20_000));
    expect(cash(exchange)).toEqual([dollars(15), dollars(15), 0]);
    ok(exchange.setTargetAllocation('ann', { allocations: [], reservation: 'sum' }));
    ok(exchange.transferCash('ann', 0, 3, dollars(15)));
    exchange.advanceTo(Timestamp.of(60_000));
    expect(cash(exchange)).toEqual([0, dollars(15), dollars(15)]);
    expect(exchange.nextMs).toBe(sampleMarket().closeMs);
    check();
  });

  it.each([
    // Ten contracts at 50 to close ten at 50: the margin counts, though it holds nothing back.
    ['sum', true],
    ['max', true],
    ['none', false],
  ] as const)('with %s leaves the margin of resting orders: %s', (reservation, leaves) => {
    const { exchange } = setUp();
    ok(exchange.place('bob', sampleOrder('ask', 50, 10)));
    ok(exchange.place('ann', sampleOrder('bid', 50, 10)));
    ok(exchange.place('ann', sampleOrder('ask', 60, 10)));
    const free = exchange.balance('ann', 0)!;
    expect(free.reserved).toBe(0);
    const away = { allocations: [{ exchangeIndex: 2, percent: 100 }], reservation };
    ok(exchange.setTargetAllocation('ann', away));
    exchange.advanceTo(Timestamp.of(10_000));
    const left = exchange.balance('ann', 0)!.cash;
    if (leaves) expect(left).toBeGreaterThan(dollars(4));
    else expect(left).toBeLessThan(10_000);
  });

  it('opens a shard only when something is moved there', () => {
    const { exchange, check } = setUp();
    const allocations = [
      { exchangeIndex: 0, percent: 50 },
      { exchangeIndex: 2, percent: 50 },
      { exchangeIndex: 3, percent: 0 },
    ];
    ok(exchange.setTargetAllocation('ann', { allocations, reservation: 'sum' }));
    exchange.advanceTo(Timestamp.of(10_000));
    expect(exchange.shardBalances('ann').map(({ exchangeIndex }) => exchangeIndex)).toEqual([0, 2]);
    check();
  });

  it('refuses what does not add up', () => {
    const { exchange } = setUp();
    const set = (user: string, allocations: [number, number][]) =>
      exchange.setTargetAllocation(user, {
        allocations: allocations.map(([exchangeIndex, percent]) => ({ exchangeIndex, percent })),
        reservation: 'sum',
      });
    expect(set('eve', [[0, 100]])).toEqual(error('user_not_found'));
    expect(set('bob', [[0, 100]])).toEqual(error('invalid_parameters'));
    expect(set('ann', [[0, 99]])).toEqual(error('invalid_parameters'));
    expect(set('ann', [[9, 100]])).toEqual(error('invalid_parameters'));
    expect(set('ann', [[0, 50], [0, 50]])).toEqual(error('invalid_parameters')); // biome-ignore format: rows
    expect(set('ann', [[0, 33.5], [2, 66.5]])).toEqual(error('invalid_parameters')); // biome-ignore format: rows
    expect(exchange.targetAllocation('ann').allocations).toEqual([]);
  });
});

describe('an amend', () => {
  it('moves, clears or keeps the expiration', () => {
    const { exchange, check } = setUp();
    const rest = () => {
      const request = sampleOrder('bid', 50, 2, { expirationMs: Timestamp.of(1_000) });
      return ok(exchange.place('bob', request)).order;
    };
    const amend = (orderId: string, change: object = {}) =>
      exchange.amend('bob', orderId as never, {
        side: 'bid',
        price: 5_000 as Price,
        totalCount: 200 as never,
        clientOrderId: null,
        ...change,
      });
    const [kept, moved, cleared, back] = [rest(), rest(), rest(), rest()];
    ok(amend(kept.orderId));
    ok(amend(moved.orderId, { expirationMs: Timestamp.of(2_000) }));
    ok(amend(cleared.orderId, { expirationMs: null }));
    ok(amend(back.orderId, { expirationMs: Timestamp.of(500) }));
    expect(amend(kept.orderId, { expirationMs: Timestamp.of(0) })).toEqual(error('invalid_order'));
    expect(exchange.queueAhead(back.orderId)).toBe(600);
    exchange.advanceTo(Timestamp.of(500));
    expect(back).toMatchObject({ status: 'canceled', lastUpdateReason: 'ExpiryCancel' });
    exchange.advanceTo(Timestamp.of(1_000));
    expect([kept, moved, cleared].map(({ status }) => status)).toEqual(['canceled', 'resting', 'resting']);
    exchange.advanceTo(Timestamp.of(5_000));
    expect([moved, cleared].map(({ status }) => status)).toEqual(['canceled', 'resting']);
    expect([moved, cleared].map(({ expirationMs }) => expirationMs)).toEqual([2_000, null]);
    check();
  });
});
