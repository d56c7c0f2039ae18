import { Count, Money, type OrderId, Ticker, Timestamp } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import type { ExchangeOutput, Result } from './exchange-api.ts';
import { createReplayExchange } from './replay-feed.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');
const contracts = (count: number): Count => Count.of(count * 100);
const at = Timestamp.of;

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.details ?? ''}`);
  return result.value;
}

function setUp(limit: number) {
  const outputs: ExchangeOutput[] = [];
  const exchange = createExchange({ idSeed: 1, onOutput: (output) => outputs.push(output) });
  for (const user of ['ann', 'bob']) exchange.addUser(user, Money.fromDollars(100_000));
  exchange.listMarket(sampleMarket());
  const { groupId } = ok(exchange.createOrderGroup('ann', contracts(limit)));
  const rest = (side: 'bid' | 'ask', price: number, count: number): OrderId =>
    ok(exchange.place('ann', sampleOrder(side, price, count, { orderGroupId: groupId }))).order.orderId;
  const group = () => ok(exchange.orderGroup('ann', groupId));
  const changes = () => outputs.flatMap((output) => (output.type === 'order-group' ? [output.change] : []));
  return { exchange, outputs, groupId, rest, group, changes };
}

describe('an order group', () => {
  it('lets the match that reaches the limit stand in full and cancels what rests', () => {
    const { exchange, rest, group, changes, groupId } = setUp(10);
    const first = rest('bid', 50, 25);
    const second = rest('bid', 49, 5);
    const loner = ok(exchange.place('ann', sampleOrder('bid', 48, 5))).order;
    expect(group()).toMatchObject({ limit: 1000, matched: 0, triggered: false, orders: [first, second] });
    const sold = ok(exchange.place('bob', sampleOrder('ask', 49, 22)));
    // 22 match at once: one match, past the limit, and nothing at 49 any more.
    expect(sold.order).toMatchObject({ filled: 2200, status: 'executed' });
    expect(group()).toMatchObject({ matched: 2200, triggered: true, orders: [] });
    expect(exchange.order('ann', first)).toMatchObject({
      status: 'canceled',
      filled: 2200,
      orderGroupId: groupId,
    });
    expect(exchange.order('ann', second)).toMatchObject({ status: 'canceled', filled: 0 });
    expect(loner).toMatchObject({ status: 'resting', orderGroupId: null });
    expect(changes()).toEqual(['created', 'triggered']);
    expect(exchange.place('ann', sampleOrder('bid', 50, 1, { orderGroupId: groupId }))).toEqual({
      ok: false,
      error: { code: 'invalid_order', details: 'order group triggered' },
    });
  });

  it('stops a sweep between two of its orders', () => {
    const { exchange, rest, group } = setUp(10);
    rest('bid', 50, 10);
    rest('bid', 50, 10);
    const sold = ok(exchange.place('bob', sampleOrder('ask', 50, 20)));
    expect(sold.order).toMatchObject({ filled: 1000, remaining: 1000, status: 'resting' });
    expect(group()).toMatchObject({ matched: 1000, triggered: true, orders: [] });
  });

  it('stops its own incoming order after the match that reached the limit', () => {
    const { exchange, groupId, group } = setUp(10);
    ok(exchange.place('bob', sampleOrder('ask', 50, 12)));
    ok(exchange.place('bob', sampleOrder('ask', 51, 12)));
    const taken = ok(exchange.place('ann', sampleOrder('bid', 52, 30, { orderGroupId: groupId })));
    expect(taken.order).toMatchObject({ filled: 1200, remaining: 0, status: 'canceled' });
    expect(group().triggered).toBe(true);
    expect(exchange.balance('ann')!.reserved).toBe(0);
  });

  it('forgets a match after 15 seconds, to the millisecond', () => {
    const { exchange, rest, group } = setUp(10);
    rest('bid', 50, 100);
    exchange.advanceTo(at(1_000));
    ok(exchange.place('bob', sampleOrder('ask', 50, 9)));
    exchange.advanceTo(at(15_999));
    expect(group().matched).toBe(900);
    exchange.advanceTo(at(16_000));
    expect(group().matched).toBe(0);
    ok(exchange.place('bob', sampleOrder('ask', 50, 9)));
    expect(group().triggered).toBe(false);
    ok(exchange.place('bob', sampleOrder('ask', 50, 1)));
    expect(group()).toMatchObject({ matched: 1000, triggered: true });
  });

  it('stays triggered until a reset, which also forgets what has matched', () => {
    const { exchange, rest, group, groupId, changes } = setUp(10);
    rest('bid', 50, 10);
    ok(exchange.place('bob', sampleOrder('ask', 50, 10)));
    exchange.advanceTo(at(100_000));
    expect(group().triggered).toBe(true);
    expect(ok(exchange.resetOrderGroup('ann', groupId))).toMatchObject({ triggered: false, matched: 0 });
    rest('bid', 50, 9);
    ok(exchange.place('bob', sampleOrder('ask', 50, 9)));
    expect(group()).toMatchObject({ matched: 900, triggered: false });
    expect(changes()).toEqual(['created', 'triggered', 'reset']);
  });

  it('obeys trigger, limit and delete', () => {
    const { exchange, rest, group, groupId, changes, outputs } = setUp(10);
    const one = rest('bid', 50, 10);
    ok(exchange.triggerOrderGroup('ann', groupId));
    ok(exchange.triggerOrderGroup('ann', groupId));
    expect(exchange.order('ann', one)!.status).toBe('canceled');
    ok(exchange.resetOrderGroup('ann', groupId));
    rest('bid', 50, 10);
    ok(exchange.place('bob', sampleOrder('ask', 50, 5)));
    ok(exchange.setOrderGroupLimit('ann', groupId, contracts(6)));
    expect(group().triggered).toBe(false);
    ok(exchange.setOrderGroupLimit('ann', groupId, contracts(5)));
    expect(group()).toMatchObject({ triggered: true, orders: [] });
    ok(exchange.resetOrderGroup('ann', groupId));
    const last = rest('bid', 50, 1);
    expect(exchange.orderGroups('ann').map((each) => each.groupId)).toEqual([groupId]);
    ok(exchange.deleteOrderGroup('ann', groupId));
    expect(exchange.order('ann', last)!.status).toBe('canceled');
    expect(exchange.orderGroups('ann')).toEqual([]);
    expect(changes()).toEqual([
      'created',
      'triggered',
      'reset',
      'limit_updated',
      'limit_updated',
      'triggered',
      'reset',
      'deleted',
    ]);
    const limits = outputs.flatMap((output) => (output.type === 'order-group' ? [output.limit] : []));
    expect(limits.slice(3, 5)).toEqual([600, 500]);
    expect(exchange.orderGroup('ann', groupId)).toEqual({ ok: false, error: { code: 'not_found' } });
  });

  it('is known to its owner only, on its shard only, within its bounds', () => {
    const { exchange, groupId } = setUp(10);
    const notFound = { ok: false, error: { code: 'not_found' } };
    expect(exchange.orderGroup('bob', groupId)).toEqual(notFound);
    expect(exchange.orderGroups('bob')).toEqual([]);
    expect(exchange.triggerOrderGroup('bob', groupId)).toEqual(notFound);
    expect(exchange.place('bob', sampleOrder('bid', 50, 1, { orderGroupId: groupId }))).toEqual(notFound);
    expect(exchange.place('ann', sampleOrder('bid', 50, 1, { orderGroupId: 'none' }))).toEqual(notFound);
    exchange.listMarket(sampleMarket({ ticker: Ticker.of('KXTEST-2'), exchangeIndex: 2 }));
    const elsewhere = sampleOrder('bid', 50, 1, { orderGroupId: groupId, ticker: Ticker.of('KXTEST-2') });
    expect(exchange.place('ann', elsewhere)).toEqual(notFound);
    const there = ok(exchange.createOrderGroup('ann', contracts(1), 2));
    expect(exchange.place('ann', { ...elsewhere, orderGroupId: there.groupId }).ok).toBe(true);
    for (const limit of [0, 99, 100_000_001, 150.5]) {
      expect(exchange.createOrderGroup('ann', limit as Count)).toMatchObject({
        error: { code: 'invalid_parameters' },
      });
    }
    expect(exchange.createOrderGroup('eve', contracts(1))).toEqual({
      ok: false,
      error: { code: 'user_not_found' },
    });
    exchange.setExchangeActive(false);
    expect(exchange.triggerOrderGroup('ann', groupId)).toEqual({
      ok: false,
      error: { code: 'exchange_is_paused' },
    });
  });

  it('works on a recorded market, where one trade passes several of its orders', () => {
    const { exchange, feed } = createReplayExchange({ idSeed: 1, markets: [sampleMarket()] });
    exchange.addUser('ann', Money.fromDollars(1000));
    const market = feed.market(T);
    market.beginSnapshot();
    market.applyLevel('ask', sampleOrder('ask', 60, 1).price, 500);
    market.endSnapshot();
    const { groupId } = ok(exchange.createOrderGroup('ann', contracts(3)));
    const grouped = { orderGroupId: groupId };
    ok(exchange.place('ann', sampleOrder('bid', 52, 3, grouped)));
    ok(exchange.place('ann', sampleOrder('bid', 51, 3, grouped)));
    market.applyTrade(sampleOrder('bid', 50, 1).price, 1000, 'ask', false);
    expect(exchange.fills('ann').map((fill) => fill.count)).toEqual([300]);
    expect(ok(exchange.orderGroup('ann', groupId))).toMatchObject({ triggered: true, orders: [] });
    expect(exchange.book(T).bestBid()).toBe(0);
    expect(exchange.balance('ann')!.reserved).toBe(0);
  });
});

describe('whatever happens', () => {
  it('a group never has more than one match past its limit in any 15 seconds', () => {
    const step = fc.record({
      waitMs: fc.constantFrom(0, 1, 100, 3_000, 7_500, 14_999, 15_000),
      what: fc.nat(9),
      user: fc.constantFrom('ann', 'bob'),
      side: fc.constantFrom('bid' as const, 'ask' as const),
      price: fc.integer({ min: 48, max: 52 }),
      count: fc.integer({ min: 1, max: 900 }),
      group: fc.nat(1),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 80 }), (steps) => {
        const groupOf = new Map<string, string>();
        const watched = new Map<string, { limit: number; open: boolean; matches: [number, number][] }>();
        const exchange = createExchange({
          idSeed: 1,
          onOutput: (output) => {
            if (output.type === 'order' && output.order.orderGroupId !== null) {
              groupOf.set(output.order.orderId, output.order.orderGroupId);
            } else if (output.type === 'order-group') {
              const known = watched.get(output.groupId) ?? { limit: 0, open: true, matches: [] };
              watched.set(output.groupId, known);
              known.limit = output.limit;
              if (output.change === 'triggered') known.open = false;
              if (output.change === 'reset') Object.assign(known, { open: true, matches: [] });
            } else if (output.type === 'fill') {
              const group = watched.get(groupOf.get(output.fill.orderId) ?? '');
              if (group === undefined) return;
              const { atMs, count } = output.fill;
              const recent = group.matches.filter(([when]) => when > atMs - 15_000);
              expect(group.open).toBe(true);
              expect(recent.reduce((sum, [, matched]) => sum + matched, 0)).toBeLessThan(group.limit);
              group.matches.push([atMs, count]);
            }
          },
        });
        for (const user of ['ann', 'bob']) exchange.addUser(user, Money.fromDollars(100_000));
        exchange.listMarket(sampleMarket({ closeMs: at(100_000_000) }));
        const groups = [10, 25].map(
          (limit) => ok(exchange.createOrderGroup('ann', contracts(limit))).groupId,
        );
        for (const each of steps) {
          exchange.advanceTo(at(exchange.nowMs + each.waitMs));
          const groupId = groups[each.group]!;
          if (each.what === 0) exchange.resetOrderGroup('ann', groupId);
          else if (each.what === 1) exchange.setOrderGroupLimit('ann', groupId, Count.of(each.count + 100));
          else if (each.what === 2) {
            const order = exchange.orders('ann').findLast((one) => one.status === 'resting');
            if (order === undefined) continue;
            exchange.amend('ann', order.orderId, {
              side: order.side,
              price: sampleOrder('bid', each.price, 1).price,
              totalCount: Count.of(order.filled + each.count),
              clientOrderId: null,
            });
          } else {
            exchange.place(
              each.user,
              sampleOrder(each.side, each.price, 1, {
                count: Count.of(each.count),
                orderGroupId: each.user === 'ann' ? groupId : null,
              }),
            );
          }
        }
        for (const group of exchange.orderGroups('ann')) {
          const resting = exchange.orders('ann').filter((order) => {
            return order.status === 'resting' && order.orderGroupId === group.groupId;
          });
          expect(group.orders).toEqual(expect.arrayContaining(resting.map((order) => order.orderId)));
          expect(group.orders).toHaveLength(resting.length);
          if (group.triggered) expect(resting).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
