import type { Count, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { TickerCache } from './ticker-cache.ts';

/**
 * Reads the values of a frame from its bytes. A text starts after its opening quote and is read with its closing one.
 * A value that is malformed, out of range, or merely unusual (escapes, other alphabets, exponents, more decimals than
 * the unit has) makes `isDone` false for good: the frame then belongs to the full parser.
 */
export class ByteCursor {
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #ok = true;
  readonly #tickers = new TickerCache();

  reset(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#at = 0;
    this.#ok = true;
  }

  /** Everything was read to the last byte, and every value was good. */
  get isDone(): boolean {
    return this.#ok && this.#at === this.#buffer.length;
  }

  /** Steps over `text`; false if something else is there or an earlier value was bad. */
  pass(text: Uint8Array): boolean {
    const buffer = this.#buffer;
    const at = this.#at;
    const length = text.length;
    if (at + length > buffer.length) return false;
    for (let i = 0; i < length; i++) if (buffer[at + i] !== text[i]) return false;
    this.#at = at + length;
    return this.#ok;
  }

  skipText(): void {
    const buffer = this.#buffer;
    const length = buffer.length;
    let at = this.#at;
    while (at < length && IS_PLAIN[buffer[at]!] === 1) at++;
    this.#close(at);
  }

  /** A non-negative integer of at most 15 digits, as JSON writes it. */
  integer(): number {
    const buffer = this.#buffer;
    const length = buffer.length;
    const start = this.#at;
    let at = start;
    let value = 0;
    while (at < length) {
      const digit = buffer[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    const digits = at - start;
    if (digits === 0 || digits > 15 || (digits > 1 && buffer[start] === ZERO)) this.#ok = false;
    this.#at = at;
    return value;
  }

  time(): Timestamp {
    return this.integer() as Timestamp;
  }

  /** A tradable price, in units of 0.0001 dollar. */
  price(): Price {
    const units = this.#decimal(4);
    if (units < 1 || units > 9_999) this.#ok = false;
    return units as Price;
  }

  /** A count, in units of 0.01 contract. */
  count(): Count {
    return this.#decimal(2) as Count;
  }

  /** A signed count, in units of 0.01 contract. */
  signedCount(): number {
    if (this.#buffer[this.#at] !== MINUS) return this.#decimal(2);
    this.#at++;
    // Not a unary minus: that makes −0 of 0.
    return 0 - this.#decimal(2);
  }

  /** A market ticker; no new string for one seen before. */
  ticker(): Ticker {
    const buffer = this.#buffer;
    const length = buffer.length;
    const start = this.#at;
    let at = start;
    let hash = 0;
    while (at < length) {
      const code = buffer[at]!;
      if (IS_PLAIN[code] !== 1) break;
      hash = (Math.imul(hash, 31) + code) | 0;
      at++;
    }
    this.#close(at);
    if (!this.#ok || at === start) {
      this.#ok = false;
      return '' as Ticker;
    }
    return this.#tickers.get(buffer, start, at, hash ^ (hash >>> 15));
  }

  /** `yes` (true) or `no` (false). */
  outcome(): boolean {
    const yes = this.#buffer[this.#at] === YES[0];
    this.#word(yes ? YES : NO);
    return yes;
  }

  /** `bid` (true) or `ask` (false). */
  bookSide(): boolean {
    const bid = this.#buffer[this.#at] === BID[0];
    this.#word(bid ? BID : ASK);
    return bid;
  }

  boolean(): boolean {
    const yes = this.#buffer[this.#at] === TRUE[0];
    this.#word(yes ? TRUE : FALSE);
    return yes;
  }

  #word(word: Uint8Array): void {
    if (!this.pass(word)) this.#ok = false;
  }

  #close(at: number): void {
    if (this.#buffer[at] !== QUOTE) this.#ok = false;
    this.#at = at + 1;
  }

  /** Digits with at most `digits` decimals, at most 12 before the point. */
  #decimal(digits: number): number {
    const buffer = this.#buffer;
    const length = buffer.length;
    const start = this.#at;
    let at = start;
    let point = -1;
    let value = 0;
    while (at < length) {
      const code = buffer[at]!;
      const digit = code - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (code === DOT && point < 0) point = at;
      else break;
      at++;
    }
    let missing = digits;
    if (point >= 0) missing -= at - point - 1;
    const whole = (point < 0 ? at : point) - start;
    // "5." and ".5" are not decimals; finer digits, even zeros, are left to the full parser.
    if (whole === 0 || whole > 12 || missing < 0 || point === at - 1) this.#ok = false;
    for (; missing > 0; missing--) value *= 10;
    this.#close(at);
    return value;
  }
}

const QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const BACKSLASH = 92;
/** 1 for printable ASCII that may stand in a JSON text as it is. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 32 && code < 127 && code !== QUOTE && code !== BACKSLASH ? 1 : 0,
);
const YES = Buffer.from('yes"');
const NO = Buffer.from('no"');
const BID = Buffer.from('bid"');
const ASK = Buffer.from('ask"');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
