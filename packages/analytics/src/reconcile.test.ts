import { Count, Money, Position, Price, RunId, Timestamp } from '@kalshi-mm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditStream, filled, START_MS, settled, TICKER } from '../fixtures/audit-stream.ts';
import type { ExchangeFigures } from './account-picture.ts';
import { type Analytics, openAnalytics } from './analytics.ts';

let analytics: Analytics;

beforeAll(async () => {
  analytics = await openAnalytics({ path: ':memory:' });
  const runId = RunId.of('run1');
  analytics.startRun({ runId, strategyName: 's', configJson: '{}', startedMs: START_MS, mode: 'live' });
  const next = createAuditStream('run1');
  analytics.ingest(
    next({ event: filled({ id: 'f1', orderId: 'o1', side: 'ask', price: 6_000, count: 300, fee: 500 }) }),
  );
  const buy = {
    id: 'f2',
    orderId: 'o2',
    side: 'bid',
    price: 5_000,
    count: 100,
    exchangeMs: START_MS + 10,
  } as const;
  analytics.ingest(next({ event: filled(buy) }));
});

afterAll(() => analytics.close());

/** What an exchange would say of these two fills: sold 3 at 60¢ (put up $1.20), bought one back at 50¢ (got 50¢). */
function truth(): ExchangeFigures {
  return {
    fills: [
      {
        fillId: 'f1',
        orderId: 'o1',
        ticker: TICKER,
        side: 'ask',
        price: Price.of(6_000),
        count: Count.of(300),
        fee: Money.of(500),
      },
      {
        fillId: 'f2',
        orderId: 'o2',
        ticker: TICKER,
        side: 'bid',
        price: Price.of(5_000),
        count: Count.of(100),
        fee: Money.ZERO,
      },
    ],
    positions: [
      {
        ticker: TICKER,
        position: Position.of(-200),
        realizedPnl: Money.of(100_000),
        feesPaid: Money.of(500),
      },
    ],
    startBalance: Money.parse('100.000000'),
    balance: Money.parse('99.299500'),
  };
}

const reconcile = (changes: Partial<ExchangeFigures>) =>
  analytics.reports().reconcile({ ...truth(), ...changes });

describe('reconcile', () => {
  it('finds nothing between two pictures of one account', async () => {
    expect(await reconcile({})).toEqual([]);
    expect(await reconcile({ balance: null })).toEqual([]);
    expect(await reconcile({ startBalance: null })).toEqual([]);
  });

  it('finds fills that only one of the two has', async () => {
    const [first, second] = truth().fills;
    expect(await reconcile({ fills: [first!] })).toEqual([
      { kind: 'fill-unknown', fillId: 'f2', orderId: 'o2', ticker: TICKER },
    ]);
    expect(await reconcile({ fills: [first!, second!, { ...second!, fillId: 'f3' }] })).toEqual([
      { kind: 'fill-missing', fillId: 'f3', orderId: 'o2', ticker: TICKER },
    ]);
  });

  it('leaves out fills before the time from which the exchange was read', async () => {
    const [, second] = truth().fills;
    expect(await reconcile({ fills: [second!], sinceMs: Timestamp.of(START_MS + 1) })).toEqual([]);
  });

  it.each([
    ['side', 'bid', 'ask', { side: 'bid' }],
    ['price', 6_001, 6_000, { price: Price.of(6_001) }],
    ['count', 299, 300, { count: Count.of(299) }],
    ['fee', 501, 500, { fee: Money.of(501) }],
    ['ticker', 'KXOTHER', TICKER, { ticker: 'KXOTHER' }],
  ] as const)('finds a fill with another %s', async (field, theirs, ours, change) => {
    const [first, second] = truth().fills;
    expect(await reconcile({ fills: [{ ...first!, ...change }, second!] })).toEqual([
      { kind: 'fill-different', fillId: 'f1', orderId: 'o1', field, ours, theirs },
    ]);
  });

  it('finds positions, gains and fees that differ by one unit', async () => {
    const [position] = truth().positions;
    expect(await reconcile({ positions: [{ ...position!, position: Position.of(-201) }] })).toEqual([
      { kind: 'position', ticker: TICKER, ours: -200, theirs: -201 },
    ]);
    expect(await reconcile({ positions: [{ ...position!, realizedPnl: Money.of(100_001) }] })).toEqual([
      { kind: 'realized-pnl', ticker: TICKER, ours: 100_000, theirs: 100_001 },
    ]);
    expect(await reconcile({ positions: [{ ...position!, feesPaid: Money.of(499) }] })).toEqual([
      { kind: 'fees', ticker: TICKER, ours: 500, theirs: 499 },
    ]);
  });

  it('takes a market that the exchange does not list as flat, and knows of markets that only it lists', async () => {
    expect(await reconcile({ positions: [] })).toEqual([
      { kind: 'position', ticker: TICKER, ours: -200, theirs: 0 },
    ]);
    const other = { ticker: 'KXOTHER', position: Position.of(1) };
    expect(await reconcile({ positions: [...truth().positions, other] })).toEqual([
      { kind: 'position', ticker: 'KXOTHER', ours: 0, theirs: 1 },
    ]);
  });

  it('finds a balance that differs by one unit', async () => {
    expect(await reconcile({ balance: Money.of(99_299_501) })).toEqual([
      { kind: 'balance', ours: 99_299_500, theirs: 99_299_501 },
    ]);
  });

  it('counts the payout of a settled market', async () => {
    const runId = RunId.of('settles');
    analytics.startRun({ runId, strategyName: 's', configJson: '', startedMs: START_MS, mode: 'paper' });
    const next = createAuditStream('settles');
    const { fills, ...figures } = truth();
    analytics.ingest(
      next({ event: filled({ id: 'f1', orderId: 'o1', side: 'ask', price: 6_000, count: 300, fee: 500 }) }),
    );
    analytics.ingest(next({ event: settled(0) }));
    const theirs = {
      ...figures,
      fills: fills.slice(0, 1),
      positions: [],
      balance: Money.parse('101.799500'),
    };
    expect(await analytics.reports('settles').reconcile(theirs)).toEqual([]);
  });
});
