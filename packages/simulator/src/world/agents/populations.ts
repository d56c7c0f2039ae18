import type { Population } from './population.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Everybody, often: the touch moves every second. */
const busy: Population = [
  { kind: 'maker', count: 3, everyMs: 800, contracts: 120, halfSpreadCents: 0.6, levels: 3 },
  { kind: 'informed', count: 2, everyMs: 4 * SECOND, contracts: 40, edgeCents: 0.6 },
  { kind: 'noise', count: 4, everyMs: 3 * SECOND, contracts: 60, restingShare: 0.35, restingMs: 20 * SECOND },
  { kind: 'momentum', count: 2, everyMs: 6 * SECOND, contracts: 20, thresholdCents: 2 },
  {
    kind: 'whale',
    count: 1,
    everyMs: 3 * MINUTE,
    contracts: 600,
    sweepLevels: 4,
    restingShare: 0.4,
    restingMs: MINUTE,
  },
];

/** A game before and while it is played. */
const steady: Population = [
  { kind: 'maker', count: 2, everyMs: 3 * SECOND, contracts: 200, halfSpreadCents: 1, levels: 3 },
  { kind: 'informed', count: 1, everyMs: 12 * SECOND, contracts: 60, edgeCents: 0.8 },
  { kind: 'noise', count: 2, everyMs: 12 * SECOND, contracts: 80, restingShare: 0.35, restingMs: 2 * MINUTE },
  { kind: 'momentum', count: 1, everyMs: 30 * SECOND, contracts: 30, thresholdCents: 2 },
  {
    kind: 'whale',
    count: 1,
    everyMs: 20 * MINUTE,
    contracts: 1500,
    sweepLevels: 5,
    restingShare: 0.5,
    restingMs: 5 * MINUTE,
  },
];

/** A rung of a ladder, a line of a spread. */
const calm: Population = [
  { kind: 'maker', count: 2, everyMs: 6 * SECOND, contracts: 60, halfSpreadCents: 1.5, levels: 2 },
  { kind: 'informed', count: 1, everyMs: 20 * SECOND, contracts: 30, edgeCents: 1 },
  { kind: 'noise', count: 1, everyMs: 25 * SECOND, contracts: 40, restingShare: 0.4, restingMs: 2 * MINUTE },
];

/** One maker with a wide spread, and hardly anybody to trade with. */
const quiet: Population = [
  { kind: 'maker', count: 1, everyMs: 30 * SECOND, contracts: 30, halfSpreadCents: 4, levels: 1 },
  { kind: 'noise', count: 1, everyMs: 10 * MINUTE, contracts: 20, restingShare: 0.5, restingMs: 10 * MINUTE },
];

/** Listed, and no more than that. */
const dead: Population = [];

/** Populations by name, from markets that move every second to those where nobody is. */
export const POPULATIONS = { busy, steady, calm, quiet, dead } as const satisfies Record<string, Population>;
