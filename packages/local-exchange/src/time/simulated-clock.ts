/** Maps wall time to simulated time. Stands still until started; may be set back or forward at any moment. */
export class SimulatedClock {
  readonly #wallClock: () => number;
  readonly #speed: number;
  #simulatedMs: number;
  /** Wall time at which `#simulatedMs` was true; null before the start. */
  #wallMs: number | null = null;

  constructor(startMs: number, speed: number, wallClock: () => number) {
    this.#simulatedMs = startMs;
    this.#speed = speed;
    this.#wallClock = wallClock;
  }

  get isRunning(): boolean {
    return this.#wallMs !== null;
  }

  start(): void {
    this.#wallMs ??= this.#wallClock();
  }

  /** Simulated milliseconds, with a fraction. */
  now(): number {
    if (this.#wallMs === null) return this.#simulatedMs;
    return this.#simulatedMs + Math.max(0, this.#wallClock() - this.#wallMs) * this.#speed;
  }

  set(simulatedMs: number): void {
    this.#simulatedMs = simulatedMs;
    if (this.#wallMs !== null) this.#wallMs = this.#wallClock();
  }
}
