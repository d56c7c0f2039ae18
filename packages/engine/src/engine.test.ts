import { Count, type PlaceOrder, Price, Timestamp } from '@kalshi-mm/core';
import { isApproved } from '@kalshi-mm/risk';
import { describe, expect, it } from 'vitest';
import { level, market, testBench, ticker } from './engine.test-support.ts';

const brief = (commands: readonly unknown[]) =>
  (commands as PlaceOrder[]).map((c) =>
    c.type === 'order.place'
      ? `${c.side} ${c.count}@${c.price}${c.postOnly ? '' : ' ioc'}`
      : (c as { type: string }).type,
  );

function quoting() {
  const bench = testBench();
  bench.begin();
  bench.open();
  bench.quote([level(4_600, 300)], [level(5_400, 300)]);
  const placed = bench.tick(100);
  for (const command of placed) bench.accept(command);
  return {
    bench,
    bid: (placed[0] as PlaceOrder).clientOrderId,
    ask: (placed[1] as PlaceOrder).clientOrderId,
  };
}

describe('quoting', () => {
  it('places what the strategy wants, post-only, with an expiration, approved by risk', () => {
    const bench = testBench();
    bench.begin();
    bench.open();
    bench.quote([level(4_600, 300)], [level(5_400, 300)]);
    const commands = bench.tick(100);
    expect(brief(commands)).toEqual(['bid 300@4600', 'ask 300@5400']);
    expect(commands.every(isApproved)).toBe(true);
    expect((commands[0] as PlaceOrder).expirationMs).toBe(1_061_000);
    expect(bench.last().derived.map((e) => e.type)).toEqual(['session.started']);
  });

  it('gives every order its own id, the same in every run of the same events', () => {
    const ids = () => {
      const { bench, bid, ask } = quoting();
      return [bid, ask, ...bench.audits.map((a) => JSON.stringify(a))];
    };
    expect(ids()).toEqual(ids());
    expect(new Set(ids().slice(0, 2)).size).toBe(2);
  });

  it('leaves good orders alone, and replaces one only after its cancel is known', () => {
    const { bench, bid } = quoting();
    expect(bench.tick(3_000)).toEqual([]);
    bench.quote([level(4_650, 300)], [level(5_400, 300)]);
    expect(bench.tick(3_000)).toEqual([]);
    bench.quote([level(4_800, 300)], [level(5_400, 300)]);
    expect(brief(bench.tick(3_000))).toEqual(['order.cancel']);
    expect(bench.tick(1_000)).toEqual([]);
    expect(brief(bench.canceled(bid))).toEqual(['bid 300@4800']);
  });

  it('keeps the queue by decreasing', () => {
    const { bench, bid } = quoting();
    bench.quote([level(4_600, 200)], [level(5_400, 300)]);
    const [command] = bench.tick(3_000);
    expect(command).toMatchObject({ type: 'order.decrease', reduceTo: 200 });
    expect(bench.tick(3_000)).toEqual([]);
    bench.step({
      type: 'order.unconfirmed',
      clientOrderId: bid,
      ticker,
      request: 'decrease',
      message: 'time-out',
    });
    expect(bench.engine.orders.get(bid)?.status).toBe('unconfirmed');
    bench.step({
      type: 'order.amended',
      clientOrderId: bid,
      orderId: `x-${bid}`,
      ticker,
      price: 4_600,
      remaining: 200,
    });
    expect(bench.engine.orders.get(bid)).toMatchObject({
      status: 'resting',
      remaining: 200,
      changing: false,
    });
  });

  it('frees an order whose decrease was refused', () => {
    const { bench, bid } = quoting();
    bench.quote([level(4_600, 200)], [level(5_400, 300)]);
    expect(brief(bench.tick(3_000))).toEqual(['order.decrease']);
    bench.step({ type: 'cancel.rejected', clientOrderId: bid, ticker, reason: 'other' });
    bench.wish();
    expect(brief(bench.tick(3_000))).toEqual(['order.cancel', 'order.cancel']);
  });

  it('pulls quotes when the strategy stands down, and says why', () => {
    const { bench } = quoting();
    bench.wish({ type: 'stand-down', ticker, gate: { gate: 'spread-shock', value: 20, limit: 15 } });
    expect(brief(bench.tick(3_000))).toEqual(['order.cancel', 'order.cancel']);
    expect(bench.last().decisions[0]?.intents).toEqual([
      { type: 'stand-down', ticker, gate: { gate: 'spread-shock', value: 20, limit: 15 } },
    ]);
    expect(bench.engine.sessions.get(ticker)?.gate).toEqual({ gate: 'spread-shock', value: 20, limit: 15 });
  });

  it('does not repeat a refused order before the next wake', () => {
    const bench = testBench();
    bench.begin();
    bench.open();
    bench.quote([level(4_600, 300)], []);
    const [command] = bench.tick(100);
    const { clientOrderId } = command as PlaceOrder;
    const after = bench.step({
      type: 'order.rejected',
      clientOrderId,
      ticker,
      reason: 'post-only-cross',
      message: '',
    });
    expect(after).toEqual([]);
    expect(brief(bench.tick(1_000))).toEqual([]);
    expect(brief(bench.tick(2_000))).toEqual(['bid 300@4600']);
  });

  it('records a refusal of risk with its numbers', () => {
    const bench = testBench();
    bench.begin();
    bench.open(100);
    bench.quote([level(4_600, 300)], []);
    expect(bench.tick(100)).toEqual([]);
    expect(bench.last().refusals).toMatchObject([{ reason: 'position-limit', value: 300, limit: 100 }]);
  });
});

