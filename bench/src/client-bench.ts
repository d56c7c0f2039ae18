import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Count, Price, Timestamp } from '@kalshi-mm/core';
import { createKalshiHttp, createOrder, createSigner, createTokenBuckets } from '@kalshi-mm/kalshi-client';
import { Configuration, OrdersApi } from 'kalshi-typescript';
import { type BenchResult, median } from './measure.ts';

const ROUNDS = 7;
const ORDERS = 600;
const IN_FLIGHT = 50;
const ORDER_ID = '2597b999-1111-2222-3333-444455556666';

/** One order, from the call to the checked answer. */
type RoundTrip = (index: number) => Promise<void>;

/**
 * Orders placed against the official client, both signed with the same RSA key, on the same server in another process:
 * one after the other, and 50 at a time. Ours also meters every request and checks every answer. Signing is most of
 * either's time: once with signatures shared among the orders of 250 ms, once with one for each.
 */
export async function clientBench(): Promise<BenchResult[]> {
  const child = fork(fileURLToPath(new URL('answering-server.ts', import.meta.url)), {
    execArgv: ['--conditions=@kalshi-mm/source', '--disable-warning=ExperimentalWarning'],
  });
  const [port] = (await once(child, 'message')) as [number];
  const restUrl = `http://127.0.0.1:${port}/trade-api/v2`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ours = ourClient(restUrl, privateKeyPem, 0);
  const sharing = ourClient(restUrl, privateKeyPem, 250);
  const official = officialClient(restUrl, privateKeyPem);
  try {
    const alone = await contest(ours.roundTrip, official, 1);
    const together = await contest(ours.roundTrip, official, IN_FLIGHT);
    const shared = await contest(sharing.roundTrip, official, IN_FLIGHT);
    return [
      result('client one', alone, 0.5, 'at most half the time of the official client, one at a time'),
      result('client fifty', shared, 0.25, 'at most a quarter of its time, 50 in flight, signatures shared'),
      cpu('client cpu', shared, 0.5, 'at most half its CPU, 50 in flight, signatures shared'),
      result('client signed', together, 0.6, 'at most 0.6 of its time, 50 in flight, each order signed anew'),
      cpu('client signed cpu', together, 0.6, 'at most 0.6 of its CPU, 50 in flight, each order signed anew'),
    ];
  } finally {
    await ours.close();
    await sharing.close();
    await stop(child);
  }
}

function ourClient(restUrl: string, privateKeyPem: string, shareSignaturesMs: number) {
  const clock = { now: () => Timestamp.of(Date.now()) };
  // Buckets that never run dry: waiting for tokens is not what is compared.
  const bucket = { refillPerSecond: 1e9, capacity: 1e9 };
  const buckets = createTokenBuckets({
    limits: { usageTier: 'bench', read: bucket, write: bucket },
    costs: { defaultCost: 10, endpoints: [] },
    clock,
  });
  const http = createKalshiHttp({
    restUrl,
    signer: createSigner({ keyId: 'bench', privateKeyPem }),
    clock,
    buckets,
    shareSignaturesMs,
  });
  const roundTrip: RoundTrip = async (index) => {
    const { order_id } = await createOrder(http, {
      ticker: 'KXBENCH-26NOV20-A',
      side: 'bid',
      count: Count.of(100),
      price: Price.of(4_700),
      client_order_id: `bench-${index}`,
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
      post_only: true,
    });
    if (order_id !== ORDER_ID) throw new Error('the server answered something else');
  };
  return { roundTrip, close: http.close };
}

function officialClient(basePath: string, privateKeyPem: string): RoundTrip {
  const orders = new OrdersApi(new Configuration({ basePath, apiKey: 'bench', privateKeyPem }));
  return async (index) => {
    const { data } = await orders.createOrderV2({
      ticker: 'KXBENCH-26NOV20-A',
      side: 'bid',
      count: '1.00',
      price: '0.4700',
      client_order_id: `bench-${index}`,
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
      post_only: true,
    });
    if (data.order_id !== ORDER_ID) throw new Error('the server answered something else');
  };
}

interface Contest {
  /** Orders a second. */
  readonly ours: number;
  readonly official: number;
  readonly ratio: number;
  /** Microseconds of CPU an order. */
  readonly oursCpu: number;
  readonly officialCpu: number;
  readonly cpuRatio: number;
}

/** A B A B …, medians of the ratios within a round. */
async function contest(ours: RoundTrip, official: RoundTrip, inFlight: number): Promise<Contest> {
  await run(ours, inFlight);
  await run(official, inFlight);
  const rounds: { ours: Run; official: Run }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({ ours: await run(ours, inFlight), official: await run(official, inFlight) });
  }
  const over = (read: (round: { ours: Run; official: Run }) => number): number => median(rounds.map(read));
  return {
    ours: (ORDERS * 1000) / over((round) => round.ours.ms),
    official: (ORDERS * 1000) / over((round) => round.official.ms),
    ratio: over((round) => round.ours.ms / round.official.ms),
    oursCpu: over((round) => round.ours.cpuMicros) / ORDERS,
    officialCpu: over((round) => round.official.cpuMicros) / ORDERS,
    cpuRatio: over((round) => round.ours.cpuMicros / round.official.cpuMicros),
  };
}

interface Run {
  readonly ms: number;
  readonly cpuMicros: number;
}

async function run(roundTrip: RoundTrip, inFlight: number): Promise<Run> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < ORDERS) await roundTrip(next++);
  };
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMicros: user + system };
}

function result(name: string, { ours, official, ratio }: Contest, most: number, goal: string): BenchResult {
  return {
    name,
    value: Math.round(ours),
    unit: 'orders/s',
    reference: Math.round(official),
    ratio,
    goal,
    holds: ratio <= most,
  };
}

function cpu(name: string, contest: Contest, most: number, goal: string): BenchResult {
  return {
    name,
    value: Math.round(contest.oursCpu),
    unit: 'µs of CPU an order',
    reference: Math.round(contest.officialCpu),
    ratio: contest.cpuRatio,
    goal,
    holds: contest.cpuRatio <= most,
  };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
