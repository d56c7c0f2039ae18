import { type AuditRecord, Count, Money, Position, Price, RunId, Ticker, Timestamp } from '@kalshi-mm/core';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  at,
  canceled,
  createAuditStream,
  decision,
  filled,
  orderReport,
  placeOrder,
  reported,
  START_MS,
  settled,
  TICKER,
} from '../fixtures/audit-stream.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { type Analytics, openAnalytics } from './analytics.ts';
import type { Database } from './database.ts';
import type { RunStart } from './run.ts';

const file = temporaryFolder();
const RUN = RunId.of('run1');

const run = (runId = 'run1', parts: Partial<RunStart> = {}): RunStart => ({
  runId: RunId.of(runId),
  strategyName: 'avellaneda-stoikov',
  configJson: '{"gamma":0.3}',
  startedMs: START_MS,
  mode: 'live',
  ...parts,
});

async function opened(path = ':memory:'): Promise<Analytics> {
  const analytics = await openAnalytics({ path });
  analytics.startRun(run());
  return analytics;
}

async function rows<T extends keyof Database>(analytics: Analytics, table: T) {
  await analytics.flush();
  return analytics.database
    .selectFrom(table as keyof Database)
    .selectAll()
    .execute() as Promise<any[]>;
}

describe('orders', () => {
  it('follows an order from sending to its last fill', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(next({ commands: [placeOrder('c1', 'bid', 4_500, 1_000)] }));
    expect(await rows(analytics, 'orders')).toMatchObject([
      { client_order_id: 'c1', order_id: null, run_id: 'run1', action: 'buy', side: 'yes', status: 'placed' },
    ]);
    analytics.ingest(next({ event: accepted('c1', 'o1', 1_000) }));
    analytics.ingest(
      next({
        event: filled({
          id: 'f1',
          orderId: 'o1',
          clientOrderId: 'c1',
          side: 'bid',
          price: 4_500,
          count: 400,
        }),
      }),
    );
    expect(await rows(analytics, 'orders')).toMatchObject([{ order_id: 'o1', status: 'partially_filled' }]);
    expect(await analytics.reports().openOrders()).toMatchObject([{ clientOrderId: 'c1', remaining: 600 }]);
    analytics.ingest(
      next({
        event: filled({
          id: 'f2',
          orderId: 'o1',
          clientOrderId: 'c1',
          side: 'bid',
          price: 4_400,
          count: 600,
        }),
      }),
    );
    expect(await rows(analytics, 'orders')).toMatchObject([
      {
        status: 'filled',
        filled_quantity_e2: 1_000,
        filled_notional_e6: 400 * 4_500 + 600 * 4_400,
        placed_quantity_e2: 1_000,
        expiration_ms: at(60_000),
      },
    ]);
    expect(await analytics.reports().openOrders()).toEqual([]);
    await analytics.close();
  });

  it('keeps refusals, unknown outcomes, expiry and cancels apart', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    const ids = ['rejected', 'unknown', 'expired', 'canceled', 'ioc', 'amended'];
    analytics.ingest(next({ commands: ids.map((id) => placeOrder(id, 'ask', 6_000, 500)) }));
    const reject = { type: 'order.rejected', atMs: at(5), ticker: TICKER, message: '' } as const;
    const named = (id: string) => accepted(id, `o-${id}`, 500);
    analytics.ingest(
      next({
        event: { ...reject, clientOrderId: named('rejected').clientOrderId, reason: 'post-only-cross' },
      }),
    );
    analytics.ingest(
      next({
        event: {
          type: 'order.unconfirmed',
          atMs: at(6),
          ticker: TICKER,
          clientOrderId: named('unknown').clientOrderId,
          request: 'place',
          message: 'timeout',
        },
      }),
    );
    for (const id of ['expired', 'canceled', 'amended']) analytics.ingest(next({ event: named(id) }));
    analytics.ingest(next({ event: { ...named('expired'), type: 'order.expired' } }));
    analytics.ingest(next({ event: canceled('canceled', 'o-canceled') }));
    analytics.ingest(next({ event: accepted('ioc', 'o-ioc', 0, 200) }));
    analytics.ingest(
      next({
        event: filled({
          id: 'f',
          orderId: 'o-ioc',
          clientOrderId: 'ioc',
          side: 'ask',
          price: 6_000,
          count: 200,
        }),
      }),
    );
    analytics.ingest(
      next({
        event: {
          ...named('amended'),
          type: 'order.amended',
          price: Price.of(6_100),
          remaining: Count.of(300),
        },
      }),
    );
    const byId = Object.fromEntries(
      (await rows(analytics, 'orders')).map((row) => [row.client_order_id, row]),
    );
    expect(byId.rejected).toMatchObject({ status: 'rejected', end_reason: 'post-only-cross' });
    expect(byId.unknown).toMatchObject({ status: 'unconfirmed', ended_ms: null });
    expect(byId.expired).toMatchObject({ status: 'expired', order_id: 'o-expired' });
    expect(byId.canceled).toMatchObject({ status: 'cancelled', end_reason: 'requested' });
    expect(byId.ioc).toMatchObject({ status: 'cancelled', filled_quantity_e2: 200 });
    expect(byId.amended).toMatchObject({ status: 'placed', price_e4: 6_100, quantity_e2: 300 });
    expect(byId.amended).toMatchObject({ placed_price_e4: 6_000, placed_quantity_e2: 500 });
    await analytics.close();
  });

  it('counts a fill that comes after the cancel', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(next({ commands: [placeOrder('c1', 'bid', 4_500, 1_000)] }));
    analytics.ingest(next({ event: accepted('c1', 'o1', 1_000) }));
    analytics.ingest(next({ event: canceled('c1', 'o1') }));
    analytics.ingest(
      next({ event: filled({ id: 'f1', orderId: 'o1', side: 'bid', price: 4_500, count: 100 }) }),
    );
    expect(await rows(analytics, 'orders')).toMatchObject([{ status: 'cancelled', filled_quantity_e2: 100 }]);
    await analytics.close();
  });

  it('joins a fill that comes before the exchange has named the order', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(next({ commands: [placeOrder('c1', 'bid', 4_500, 1_000)] }));
    analytics.ingest(
      next({ event: filled({ id: 'f1', orderId: 'o1', side: 'bid', price: 4_500, count: 100 }) }),
    );
    expect(await rows(analytics, 'orders')).toMatchObject([{ status: 'placed', filled_quantity_e2: 0 }]);
    analytics.ingest(next({ event: accepted('c1', 'o1', 900, 100) }));
    expect(await rows(analytics, 'orders')).toMatchObject([
      { status: 'partially_filled', filled_quantity_e2: 100, order_id: 'o1' },
    ]);
    await analytics.close();
  });

  it('adopts reported orders and ends those that a complete read lacks', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(next({ commands: [placeOrder('gone', 'bid', 4_500, 1_000)] }));
    const later = next({ commands: [placeOrder('later', 'bid', 4_400, 1_000)] });
    analytics.ingest(later);
    analytics.ingest(next({ event: reported([orderReport('found', 'o-found')], later.atMs) }));
    const byId = Object.fromEntries(
      (await rows(analytics, 'orders')).map((row) => [row.client_order_id, row]),
    );
    expect(byId.found).toMatchObject({
      run_id: null,
      order_id: 'o-found',
      status: 'placed',
      price_e4: 4_000,
    });
    expect(byId.gone).toMatchObject({ status: 'cancelled', end_reason: 'not-reported' });
    expect(byId.later).toMatchObject({ status: 'placed' });
    analytics.ingest(next({ event: reported([], at(99_000), false) }));
    expect((await analytics.reports().openOrders()).map((order) => order.clientOrderId)).toEqual([
      'found',
      'later',
    ]);
    await analytics.close();
  });
});

