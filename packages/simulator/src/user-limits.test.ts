import { Count, Money, Timestamp } from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import { Subaccount } from './subaccount.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

function setUp() {
  const exchange = createExchange({ idSeed: 1 });
  for (const user of ['ann', 'bob']) exchange.addUser(user, Money.fromDollars(1_000_000));
  exchange.createSubaccount('ann');
  const second = Subaccount.idOf('ann', 1);
  exchange.deposit(second, Money.fromDollars(1_000_000));
  exchange.listMarket(sampleMarket({ closeMs: Timestamp.of(1_000_000) }));
  return { exchange, second };
}

it('a user has at most 200,000 open orders, subaccounts counted together; what is over makes room', () => {
  const { exchange, second } = setUp();
  const one = sampleOrder('bid', 40, 1);
  const most = 200_000;
  for (let n = 0; n < most; n++) {
    const placed = exchange.place(n % 2 === 0 ? 'ann' : second, one);
    if (!placed.ok) throw new Error(`${n}: ${placed.error.code}`);
  }
  const refused = { ok: false, error: { code: 'invalid_order', details: 'no more than 200000 open orders' } };
  expect(exchange.place(second, one)).toEqual(refused);
  // What cannot rest is no open order.
  expect(exchange.place('ann', { ...one, timeInForce: 'immediate-or-cancel' }).ok).toBe(true);
  expect(exchange.place('bob', one).ok).toBe(true);
  const [first, , third] = exchange.orders('ann');
  const room = (): boolean => exchange.place(second, one).ok;
  exchange.cancel('ann', third!.orderId);
  expect([room(), room()]).toEqual([true, false]);
  // The oldest order is matched, in part and then in full.
  for (const status of ['resting', 'executed']) {
    exchange.place('bob', sampleOrder('ask', 40, 0.5, { timeInForce: 'immediate-or-cancel' }));
    expect([first!.status, room()]).toEqual([status, status === 'executed']);
  }
  // An amend that loses its place takes none.
  const { orderId, side, price } = exchange.orders('ann').find(({ status }) => status === 'resting')!;
  const change = { side, price, totalCount: Count.of(300), clientOrderId: null };
  expect(exchange.amend('ann', orderId, change).ok).toBe(true);
  expect(room()).toBe(false);
  exchange.cancelAll('ann');
  expect(room()).toBe(true);
});

it('a user has at most 100,000 order groups, and may delete old ones', () => {
  const { exchange, second } = setUp();
  const create = () => exchange.createOrderGroup(second, Count.of(100));
  const first = create();
  for (let n = 1; n < 100_000; n++) create();
  const refused = { code: 'invalid_parameters', details: 'no more than 100000 order groups' };
  expect(create()).toEqual({ ok: false, error: refused });
  expect(exchange.createOrderGroup('ann', Count.of(100)).ok).toBe(false);
  expect(exchange.createOrderGroup('bob', Count.of(100)).ok).toBe(true);
  if (first.ok) exchange.deleteOrderGroup(second, first.value.groupId);
  expect(create().ok).toBe(true);
});
