import { readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createSigner, loadPrivateKey } from '@kalshi-mm/kalshi-client';
import { afterAll, describe, expect, it } from 'vitest';
import { type Bench, BOT, openBench, until } from './testing/bench.ts';
import { killBots, summaryOf } from './testing/bot-process.ts';
import { databaseLedger, exchangeLedger, query, restingOrders } from './testing/ledger.ts';

const ALWAYS = ['--sessions', 'always'];
const benches: Bench[] = [];
afterAll(async () => {
  killBots();
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

describe('vol-bot stops', () => {
  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)('on %s', async (signal) => {
    const bench = await open(20);
    const ticker = bench.local.exchange.markets()[0]!.ticker;
    // Two orders on the bot's account that are not the bot's; one looks a little like it.
    const foreign = [await place(bench, ticker, 'other-1'), await place(bench, ticker, 'not-mm-1')];
    const bot = bench.run(ALWAYS);
    await until(
      'fills and orders',
      () => bench.local.exchange.fills(BOT).length > 0 && restingOrders(bench).length > 1,
      bot,
    );
    const ended = await bot.end(signal);
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect(restingOrders(bench)).toEqual([]);
    for (const id of foreign)
      expect(bench.local.exchange.orders(BOT).find((each) => each.orderId === id)?.status).toBe('resting');
    expect(databaseLedger(bench)).toEqual(exchangeLedger(bench));
    const summary = summaryOf(ended);
    expect(summary).toMatchObject({ restingOrders: 0, differences: [], paper: false });
    // How much the orders of others hold back depends on the bot's position.
    expect(summary.balanceCompared).toBe(false);
    const file = join(bench.dataDir, `${summary.runId}.summary.json`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(summary);
    const [run] = query(bench, 'select * from strategy_runs where account = ?');
    expect(run).toMatchObject({ run_id: summary.runId, mode: 'live', missing_records: 0 });
    expect(JSON.parse(run!.summary as string)).toEqual(summary);
    expect(
      query(bench, 'select * from volatility_sessions join strategy_runs using (run_id) where account = ?'),
    ).not.toContainEqual(expect.objectContaining({ kill_reason: null }));
  });

  it.concurrent('before it has begun, and takes away what an earlier run has left', async () => {
    const bench = await open(1);
    const ticker = bench.local.exchange.markets()[0]!.ticker;
    await place(bench, ticker, 'mm-earlier-1-0');
    expect(restingOrders(bench)).toHaveLength(1);
    // A server that accepts and then says nothing.
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const called = new Promise((resolve) => silent.once('connection', resolve));
    const { port } = silent.address() as AddressInfo;
    const bot = bench.run(['--ws-url', `ws://127.0.0.1:${port}/trade-api/ws/v2`]);
    await called;
    const ended = await bot.end('SIGINT');
    silent.close();
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect(summaryOf(ended)).toMatchObject({ orders: 0, restingOrders: 0, differences: [] });
    expect(restingOrders(bench)).toEqual([]);
  });

  it.concurrent('after a run on paper, which fills on live data while no order reaches the exchange', async () => {
    const bench = await open(20);
    const ended = await bench.run(['--paper', ...ALWAYS, '--for', '8']).ended;
    expect(ended.code, ended.stderr).toBe(0);
    const { exchange } = bench.local;
    expect(exchange.orders(BOT)).toEqual([]);
    expect(exchange.fills(BOT)).toEqual([]);
    const summary = summaryOf(ended);
    expect(summary).toMatchObject({ paper: true, restingOrders: 0, differences: [] });
    expect(summary.orders).toBeGreaterThan(0);
    expect(summary.fills).toBeGreaterThan(0);
    const paper = { ...bench, account: `paper:${summary.runId}` };
    expect(query(paper, 'select * from order_fills where account = ?')).toHaveLength(summary.fills);
  });
});

/** Places one bid at a cent, far from where anything trades, as any other program would. */
async function place({ local, keyId, privateKeyPath }: Bench, ticker: string, clientOrderId: string) {
  const url = `${local.restUrl}/portfolio/events/orders`;
  const signer = createSigner({ keyId, privateKeyPem: loadPrivateKey(privateKeyPath) });
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      ...signer.headers('POST', new URL(url).pathname, Date.now()),
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      ticker,
      client_order_id: clientOrderId,
      side: 'bid',
      count: '1.00',
      price: '0.0100',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
    }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { order_id: string }).order_id;
}
