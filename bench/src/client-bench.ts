import { type ChildProcess, fork } from 'node:child_process';
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Count, Price, Timestamp } from '@kalshi-mm/core';
import { createKalshiHttp, createOrder, createSigner, createTokenBuckets } from '@kalshi-mm/kalshi-client';
import { Configuration, OrdersApi } from 'kalshi-typescript';
import { Pool } from 'undici';
import { type BenchResult, median } from './measure.ts';

const ROUNDS = 7;
const ORDERS = 600;
const IN_FLIGHT = 50;
const BURSTS = 4;
/** Between bursts, as between two looks of a market maker at its quotes. */
const PAUSE_MS = 250;
const IDLE_MS = 5_000;
const PATH = '/trade-api/v2/portfolio/events/orders';
const ORDER_ID = '2597b999-1111-2222-3333-444455556666';

/** The order as it goes over the wire. */
const WORDS = {
  ticker: 'KXBENCH-26NOV20-A',
  side: 'bid',
  count: '1.00',
  price: '0.4700',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  post_only: true,
} as const;

/** One order, from the call to the checked answer. */
type RoundTrip = (index: number) => Promise<void>;

/**
 * Orders placed against the official client, both signed with the same RSA key, on the same server in another process:
 * one after the other, in bursts with pauses, and 50 at a time without end. Ours also meters every request and checks
 * every answer. Signing is most of either's time, so that the last is also set beside the bare signature and the bare
 * request.
 */
export async function clientBench(): Promise<BenchResult[]> {
  const child = fork(fileURLToPath(new URL('answering-server.ts', import.meta.url)), {
    execArgv: ['--conditions=@kalshi-mm/source', '--disable-warning=ExperimentalWarning'],
  });
  const [port] = (await once(child, 'message')) as [number];
  const origin = `http://127.0.0.1:${port}`;
  const restUrl = `${origin}/trade-api/v2`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const official = officialClient(restUrl, privateKeyPem);
  const connect = (shareSignaturesMs = 0): Client => ourClient(restUrl, privateKeyPem, shareSignaturesMs);
  const bare = bareClient(origin, privateKey);
  try {
    const alone = await contest(connect, official, steadily(1));
    const bursts = await contest(connect, official, inBursts);
    const together = await contest(connect, official, steadily(IN_FLIGHT));
    const shared = await contest(() => connect(250), official, steadily(IN_FLIGHT));
    const floor = await contest(connect, bare.roundTrip, steadily(IN_FLIGHT));
    return [
      time('client one', alone, 0.5, 'at most half the time of the official client, one at a time'),
      time('client burst', bursts, 0.25, 'at most a quarter of its time, bursts of 50 with pauses'),
      cpu('client burst cpu', bursts, 0.5, 'at most half its CPU, bursts and pauses together'),
      time('client fifty', together, 0.25, 'at most a quarter of its time, 50 in flight without end'),
      cpu('client cpu', together, 0.5, 'at most half its CPU, 50 in flight without end'),
      time('client shared', shared, 0.25, 'at most a quarter of its time, 50 in flight, signatures shared'),
      cpu('client bare', floor, 1.25, 'at most 1.25 of the CPU of the signature and the request alone'),
      await idle(connect()),
    ];
  } finally {
    await bare.close();
    await stop(child);
  }
}

interface Client {
  readonly roundTrip: RoundTrip;
  readonly close: () => Promise<void>;
}

function ourClient(restUrl: string, privateKeyPem: string, shareSignaturesMs: number): Client {
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
    const { data } = await orders.createOrderV2({ ...WORDS, client_order_id: `bench-${index}` });
    if (data.order_id !== ORDER_ID) throw new Error('the server answered something else');
  };
}