describe('the ledger', () => {
  it('realises at average cost, keeps fees apart and closes at settlement', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    const fill = (id: string, side: 'bid' | 'ask', price: number, count: number, second: number) =>
      next({
        event: filled({ id, orderId: `o${id}`, side, price, count, fee: 100, exchangeMs: START_MS + second }),
      });
    analytics.ingest(fill('1', 'bid', 4_000, 1_000, 1));
    analytics.ingest(fill('2', 'bid', 5_000, 1_000, 2));
    analytics.ingest(fill('3', 'ask', 5_500, 500, 3));
    analytics.ingest(next({ event: settled(10_000) }));
    expect(await rows(analytics, 'trades')).toMatchObject([
      { trade_no: 1, realized_pnl_e6: 0, position_after_e2: 1_000, cost_after_e6: 4_000_000 },
      { trade_no: 2, realized_pnl_e6: 0, position_after_e2: 2_000, cost_after_e6: 9_000_000 },
      { trade_no: 3, realized_pnl_e6: 500_000, position_after_e2: 1_500, cost_after_e6: 6_750_000 },
      {
        trade_no: 4,
        kind: 'settlement',
        action: 'sell',
        quantity_e2: 1_500,
        realized_pnl_e6: 8_250_000,
        fee_e6: 0,
      },
    ]);
    expect(await analytics.reports().totals(RUN)).toEqual({
      runId: RUN,
      orders: 0,
      fills: 3,
      contracts: 2_500,
      fees: 300,
      realizedPnl: 8_750_000,
      missingRecords: 0,
    });
    expect((await rows(analytics, 'position_history')).map((row) => row.position_e2)).toEqual([
      1_000, 2_000, 1_500, 0,
    ]);
    await analytics.close();
  });

  it('takes a repeated settlement once and a corrected one instead of the first', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(
      next({ event: filled({ id: 'f', orderId: 'o', side: 'ask', price: 3_000, count: 100 }) }),
    );
    analytics.ingest(next({ event: settled(10_000) }));
    analytics.ingest(next({ event: settled(10_000) }));
    expect(await analytics.reports().positions()).toMatchObject([
      { position: 0, realizedPnl: -700_000, settled: true },
    ]);
    analytics.ingest(next({ event: settled(0) }));
    analytics.ingest(next({ event: settled(0, Ticker.of('KXNEVERTRADED')) }));
    expect(await analytics.reports().totals(RUN)).toMatchObject({ realizedPnl: 300_000 });
    expect(await rows(analytics, 'settlements')).toHaveLength(1);
    await analytics.close();
  });

  it('settles a fill that is learned of only after the settlement', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(next({ commands: [placeOrder('c1', 'bid', 4_000, 100)] }));
    analytics.ingest(next({ event: settled(10_000) }));
    analytics.ingest(
      next({ event: filled({ id: 'f', orderId: 'o', side: 'bid', price: 4_000, count: 100 }) }),
    );
    expect(await analytics.reports().positions()).toMatchObject([{ position: 0, realizedPnl: 600_000 }]);
    expect(await analytics.reports().totals(RUN)).toMatchObject({ realizedPnl: 600_000 });
    await analytics.close();
  });

  it('ignores a fill that comes again, in another record or another run', async () => {
    const analytics = await opened();
    const fill = filled({ id: 'f', orderId: 'o', side: 'bid', price: 3_000, count: 100 });
    const next = createAuditStream('run1');
    analytics.ingest(next({ event: fill }));
    const before = await analytics.reports().positions();
    analytics.ingest(next({ event: fill }));
    analytics.startRun(run('run2'));
    analytics.ingest(createAuditStream('run2')({ event: fill }));
    expect(await analytics.reports().positions()).toEqual(before);
    expect(await rows(analytics, 'order_fills')).toHaveLength(1);
    expect(await rows(analytics, 'position_history')).toHaveLength(1);
    // The same trade against another order of ours is another fill.
    analytics.ingest(
      next({ event: filled({ id: 'f', orderId: 'o2', side: 'ask', price: 3_000, count: 100 }) }),
    );
    expect(await analytics.reports().positions()).toMatchObject([{ position: 0 }]);
    await analytics.close();
  });

  it('marks positions at the price at which they could leave', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    const buy = (id: string, exchangeMs: number) =>
      next({
        event: filled({
          id,
          orderId: id,
          side: 'bid',
          price: 4_000,
          count: 100,
          exchangeMs: START_MS + exchangeMs,
        }),
      });
    analytics.ingest(buy('f1', 1));
    analytics.ingest(next({ decisions: [decision({ bestBid: Price.of(4_500) })] }));
    analytics.ingest(buy('f2', 2));
    expect((await rows(analytics, 'position_history')).map((row) => row.unrealized_pnl_e6)).toEqual([
      null,
      100_000,
    ]);
    await analytics.close();
  });

  it('keeps simulated accounts apart from the live one and from each other', async () => {
    const analytics = await opened();
    const fill = filled({ id: 'f', orderId: 'o', side: 'bid', price: 3_000, count: 100 });
    for (const runId of ['test1', 'test2']) {
      analytics.startRun(run(runId, { mode: 'backtest' }));
      analytics.ingest(
        createAuditStream(runId)({ event: fill, commands: [placeOrder('c', 'bid', 3_000, 100)] }),
      );
    }
    expect(await analytics.reports().positions()).toEqual([]);
    for (const runId of ['test1', 'test2']) {
      expect(await analytics.reports(runId).positions()).toMatchObject([{ position: 100 }]);
      expect(await analytics.reports(runId).totals(RunId.of(runId))).toMatchObject({ fills: 1, orders: 1 });
    }
    expect(await analytics.reports().totals(RunId.of('test1'))).toBeNull();
    await analytics.close();
  });
});

