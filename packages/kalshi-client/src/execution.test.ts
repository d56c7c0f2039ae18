import { generateKeyPairSync } from 'node:crypto';
import { ClientOrderId, Count, type Event, Price, Timestamp } from '@kalshi-mm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKalshiClient } from './client.ts';
import { createExecution, type KalshiExecution } from './execution.ts';
import { createSigner } from './signer.ts';
import { aCancel, aDecrease, anAmend, aPlace, systemClock } from './testing/commands.ts';
import { createEventsLog, type EventsLog } from './testing/events-log.ts';
import { type FaultExchange, startFaultExchange } from './testing/fault-exchange.ts';
import { createTokenBuckets } from './token-buckets.ts';

const signer = createSigner({
  keyId: 'test-key',
  privateKeyPem: generateKeyPairSync('ed25519').privateKey,
});

let exchange: FaultExchange;
let log: EventsLog;
let execution: KalshiExecution;

beforeEach(async () => {
  exchange = await startFaultExchange();
  log = createEventsLog();
  execution = start(exchange.restUrl);
});

afterEach(async () => {
  await execution.close();
  await exchange.close();
});

function start(restUrl: string): KalshiExecution {
  const limits = { refillPerSecond: 10_000, capacity: 10_000 };
  const buckets = createTokenBuckets({
    limits: { usageTier: 'test', read: limits, write: limits },
    costs: { defaultCost: 10, endpoints: [] },
    clock: systemClock,
  });
  return createExecution({
    restUrl,
    signer,
    client: createKalshiClient({ restUrl, signer, clock: systemClock, buckets, retries: 0 }),
    buckets,
    sink: log.sink,
    clock: systemClock,
    timeoutMs: 300,
    resolvePauseMs: { first: 1, max: 20 },
    freshness: { marginMs: 0, blindMarginMs: 0 },
  });
}

function posts(): number {
  return exchange.writes.filter((write) => write.method === 'POST').length;
}

function withoutTime(events: readonly Event[]): object[] {
  return events.map(({ atMs: _, ...event }) => event);
}

const accepted = {
  type: 'order.accepted',
  clientOrderId: 'run-1-0',
  orderId: 'X1',
  ticker: 'KXTEST-26NOV20-A',
  remaining: 1_000,
  filled: 0,
};

describe('a place whose answer is lost', () => {
  const losses = [
    ['reset', { isCarriedOut: true, reply: 'reset' }],
    ['silence', { isCarriedOut: true, reply: 'silence' }],
    ['503', { isCarriedOut: true, reply: { status: 503, body: '<html>busy</html>' } }],
    ['201 without a body', { isCarriedOut: true, reply: 'empty' }],
    ['201 with half a body', { isCarriedOut: true, reply: { status: 201, body: '{"order_id":"X' } }],
    [
      '201 with a number for a count',
      {
        isCarriedOut: true,
        reply: { status: 201, body: '{"order_id":"X1","fill_count":0,"remaining_count":"10.00","ts_ms":1}' },
      },
    ],
  ] as const;

  it.each(losses)('%s: is found in the order list and accepted, sent once', async (_, fault) => {
    exchange.faults.push(fault);
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.unconfirmed', 'order.accepted']);
    expect(log.events[0]).toMatchObject({ request: 'place', clientOrderId: 'run-1-0' });
    expect(withoutTime(log.events)[1]).toEqual(accepted);
    expect(posts()).toBe(1);
  });

  it.each(losses)('%s: is refused when two fresh reads do not show it, sent once', async (_, fault) => {
    exchange.faults.push({ ...fault, isCarriedOut: false });
    execution.send([aPlace()]);
    await execution.drain();
    expect(withoutTime(log.events)).toMatchObject([
      { type: 'order.unconfirmed', request: 'place' },
      { type: 'order.rejected', reason: 'other', message: 'never arrived' },
    ]);
    expect(posts()).toBe(1);
  });

  it('is not declared absent while the reads are older than the attempt', async () => {
    exchange.lagMs = 60_000;
    exchange.faults.push({ isCarriedOut: true, reply: 'reset' });
    exchange.unlisted.add('X1');
    execution.send([aPlace()]);
    await log.next('order.unconfirmed');
    await exchange.untilListReads(4);
    expect(log.types()).toEqual(['order.unconfirmed']);
    exchange.unlisted.clear();
    await execution.drain();
    expect(log.types()).toEqual(['order.unconfirmed', 'order.accepted']);
  });

  it('is found through a fill when the order list lags', async () => {
    exchange.lagMs = 60_000;
    exchange.faults.push({ isCarriedOut: true, reply: 'reset' });
    exchange.unlisted.add('X1');
    exchange.fills.push(aWireFill('X1'));
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.unconfirmed', 'order.accepted']);
  });

  it('keeps counting as open until it is resolved', async () => {
    exchange.lagMs = 60_000;
    exchange.faults.push({ isCarriedOut: false, reply: 'reset' });
    execution.send([aPlace()]);
    await log.next('order.unconfirmed');
    expect(execution.openRequests()).toBe(1);
    exchange.lagMs = -60_000;
    await execution.drain();
    expect(execution.openRequests()).toBe(0);
  });
});

