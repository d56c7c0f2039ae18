/** The wall clock that the exchange says it has: signatures are measured by it, and `Date` shows it. */
export class ExchangeWallClock {
  readonly #wallClock: () => number;
  #aheadMs: number;

  /** @param aheadMs of the true one; negative: behind */
  constructor(wallClock: () => number, aheadMs: number) {
    this.#wallClock = wallClock;
    this.#aheadMs = aheadMs;
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#wallClock() + this.#aheadMs;

  step(ms: number): void {
    this.#aheadMs += ms;
  }
}
