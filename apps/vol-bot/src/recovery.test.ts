import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientOrderId, Count, Price, type Side, Ticker } from '@kalshi-mm/core';
import type { ExchangeOrder } from '@kalshi-mm/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, BOT, openBench, RIVAL, until } from './testing/bench.ts';
import { killBots, summaryOf } from './testing/bot-process.ts';
import { GOLD_CONFIG, GOLD_MARKET, goldData, goldTape } from './testing/gold-tape.ts';
import { databaseLedger, exchangeLedger, restingOrders } from './testing/ledger.ts';

/** Orders that outlive a dead bot, in a session that is always open. */
const LASTING = 'execution: { order_ttl_seconds: 600 }';
const ALWAYS = ['--sessions', 'always'];
/** No market is ever this volatile: what is left of a former run is all there is to do. */
const NO_SESSIONS = 'volatility_scanner: { sigma_threshold: 0.9, price_jump_threshold_cents: 99 }';

describe.skipIf(goldData === null)('vol-bot after kill -9 (needs ../shared/data)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vol-bot-kill-'));
  const benches: Bench[] = [];
  let tape: string;
  beforeAll(async () => {
    tape = await goldTape(dir);
  });
  afterAll(async () => {
    killBots();
    for (const bench of benches) await bench.close();
    for (const each of [dir, ...benches.map((bench) => bench.dir)]) rmSync(each, { recursive: true });
  });

  const open = async (speed: number): Promise<Bench> => {
    const bench = await openBench({ kind: 'tape', paths: [tape] }, speed);
    benches.push(bench);
    return bench;
  };
  const position = ({ local: { exchange } }: Bench): number =>
    exchange.positions(BOT).find((each) => each.ticker === GOLD_MARKET)?.position ?? 0;

  /** Runs again for a few seconds; whatever the kill has left must end in agreement and without an order. */
  const runAgain = async (bench: Bench, flags: readonly string[], config: string) => {
    const ended = await bench.run(flags, config).ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(databaseLedger(bench)).toEqual(exchangeLedger(bench));
    expect(restingOrders(bench)).toEqual([]);
    const summary = summaryOf(ended);
    expect(summary).toMatchObject({ differences: [], restingOrders: 0 });
    return summary;
  };

  it('in a volatility session, with orders resting and fills while it was dead', async () => {
    const bench = await open(30);
    const config = `${GOLD_CONFIG}\n${LASTING}`;
    const bot = bench.run([], config);
    await until('inventory', () => position(bench) !== 0 && restingOrders(bench).length > 0, bot);
    // In one turn of the event loop: the bot cannot answer any more, nor can its last requests come between.
    const dead = bot.end('SIGKILL');
    const before = bench.local.exchange.fills(BOT).length;
    for (const order of restingOrders(bench)) take(bench, order);
    expect(bench.local.exchange.fills(BOT).length).toBeGreaterThan(before);
    await dead;
    await runAgain(bench, ['--for', '6'], config);
  });

  it.concurrent('with its first orders just out', async () => {
    const bench = await open(20);
    const bot = bench.run(ALWAYS, LASTING);
    await until('an order', () => bench.local.exchange.orders(BOT).length > 0, bot);
    expect((await bot.end('SIGKILL')).signal).toBe('SIGKILL');
    const old = restingOrders(bench);
    await runAgain(bench, [...ALWAYS, '--for', '4'], LASTING);
    for (const order of old) expect(order.status).not.toBe('resting');
  });

  it.concurrent('with inventory and nothing else to do: it is worked out', async () => {
    const bench = await open(20);
    const bot = bench.run(ALWAYS, LASTING);
    await until('inventory', () => Math.abs(position(bench)) >= 200, bot);
    await bot.end('SIGKILL');
    const summary = await runAgain(bench, ['--for', '8'], NO_SESSIONS);
    expect(position(bench)).toBe(0);
    expect(summary.positions).toEqual({});
  });

  it.concurrent('twice, the second time while it is recovering', async () => {
    const bench = await open(20);
    const first = bench.run(ALWAYS, LASTING);
    await until('inventory', () => position(bench) !== 0 && restingOrders(bench).length > 0, first);
    await first.end('SIGKILL');
    // Whatever was on its way when it died, at least this order is left.
    const left = place(bench, BOT, { side: 'bid', price: Price.of(100), contracts: 1 }, 'mm-left');
    const second = bench.run(ALWAYS, LASTING);
    await until('a cancel', () => left.status !== 'resting', second);
    await second.end('SIGKILL');
    await runAgain(bench, [...ALWAYS, '--for', '4'], LASTING);
  });

  it.concurrent('with a position that settles before it is back', async () => {
    const bench = await open(60);
    const bot = bench.run(ALWAYS, LASTING);
    await until('inventory', () => Math.abs(position(bench)) >= 100, bot);
    await bot.end('SIGKILL');
    // As if they had expired: no fill may undo the position before it settles. The last order, which the bot knows
    // nothing of any more, makes sure of one.
    bench.local.exchange.cancelAll(BOT);
    place(bench, BOT, { side: 'bid', price: Price.of(9_900), contracts: 10 }, 'mm-last');
    bench.local.exchange.cancelAll(BOT);
    expect(position(bench)).not.toBe(0);
    await until('the settlement', () => bench.local.exchange.settlements(BOT).length > 0);
    const summary = await runAgain(bench, ['--for', '2'], NO_SESSIONS);
    expect(summary.positions).toEqual({});
  });

  it.concurrent('and a clean second run on the same data counts on from the first', async () => {
    const bench = await open(20);
    const first = bench.run([...ALWAYS, '--for', '600'], LASTING);
    await until('fills', () => bench.local.exchange.fills(BOT).length >= 3, first);
    expect((await first.end('SIGTERM')).code).toBe(0);
    await runAgain(bench, [...ALWAYS, '--for', '3'], LASTING);
  });
});

/** Somebody sells, or buys, through everything that is in front of an order of the bot. */
function take(bench: Bench, { side, price }: ExchangeOrder): void {
  place(bench, RIVAL, { side: side === 'bid' ? 'ask' : 'bid', price, contracts: 20_000 }, null);
}

/** What does not match at once rests if it has an id. */
function place(
  { local: { exchange } }: Bench,
  userId: string,
  { side, price, contracts }: { side: Side; price: Price; contracts: number },
  clientOrderId: string | null,
): ExchangeOrder {
  const result = exchange.place(userId, {
    ticker: Ticker.of(GOLD_MARKET),
    side,
    price,
    count: Count.floorContracts(contracts),
    timeInForce: clientOrderId === null ? 'immediate-or-cancel' : 'good-till-canceled',
    selfTradePrevention: 'taker-at-cross',
    clientOrderId: clientOrderId === null ? null : ClientOrderId.of(clientOrderId),
    postOnly: false,
    reduceOnly: false,
    cancelOnPause: false,
    expirationMs: null,
  });
  if (!result.ok) throw new Error(result.error.code);
  return result.value.order;
}