describe('unknown outcomes', () => {
  it('counts an unconfirmed order against the limits and does not replace it', () => {
    const bench = testBench();
    bench.begin();
    bench.open();
    bench.quote([level(4_600, 300)], []);
    const [command] = bench.tick(100);
    const { clientOrderId } = command as PlaceOrder;
    bench.step({ type: 'order.unconfirmed', clientOrderId, ticker, request: 'place', message: 'time-out' });
    expect(bench.tick(3_000)).toEqual([]);
    bench.quote([level(4_800, 300)], []);
    expect(bench.tick(3_000)).toEqual([]);
    expect(bench.openOrders()).toHaveLength(1);
    const after = bench.step({
      type: 'order.rejected',
      clientOrderId,
      ticker,
      reason: 'other',
      message: 'never arrived',
    });
    expect(after).toEqual([]);
    expect(brief(bench.tick(3_000))).toEqual(['bid 300@4800']);
  });

  it('books a fill that arrives before its order, and each fill once', () => {
    const bench = testBench();
    bench.begin();
    bench.open();
    bench.quote([level(4_600, 300)], []);
    const [command] = bench.tick(100);
    const { clientOrderId } = command as PlaceOrder;
    bench.fill(clientOrderId, 'bid', 4_600, 100);
    bench.fill(clientOrderId, 'bid', 4_600, 100);
    expect(bench.engine.view.market(ticker)?.position).toBe(100);
    bench.accept(command);
    expect(bench.openOrders()[0]).toMatchObject({ filled: 100, remaining: 200, status: 'resting' });
  });

  it('leaves fills of other programs alone, and a nameless one until its order is known', () => {
    const { bench } = quoting();
    bench.fill('somebody-else' as never, 'bid', 4_600, 100);
    expect(bench.engine.view.market(ticker)?.position).toBe(0);
    bench.quote([level(4_800, 300)], [level(5_400, 300)]);
    bench.canceled((bench.tick(3_000)[0] as PlaceOrder).clientOrderId);
    const placed = bench.openOrders().find((order) => order.status === 'submitting')!;
    bench.fill(placed.clientOrderId, 'bid', 4_800, 100, 'f', false);
    expect(bench.engine.view.market(ticker)?.position).toBe(0);
    bench.accept({ ...placed, count: placed.total } as never);
    bench.fill(placed.clientOrderId, 'bid', 4_800, 100, 'f', false);
    expect(bench.engine.view.market(ticker)?.position).toBe(100);
  });

  it('books a fill after the cancel was confirmed', () => {
    const { bench, bid } = quoting();
    bench.wish();
    bench.tick(3_000);
    bench.canceled(bid);
    bench.fill(bid, 'bid', 4_600, 300);
    expect(bench.engine.view.market(ticker)?.position).toBe(300);
    expect(bench.engine.orders.get(bid)?.status).toBe('filled');
  });

  it('takes "not found" for "not resting" and waits for fills to tell the rest', () => {
    const { bench, bid } = quoting();
    bench.wish();
    bench.tick(3_000);
    bench.step({ type: 'cancel.rejected', clientOrderId: bid, ticker, reason: 'not-found' });
    expect(bench.engine.orders.get(bid)?.status).toBe('canceled');
    bench.fill(bid, 'bid', 4_600, 300);
    expect(bench.engine.view.market(ticker)?.position).toBe(300);
  });
});

