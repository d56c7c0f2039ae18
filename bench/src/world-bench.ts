import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Timestamp } from '@kalshi-mm/core';
import { CALENDARS, createSyntheticWorld, type Population, type WorldConfig } from '@kalshi-mm/simulator';
import type { BenchResult } from './measure.ts';

const DAY = 24 * 3_600_000;
const START = Timestamp.parseIso('2026-10-05T14:00:00Z');
const REQUIRED_SPEED = 1_000;

/** A simulated week of one market after the other with ten agents: how fast it is, and whether its memory stays flat. */
export function worldBench(): BenchResult[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  const { exchange } = createSyntheticWorld({ seed: 7, startMs: START, config: tenAgents() });
  const megabytes: number[] = [];
  let wallMs = 0;
  for (let day = 1; day <= 7; day++) {
    const from = performance.now();
    exchange.advanceTo(Timestamp.of(START + day * DAY));
    wallMs += performance.now() - from;
    megabytes.push((heap() - before) / 1e6);
  }
  const settled = exchange.markets().filter(({ status }) => status === 'finalized').length;
  if (settled < 600) throw new Error(`Only ${settled} markets have settled in a week`);
  const speed = (7 * DAY) / wallMs;
  const [second, seventh] = [megabytes[1]!, megabytes[6]!];
  return [
    {
      name: 'world-speed',
      value: Math.round(speed),
      unit: 'simulated s/s',
      reference: REQUIRED_SPEED,
      ratio: REQUIRED_SPEED / speed,
      goal: 'one market with ten agents runs at least 1,000 times as fast as time',
      holds: speed >= REQUIRED_SPEED,
    },
    {
      name: 'world-memory',
      value: Math.round(seventh * 10) / 10,
      unit: 'MB after a week',
      reference: Math.round(second * 10) / 10,
      ratio: seventh / second,
      goal: 'at most 1.25× what it was after two days',
      holds: seventh <= 1.25 * second,
    },
  ];
}

function tenAgents(): WorldConfig {
  const { full } = CALENDARS;
  const bitcoin = full.series.find((plan) => plan.kind === 'coin-window' && plan.coin === 'BTC');
  if (bitcoin?.kind !== 'coin-window') throw new Error('The full calendar has no bitcoin windows');
  return { ...full, series: [{ ...bitcoin, terms: { ...bitcoin.terms, population: TEN } }] };
}

const TEN: Population = [
  { kind: 'maker', count: 2, everyMs: 800, contracts: 120, halfSpreadCents: 0.6, levels: 2 },
  { kind: 'informed', count: 2, everyMs: 4_000, contracts: 40, edgeCents: 0.6 },
  { kind: 'noise', count: 4, everyMs: 3_000, contracts: 60, restingShare: 0.35, restingMs: 20_000 },
  { kind: 'momentum', count: 1, everyMs: 6_000, contracts: 20, thresholdCents: 2 },
  {
    kind: 'whale',
    count: 1,
    everyMs: 180_000,
    contracts: 600,
    sweepLevels: 4,
    restingShare: 0.4,
    restingMs: 60_000,
  },
];
