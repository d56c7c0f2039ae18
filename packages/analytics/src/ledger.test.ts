import { createRandom, type Price, RunId, type Side, Ticker } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createAuditStream, filled, START_MS, settled } from '../fixtures/audit-stream.ts';
import { type Analytics, openAnalytics } from './analytics.ts';

interface RandomFill {
  readonly id: string;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: number;
  readonly count: number;
  readonly fee: number;
  readonly exchangeMs: number;
}

const TICKERS = ['KXA', 'KXB', 'KXC'].map(Ticker.of);

function randomFills(seed: number): RandomFill[] {
  const random = createRandom(seed);
  return Array.from({ length: 1 + random.integer(60) }, (_, index) => ({
    id: `f${index}`,
    ticker: TICKERS[random.integer(TICKERS.length)]!,
    side: random.integer(2) === 0 ? 'bid' : 'ask',
    price: 1 + random.integer(9_999),
    count: 1 + random.integer(3_000),
    fee: random.integer(20_000),
    exchangeMs: START_MS + index * 10,
  }));
}

/** Sums only: a YES contract sold brings its price; holding NO means that a dollar per contract is put up. */
function plainSums(fills: readonly RandomFill[]) {
  let position = 0n;
  let cash = 0n;
  let fees = 0n;
  for (const fill of fills) {
    const signed = BigInt(fill.side === 'bid' ? fill.count : -fill.count);
    position += signed;
    cash -= signed * BigInt(fill.price);
    fees += BigInt(fill.fee);
  }
  const putUp = position < 0n ? -position * 10_000n : 0n;
  return { position, fees, spent: putUp - cash, worth: (price: number) => cash + position * BigInt(price) };
}

/** Average-cost PnL as real numbers, in YES terms: sold contracts are a negative stock. */
function realizedInFloats(fills: readonly RandomFill[]): { pnl: number; partialCloses: number } {
  let stock = 0;
  let average = 0;
  let pnl = 0;
  let partialCloses = 0;
  for (const fill of fills) {
    const signed = fill.side === 'bid' ? fill.count : -fill.count;
    const closing = stock * signed < 0 ? Math.min(Math.abs(stock), Math.abs(signed)) : 0;
    pnl += closing * (fill.price - average) * Math.sign(stock);
    if (closing > 0 && closing < Math.abs(stock)) partialCloses++;
    const opening = Math.abs(signed) - closing;
    const kept = Math.abs(stock) - closing;
    if (opening > 0) average = (kept * average + opening * fill.price) / (kept + opening);
    stock += signed;
  }
  return { pnl, partialCloses };
}

async function ingested(fills: readonly RandomFill[]): Promise<Analytics> {
  const analytics = await openAnalytics({ path: ':memory:' });
  const runId = RunId.of('run1');
  const startedMs = filled({ id: '', orderId: '', side: 'bid', price: 1, count: 1 }).atMs;
  analytics.startRun({ runId, strategyName: 'random', configJson: '{}', startedMs, mode: 'live' });
  const next = createAuditStream(runId);
  for (const fill of fills) analytics.ingest(next({ event: filled({ ...fill, orderId: `o${fill.id}` }) }));
  return analytics;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = createRandom(`shuffle-${seed}`);
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe('random fills', () => {
  it('give the positions, fees and cash of plain sums, and the PnL of average cost', async () => {
    for (const seed of SEEDS) {
      const fills = randomFills(seed);
      const analytics = await ingested(fills);
      const positions = await analytics.reports().positions();
      expect(positions.map((position) => position.ticker)).toEqual(
        [...new Set(fills.map((f) => f.ticker))].sort(),
      );
      for (const { ticker, position, cost, realizedPnl, fees } of positions) {
        const own = fills.filter((fill) => fill.ticker === ticker);
        const sums = plainSums(own);
        expect(BigInt(position), `seed ${seed}`).toBe(sums.position);
        expect(BigInt(fees), `seed ${seed}`).toBe(sums.fees);
        expect(BigInt(cost - realizedPnl), `seed ${seed}`).toBe(sums.spent);
        const exact = realizedInFloats(own);
        // Each partial close may leave less than one unit of cost, $0.000001, with the open position.
        expect(Math.abs(realizedPnl - exact.pnl), `seed ${seed}`).toBeLessThanOrEqual(
          exact.partialCloses + 1e-3,
        );
      }
      await analytics.close();
    }
  });

  it('give exactly cash plus payout after settlement', async () => {
    for (const seed of SEEDS) {
      const fills = randomFills(seed);
      const analytics = await ingested(fills);
      const next = createAuditStream('run2');
      const startedMs = START_MS;
      analytics.startRun({
        runId: RunId.of('run2'),
        strategyName: 'x',
        configJson: '',
        startedMs,
        mode: 'live',
      });
      const payouts = TICKERS.map(
        (ticker, index) => [ticker, [0, 10_000, 3_700][(seed + index) % 3]!] as const,
      );
      for (const [ticker, price] of payouts) analytics.ingest(next({ event: settled(price, ticker) }));
      const positions = await analytics.reports().positions();
      expect(positions.map(({ ticker }) => ticker).sort()).toEqual(
        [...new Set(fills.map(({ ticker }) => ticker))].sort(),
      );
      for (const { ticker, position, cost, realizedPnl } of positions) {
        const own = fills.filter((fill) => fill.ticker === ticker);
        const price = new Map<Ticker, number>(payouts).get(ticker) as Price;
        expect({ position, cost, pnl: BigInt(realizedPnl) }, `seed ${seed}`).toEqual({
          position: 0,
          cost: 0,
          pnl: plainSums(own).worth(price),
        });
      }
      await analytics.close();
    }
  });

  it('give the same trades in whatever order they arrive', async () => {
    for (const seed of SEEDS) {
      const fills = randomFills(seed);
      const tables = await Promise.all(
        [fills, shuffled(fills, seed)].map(async (order) => {
          const analytics = await ingested(order);
          const positions = await analytics.reports().positions();
          const trades = await analytics.database
            .selectFrom('trades')
            .selectAll()
            .orderBy('market_ticker')
            .orderBy('trade_no')
            .execute();
          await analytics.close();
          return { positions, trades };
        }),
      );
      expect(tables[1], `seed ${seed}`).toEqual(tables[0]);
      const { positions, trades } = tables[0]!;
      for (const { ticker, position, cost, realizedPnl } of positions) {
        const own = trades.filter((trade) => trade.market_ticker === ticker);
        expect(own.reduce((sum, trade) => sum + trade.realized_pnl_e6, 0)).toBe(realizedPnl);
        expect(own.at(-1)).toMatchObject({ position_after_e2: position, cost_after_e6: cost });
      }
    }
  });
});
