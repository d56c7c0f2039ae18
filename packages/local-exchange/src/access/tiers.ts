import { TIERS, type Tier } from './tier.ts';

/** A level that a user was given. */
export interface Grant {
  readonly level: Tier;
}

/** Who is on which usage tier. */
export class Tiers {
  readonly #start: Tier;
  readonly #advanced = new Set<string>();

  /** @param start everybody's at the start; above `basic` it counts as a grant */
  constructor(start: Tier) {
    this.#start = start;
  }

  of(userId: string): Tier {
    return this.#advanced.has(userId) && this.#start === 'basic' ? 'advanced' : this.#start;
  }

  isAtLeast(userId: string, tier: Tier): boolean {
    return TIERS.indexOf(this.of(userId)) >= TIERS.indexOf(tier);
  }

  /** Gives the Advanced level for good. */
  upgrade(userId: string): void {
    this.#advanced.add(userId);
  }

  grants(userId: string): readonly Grant[] {
    const levels = new Set<Tier>();
    if (this.#start !== 'basic') levels.add(this.#start);
    if (this.#advanced.has(userId)) levels.add('advanced');
    return [...levels].map((level) => ({ level }));
  }
}
