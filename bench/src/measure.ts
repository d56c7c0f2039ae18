/** One line of the report. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same unit, for what it is compared with, in the same run. */
  readonly reference: number;
  /** Time of ours ÷ time of the reference; below 1 we are faster. */
  readonly ratio: number;
  readonly goal: string;
  readonly holds: boolean;
}

export interface Contender {
  /** Called before every run, outside its time. */
  readonly setUp?: () => void;
  /** Does the whole work once and returns a number that depends on all of it. */
  readonly run: () => number;
}

export interface Comparison {
  readonly oursMs: number;
  readonly referenceMs: number;
  /** Median over rounds of the ratio within one round. */
  readonly ratio: number;
}

/**
 * Runs two contenders in turn, A B A B …, and compares medians: the machine's drift hits both alike. Both must
 * return the same number, which proves that they did the same work.
 */
export function compare(
  ours: Contender,
  reference: Contender,
  { rounds = 7, warmUps = 2, sameResult = true } = {},
): Comparison {
  // For the compiler, uncounted.
  for (let i = 0; i < warmUps; i++) check(time(ours).result, time(reference).result, sameResult);
  const oursMs: number[] = [];
  const referenceMs: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const a = time(ours);
    const b = time(reference);
    check(a.result, b.result, sameResult);
    oursMs.push(a.ms);
    referenceMs.push(b.ms);
  }
  return {
    oursMs: median(oursMs),
    referenceMs: median(referenceMs),
    ratio: median(oursMs.map((ms, i) => ms / referenceMs[i]!)),
  };
}

function time({ setUp, run }: Contender): { ms: number; result: number } {
  setUp?.();
  const start = performance.now();
  const result = run();
  return { ms: performance.now() - start, result };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function check(a: number, b: number, same: boolean): void {
  if (same && a !== b) throw new Error(`The contenders did different work: ${a} against ${b}`);
}
