import { generateKeyPairSync } from 'node:crypto';
import { Count, MmError, Price } from '@kalshi-mm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CreateOrder, cancelAllOrders, cancelOrder, createOrder } from './endpoints/orders.ts';
import { ExchangeRequestError } from './exchange-error.ts';
import { createKalshiHttp, type KalshiHttp } from './http.ts';
import { OutcomeUnknownError } from './outcome-unknown-error.ts';
import { createSigner } from './signer.ts';
import { systemClock } from './testing/commands.ts';
import { type FaultExchange, startFaultExchange } from './testing/fault-exchange.ts';

const signer = createSigner({ keyId: 'k', privateKeyPem: generateKeyPairSync('ed25519').privateKey });
const order: CreateOrder = {
  ticker: 'KXTEST-26NOV20-A',
  side: 'bid',
  count: Count.of(1_000),
  price: Price.of(4_700),
  client_order_id: 'run-1-0',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

let exchange: FaultExchange;
let http: KalshiHttp;

beforeEach(async () => {
  exchange = await startFaultExchange();
  http = createKalshiHttp({
    restUrl: exchange.restUrl,
    signer,
    clock: systemClock,
    retries: 0,
    writeTimeoutMs: 300,
  });
});

afterEach(async () => {
  await http.close();
  await exchange.close();
});

async function failure(doing: Promise<unknown>): Promise<MmError> {
  const error = await doing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MmError);
  return error as MmError;
}

describe('a write', () => {
  it('tells what it did', async () => {
    const placed = await createOrder(http, order);
    expect(placed).toMatchObject({ order_id: 'X1', fill_count: 0, remaining_count: 1_000 });
    expect(await cancelOrder(http, 'X1', { market_ticker: order.ticker })).toMatchObject({
      reduced_by: 1_000,
    });
    expect(exchange.writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /portfolio/events/orders',
      'DELETE /portfolio/events/orders/X1?market_ticker=KXTEST-26NOV20-A',
    ]);
    expect(exchange.writes[0]!.body).toMatchObject({ count: '10.00', price: '0.4700' });
  });

  it.each([
    ['reset', 'reset'],
    ['silence', 'silence'],
    ['503', { status: 503, body: '<html>busy</html>' }],
    ['2xx without a body', 'empty'],
  ] as const)('is unknown after %s, and is not sent again', async (_, reply) => {
    exchange.faults.push({ isCarriedOut: true, reply });
    const error = await failure(createOrder(http, order));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.recovery).toBe('reconcile');
    expect(exchange.writes.length).toBe(1);
  });

  it('is unknown when the answer is about another order', async () => {
    await createOrder(http, order);
    exchange.faults.push({ isCarriedOut: true, reply: 'other-order' });
    expect(await failure(cancelOrder(http, 'X1', {}))).toBeInstanceOf(OutcomeUnknownError);
  });

  it('is refused with a reason from a closed list', async () => {
    exchange.faults.push({
      isCarriedOut: false,
      reply: { status: 400, body: '{"error":{"code":"invalid_order","details":"post only cross"}}' },
    });
    const error = await failure(createOrder(http, order));
    expect(error).toBeInstanceOf(ExchangeRequestError);
    expect((error as ExchangeRequestError).reason).toBe('post-only-cross');
  });

  it('takes an empty body where none is due', async () => {
    exchange.faults.push({ isCarriedOut: true, reply: { status: 204, body: '' } });
    await cancelAllOrders(http);
  });

  it('says so when nothing was sent', async () => {
    await exchange.close();
    const error = await failure(createOrder(http, order));
    expect(error).toMatchObject({ code: 'exchange-unreachable', recovery: 'retry' });
    exchange = await startFaultExchange();
  });

  it('is checked before it is sent, and names the field', async () => {
    const wrong: [Partial<CreateOrder>, string][] = [
      [{ price: Price.NO_ASK }, 'price: a price strictly between 0 and 1'],
      [{ count: Count.ZERO }, 'count: a count above 0'],
      [{ client_order_id: 'a.b' }, 'client_order_id: letters, digits'],
      [{ tif: 'gtc' } as object, 'tif'],
    ];
    for (const [change, message] of wrong) {
      const error = await failure((async () => createOrder(http, { ...order, ...change }))());
      expect(error.code).toBe('request-invalid');
      expect(error.message).toContain(message);
    }
    expect(exchange.writes).toEqual([]);
  });
});
