import { Count, Money, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createExchange, type SimulatedExchange } from './create-exchange.ts';
import type { ExchangeOrder } from './exchange-api.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');

/** What can happen to a resting bid of 5 at 50, and what it is afterwards. */
const ENDINGS: Record<string, (exchange: SimulatedExchange, order: ExchangeOrder) => void> = {
  'a full match': (exchange) => exchange.place('bob', sampleOrder('ask', 50, 5)),
  'a part match': (exchange) => exchange.place('bob', sampleOrder('ask', 50, 2)),
  'a cancel': (exchange, { orderId }) => exchange.cancel('ann', orderId),
  'a cancel of everything': (exchange) => exchange.cancelAll('ann'),
  'a part match, then a cancel': (exchange, { orderId }) => {
    exchange.place('bob', sampleOrder('ask', 50, 2));
    exchange.cancel('ann', orderId);
  },
  'a decrease': (exchange, { orderId }) => exchange.decrease('ann', orderId, Count.of(100)),
  'a decrease to nothing': (exchange, { orderId }) => exchange.decrease('ann', orderId, Count.ZERO),
  'an amend': (exchange, { orderId }) =>
    exchange.amend('ann', orderId, {
      side: 'bid',
      price: Price.of(4900),
      totalCount: Count.of(700),
      clientOrderId: null,
    }),
  'its own order in maker mode': (exchange) =>
    exchange.place('ann', sampleOrder('ask', 50, 1, { selfTradePrevention: 'maker' })),
  'its expiry': (exchange) => exchange.advanceTo(Timestamp.of(10_000)),
  'a trading pause': (exchange) => exchange.setTradingActive(false),
  'the close': (exchange) => exchange.advanceTo(Timestamp.of(60_000)),
};

describe('a resting order after', () => {
  it.each([
    ['a full match', 'executed', 500, 0, 'Trade'],
    ['a part match', 'resting', 200, 300, 'Trade'],
    ['a cancel', 'canceled', 0, 0, 'Decrease'],
    ['a cancel of everything', 'canceled', 0, 0, 'Decrease'],
    ['a part match, then a cancel', 'canceled', 200, 0, 'Decrease'],
    ['a decrease', 'resting', 0, 100, 'Decrease'],
    ['a decrease to nothing', 'canceled', 0, 0, 'Decrease'],
    ['an amend', 'resting', 0, 700, 'Amend'],
    ['its own order in maker mode', 'canceled', 0, 0, 'SelfTradeCancel'],
    ['its expiry', 'canceled', 0, 0, 'ExpiryCancel'],
    ['a trading pause', 'canceled', 0, 0, 'HaltCancel'],
    ['the close', 'canceled', 0, 0, 'CloseCancel'],
  ])('%s is %s', (ending, status, filled, remaining, lastUpdateReason) => {
    const exchange = createExchange({ idSeed: 1 });
    exchange.addUser('ann', Money.fromDollars(100));
    exchange.addUser('bob', Money.fromDollars(100));
    exchange.listMarket(sampleMarket({ closeMs: Timestamp.of(60_000) }));
    const placed = exchange.place(
      'ann',
      sampleOrder('bid', 50, 5, {
        cancelOnPause: true,
        expirationMs: Timestamp.of(ending === 'its expiry' ? 10_000 : 90_000),
      }),
    );
    if (!placed.ok) throw new Error(placed.error.code);
    const { order } = placed.value;
    ENDINGS[ending]!(exchange, order);
    expect(order).toMatchObject({ status, filled, remaining, lastUpdateReason });
    expect(exchange.order('ann', order.orderId)).toBe(order);
    const rests = status === 'resting';
    expect(exchange.book(T).countAt('bid', order.price)).toBe(rests ? remaining : 0);
    expect(exchange.balance('ann')!.reserved > 0).toBe(
      rests || exchange.orders('ann').some((other) => other.status === 'resting'),
    );
    if (rests) return;
    // The dead stay dead.
    const code = ending === 'the close' ? 'market_inactive' : 'not_found';
    expect(exchange.cancel('ann', order.orderId)).toEqual({ ok: false, error: { code } });
    expect(exchange.decrease('ann', order.orderId, Count.ZERO)).toEqual({ ok: false, error: { code } });
  });
});