describe('one order name', () => {
  it('is sent once, however often it is commanded', async () => {
    execution.send([aPlace(), aPlace()]);
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.accepted']);
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.accepted', 'order.unconfirmed', 'order.accepted']);
    expect(posts()).toBe(1);
  });

  it('that the exchange knows already is evidence of the order, not a refusal', async () => {
    execution.send([aPlace()]);
    await execution.drain();
    // A process that has lost its memory sends again.
    const restarted = start(exchange.restUrl);
    restarted.send([aPlace()]);
    await restarted.drain();
    await restarted.close();
    expect(log.types()).toEqual(['order.accepted', 'order.unconfirmed', 'order.accepted']);
    expect(exchange.orders.size).toBe(1);
  });

  it('with a character that the exchange refuses is not sent', async () => {
    execution.send([aPlace({ clientOrderId: ClientOrderId.of('run.1') })]);
    await execution.drain();
    expect(log.events).toMatchObject([{ type: 'order.rejected', reason: 'invalid-order' }]);
    expect(posts()).toBe(0);
  });
});

describe('place', () => {
  it('sends the V2 shape', async () => {
    const expirationMs = Timestamp.of(1_790_000_060_999);
    execution.send([aPlace({ expirationMs, exchangeIndex: 2, side: 'ask', price: Price.of(52) })]);
    await execution.drain();
    expect(exchange.writes).toEqual([
      {
        method: 'POST',
        path: '/portfolio/events/orders',
        body: {
          ticker: 'KXTEST-26NOV20-A',
          client_order_id: 'run-1-0',
          side: 'ask',
          count: '10.00',
          price: '0.0052',
          time_in_force: 'good_till_canceled',
          self_trade_prevention_type: 'taker_at_cross',
          post_only: true,
          cancel_order_on_pause: true,
          expiration_time: 1_790_000_060,
          exchange_index: 2,
        },
      },
    ]);
  });

  it('leaves the shard out when it is not known, and the expiration when the order cannot rest', async () => {
    execution.send([
      aPlace({
        timeInForce: 'immediate-or-cancel',
        postOnly: false,
        reduceOnly: true,
        expirationMs: Timestamp.of(1_790_000_060_999),
        exchangeIndex: -1,
      }),
    ]);
    await execution.drain();
    const body = exchange.writes[0]?.body;
    expect(body).toMatchObject({ time_in_force: 'immediate_or_cancel', reduce_only: true });
    expect(body).not.toHaveProperty('expiration_time');
    expect(body).not.toHaveProperty('exchange_index');
  });

  it('treats a post-only order that was created and canceled at once as accepted with nothing left', async () => {
    const body = '{"order_id":"X9","fill_count":"0.00","remaining_count":"0.00","ts_ms":1}';
    exchange.faults.push({ isCarriedOut: false, reply: { status: 201, body } });
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.events).toMatchObject([{ type: 'order.accepted', orderId: 'X9', remaining: 0, filled: 0 }]);
  });

  it('is refused for good when no connection can be made', async () => {
    await exchange.close();
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.events).toMatchObject([
      { type: 'order.rejected', reason: 'other', message: 'not sent: ECONNREFUSED' },
    ]);
  });

  it('takes a 429 as a refusal', async () => {
    exchange.faults.push({
      isCarriedOut: false,
      reply: { status: 429, body: '{"error":"too many requests"}' },
    });
    execution.send([aPlace()]);
    await execution.drain();
    expect(log.events).toMatchObject([{ type: 'order.rejected', reason: 'rate-limited' }]);
  });
});

