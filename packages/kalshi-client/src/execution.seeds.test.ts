import { generateKeyPairSync } from 'node:crypto';
import { ClientOrderId, Count, createRandom, type Event, type OrderId, Price } from '@kalshi-mm/core';
import { expect, it } from 'vitest';
import { createExecution } from './execution.ts';
import { createSigner } from './signer.ts';
import { aCancel, aDecrease, anAmend, aPlace } from './testing/commands.ts';
import { createFakeTime } from './testing/fake-time.ts';
import { createModelExchange } from './testing/model-exchange.ts';
import { createTokenBuckets } from './token-buckets.ts';

const RUNS = 2_000;
const signer = createSigner({ keyId: 'k', privateKeyPem: generateKeyPairSync('ed25519').privateKey });

it(`${RUNS} seeded runs over an exchange that loses answers: no order is unknown at the end, none is there twice`, async () => {
  const faults = new Map<string, number>();
  const endings = new Map<string, number>();
  for (let seed = 0; seed < RUNS; seed++) {
    const run = await play(seed);
    for (const [name, hits] of run.faults) faults.set(name, (faults.get(name) ?? 0) + hits);
    for (const type of run.endings) endings.set(type, (endings.get(type) ?? 0) + 1);
  }
  // Everything that can go wrong did, often.
  for (const fault of [
    'lost before',
    'lost after',
    '503',
    'empty',
    'arrives after it was given up',
    '429',
    'unsent',
  ]) {
    expect(faults.get(fault) ?? 0, fault).toBeGreaterThan(RUNS / 4);
  }
  for (const type of [
    'order.accepted',
    'order.rejected',
    'order.canceled',
    'order.amended',
    'order.unconfirmed',
  ]) {
    expect(endings.get(type) ?? 0, type).toBeGreaterThan(RUNS / 4);
  }
}, 240_000);

async function play(seed: number) {
  const random = createRandom(`execution-${seed}`);
  const { clock, timer, advance } = createFakeTime();
  const exchange = createModelExchange(clock, timer, random);
  const bucket = { refillPerSecond: 300, capacity: 300 };
  const events: Event[] = [];
  const execution = createExecution({
    restUrl: 'http://127.0.0.1:1/trade-api/v2',
    signer,
    client: exchange.source,
    buckets: createTokenBuckets({
      limits: { usageTier: 'test', read: bucket, write: bucket },
      costs: { defaultCost: 10, endpoints: [] },
      clock,
      timer,
      reservedCancels: 5,
    }),
    sink: (event) => events.push(event),
    clock,
    timer,
    transport: exchange.transport,
    drainDeadlineMs: 3_600_000,
  });

  const names: ClientOrderId[] = [];
  const live = (): { clientOrderId: ClientOrderId; orderId: OrderId }[] =>
    events.flatMap((event) =>
      event.type === 'order.accepted' ? [{ clientOrderId: event.clientOrderId, orderId: event.orderId }] : [],
    );
  for (let step = 0; step < 8; step++) {
    const clientOrderId = ClientOrderId.of(`run-${seed}-${step}`);
    names.push(clientOrderId);
    execution.send([aPlace({ clientOrderId, price: Price.of(100 + random.integer(9_000)) })]);
    const known = live();
    const target = known[random.integer(known.length + 1)];
    if (target !== undefined) {
      const change = random.integer(4);
      if (change === 0)
        execution.send([anAmend({ ...target, price: Price.of(5_000), totalCount: Count.of(2_000) })]);
      else if (change === 1) execution.send([aDecrease({ ...target, reduceTo: Count.of(300) })]);
      else execution.send([aCancel(target)]);
    }
    await advance(random.integer(800));
    if (random.integer(2) === 0) exchange.trade();
  }
  await advance(600_000);

  const where = `seed ${seed}`;
  expect(execution.openRequests(), where).toBe(0);
  const placed = [...exchange.orders.values()];
  expect(new Set(placed.map((order) => order.clientOrderId)).size, where).toBe(placed.length);
  for (const name of names) {
    const order = placed.find((one) => one.clientOrderId === name);
    const told = events.filter((event) => 'clientOrderId' in event && event.clientOrderId === name);
    const isRefused = told.some((event) => event.type === 'order.rejected');
    const isAccepted = told.some((event) => event.type === 'order.accepted');
    expect([isAccepted, isRefused], `${where}: ${name}`).toEqual([order !== undefined, order === undefined]);
    if (order === undefined) continue;
    for (const event of told) {
      if (event.type === 'order.accepted') expect(event.orderId, where).toBe(order.orderId);
      if ('filled' in event && event.filled !== undefined) {
        expect(event.filled, where).toBeLessThanOrEqual(order.filled);
      }
    }
    // Whoever was told that it is canceled finds nothing resting.
    if (told.some((event) => event.type === 'order.canceled')) expect(order.remaining, where).toBe(0);
  }
  await execution.close();
  return { faults: exchange.faults, endings: events.map((event) => event.type) };
}
