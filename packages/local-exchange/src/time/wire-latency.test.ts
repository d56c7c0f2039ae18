import { expect, it, vi } from 'vitest';
import type { LocalExchangeOptions } from '../options.ts';
import { GOLD, START_MS } from '../testing/fixture-world.ts';
import { call, fixtures, USER } from '../testing/local-client.ts';

const ROOT = '/portfolio/events/orders';
const ORDER = {
  ticker: GOLD,
  side: 'bid',
  count: '1.00',
  price: '0.4100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};

const startFixture = fixtures();

async function start(options: Partial<LocalExchangeOptions>) {
  const { local, world, wall } = await startFixture(options);
  const answered: string[] = [];
  const send = (method: string, path: string, body?: object) => {
    const answer = call(local, wall, method, path, body);
    answer.then(() => answered.push(`${method} ${path}`));
    return answer;
  };
  const planned = vi.spyOn(world.exchange, 'schedule');
  /** Until so many messages have been on their way. */
  const sent = async (messages: number) => {
    while (planned.mock.calls.length < messages) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = (ms: number) => {
    wall.ms += ms;
    local.turn();
  };
  return { local, exchange: world.exchange, wall, answered, send, sent, pass };
}

const constant = (ms: number) => ({ kind: 'constant', ms }) as const;

it('a request is carried out when it has arrived, to the millisecond, and its answer is back later', async () => {
  const { exchange, answered, send, sent, pass } = await start({
    latency: { entry: constant(300), response: constant(200) },
  });
  const placing = send('POST', ROOT, ORDER);
  await sent(1);
  pass(299);
  expect(exchange.orders(USER)).toEqual([]);
  // More than enough time passes in one go; the order comes at its own moment.
  pass(100);
  expect(exchange.orders(USER)).toMatchObject([{ createdMs: START_MS + 300 }]);
  expect(exchange.nextMs).toBe(START_MS + 500);
  expect(answered).toEqual([]);
  pass(101);
  expect((await placing).body).toMatchObject({ remaining_count: '1.00', ts_ms: START_MS + 300 });
});

it('a refusal takes as long as anything else, and no request overtakes another', async () => {
  const { answered, send, sent, pass } = await start({
    latency: { entry: { kind: 'recorded', samplesMs: [400, 10], order: 'played' } },
  });
  const refused = send('POST', ROOT, { ...ORDER, count: '-1' });
  await sent(1);
  pass(20);
  const read = send('GET', '/portfolio/orders');
  await sent(2);
  pass(379);
  expect(answered).toEqual([]);
  pass(1);
  expect([(await refused).status, (await read).status]).toEqual([400, 200]);
});

it('nothing is on its way while time stands still', async () => {
  const { local } = await start({ latency: { entry: constant(300), response: constant(200) } });
  const { headers } = await fetch(`${local.restUrl}/exchange/status`);
  expect(headers.get('x-exchange-clock')).toBe(`now=${START_MS}; speed=1`);
});

it('a model that cannot be is refused before anything listens', async () => {
  const wrong = startFixture({ latency: { entry: constant(-1) } });
  await expect(wrong).rejects.toMatchObject({ code: 'latency-model' });
});