describe('cancel', () => {
  beforeEach(async () => {
    execution.send([aPlace()]);
    await execution.drain();
  });

  const canceled = ['order.accepted', 'order.unconfirmed', 'order.canceled'];

  it('names market and shard, and reports the order as canceled', async () => {
    execution.send([aCancel()]);
    await execution.drain();
    expect(exchange.writes.at(-1)?.path).toBe(
      '/portfolio/events/orders/X1?market_ticker=KXTEST-26NOV20-A&exchange_index=0',
    );
    expect(withoutTime(log.events)[1]).toEqual({
      type: 'order.canceled',
      clientOrderId: 'run-1-0',
      orderId: 'X1',
      ticker: 'KXTEST-26NOV20-A',
      reason: 'requested',
      canceled: 1_000,
    });
  });

  it('of an order that is not found tells what it had matched', async () => {
    Object.assign(exchange.orders.get('X1')!, {
      status: 'executed',
      fill_count_fp: '10.00',
      remaining_count_fp: '0.00',
    });
    execution.send([aCancel()]);
    await execution.drain();
    expect(withoutTime(log.events)[1]).toEqual({ ...accepted, remaining: 0, filled: 1_000 });
    expect(log.events.length).toBe(2);
  });

  it('of an order that somebody else has canceled tells what it had matched', async () => {
    Object.assign(exchange.orders.get('X1')!, {
      status: 'canceled',
      fill_count_fp: '3.00',
      remaining_count_fp: '0.00',
    });
    execution.send([aCancel()]);
    await execution.drain();
    expect(withoutTime(log.events)[1]).toMatchObject({ type: 'order.canceled', filled: 300 });
  });

  it('is repeated when the order is not found but rests', async () => {
    const body = '{"error":{"code":"not_found"}}';
    exchange.faults.push({ isCarriedOut: false, reply: { status: 404, body } });
    execution.send([aCancel()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.accepted', 'order.canceled']);
    expect(exchange.orders.get('X1')?.status).toBe('canceled');
  });

  it('of a dead order says that it does not rest', async () => {
    execution.send([aCancel({ orderId: 'X7' as never })]);
    await execution.drain();
    expect(log.events[1]).toMatchObject({ type: 'cancel.rejected', reason: 'not-found' });
  });

  it.each(['reset', 'silence', 'empty', 'other-order'] as const)(
    '%s after it was carried out: found canceled, not sent again',
    async (reply) => {
      exchange.faults.push({ isCarriedOut: true, reply });
      execution.send([aCancel()]);
      await execution.drain();
      expect(log.types()).toEqual(canceled);
      expect(exchange.writes.length).toBe(2);
    },
  );

  it.each(['reset', 'silence'] as const)('%s before it was carried out: sent again', async (reply) => {
    exchange.faults.push({ isCarriedOut: false, reply }, { isCarriedOut: false, reply: 'reset' });
    execution.send([aCancel()]);
    await execution.drain();
    expect(log.types()).toEqual(canceled);
    expect(exchange.writes.length).toBe(4);
    expect(exchange.orders.get('X1')?.status).toBe('canceled');
  });

  it('in doubt, of an order that was filled meanwhile: tells so', async () => {
    exchange.faults.push({ isCarriedOut: false, reply: 'reset' });
    const order = exchange.orders.get('X1')!;
    order.status = 'executed';
    order.fill_count_fp = '10.00';
    order.remaining_count_fp = '0.00';
    execution.send([aCancel()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.accepted', 'order.unconfirmed', 'order.accepted']);
    expect(log.events[2]).toMatchObject({ remaining: 0, filled: 1_000 });
  });

  it('that could not be sent stays open until the port closes', async () => {
    await exchange.close();
    execution.send([aCancel()]);
    await log.next('order.unconfirmed');
    expect(execution.openRequests()).toBe(1);
    await execution.close();
    expect(execution.openRequests()).toBe(0);
    expect(log.types()).toEqual(['order.accepted', 'order.unconfirmed']);
  });

  it('waits out a 429 and is sent again', async () => {
    exchange.faults.push({ isCarriedOut: false, reply: { status: 429, body: '' } });
    execution.send([aCancel()]);
    await execution.drain();
    expect(log.types()).toEqual(['order.accepted', 'order.canceled']);
  });
});

describe('amend and decrease', () => {
  beforeEach(async () => {
    execution.send([aPlace()]);
    await execution.drain();
  });

  it('report price and remainder', async () => {
    execution.send([anAmend()]);
    await execution.drain();
    execution.send([aDecrease()]);
    await execution.drain();
    expect(log.events.slice(1)).toMatchObject([
      { type: 'order.amended', price: 4_600, remaining: 1_000 },
      { type: 'order.amended', price: 4_600, remaining: 400 },
    ]);
    expect(exchange.writes[1]?.body).toMatchObject({ price: '0.4600', count: '10.00', side: 'bid' });
    expect(exchange.writes[2]?.body).toEqual({
      reduce_to: '4.00',
      market_ticker: 'KXTEST-26NOV20-A',
      exchange_index: 0,
    });
  });

  it('a decrease to nothing is a cancel', async () => {
    execution.send([aDecrease({ reduceTo: Count.ZERO })]);
    await execution.drain();
    expect(log.events[1]).toMatchObject({ type: 'order.canceled', reason: 'requested' });
  });

  it('a decrease of an adopted order reads its price', async () => {
    const restarted = start(exchange.restUrl);
    restarted.send([aDecrease()]);
    await restarted.drain();
    await restarted.close();
    expect(log.events[1]).toMatchObject({ type: 'order.amended', price: 4_700, remaining: 400 });
  });

  it.each([true, false])('lost answer, carried out %s: the order as it is', async (isCarriedOut) => {
    exchange.faults.push({ isCarriedOut, reply: 'reset' });
    execution.send([anAmend()]);
    await execution.drain();
    expect(log.events.slice(1)).toMatchObject([
      { type: 'order.unconfirmed', request: 'amend' },
      { type: 'order.amended', price: isCarriedOut ? 4_600 : 4_700, remaining: 1_000 },
    ]);
    expect(exchange.writes.length).toBe(2);
  });

  it('a refused amend reports the order as it still rests', async () => {
    const body = '{"error":{"code":"invalid_price","message":"invalid price"}}';
    exchange.faults.push({ isCarriedOut: false, reply: { status: 400, body } });
    execution.send([anAmend()]);
    await execution.drain();
    expect(log.events.slice(1)).toMatchObject([{ type: 'order.amended', price: 4_700, remaining: 1_000 }]);
  });
});

function aWireFill(orderId: string): object {
  return {
    trade_id: 'T1',
    order_id: orderId,
    ticker: 'KXTEST-26NOV20-A',
    book_side: 'bid',
    count_fp: '10.00',
    yes_price_dollars: '0.4700',
    no_price_dollars: '0.5300',
    is_taker: false,
    fee_cost: '0.000000',
    created_time: '2026-11-20T00:00:00Z',
  };
}
