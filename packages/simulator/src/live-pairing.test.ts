import { Count, Money, Price, type Side, Ticker, Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createLivePairing } from './live-pairing.ts';
import { createReplayExchange } from './replay-feed.ts';
import { sampleMarket } from './testing/sample-market.ts';
import { sampleOrder } from './testing/sample-order.ts';

const T = Ticker.of('KXTEST-1');

/** 100 contracts bid at 48 with our 20 behind them; no cancel is believed to have been in front. */
function setUp(cancelsAheadShare = 0) {
  const { exchange, feed } = createReplayExchange({
    idSeed: 1,
    markets: [sampleMarket()],
    queueModel: { kind: 'share', share: cancelsAheadShare },
  });
  exchange.addUser('ann', Money.fromDollars(100));
  const pairing = createLivePairing(feed.market(T));
  const at = (ms: number) => {
    exchange.advanceTo(Timestamp.of(ms));
    return { atMs: Timestamp.of(ms), ticker: T, exchangeMs: null };
  };
  const change = (ms: number, side: Side, cents: number, contracts: number) =>
    pairing.absorb({
      type: 'book.changed',
      ...at(ms),
      side,
      price: Price.of(cents * 100),
      delta: contracts * 100,
    });
  const print = (ms: number, cents: number, contracts: number, takerSide: Side = 'ask') =>
    pairing.absorb({
      type: 'trade.printed',
      ...at(ms),
      price: Price.of(cents * 100),
      count: Count.of(contracts * 100),
      takerSide,
    });
  pairing.absorb({
    type: 'book.replaced',
    ...at(0),
    bids: [{ price: Price.of(4800), count: Count.of(10_000) }],
    asks: [],
  });
  const placed = exchange.place('ann', sampleOrder('bid', 48, 20));
  if (!placed.ok) throw new Error(placed.error.code);
  const ahead = () => exchange.queueAhead(placed.value.order.orderId) / 100;
  return { exchange, change, print, ahead, order: placed.value.order };
}

describe('pairing of live deltas and prints', () => {
  it('counts a trade once, whichever line comes first', () => {
    for (const printFirst of [false, true]) {
      const { change, print, ahead, order } = setUp();
      if (printFirst) print(10, 48, 100);
      change(20, 'bid', 48, -100);
      if (!printFirst) print(30, 48, 100);
      expect(ahead()).toBe(0);
      expect(order.filled).toBe(0);
      change(40, 'bid', 48, 10);
      print(50, 48, 5);
      expect(order.filled).toBe(500);
    }
  });

  it('takes a fall without a print for a cancel once the grace is over', () => {
    const { change, ahead } = setUp(1);
    change(10, 'bid', 48, -30);
    expect(ahead()).toBe(100);
    change(1010, 'ask', 60, 1);
    expect(ahead()).toBe(100);
    change(1011, 'ask', 60, 1);
    expect(ahead()).toBe(70);
  });

  it('does not let a print of another size explain it', () => {
    const { change, print, ahead } = setUp(0);
    change(10, 'bid', 48, -30);
    print(20, 48, 20);
    expect(ahead()).toBe(80);
    change(2000, 'ask', 60, 1);
    // The fall of 30 was a cancel, the print of 20 stands by itself: no more than the 70 shown are ahead.
    expect(ahead()).toBe(70);
  });
});