describe('exits', () => {
  it('closes a small position at once, one order at a time', () => {
    const { bench, bid, ask } = quoting();
    bench.fill(bid, 'bid', 4_600, 100);
    bench.close('passive');
    expect(brief(bench.tick(100))).toEqual(['order.cancel', 'order.cancel']);
    bench.canceled(bid);
    expect(brief(bench.canceled(ask))).toEqual(['ask 100@4700 ioc']);
    const exit = bench.openOrders()[0]!;
    expect(bench.tick(3_000)).toEqual([]);
    bench.step({
      type: 'order.accepted',
      clientOrderId: exit.clientOrderId,
      orderId: `x-${exit.clientOrderId}`,
      ticker,
      remaining: Count.ZERO,
      filled: Count.of(100),
    });
    expect(bench.openOrders()[0]?.status).toBe('matched');
    expect(bench.tick(3_000)).toEqual([]);
    bench.fill(exit.clientOrderId, 'ask', 4_700, 100);
    expect(bench.last().derived).toMatchObject([
      { type: 'session.ended', reason: 'test-over', position: 0, realizedPnl: 10_000 },
    ]);
    expect(bench.engine.sessions.size).toBe(0);
  });

  it('waits with a large position, then works it out at the touch', () => {
    const { bench, bid, ask } = quoting();
    bench.fill(bid, 'bid', 4_600, 300);
    bench.close('passive');
    bench.tick(100);
    bench.canceled(ask);
    expect(bench.tick(3_000)).toEqual([]);
    expect(bench.engine.sessions.get(ticker)?.gate?.gate).toBe('exit-wait');
    expect(brief(bench.tick(15_000))).toEqual(['ask 300@5300']);
  });

  it('takes when told to leave now', () => {
    const { bench, bid, ask } = quoting();
    bench.fill(bid, 'bid', 4_600, 300);
    bench.close('now');
    bench.tick(100);
    expect(brief(bench.canceled(ask))).toEqual(['ask 300@4700 ioc']);
  });

  it('works out a position that no session wants', () => {
    const bench = testBench();
    bench.begin();
    bench.step({ type: 'position.reported', ticker, position: 100, cost: null, feesPaid: 0, realizedPnl: 0 });
    expect(bench.tick(3_000)).toEqual([]);
    const { bench: other, bid } = quoting();
    other.close('now');
    other.tick(100);
    other.canceled(bid);
    other.canceled(other.openOrders()[0]!.clientOrderId);
    expect(other.engine.sessions.size).toBe(0);
    other.fill(bid, 'bid', 4_600, 100);
    expect(brief(other.tick(3_000))).toEqual(['ask 100@4700 ioc']);
    expect(other.last().derived).toMatchObject([{ type: 'session.started', reason: 'unwind' }]);
  });
});

