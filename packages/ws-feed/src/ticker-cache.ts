import { Ticker } from '@kalshi-mm/core';

/** Names of these lengths are kept; no market has had a shorter or a longer one. */
const MIN_BYTES = 8;
const MAX_BYTES = 64;
const EIGHTS = MAX_BYTES / 8;

/** Gives the same string for the same bytes, so that a known ticker costs no allocation. ASCII only. */
export class TickerCache {
  readonly #canonical: (ticker: Ticker) => Ticker;
  readonly #capacity: number;
  readonly #mask: number;
  readonly #names: (Ticker | undefined)[];
  /** By slot, so many doubles: the bytes of the name, eight a number; the last number are its last eight bytes. */
  readonly #bytes: Float64Array;
  #size = 0;

  /**
   * @param canonical the string that others have for the same ticker: maps find a key faster when it is the very same
   * @param capacity tickers kept before the cache starts again; rounded up to a power of two
   */
  constructor(canonical: (ticker: Ticker) => Ticker, capacity = 4096) {
    this.#canonical = canonical;
    this.#capacity = capacity;
    const slots = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = slots - 1;
    this.#names = new Array(slots).fill(undefined);
    this.#bytes = new Float64Array(slots * EIGHTS);
  }

  /**
   * @param view of the same bytes
   * @param hash any hash of the bytes from `start` to `end`; equal bytes must come with equal hashes
   */
  get(bytes: Buffer, view: DataView, start: number, end: number, hash: number): Ticker {
    const length = end - start;
    if (length < MIN_BYTES || length > MAX_BYTES) return tickerOf(bytes, start, end);
    let slot = hash & this.#mask;
    for (;;) {
      const name = this.#names[slot];
      if (name === undefined) return this.#insert(bytes, view, start, end, slot);
      if (name.length === length && this.#isSame(slot * EIGHTS, view, start, end)) return name;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Doubles of ASCII are equal when their bytes are, and only then. */
  #isSame(slot: number, view: DataView, start: number, end: number): boolean {
    let i = slot;
    for (let at = start; at < end - 8; at += 8) {
      if (view.getFloat64(at, true) !== this.#bytes[i++]) return false;
    }
    return view.getFloat64(end - 8, true) === this.#bytes[i];
  }

  #insert(bytes: Buffer, view: DataView, start: number, end: number, slot: number): Ticker {
    if (this.#size >= this.#capacity) {
      this.#names.fill(undefined);
      this.#size = 0;
    }
    const name = this.#canonical(tickerOf(bytes, start, end));
    this.#names[slot] = name;
    this.#size++;
    let i = slot * EIGHTS;
    for (let at = start; at < end - 8; at += 8) this.#bytes[i++] = view.getFloat64(at, true);
    this.#bytes[i] = view.getFloat64(end - 8, true);
    return name;
  }
}

function tickerOf(bytes: Buffer, start: number, end: number): Ticker {
  return Ticker.of(bytes.toString('latin1', start, end));
}
