/** Maps wall time to simulated time. Stands still until started; may be paused, sped up, or set at any moment. */
export class SimulatedClock {
  readonly #wallClock: () => number;
  #speed: number;
  #simulatedMs: number;
  /** Wall time at which `#simulatedMs` was true; null while it stands still. */
  #wallMs: number | null = null;
  #isPaused = false;

  constructor(startMs: number, speed: number, wallClock: () => number) {
    this.#simulatedMs = startMs;
    this.#speed = speed;
    this.#wallClock = wallClock;
  }

  get isRunning(): boolean {
    return this.#wallMs !== null;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Simulated time per wall time while it runs. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.set(this.now());
    this.#speed = speed;
  }

  /** Lets time run for the first time; does not end a pause. */
  start(): void {
    if (!this.#isPaused) this.#wallMs ??= this.#wallClock();
  }

  pause(): void {
    this.set(this.now());
    this.#wallMs = null;
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.start();
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
