/** One market of a ladder: it pays when the value lies above `floor` (null: no bound) and not above `cap`. */
export interface Rung {
  readonly suffix: string;
  readonly floor: number | null;
  readonly cap: number | null;
  readonly strikeType: 'greater' | 'between' | 'less';
}

/** Thresholds around a center, each of which pays above it; `less` is what they are below round numbers. */
export function thresholds(center: number, step: number, count: number, decimals: number, less = 0): Rung[] {
  const lowest = Math.round(center / step) - Math.floor(count / 2);
  return Array.from({ length: count }, (_, i) => {
    const floor = Number(((lowest + i) * step - less).toFixed(decimals));
    return { suffix: `T${floor.toFixed(decimals)}`, floor, cap: null, strikeType: 'greater' };
  });
}

/** Buckets around a center between two tails: exactly one of them pays. */
export function buckets(center: number, step: number, count: number, decimals: number): Rung[] {
  const edges = thresholds(center, step, count + 1, decimals).map(({ floor }) => floor!);
  const first = edges[0]!;
  const last = edges.at(-1)!;
  const inner = edges.slice(1).map((cap, i): Rung => {
    const floor = edges[i]!;
    return { suffix: `B${((floor + cap) / 2).toFixed(decimals + 1)}`, floor, cap, strikeType: 'between' };
  });
  return [
    { suffix: `T${first.toFixed(decimals)}L`, floor: null, cap: first, strikeType: 'less' },
    ...inner,
    { suffix: `T${last.toFixed(decimals)}`, floor: last, cap: null, strikeType: 'greater' },
  ];
}

/** Probability that a rung pays, from the probability that the value ends above a number. */
export function rungProbability({ floor, cap }: Rung, above: (value: number) => number): number {
  return Math.max(0, (floor === null ? 1 : above(floor)) - (cap === null ? 0 : above(cap)));
}

/** In words. */
export function rungTitle({ floor, cap }: Rung, decimals: number, unit: string): string {
  const text = (value: number): string => `${value.toFixed(decimals)}${unit}`;
  if (floor === null) return `${text(cap!)} or below`;
  return cap === null ? `Above ${text(floor)}` : `Above ${text(floor)}, to ${text(cap)}`;
}