describe('feed and control', () => {
  it('pulls quotes when the feed is stale and ends sessions when it stays so', () => {
    const { bench } = quoting();
    expect(bench.tick(1_000, 4_000)).toEqual([]);
    expect(brief(bench.tick(1_000, 5_001))).toEqual(['order.cancel', 'order.cancel']);
    for (const order of [...bench.openOrders()]) bench.canceled(order.clientOrderId);
    bench.tick(10_000, 15_001);
    expect(bench.engine.sessions.size).toBe(0);
  });

  it('asks the strategy anew after the feed has come back', () => {
    const { bench, bid, ask } = quoting();
    bench.step({ type: 'feed.lost', reason: 'reset' });
    bench.canceled(bid);
    bench.canceled(ask);
    expect(bench.step({ type: 'feed.restored' })).toEqual([]);
    expect(bench.tick(3_000)).toEqual([]);
    bench.step({
      type: 'book.replaced',
      ticker,
      bids: [level(4_700, 5_000)],
      asks: [level(5_300, 5_000)],
    });
    expect(brief(bench.tick(3_000))).toEqual(['bid 300@4600', 'ask 300@5400']);
  });

  it('pulls quotes at once when a book has a gap, whatever the strategy says', () => {
    const { bench } = quoting();
    expect(brief(bench.step({ type: 'feed.gapped', ticker }))).toEqual(['order.cancel', 'order.cancel']);
    for (const order of [...bench.openOrders()]) bench.canceled(order.clientOrderId);
    expect(bench.tick(3_000)).toEqual([]);
    expect(bench.last().decisions[0]?.intents[0]?.type).toBe('quote');
  });

  it('sends nothing but cancels after a stop', () => {
    const { bench, bid, ask } = quoting();
    expect(brief(bench.step({ type: 'trading.stopped', reason: 'operator' }))).toEqual([
      'order.cancel',
      'order.cancel',
    ]);
    bench.canceled(bid);
    bench.canceled(ask);
    bench.open();
    expect(bench.tick(10_000)).toEqual([]);
  });

  it('adopts in recovery, cancels what no session wants, then works the position out', () => {
    const bench = testBench({ recovering: true });
    bench.begin();
    bench.open();
    const adopted = bench.step({
      type: 'orders.reported',
      complete: true,
      asOfMs: Timestamp.of(999_999),
      orders: [
        {
          orderId: 'x-old',
          clientOrderId: 'old',
          ticker,
          side: 'bid',
          price: Price.of(4_000),
          status: 'resting',
          initial: 500,
          filled: 100,
          remaining: 400,
          createdMs: null,
          expirationMs: null,
          exchangeIndex: 0,
        },
      ],
    });
    expect(brief(adopted)).toEqual(['order.cancel']);
    bench.step({
      type: 'position.reported',
      ticker,
      position: 250,
      cost: 1_000_000,
      feesPaid: 0,
      realizedPnl: 0,
    });
    bench.step({ type: 'inventory.adopted', ticker });
    expect(bench.openOrders()).toMatchObject([{ clientOrderId: 'old', remaining: 400, status: 'canceling' }]);
    expect(bench.tick(1_000)).toEqual([]);
    bench.canceled('old' as never);
    expect(brief(bench.step({ type: 'trading.resumed', reason: 'recovered' }))).toEqual([]);
    expect(bench.engine.view.market(ticker)?.position).toBe(250);
    bench.tick(3_000);
    expect(bench.engine.sessions.get(ticker)?.phase).toBe('exiting');
  });

  it('notices a position that differs from the fills', () => {
    const { bench, bid } = quoting();
    bench.fill(bid, 'bid', 4_600, 100);
    bench.step({ type: 'position.reported', ticker, position: 200, cost: null, feesPaid: 0, realizedPnl: 0 });
    expect(bench.engine.portfolio.differences.get(ticker)).toEqual({ ours: 100, theirs: 200 });
    expect(bench.engine.view.market(ticker)?.position).toBe(100);
  });

  it('ends the session of a settled market with its gain', () => {
    const { bench, bid } = quoting();
    bench.fill(bid, 'bid', 4_600, 300);
    bench.step({ type: 'market.settled', ticker, result: 'yes', settlementPrice: Price.ONE });
    expect(bench.last().derived).toMatchObject([
      { type: 'session.ended', reason: 'settled', realizedPnl: 1_620_000 },
    ]);
    expect(market.closeMs).toBeGreaterThan(0);
  });
});