describe('observations', () => {
  it('keeps what each session saw and wanted', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    const level = (price: number) => ({ price: Price.of(price), count: Count.of(100) });
    const quoting = decision({
      position: Position.of(-300),
      intents: [
        {
          type: 'quote',
          ticker: TICKER,
          bids: [level(4_400), level(4_500)],
          asks: [level(4_800), level(4_700)],
          explanation: { reservationCents: 45.43 },
        },
      ],
    });
    const standing = decision({
      sessionId: 's2',
      bestAsk: Price.NO_ASK,
      intents: [{ type: 'stand-down', ticker: TICKER, gate: { gate: 'spread-shock', value: 12, limit: 8 } }],
    });
    analytics.ingest(next({ decisions: [quoting, standing] }));
    expect(await rows(analytics, 'market_snapshots')).toMatchObject([
      {
        session_id: 's1',
        yes_mid_e4: 4_600,
        no_bid_e4: 5_300,
        no_ask_e4: 5_500,
        no_mid_e4: 5_400,
        current_position_e2: -300,
        reservation_price_cents: 45.43,
        computed_bid_e4: 4_500,
        computed_ask_e4: 4_700,
        spread_e4: 200,
        gate: null,
      },
      {
        session_id: 's2',
        yes_mid_e4: null,
        no_bid_e4: 0,
        computed_bid_e4: null,
        spread_e4: null,
        gate: 'spread-shock',
        gate_value: '12',
        gate_limit: '8',
      },
    ]);
    await analytics.close();
  });

  it('joins volatility with the session that it started', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    const detected = {
      type: 'volatility.detected',
      atMs: at(1_000),
      ticker: TICKER,
      jumpCents: 6.5,
      sigma: 0.021,
      signalStrength: 0.8,
      direction: 'up',
      closeMs: at(900_000),
    } as const;
    const session = { ticker: TICKER, sessionId: 's1' } as const;
    analytics.ingest(
      next({
        derived: [
          detected,
          { ...session, type: 'session.started', atMs: at(1_000), reason: 'volatility', endsMs: at(301_000) },
        ],
      }),
    );
    analytics.ingest(
      next({
        derived: [
          { type: 'volatility.ended', atMs: at(90_000), ticker: TICKER, reason: 'calm' },
          {
            ...session,
            type: 'session.ended',
            atMs: at(91_000),
            reason: 'volatility-ended',
            position: Position.FLAT,
            realizedPnl: Money.of(125_000),
            fees: Money.of(3_000),
          },
        ],
      }),
    );
    expect(await rows(analytics, 'volatility_events')).toMatchObject([
      {
        event_id: 'run1/1/1',
        session_id: 's1',
        jump_magnitude_cents: 6.5,
        ended_ms: at(90_000),
        end_reason: 'calm',
      },
    ]);
    expect(await rows(analytics, 'volatility_sessions')).toMatchObject([
      {
        session_id: 's1',
        event_id: 'run1/1/1',
        run_id: 'run1',
        start_ms: at(1_000),
        end_ms: at(91_000),
        kill_reason: 'volatility-ended',
        final_pnl_e6: 125_000,
        final_fees_e6: 3_000,
        final_position_e2: 0,
      },
    ]);
    await analytics.close();
  });
});

