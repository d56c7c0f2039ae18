import type { Ticker, Timestamp } from '@kalshi-mm/core';

/** What is known about the book of one market. */
export interface BookRecord {
  trusted: boolean;
  /** Receive time of its latest change, its snapshot included; null before the first one. */
  changedMs: Timestamp | null;
  /** Receive time less exchange time of its latest change; null before the first one that tells. */
  lagMs: number | null;
}

/** Which books can be relied on: those whose snapshot came and that have missed nothing since. */
export class BookTrust {
  readonly #records = new Map<Ticker, BookRecord>();
  #untrusted = 0;

  /** Starts to follow a market; untrusted until its snapshot. */
  expect(ticker: Ticker): void {
    if (this.#records.has(ticker)) return;
    this.#records.set(ticker, { trusted: false, changedMs: null, lagMs: null });
    this.#untrusted++;
  }

  forget(ticker: Ticker): void {
    if (this.#records.get(ticker)?.trusted === false) this.#untrusted--;
    this.#records.delete(ticker);
  }

  clear(): void {
    this.#records.clear();
    this.#untrusted = 0;
  }

  has(ticker: Ticker): boolean {
    return this.#records.has(ticker);
  }

  get(ticker: Ticker): BookRecord | undefined {
    return this.#records.get(ticker);
  }

  trust(ticker: Ticker): void {
    const record = this.#records.get(ticker);
    if (record === undefined || record.trusted) return;
    record.trusted = true;
    this.#untrusted--;
  }

  /** @returns false if the market is not followed */
  distrust(ticker: Ticker): boolean {
    const record = this.#records.get(ticker);
    if (record === undefined) return false;
    if (record.trusted) {
      record.trusted = false;
      this.#untrusted++;
    }
    return true;
  }

  distrustAll(): void {
    for (const record of this.#records.values()) record.trusted = false;
    this.#untrusted = this.#records.size;
  }

  get untrustedCount(): number {
    return this.#untrusted;
  }

  tickers(): Ticker[] {
    return [...this.#records.keys()];
  }

  untrusted(): Ticker[] {
    return [...this.#records].filter(([, { trusted }]) => !trusted).map(([ticker]) => ticker);
  }
}
