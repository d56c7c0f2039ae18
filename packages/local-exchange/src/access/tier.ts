/** Usage tiers of the exchange, slowest first. */
export const TIERS = ['basic', 'advanced', 'expert', 'premier', 'paragon', 'prime', 'prestige'] as const;

export type Tier = (typeof TIERS)[number];

/** One token bucket: tokens per second, and how many it holds when full. */
export interface BucketLimit {
  readonly refillRate: number;
  readonly capacity: number;
}

/** Rates and bursts of October 2026. */
export function tierLimits(tier: Tier): { readonly read: BucketLimit; readonly write: BucketLimit } {
  const [read, write] = RATES[tier];
  const slow = tier === 'basic' || tier === 'advanced';
  return {
    read: { refillRate: read, capacity: read * (slow ? 3 : 1) },
    write: { refillRate: write, capacity: write * (tier === 'basic' ? 1 : 3) },
  };
}

const RATES: Readonly<Record<Tier, readonly [read: number, write: number]>> = {
  basic: [200, 100],
  advanced: [300, 300],
  expert: [600, 600],
  premier: [1_200, 1_200],
  paragon: [2_400, 2_400],
  prime: [4_800, 4_800],
  prestige: [12_000, 9_600],
};