describe('runs and writing', () => {
  it('changes nothing when every record is ingested twice, in one go or after reopening', async () => {
    const path = file('twice.db');
    const next = createAuditStream('run1');
    const records: AuditRecord[] = [
      next({ commands: [placeOrder('c1', 'bid', 4_500, 1_000)], decisions: [decision()] }),
      next({ event: accepted('c1', 'o1', 1_000) }),
      next({
        event: filled({
          id: 'f1',
          orderId: 'o1',
          clientOrderId: 'c1',
          side: 'bid',
          price: 4_500,
          count: 400,
        }),
      }),
      next({ event: canceled('c1', 'o1') }),
      next({ event: settled(0) }),
    ];
    const dump = async (analytics: Analytics) => {
      const all: Record<string, unknown[]> = {};
      for (const { name } of await analytics.database.introspection.getTables()) {
        all[name] = await rows(analytics, name as keyof Database);
      }
      return all;
    };
    let analytics = await opened(path);
    for (const record of records) analytics.ingest(record);
    const once = await dump(analytics);
    for (const record of records) analytics.ingest(record);
    analytics.startRun(run());
    expect(await dump(analytics)).toEqual(once);
    await analytics.close();
    analytics = await opened(path);
    for (const record of records) analytics.ingest(record);
    expect(await dump(analytics)).toEqual(once);
    await analytics.close();
  });

  it('continues after reopening, with fills and orders of earlier runs', async () => {
    const path = file('continued.db');
    const first = await opened(path);
    const next = createAuditStream('run1');
    first.ingest(next({ commands: [placeOrder('c1', 'bid', 4_000, 1_000)] }));
    first.ingest(next({ event: accepted('c1', 'o1', 1_000) }));
    first.ingest(next({ event: filled({ id: 'f1', orderId: 'o1', side: 'bid', price: 4_000, count: 400 }) }));
    expect(await first.reports().lastFillMs()).toBe(START_MS);
    first.endRun({ runId: RUN, endedMs: at(5_000), summary: { reason: 'signal' } });
    await first.close();

    const second = await openAnalytics({ path });
    second.startRun(run('run2'));
    expect(await second.reports().openOrders()).toMatchObject([
      { orderId: 'o1', remaining: 600, runId: 'run1' },
    ]);
    const sell = filled({
      id: 'f2',
      orderId: 'o2',
      side: 'ask',
      price: 5_000,
      count: 400,
      exchangeMs: START_MS + 9,
    });
    second.ingest(createAuditStream('run2')({ event: sell }));
    expect(await second.reports().positions()).toMatchObject([
      { position: 0, realizedPnl: 400_000, cost: 0 },
    ]);
    expect(await second.reports().totals(RunId.of('run2'))).toMatchObject({ fills: 1, realizedPnl: 400_000 });
    expect(await second.reports().fillsSince(Timestamp.of(START_MS + 1))).toMatchObject([{ fillId: 'f2' }]);
    expect(await rows(second, 'strategy_runs')).toMatchObject([
      {
        run_id: 'run1',
        end_ms: at(5_000),
        summary: '{"reason":"signal"}',
        last_sequence: 3,
        config_params: '{"gamma":0.3}',
      },
      { run_id: 'run2', end_ms: null },
    ]);
    await second.close();
  });

  it('refuses records of an unknown run and another run of the same id', async () => {
    const analytics = await opened();
    expect(() => analytics.ingest(createAuditStream('nobody')({}))).toThrow(/knows no run nobody/);
    expect(() => analytics.startRun(run('run1', { startedMs: at(1) }))).toThrow(/already holds another run/);
    await analytics.close();
  });

  it('counts records that never came', async () => {
    const analytics = await opened();
    const next = createAuditStream('run1');
    analytics.ingest(next({}));
    analytics.ingest(next({}, 3));
    expect(await analytics.reports().totals(RUN)).toMatchObject({ missingRecords: 3 });
    await analytics.close();
  });

  it('writes by itself when about a transaction has come together', async () => {
    const path = file('buffered.db');
    const analytics = await opened(path);
    const reader = new Sqlite(path, { readonly: true });
    const count = () => reader.prepare('select count(*) from market_snapshots').pluck().get() as number;
    const next = createAuditStream('run1');
    analytics.ingest(next({ decisions: [decision()] }));
    expect(count()).toBe(0);
    for (let i = 0; i < 300; i++) analytics.ingest(next({ decisions: [decision()] }));
    expect(count()).toBeGreaterThan(250);
    await analytics.flush();
    expect(count()).toBe(301);
    reader.close();
    await analytics.close();
  });

  it('keeps what it could not write while the file was locked', async () => {
    const path = file('locked.db');
    const analytics = await opened(path);
    await analytics.flush();
    const other = new Sqlite(path);
    other.exec('begin immediate');
    analytics.ingest(
      createAuditStream('run1')({
        event: filled({ id: 'f', orderId: 'o', side: 'bid', price: 1, count: 1 }),
      }),
    );
    await expect(analytics.flush()).rejects.toMatchObject({ code: 'analytics-locked', recovery: 'retry' });
    other.exec('rollback');
    other.close();
    expect(await analytics.reports().positions()).toMatchObject([{ position: 1 }]);
    await analytics.close();
    await analytics.close();
  });
});
