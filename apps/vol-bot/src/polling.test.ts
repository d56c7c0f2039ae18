import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { FeedSwitched } from '@kalshi-mm/core';
import { afterAll, expect, it } from 'vitest';
import { type Bench, BOT, openBench, until } from './testing/bench.ts';
import { killBots, summaryOf } from './testing/bot-process.ts';
import { databaseLedger, exchangeLedger, query, restingOrders } from './testing/ledger.ts';

const benches: Bench[] = [];
const proxies: Server[] = [];
afterAll(async () => {
  killBots();
  for (const proxy of proxies) proxy.close();
  for (const bench of benches) {
    await bench.close();
    rmSync(bench.dir, { recursive: true });
  }
});

async function open(speed: number): Promise<Bench> {
  const bench = await openBench({ kind: 'synthetic', seed: 7 }, speed);
  benches.push(bench);
  return bench;
}

const ALWAYS = ['--sessions', 'always'];
/** Quick to fall back, slow to give a silent connection up: there is time to trade in between. */
const FALLBACK = 'websockets: { fallback_after_seconds: 0.5, idle_timeout_seconds: 4 }';

const fills = ({ local: { exchange } }: Bench): number => exchange.fills(BOT).length;

/** The switches in the journal of the bench's one run, in order. */
function switches(bench: Bench): FeedSwitched[] {
  const [journal] = readdirSync(bench.dataDir).filter((file) => file.endsWith('.audit.jsonl'));
  if (journal === undefined) return [];
  return readFileSync(join(bench.dataDir, journal), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"feed.switched"') && line.endsWith('}'))
    .map((line) => JSON.parse(line).event);
}

function expectAgreement(bench: Bench, ended: Parameters<typeof summaryOf>[0]): void {
  expect(ended.code, ended.stderr).toBe(0);
  expect(databaseLedger(bench)).toEqual(exchangeLedger(bench));
  expect(restingOrders(bench)).toEqual([]);
  expect(summaryOf(ended)).toMatchObject({ differences: [], restingOrders: 0 });
}

it.concurrent('trades by polling alone, and its database agrees with the exchange', async () => {
  const bench = await open(5);
  // Nobody listens there: not one connection is tried.
  const flags = [...ALWAYS, '--ws-url', 'ws://127.0.0.1:1/trade-api/ws/v2'];
  const bot = bench.run(flags, 'websockets: { enabled: false }');
  await until('fills', () => fills(bench) >= 5, bot);
  expectAgreement(bench, await bot.end('SIGTERM'));
  const purposes = query(bench, 'select distinct purpose from orders where account = ?');
  expect(purposes.map(({ purpose }) => purpose)).toContain('quote');
  expect(switches(bench)).toEqual([]);
});

it.concurrent('polls while the WebSocket says nothing, and returns when it is back', async () => {
  const bench = await open(5);
  const bot = bench.run(ALWAYS, FALLBACK);
  await until('a quote', () => restingOrders(bench).length > 0, bot);
  bench.local.faults.inject('feedHalfOpen');
  await until('polling', () => switches(bench).length === 1, bot);
  const orders = bench.local.exchange.orders(BOT).length;
  await until('a quote while polling', () => bench.local.exchange.orders(BOT).length > orders, bot);
  await until('the return', () => switches(bench).length === 2, bot);
  const before = bench.local.exchange.orders(BOT).length;
  await until('a quote thereafter', () => bench.local.exchange.orders(BOT).length > before, bot);
  expectAgreement(bench, await bot.end('SIGTERM'));
  expect(switches(bench)).toMatchObject([
    { to: 'polling', reason: 'the WebSocket is silent' },
    { to: 'websocket', reason: 'the WebSocket is live again' },
  ]);
});

it.concurrent('starts while the WebSocket refuses connections, and takes it when it does not', async () => {
  const bench = await open(5);
  const port = await freePort();
  const bot = bench.run(
    [...ALWAYS, '--ws-url', `ws://127.0.0.1:${port}/trade-api/ws/v2`],
    'websockets: { fallback_after_seconds: 0.5, reconnect_max_delay_seconds: 1 }',
  );
  await until('a quote while polling', () => restingOrders(bench).length > 0, bot);
  const proxy = createServer((socket) => {
    const upstream = connect(bench.local.port, '127.0.0.1');
    for (const end of [socket, upstream]) end.on('error', () => socket.destroy() && upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  proxies.push(proxy);
  proxy.listen(port, '127.0.0.1');
  await until('the WebSocket', () => switches(bench).length === 2, bot);
  expectAgreement(bench, await bot.end('SIGTERM'));
  expect(switches(bench).map(({ to }) => to)).toEqual(['polling', 'websocket']);
});

async function freePort(): Promise<number> {
  const server = createServer();
  const listening = new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await listening;
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
