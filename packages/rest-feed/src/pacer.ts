/** Keeps requests apart. Waiting ends at once when it is closed, or woken from a pause. */
export class Pacer {
  readonly #spacingMs: number;
  #nextAtMs = 0;
  #wake: (() => void) | null = null;
  #woken = false;
  closed = false;

  constructor(spacingMs: number) {
    this.#spacingMs = spacingMs;
  }

  /** Waits for the turn of one request. @returns false when closed: do not send it */
  async turn(): Promise<boolean> {
    const waitMs = this.#nextAtMs - performance.now();
    if (waitMs > 0) await this.#sleep(waitMs);
    // A wake ends a pause between rounds, never the distance between requests.
    while (!this.closed && performance.now() < this.#nextAtMs) {
      await this.#sleep(this.#nextAtMs - performance.now());
    }
    this.#nextAtMs = performance.now() + this.#spacingMs;
    return !this.closed;
  }

  /** Pauses until `atMs` of `performance.now()`, or until `wake`. */
  async pauseUntil(atMs: number): Promise<void> {
    if (!this.#woken && !this.closed) await this.#sleep(Math.max(0, atMs - performance.now()));
    this.#woken = false;
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  close(): void {
    this.closed = true;
    this.#wake?.();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}
