import { Ticker } from '@kalshi-mm/core';
import { type FrameLayout, Slot } from './frame-layout.ts';
import type { TickerCache } from './ticker-cache.ts';

/** What a scan found, by slot: numbers in core's units; 1 for `yes`, `bid` and `true`, else 0. */
export interface ScanResult {
  readonly numbers: Float64Array;
  ticker: Ticker;
  /** What the last buffer was a part of, and a view of it. */
  memory: ArrayBufferLike;
  view: DataView;
}

export function createScanResult(): ScanResult {
  const memory = new ArrayBuffer(0);
  return { numbers: new Float64Array(16), ticker: Ticker.of(''), memory, view: new DataView(memory) };
}

/**
 * Reads a frame by its layout, each byte once. False when its text is another, or a value is malformed, out of range,
 * or merely unusual (escapes, other alphabets, exponents, more decimals than the unit has): the frame then belongs to
 * the full parser.
 *
 * One long loop instead of small functions: this is the hottest code of the toolkit, and calls between its parts cost
 * more than the parts. A value that runs over the end of its frame leaves no room for the text behind it; past the end
 * of the buffer a byte is `undefined`, which no comparison here accepts.
 */
export function scanFrame(
  buffer: Buffer,
  start: number,
  end: number,
  layout: FrameLayout,
  tickers: TickerCache,
  result: ScanResult,
): boolean {
  const { texts, words, slots } = layout;
  const { numbers } = result;
  const count = slots.length;
  // Frames that came in one packet lie in one piece of memory.
  if (result.memory !== buffer.buffer) {
    result.memory = buffer.buffer;
    result.view = new DataView(buffer.buffer);
  }
  const { view } = result;
  const offset = buffer.byteOffset;
  let at = start;
  for (let i = 0; i <= count; i++) {
    const text = texts[i]!;
    const length = text.length;
    if (at + length > end) return false;
    // Four bytes at a time, then the rest.
    const fours = words[i]!;
    const whole = fours.length;
    for (let j = 0; j < whole; j++) if (view.getInt32(offset + at + 4 * j, true) !== fours[j]) return false;
    for (let j = 4 * whole; j < length; j++) if (buffer[at + j] !== text[j]) return false;
    at += length;
    if (i === count) break;
    const slot = slots[i]!;
    if (slot === Slot.ANY_TEXT) {
      while (IS_PLAIN[buffer[at]!] === 1) at++;
      if (buffer[at++] !== QUOTE) return false;
    } else if (slot === Slot.TICKER) {
      const from = at;
      let hash = 0;
      let code = buffer[at]!;
      while (IS_PLAIN[code] === 1) {
        hash = (Math.imul(hash, 31) + code) | 0;
        code = buffer[++at]!;
      }
      if (code !== QUOTE || at === from) return false;
      result.ticker = tickers.get(buffer, from, at, hash ^ (hash >>> 15));
      at++;
    } else if (slot <= Slot.LAST_WORD) {
      const first = buffer[at] === CHOICES[slot]![1]![0];
      const word = CHOICES[slot]![first ? 1 : 0]!;
      for (let j = 0; j < word.length; j++) if (buffer[at + j] !== word[j]) return false;
      at += word.length;
      numbers[slot] = first ? 1 : 0;
    } else {
      const negative = slot === Slot.DELTA && buffer[at] === MINUS;
      if (negative) at++;
      const from = at;
      let value = 0;
      let digit = buffer[at]! - ZERO;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = buffer[++at]! - ZERO;
      }
      const digits = at - from;
      if (digits === 0 || digits > MAX_DIGITS) return false;
      let missing = DECIMALS[slot]!;
      if (missing < 0) {
        if (digits > 1 && buffer[from] === ZERO) return false;
      } else {
        if (digit === DOT - ZERO) {
          const point = at;
          digit = buffer[++at]! - ZERO;
          while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = buffer[++at]! - ZERO;
          }
          const decimals = at - point - 1;
          if (decimals === 0) return false;
          missing -= decimals;
        }
        if (digits > MAX_WHOLE || missing < 0 || buffer[at++] !== QUOTE) return false;
        value *= TENS[missing]!;
        if (slot === Slot.PRICE && (value < 1 || value > 9_999)) return false;
      }
      // Not a unary minus: that makes −0 of 0.
      numbers[slot] = negative ? 0 - value : value;
    }
  }
  return at === end;
}

const QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const BACKSLASH = 92;
/** Digits of an integer, and before the point of a decimal, that are exact in a number with the decimals behind. */
const MAX_DIGITS = 15;
const MAX_WHOLE = 11;
const TENS = [1, 10, 100, 1_000, 10_000];
/** Decimals of the unit of a quoted number; −1 for a bare integer. */
const DECIMALS = new Int8Array(16).fill(-1);
DECIMALS[Slot.PRICE] = 4;
DECIMALS[Slot.DELTA] = 2;
DECIMALS[Slot.COUNT] = 2;

const YES_NO = ['no"', 'yes"'];
const ASK_BID = ['ask"', 'bid"'];
const FALSE_TRUE = ['false', 'true'];
/** The two words of a slot, for 0 and 1; they differ in the first letter. */
const CHOICES: readonly (readonly Uint8Array[])[] = [
  [Slot.OUTCOME, YES_NO],
  [Slot.OUTCOME_SIDE, YES_NO],
  [Slot.TAKER_SIDE, YES_NO],
  [Slot.BOOK_SIDE, ASK_BID],
  [Slot.BLOCK, FALSE_TRUE],
  [Slot.ANY_BOOLEAN, FALSE_TRUE],
].reduce<Uint8Array[][]>((table, [slot, words]) => {
  table[slot as number] = (words as string[]).map((word) => Buffer.from(word));
  return table;
}, []);

/** 1 for printable ASCII that may stand in a JSON text as it is. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 32 && code < 127 && code !== QUOTE && code !== BACKSLASH ? 1 : 0,
);
