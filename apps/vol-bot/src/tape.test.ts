import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, BOT, openBench } from './testing/bench.ts';
import { killBots, summaryOf } from './testing/bot-process.ts';
import { GOLD_CONFIG, GOLD_MARKET, goldData, goldTape } from './testing/gold-tape.ts';
import { databaseLedger, exchangeLedger, query, restingOrders } from './testing/ledger.ts';

describe.skipIf(goldData === null)('vol-bot on a recorded market (needs ../shared/data)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vol-bot-tape-'));
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({ kind: 'tape', paths: [await goldTape(dir)] }, 40);
  });
  afterAll(async () => {
    killBots();
    await bench.close();
    for (const each of [dir, bench.dir]) rmSync(each, { recursive: true });
  });

  it('trades its volatility, and its database agrees with the exchange to the unit', async () => {
    // Fifteen minutes of the market take less than twenty-three seconds.
    const ended = await bench.run(['--for', '26'], GOLD_CONFIG).ended;
    expect(ended.code, ended.stderr).toBe(0);
    const summary = summaryOf(ended);
    const exchange = exchangeLedger(bench);
    expect(databaseLedger(bench)).toEqual(exchange);
    expect(restingOrders(bench)).toEqual([]);
    expect(exchange.fills.length).toBeGreaterThan(10);

    const events = query(
      bench,
      'select e.* from volatility_events e join strategy_runs using (run_id) where account = ?',
    );
    const sessions = query(
      bench,
      'select s.* from volatility_sessions s join strategy_runs using (run_id) where account = ?',
    );
    expect(events.length).toBeGreaterThan(0);
    expect(sessions.some((session) => session.start_reason === 'volatility')).toBe(true);
    for (const session of sessions) expect(session.end_ms, String(session.session_id)).toBeTypeOf('number');

    const orders = query(bench, 'select * from orders where account = ?');
    const accepted = orders.filter(({ status }) => status !== 'rejected');
    expect(accepted.length).toBe(bench.local.exchange.orders(BOT).length);
    const quotes = new Set(
      orders.filter(({ purpose }) => purpose === 'quote').map((order) => order.order_id),
    );
    const quoteFills = exchange.fills.filter((fill) => quotes.has(fill.orderId));
    expect(quoteFills.length).toBeGreaterThan(0);
    for (const fill of quoteFills) expect(fill.role).toBe('maker');

    const held = exchange.positions[GOLD_MARKET]!;
    expect(summary).toMatchObject({
      fills: exchange.fills.length,
      orders: orders.length,
      restingOrders: 0,
      differences: [],
      balanceCompared: true,
      feesDollars: (held.fees! / 1e6).toFixed(6),
      realizedPnlDollars: (held.realizedPnl! / 1e6).toFixed(6),
      balanceDollars: (exchange.cash / 1e6).toFixed(6),
    });
  });
});
