import { createRandom, MmError } from '@kalshi-mm/core';
import type { QueueObservation } from './create-queue-observer.ts';
import { type QueueForm, type QueueModel, shareAhead } from './queue-model.ts';

export interface FitQueueOptions {
  /** Seeds the bootstrap. @default 'fit-queue' */
  readonly seed?: number | string;
  /** Resamplings of the markets. @default 1000 */
  readonly bootstraps?: number;
}

/** An estimate and its 95 % interval: percentiles over resampled markets. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface QueueFit {
  readonly observations: number;
  readonly markets: number;
  /** Share of a cancel that was in front, at the fractions 0, 0.1, …, 1 of the queue. */
  readonly table: readonly Estimate[];
  /** Exponents of the power family, by form. */
  readonly exponents: Readonly<Record<QueueForm, Estimate>>;
}

/**
 * Fits queue models to observed cancels.
 *
 * The table is the mean, over cancels, of the share of the canceled order that was in front of each fraction of its
 * queue; every cancel counts once. The exponents are those with the least squared distance to the same shares at the
 * fractions 0.1 to 0.9. A bootstrap over whole markets gives the intervals, since cancels of one market are alike;
 * with one market they are as narrow as the estimate.
 *
 * @throws MmError `no-cancels` without observations
 */
export function fitQueueModel(
  observations: readonly QueueObservation[],
  options: FitQueueOptions = {},
): QueueFit {
  const byMarket = sumsByMarket(observations);
  if (byMarket.length === 0) {
    throw new MmError('no-cancels', 'No cancel could be placed in its queue: there is nothing to fit', {
      todo: 'Use recordings with the whole book and trades.',
    });
  }
  const random = createRandom(options.seed ?? 'fit-queue');
  const tables: number[][] = [];
  for (let i = 0; i < (options.bootstraps ?? 1000); i++) {
    tables.push(tableOf(byMarket.map(() => byMarket[random.integer(byMarket.length)]!)));
  }
  const table = tableOf(byMarket);
  const exponent = (form: QueueForm): Estimate =>
    estimate(
      bestExponent(table, form),
      tables.map((each) => bestExponent(each, form)),
    );
  return {
    observations: observations.length,
    markets: byMarket.length,
    table: table.map((value, knot) =>
      estimate(
        value,
        tables.map((each) => each[knot]!),
      ),
    ),
    exponents: { 'two-sided': exponent('two-sided'), 'one-sided': exponent('one-sided') },
  };
}

export interface QueueScore {
  /** Mean squared error of the share, over cancels and the fractions 0.1 to 0.9 of their queues. */
  readonly squaredError: number;
  /** Contracts that were in front, summed over the same, and what the model says: how fast a queue moves. */
  readonly observedContracts: number;
  readonly predictedContracts: number;
}

/** How well a model foretells, for orders of ours at the fractions 0.1 to 0.9 of a queue, what a cancel takes from before them. */
export function scoreQueueModel(model: QueueModel, observations: readonly QueueObservation[]): QueueScore {
  const share = shareAhead(model);
  let squares = 0;
  let observed = 0;
  let predicted = 0;
  for (const observation of observations) {
    const { count, total } = observation;
    for (let knot = 1; knot < KNOTS; knot++) {
      const front = (knot / KNOTS) * total;
      const actual = shareInFront(observation, front);
      const expected = share(front, total - front);
      squares += (expected - actual) ** 2;
      observed += actual * count;
      predicted += expected * count;
    }
  }
  return {
    squaredError: squares / (observations.length * (KNOTS - 1)),
    observedContracts: observed / UNITS_PER_CONTRACT,
    predictedContracts: predicted / UNITS_PER_CONTRACT,
  };
}

function shareInFront({ front, count }: QueueObservation, at: number): number {
  return Math.min(1, Math.max(0, (at - front) / count));
}

interface MarketSums {
  count: number;
  /** Of the shares in front, by knot. */
  readonly shares: number[];
}

function sumsByMarket(observations: readonly QueueObservation[]): readonly MarketSums[] {
  const sums = new Map<number, MarketSums>();
  for (const observation of observations) {
    let sum = sums.get(observation.market);
    if (sum === undefined) {
      sum = { count: 0, shares: new Array(KNOTS + 1).fill(0) };
      sums.set(observation.market, sum);
    }
    sum.count++;
    for (let knot = 1; knot < KNOTS; knot++) {
      sum.shares[knot]! += shareInFront(observation, (knot / KNOTS) * observation.total);
    }
  }
  return [...sums.values()];
}

function tableOf(markets: readonly MarketSums[]): number[] {
  let count = 0;
  const shares: number[] = new Array(KNOTS + 1).fill(0);
  for (const market of markets) {
    count += market.count;
    for (let knot = 1; knot < KNOTS; knot++) shares[knot]! += market.shares[knot]!;
  }
  return shares.map((share, knot) => (knot === KNOTS ? 1 : share / count));
}

/** Golden-section search over the logarithm of the exponent; the distance has one minimum there. */
function bestExponent(table: readonly number[], form: QueueForm): number {
  const distance = (logExponent: number): number => {
    const share = shareAhead({ kind: 'power', exponent: Math.exp(logExponent), form });
    let sum = 0;
    for (let knot = 1; knot < KNOTS; knot++) sum += (share(knot, KNOTS - knot) - table[knot]!) ** 2;
    return sum;
  };
  let low = Math.log(0.01);
  let high = Math.log(64);
  for (let i = 0; i < 40; i++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (distance(left) < distance(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

function estimate(value: number, samples: readonly number[]): Estimate {
  if (samples.length === 0) return { value, low: value, high: value };
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { value, low: at(0.025), high: at(0.975) };
}

const KNOTS = 10;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const UNITS_PER_CONTRACT = 100;
