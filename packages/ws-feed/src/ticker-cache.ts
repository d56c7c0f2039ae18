import { Ticker } from '@kalshi-mm/core';

/** Gives the same string for the same bytes, so that a known ticker costs no allocation. ASCII only. */
export class TickerCache {
  readonly #capacity: number;
  readonly #mask: number;
  #names: (Ticker | undefined)[];
  #bytes: (Uint8Array | undefined)[];
  #size = 0;

  /** @param capacity tickers kept before the cache starts again; rounded up to a power of two */
  constructor(capacity = 4096) {
    this.#capacity = capacity;
    const slots = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = slots - 1;
    this.#names = new Array(slots).fill(undefined);
    this.#bytes = new Array(slots).fill(undefined);
  }

  /** @param hash any hash of the bytes from `start` to `end`; equal bytes must come with equal hashes */
  get(buffer: Buffer, start: number, end: number, hash: number): Ticker {
    let slot = hash & this.#mask;
    for (;;) {
      const bytes = this.#bytes[slot];
      if (bytes === undefined) return this.#insert(buffer, start, end, slot);
      if (isSame(bytes, buffer, start, end)) return this.#names[slot]!;
      slot = (slot + 1) & this.#mask;
    }
  }

  #insert(buffer: Buffer, start: number, end: number, slot: number): Ticker {
    const name = Ticker.of(buffer.toString('latin1', start, end));
    if (this.#size >= this.#capacity) {
      this.#names.fill(undefined);
      this.#bytes.fill(undefined);
      this.#size = 0;
    }
    this.#names[slot] = name;
    this.#bytes[slot] = Uint8Array.prototype.slice.call(buffer, start, end);
    this.#size++;
    return name;
  }
}

function isSame(bytes: Uint8Array, buffer: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (bytes.length !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[i] !== buffer[start + i]) return false;
  return true;
}
