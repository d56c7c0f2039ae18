/** Wall time between looks. */
const LOOK_EVERY_MS = 5;

/** Runs things later by the given wall clock, which tests move by hand. */
export class WallTimers {
  readonly #wallClock: () => number;
  #due: { readonly atMs: number; readonly run: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(wallClock: () => number) {
    this.#wallClock = wallClock;
  }

  after(delayMs: number, run: () => void): void {
    this.#due.push({ atMs: this.#wallClock() + delayMs, run });
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** Forgets what has not run yet. */
  close(): void {
    this.#due = [];
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const now = this.#wallClock();
    const ready = this.#due.filter(({ atMs }) => atMs <= now).sort((a, b) => a.atMs - b.atMs);
    this.#due = this.#due.filter(({ atMs }) => atMs > now);
    for (const { run } of ready) run();
    if (this.#due.length === 0) this.close();
  }
}
