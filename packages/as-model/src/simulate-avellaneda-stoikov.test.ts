import { describe, expect, it } from 'vitest';
import {
  type AvellanedaStoikovSimulation,
  simulateAvellanedaStoikov,
} from './simulate-avellaneda-stoikov.ts';

const paper = { sigma: 2, k: 1.5, A: 140, T: 1, dt: 0.005, q0: 0 };

interface Row {
  readonly gamma: number;
  readonly strategy: AvellanedaStoikovSimulation['strategy'];
  readonly spread: number;
  readonly mean: number;
  readonly sd: number;
  readonly sdInventory: number;
  /** Mean profit printed in Quantitative Finance 8(3), 2008, from 1000 paths. */
  readonly publishedMean: number;
}

/** Our reference run of 100,000 paths, with an independent implementation. */
const rows: readonly Row[] = [
  {
    gamma: 0.01,
    strategy: 'inventory',
    spread: 1.349,
    mean: 68.42,
    sd: 8.97,
    sdInventory: 5.22,
    publishedMean: 68.6,
  },
  {
    gamma: 0.01,
    strategy: 'symmetric',
    spread: 1.349,
    mean: 68.71,
    sd: 13.65,
    sdInventory: 8.69,
    publishedMean: 68.8,
  },
  {
    gamma: 0.1,
    strategy: 'inventory',
    spread: 1.491,
    mean: 64.91,
    sd: 6.54,
    sdInventory: 2.93,
    publishedMean: 65.0,
  },
  {
    gamma: 0.1,
    strategy: 'symmetric',
    spread: 1.491,
    mean: 68.26,
    sd: 13.42,
    sdInventory: 8.39,
    publishedMean: 68.4,
  },
  {
    gamma: 1,
    strategy: 'inventory',
    spread: 3.022,
    mean: 31.45,
    sd: 4.83,
    sdInventory: 1.64,
    publishedMean: 31.4,
  },
  {
    gamma: 1,
    strategy: 'symmetric',
    spread: 3.022,
    mean: 43.75,
    sd: 10.72,
    sdInventory: 5.17,
    publishedMean: 44.0,
  },
];

describe('simulateAvellanedaStoikov', () => {
  it.each(rows)('20,000 paths, gamma $gamma, $strategy: mean $mean, s.d. $sd', (row) => {
    const { gamma, strategy } = row;
    const result = simulateAvellanedaStoikov({ ...paper, gamma, strategy, paths: 20_000 }, sfc32(1));
    expect(result.averageSpread).toBeCloseTo(row.spread, 3);
    expect(Math.abs(result.meanProfit - row.mean)).toBeLessThan(0.25);
    expect(Math.abs(result.sdProfit - row.sd)).toBeLessThan(0.2);
    expect(Math.abs(result.sdFinalInventory - row.sdInventory)).toBeLessThan(0.1);
    expect(Math.abs(result.meanFinalInventory)).toBeLessThan((4 * row.sdInventory) / Math.sqrt(20_000));
  });

  it.each(rows)('1000 paths, gamma $gamma, $strategy: within 3 standard errors of $publishedMean', (row) => {
    const { gamma, strategy } = row;
    const result = simulateAvellanedaStoikov({ ...paper, gamma, strategy, paths: 1000 }, sfc32(1));
    expect(Math.abs(result.meanProfit - row.publishedMean)).toBeLessThan(
      (3 * result.sdProfit) / Math.sqrt(1000),
    );
  });

  it('fills about 97 contracts a path by inventory and 91.5 symmetrically at gamma 0.1', () => {
    const run = (strategy: Row['strategy']) =>
      simulateAvellanedaStoikov({ ...paper, gamma: 0.1, strategy, paths: 2000 }, sfc32(1)).meanFills;
    expect(Math.abs(run('inventory') - 97)).toBeLessThan(1);
    expect(Math.abs(run('symmetric') - 91.5)).toBeLessThan(1);
  });

  it('gives the same result for the same random numbers, another for others', () => {
    const run = (seed: number) =>
      simulateAvellanedaStoikov({ ...paper, gamma: 0.1, strategy: 'inventory', paths: 50 }, sfc32(seed));
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('only carries the starting inventory when nothing can fill', () => {
    const result = simulateAvellanedaStoikov(
      { ...paper, gamma: 0.1, A: 0, q0: 3, strategy: 'inventory', paths: 2000 },
      sfc32(1),
    );
    expect(result.meanFills).toBe(0);
    expect(result.meanFinalInventory).toBe(3);
    expect(result.sdFinalInventory).toBe(0);
    expect(Math.abs(result.sdProfit - 3 * 2)).toBeLessThan(0.4);
  });

  it('depends on sigma, k, A and T only through scale-free combinations', () => {
    const base = { ...paper, gamma: 0.1, strategy: 'inventory', paths: 100 } as const;
    const stretched = { ...base, T: 4, dt: 0.02, sigma: 1, A: 35 };
    const one = simulateAvellanedaStoikov(base, sfc32(3));
    const four = simulateAvellanedaStoikov(stretched, sfc32(3));
    expect(four.meanProfit).toBeCloseTo(one.meanProfit, 8);
    expect(four.sdProfit).toBeCloseTo(one.sdProfit, 8);
    expect(four.meanFills).toBe(one.meanFills);
  });

  it('refuses a step that does not divide the horizon, and too few paths', () => {
    const base = { ...paper, gamma: 0.1, strategy: 'inventory', paths: 10 } as const;
    expect(() => simulateAvellanedaStoikov({ ...base, dt: 0.3 }, sfc32(1))).toThrow(/dt is 0.3, expected/);
    expect(() => simulateAvellanedaStoikov({ ...base, paths: 1 }, sfc32(1))).toThrow(/paths is 1, expected/);
    expect(() => simulateAvellanedaStoikov({ ...base, A: Number.NaN }, sfc32(1))).toThrow(
      /A is NaN, expected/,
    );
    expect(() => simulateAvellanedaStoikov({ ...base, k: 0 }, sfc32(1))).toThrow(/kPerCent is 0, expected/);
  });
});

/** Small fast counter generator (Doty-Humphrey's sfc32), its state filled from one seed and then mixed. */
function sfc32(seed: number): () => number {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 16; i++) next();
  return next;
}