describe('matches whose fills are still on their way', () => {
  /** A bid of 300 that is being canceled to make room for a better one. */
  function canceling() {
    const { bench, bid } = quoting();
    bench.quote([level(4_800, 300)], [level(5_400, 300)]);
    expect(brief(bench.tick(3_000))).toEqual(['order.cancel']);
    const canceled = { type: 'order.canceled', clientOrderId: bid, orderId: `x-${bid}`, ticker };
    return { bench, bid, canceled: { ...canceled, reason: 'requested' } };
  }

  it.each([
    ['the answer to the cancel tells how little was left', { canceled: Count.of(100) }],
    ['the feed tells how much has matched', { filled: Count.of(200) }],
  ])('are not replaced by a new order: %s', (_, told) => {
    const { bench, bid, canceled } = canceling();
    expect(bench.step({ ...canceled, ...told })).toEqual([]);
    expect(bench.engine.orders.get(bid)).toMatchObject({ status: 'matched', remaining: 200 });
    bench.fill(bid, 'bid', 4_600, 200);
    expect(bench.last().refusals).toMatchObject([{ reason: 'position-limit', value: 500, limit: 300 }]);
    expect(bench.openOrders().map((order) => order.side)).toEqual(['ask']);
  });

  it('are remembered from an earlier message about the order', () => {
    const { bench, bid, canceled } = canceling();
    const names = { clientOrderId: bid, orderId: `x-${bid}`, ticker };
    bench.step({ type: 'order.accepted', ...names, remaining: Count.of(250), filled: Count.of(50) });
    expect(bench.step(canceled)).toEqual([]);
    expect(bench.engine.orders.get(bid)).toMatchObject({ status: 'matched', remaining: 50 });
  });

  it('do not wait for ever: a later read of the whole account knows every fill', () => {
    const { bench, bid, canceled } = canceling();
    bench.step({ ...canceled, filled: Count.of(200) });
    const read = { type: 'orders.reported', complete: true, orders: [] };
    bench.step({ ...read, asOfMs: Timestamp.of(1_004_000) });
    expect(bench.engine.orders.get(bid)?.status).toBe('matched');
    bench.step({ ...read, asOfMs: Timestamp.of(1_020_000) });
    expect(bench.engine.orders.get(bid)?.status).toBe('canceled');
  });

  it('count beside what a decrease has left', () => {
    const { bench, bid } = quoting();
    bench.quote([level(4_600, 200)], [level(5_400, 300)]);
    expect(brief(bench.tick(3_000))).toEqual(['order.decrease']);
    const names = { clientOrderId: bid, orderId: `x-${bid}`, ticker };
    bench.step({ type: 'order.accepted', ...names, remaining: Count.of(250), filled: Count.of(50) });
    bench.step({ type: 'order.amended', ...names, price: 4_600, remaining: Count.of(200) });
    expect(bench.engine.orders.get(bid)).toMatchObject({ filled: 0, remaining: 250 });
    bench.fill(bid, 'bid', 4_600, 50);
    expect(bench.engine.orders.get(bid)).toMatchObject({ filled: 50, remaining: 200, changing: false });
  });

  it('are learned from the feed when the decrease was answered first', () => {
    const { bench, bid } = quoting();
    bench.quote([level(4_600, 200)], [level(5_400, 300)]);
    bench.tick(3_000);
    const names = { clientOrderId: bid, orderId: `x-${bid}`, ticker };
    bench.step({ type: 'order.amended', ...names, price: 4_600, remaining: Count.of(200) });
    bench.step({ type: 'order.accepted', ...names, remaining: Count.of(200), filled: Count.of(50) });
    bench.fill(bid, 'bid', 4_600, 50);
    expect(bench.engine.orders.get(bid)).toMatchObject({ filled: 50, remaining: 200 });
  });

  it('are paid out when the market has settled before they are told', () => {
    const { bench, bid } = quoting();
    bench.step({ type: 'market.settled', ticker, result: 'yes', settlementPrice: Price.ONE });
    bench.fill(bid, 'bid', 4_600, 300);
    expect(bench.engine.portfolio.holding(ticker)).toMatchObject({ position: 0, realizedPnl: 1_620_000 });
  });
});

describe('other programs on the account', () => {
  it('may hold what they like in markets that we do not trade', () => {
    const bench = testBench();
    bench.begin();
    bench.step({ type: 'position.reported', ticker, position: 200, cost: null, feesPaid: 0, realizedPnl: 0 });
    expect(bench.engine.portfolio.differences.size).toBe(0);
  });

  it('may trade by hand while we recover', () => {
    const bench = testBench({ recovering: true });
    bench.begin();
    bench.fill('by-hand' as never, 'bid', 4_600, 100, 'f', false);
    expect(bench.engine.isManaged(ticker)).toBe(false);
    expect(bench.engine.view.market(ticker)?.position).toBe(0);
    bench.step({ type: 'inventory.adopted', ticker });
    bench.fill('by-an-earlier-run' as never, 'bid', 4_600, 100, 'g', false);
    expect(bench.engine.view.market(ticker)?.position).toBe(100);
  });
});
