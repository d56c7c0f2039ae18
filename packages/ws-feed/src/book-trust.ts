import type { Ticker } from '@kalshi-mm/core';

/** Which books can be relied on: those whose snapshot came and that have missed nothing since. */
export class BookTrust {
  readonly #trusted = new Map<Ticker, boolean>();
  #untrusted = 0;

  /** Starts to follow a market; untrusted until its snapshot. */
  expect(ticker: Ticker): void {
    if (this.#trusted.has(ticker)) return;
    this.#trusted.set(ticker, false);
    this.#untrusted++;
  }

  forget(ticker: Ticker): void {
    if (this.#trusted.get(ticker) === false) this.#untrusted--;
    this.#trusted.delete(ticker);
  }

  clear(): void {
    this.#trusted.clear();
    this.#untrusted = 0;
  }

  has(ticker: Ticker): boolean {
    return this.#trusted.has(ticker);
  }

  isTrusted(ticker: Ticker): boolean {
    return this.#trusted.get(ticker) === true;
  }

  trust(ticker: Ticker): void {
    if (this.#trusted.get(ticker) !== false) return;
    this.#trusted.set(ticker, true);
    this.#untrusted--;
  }

  /** @returns false if the market is not followed */
  distrust(ticker: Ticker): boolean {
    const was = this.#trusted.get(ticker);
    if (was === true) {
      this.#trusted.set(ticker, false);
      this.#untrusted++;
    }
    return was !== undefined;
  }

  distrustAll(): void {
    for (const ticker of this.#trusted.keys()) this.#trusted.set(ticker, false);
    this.#untrusted = this.#trusted.size;
  }

  get untrustedCount(): number {
    return this.#untrusted;
  }

  untrusted(): Ticker[] {
    return [...this.#trusted].filter(([, trusted]) => !trusted).map(([ticker]) => ticker);
  }
}
