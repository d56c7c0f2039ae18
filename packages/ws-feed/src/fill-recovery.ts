import type { Fill, Timestamp } from '@kalshi-mm/core';
import { backoffMs } from './backoff.ts';

/** Reads own fills over REST, oldest or newest first, in pages; e.g. `(sinceMs) => client.fills({ sinceMs })`. */
export type FetchFills = (sinceMs: number) => AsyncIterable<readonly Fill[]>;

export interface FillRecoveryOptions {
  readonly fetchFills: FetchFills;
  /** Every read begins this long before the last one began: what comes late is in the next one. */
  readonly overlapMs: number;
  /** Pause between two reads. */
  readonly everyMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly random: () => number;
  now(): Timestamp;
  /** Each fill of each read; many come again and again. */
  onFill(fill: Fill): void;
  log(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/**
 * Reads over REST the fills that the feed did not tell: at once when something may have been missed, and regularly,
 * because the fill channel numbers nothing and a lost frame of it shows nowhere.
 */
export class FillRecovery {
  readonly #options: FillRecoveryOptions;
  #sinceMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #again = false;
  #failures = 0;
  #stopped = false;

  constructor(options: FillRecoveryOptions) {
    this.#options = options;
  }

  /** The feed tells fills from now on; earlier ones are the host's. Once is enough. */
  begin(): void {
    if (this.#sinceMs !== null) return;
    this.#sinceMs = this.#options.now();
    this.#schedule(this.#options.everyMs);
  }

  /** A read at once; while one is running, another after it, because the running one may have begun too early. */
  soon(): void {
    if (this.#sinceMs === null || this.#stopped) return;
    if (this.#running) this.#again = true;
    else void this.#read(this.#sinceMs);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #read(sinceMs: number): Promise<void> {
    const { fetchFills, overlapMs, everyMs, retryBaseMs, retryMaxMs, random, log } = this.#options;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#running = true;
    const beganMs = this.#options.now();
    let pauseMs = everyMs;
    try {
      for await (const page of fetchFills(Math.max(0, sinceMs - overlapMs))) {
        if (this.#stopped) return;
        for (const fill of page) this.#options.onFill(fill);
      }
      this.#sinceMs = beganMs;
      this.#failures = 0;
    } catch (error) {
      pauseMs = Math.min(everyMs, backoffMs(this.#failures++, retryBaseMs, retryMaxMs, random));
      log('fills could not be read; trying again', { error: String(error), pauseMs });
    }
    this.#running = false;
    const again = this.#again;
    this.#again = false;
    this.#schedule(again ? 0 : pauseMs);
  }

  #schedule(pauseMs: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => this.soon(), pauseMs);
  }
}
