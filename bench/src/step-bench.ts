import { assembleEngine, BotConfig } from '@kalshi-mm/assembly';
import { type BookChanged, Count, Price, RunId, Timestamp } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import { type BenchResult, compare } from './measure.ts';

const STEPS = 20_000;

/** One engine step in which the strategy is asked, against a step that only folds a book delta. */
export function stepBench(): BenchResult[] {
  const { ratio, oursMs, referenceMs } = compare(
    { run: () => run(true) },
    { run: () => run(false) },
    { sameResult: false },
  );
  return [
    {
      name: 'step',
      value: Math.round(STEPS / (oursMs / 1_000)),
      unit: 'wakes/s',
      reference: Math.round(STEPS / (referenceMs / 1_000)),
      ratio,
      goal: 'at most 100× the time of a step that only folds a delta',
      holds: ratio <= 100,
    },
  ];
}

function run(wake: boolean): number {
  const market = aMarket({ closeMs: Timestamp.of(1_000_000_000) });
  const config = BotConfig.parse({ volatility_mm: { guardrails: { illiquidity_timeout_seconds: null } } });
  const { engine } = assembleEngine({
    config,
    runId: RunId.of('bench'),
    strategy: 'as-maker',
    sessions: 'always',
    recovering: false,
  });
  const { ticker } = market;
  const level = (price: number) => ({ price: Price.of(price), count: Count.of(50_000) });
  engine.step({ type: 'market.opened', atMs: Timestamp.of(1_000_000), market });
  engine.step({
    type: 'book.replaced',
    atMs: Timestamp.of(1_000_000),
    ticker,
    bids: [level(4_500), level(4_400)],
    asks: [level(5_500), level(5_600)],
  });
  engine.step({ type: 'clock.ticked', atMs: Timestamp.of(1_000_001), feedAgeMs: null });
  const delta = {
    type: 'book.changed',
    ticker,
    side: 'bid',
    price: Price.of(4_400),
    exchangeMs: null,
  } as const;
  let records = 0;
  let ms = 1_000_001;
  for (let i = 0; i < STEPS; i++) {
    ms += 3_000;
    const atMs = Timestamp.of(ms);
    const event = wake
      ? ({ type: 'clock.ticked', atMs, feedAgeMs: null } as const)
      : ({ ...delta, atMs, delta: i % 2 === 0 ? 100 : -100 } satisfies BookChanged);
    if (engine.step(event).audit !== null) records++;
  }
  if (wake && records === 0) throw new Error('The strategy was never asked');
  return records;
}