/** What no client with that key can do without: a signature off the main thread, and a request. */
function bareClient(origin: string, privateKey: KeyObject): Client {
  const pool = new Pool(origin, { connections: 16, pipelining: 1 });
  const key = {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  const signed = (text: string): Promise<Buffer> =>
    new Promise((done, fail) => {
      sign('sha256', Buffer.from(text), key, (error, signature) =>
        error === null ? done(signature) : fail(error),
      );
    });
  const roundTrip: RoundTrip = async (index) => {
    const timestamp = String(Date.now());
    const signature = await signed(`${timestamp}POST${PATH}`);
    const { body } = await pool.request({
      method: 'POST',
      path: PATH,
      headers: {
        'KALSHI-ACCESS-KEY': 'bench',
        'KALSHI-ACCESS-TIMESTAMP': timestamp,
        'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
        'content-type': 'application/json',
      },
      body: JSON.stringify({ ...WORDS, client_order_id: `bench-${index}` }),
    });
    const { order_id } = (await body.json()) as { order_id: string };
    if (order_id !== ORDER_ID) throw new Error('the server answered something else');
  };
  return { roundTrip, close: () => pool.close() };
}

interface Contest {
  /** Orders a second. */
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
  /** Microseconds of CPU an order. */
  readonly oursCpu: number;
  readonly referenceCpu: number;
  readonly cpuRatio: number;
}

/** A way to send many orders. */
type Load = (roundTrip: RoundTrip) => Promise<Run>;

interface Run {
  readonly orders: number;
  /** While orders were under way. */
  readonly ms: number;
  /** In all, pauses included. */
  readonly cpuMicros: number;
}

/**
 * A B A B …, medians of the ratios within a round. Ours is closed while the reference runs, so that what it does in its
 * pauses is counted as its own.
 */
async function contest(connect: () => Client, reference: RoundTrip, load: Load): Promise<Contest> {
  const rounds: { ours: Run; reference: Run }[] = [];
  for (let i = -1; i < ROUNDS; i++) {
    const client = connect();
    await burst(client.roundTrip);
    await setTimeout(PAUSE_MS);
    const ours = await load(client.roundTrip);
    await client.close();
    const round = { ours, reference: await load(reference) };
    if (i >= 0) rounds.push(round);
  }
  const over = (read: (round: { ours: Run; reference: Run }) => number): number => median(rounds.map(read));
  return {
    ours: over(({ ours }) => (ours.orders * 1000) / ours.ms),
    reference: over((round) => (round.reference.orders * 1000) / round.reference.ms),
    ratio: over((round) => round.ours.ms / round.reference.ms),
    oursCpu: over(({ ours }) => ours.cpuMicros / ours.orders),
    referenceCpu: over((round) => round.reference.cpuMicros / round.reference.orders),
    cpuRatio: over((round) => round.ours.cpuMicros / round.reference.cpuMicros),
  };
}

function steadily(inFlight: number): Load {
  return async (roundTrip) => {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < ORDERS) await roundTrip(next++);
    };
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    await Promise.all(Array.from({ length: inFlight }, worker));
    return { orders: ORDERS, ms: performance.now() - startMs, cpuMicros: cpuSince(cpu) };
  };
}

async function inBursts(roundTrip: RoundTrip): Promise<Run> {
  const cpu = process.cpuUsage();
  let ms = 0;
  for (let i = 0; i < BURSTS; i++) {
    ms += await burst(roundTrip);
    await setTimeout(PAUSE_MS);
  }
  return { orders: BURSTS * IN_FLIGHT, ms, cpuMicros: cpuSince(cpu) };
}

async function burst(roundTrip: RoundTrip): Promise<number> {
  const startMs = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, index) => roundTrip(index)));
  return performance.now() - startMs;
}

/** What it costs between bursts to have the signatures of the next one ready. */
async function idle({ roundTrip, close }: Client): Promise<BenchResult> {
  await burst(roundTrip);
  await setTimeout(PAUSE_MS);
  const cpu = process.cpuUsage();
  await setTimeout(IDLE_MS);
  const percent = cpuSince(cpu) / IDLE_MS / 10;
  await close();
  return {
    name: 'client idle',
    value: Number(percent.toFixed(2)),
    unit: '% of a core',
    reference: 3,
    ratio: percent / 3,
    goal: 'at most 3 % of a core to keep the signatures of a burst ready',
    holds: percent <= 3,
  };
}

function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

function time(name: string, { ours, reference, ratio }: Contest, most: number, goal: string): BenchResult {
  return {
    name,
    value: Math.round(ours),
    unit: 'orders/s',
    reference: Math.round(reference),
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
    reference: Math.round(contest.referenceCpu),
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
