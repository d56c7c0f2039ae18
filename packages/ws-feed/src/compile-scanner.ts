import type { Ticker } from '@kalshi-mm/core';
import { Slot } from './frame-slot.ts';
import type { TickerCache } from './ticker-cache.ts';

/**
 * Reads a frame, each byte once, and gives its ticker. Null when its text is another, or a value is malformed, out of
 * range, or merely unusual (escapes, other alphabets, exponents, more decimals than the unit has): the frame then
 * belongs to the full parser.
 *
 * @param view of the same bytes
 * @param found receives what stands in each slot: numbers in core's units; 1 for `yes`, `bid` and `true`, else 0
 */
export type Scan = (
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  found: Float64Array,
  tickers: TickerCache,
) => Ticker | null;

/**
 * The program that reads the frames of one layout: `texts[0] slots[0] texts[1] … texts[n]`.
 *
 * Written out for the layout, because a loop over its parts takes twice the time, and this is the hottest code of the
 * toolkit. Of what came over the wire only numbers get into the program: the bytes of the texts.
 */
export function compileScanner(texts: readonly string[], slots: readonly number[]): Scan {
  const steps = texts.map((text, i) => `${expectText(text)}${i < slots.length ? readSlot(slots[i]!) : ''}`);
  const program = `'use strict';
return function scan(bytes, view, start, end, found, tickers) {
let at = start, from = 0, code = 0, value = 0, hash = 0, negative = false, ticker = null;
${steps.join('')}return at === end ? ticker : null;
};`;
  return new Function('IS_PLAIN', 'readDecimal', program)(IS_PLAIN, readDecimal) as Scan;
}

/** Eight bytes at a time as a double: two of them in ASCII are equal when their bytes are, and only then. */
function expectText(text: string): string {
  const bytes = Buffer.from(text);
  const { length } = bytes;
  const [size, method] = length >= 8 ? [8, 'Float64'] : length >= 4 ? [4, 'Int32'] : [1, 'Uint8'];
  const differs = Array.from({ length: Math.ceil(length / size) }, (_, i) => {
    const at = Math.min(i * size, length - size);
    const value = size === 8 ? bytes.readDoubleLE(at) : size === 4 ? bytes.readInt32LE(at) : bytes[at];
    return `view.get${method}(at + ${at}, true) !== ${value}`;
  });
  return `if (at + ${length} > end || ${differs.join(' || ')}) return null;
at += ${length};
`;
}

function readSlot(slot: number): string {
  if (slot === Slot.ANY_TEXT) return readText('');
  if (slot === Slot.TICKER) {
    return `hash = 0;
${readText('hash = Math.imul(hash ^ code, 0x9e3779b1); hash ^= hash >>> 15;')}
if (at - 1 === from) return null;
ticker = tickers.get(bytes, view, from, at - 1, hash);
`;
  }
  const choice = CHOICES.get(slot);
  if (choice !== undefined) {
    const [no, yes] = choice;
    return `if (bytes[at] === ${yes.charCodeAt(0)}) {
${expectText(yes)}found[${slot}] = 1;
} else {
${expectText(no)}found[${slot}] = 0;
}
`;
  }
  if (slot === Slot.PRICE) return readPrice();
  if (slot === Slot.DELTA || slot === Slot.COUNT) return readAmount(slot);
  return `${readDigits(slot === Slot.SID ? '' : FOUR_DIGITS)}
if (at === from || at - from > ${MAX_DIGITS} || (at - from > 1 && bytes[from] === ${ZERO})) return null;
found[${slot}] = value;
`;
}

/** To the closing quote and over it. Four bytes at a time are `-` to `DEL` but the backslash, as in names and times. */
function readText(perFour: string): string {
  return `from = at;
for (; at + 4 <= end; at += 4) {
code = view.getInt32(at, true);
if (((((code | ${TOPS}) - 0x2d2d2d2d) & ~code) & ~(((code ^ 0x5c5c5c5c) - 0x01010101) & ~(code ^ 0x5c5c5c5c)) & ${TOPS}) !== ${TOPS}) break;
${perFour}
}
while (at < end && IS_PLAIN[bytes[at]] === 1) at++;
if (at === end || bytes[at] !== ${QUOTE}) return null;
at++;
`;
}

function readDigits(before: string): string {
  return `from = at;
value = 0;
${before}while (at < end && (code = bytes[at] - ${ZERO}) >= 0 && code <= 9) {
value = value * 10 + code;
at++;
}`;
}

/** `"0.4700"`, or the same in another notation. */
function readPrice(): string {
  return `value = -1;
if (at + 7 <= end && bytes[at] === ${ZERO} && bytes[at + 1] === ${DOT} && bytes[at + 6] === ${QUOTE}) {
code = view.getInt32(at + 2, true) ^ ${ZEROS};
if (((code | (code + 0x76767676)) & ${TOPS}) === 0) {
code = (code * 10 + (code >>> 8)) & 0xff00ff;
value = (code & 0xff) * 100 + (code >>> 16);
at += 7;
}
}
if (value === -1) {
value = readDecimal(bytes, at, end, 4);
at = bytes.indexOf(${QUOTE}, at) + 1;
}
if (!(value >= 1 && value <= 9999)) return null;
found[${Slot.PRICE}] = value;
`;
}

/** `"12.00"`, or the same in another notation; a change may be below zero. */
function readAmount(slot: number): string {
  const sign = slot === Slot.DELTA;
  return `${sign ? `negative = bytes[at] === ${MINUS};\nif (negative) at++;\n` : ''}${readDigits('')}
if (at !== from && at - from <= ${MAX_WHOLE} && at + 4 <= end && bytes[at] === ${DOT} && bytes[at + 3] === ${QUOTE}
&& (bytes[at + 1] - ${ZERO}) >>> 0 <= 9 && (bytes[at + 2] - ${ZERO}) >>> 0 <= 9) {
value = value * 100 + (bytes[at + 1] - ${ZERO}) * 10 + bytes[at + 2] - ${ZERO};
at += 4;
} else {
value = readDecimal(bytes, from, end, 2);
if (!(value >= 0)) return null;
at = bytes.indexOf(${QUOTE}, from) + 1;
}
found[${slot}] = ${sign ? 'negative ? 0 - value : value' : 'value'};
`;
}

/** A quoted decimal in units of its last place, in any notation that is exact; NaN for all others. */
function readDecimal(bytes: Buffer, at: number, end: number, places: number): number {
  const quote = bytes.indexOf(QUOTE, at);
  if (quote < 0 || quote >= end) return Number.NaN;
  const [, whole, part = ''] = DECIMAL.exec(bytes.toString('latin1', at, quote)) ?? [];
  if (whole === undefined || part.length > places) return Number.NaN;
  return Number(whole + part.padEnd(places, '0'));
}

const QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const BACKSLASH = 92;
const TOPS = 0x80808080 | 0;
const ZEROS = 0x30303030;
/** Digits of an integer, and before the point of a decimal, that are exact in a number with the decimals behind. */
const MAX_DIGITS = 15;
const MAX_WHOLE = 11;
const DECIMAL = /^(\d{1,11})(?:\.(\d+))?$/;

/** The first of four digits is in the lowest byte; 0x76 lifts whatever is above 9 over 127. */
const FOUR_DIGITS = `for (; at + 4 <= end; at += 4) {
code = view.getInt32(at, true) ^ ${ZEROS};
if (((code | (code + 0x76767676)) & ${TOPS}) !== 0) break;
code = (code * 10 + (code >>> 8)) & 0xff00ff;
value = value * 10000 + (code & 0xff) * 100 + (code >>> 16);
}
`;

const YES_NO = ['no"', 'yes"'] as const;
/** The two words of a slot, for 0 and 1; they differ in the first letter. */
const CHOICES = new Map<number, readonly [string, string]>([
  [Slot.OUTCOME, YES_NO],
  [Slot.OUTCOME_SIDE, YES_NO],
  [Slot.TAKER_SIDE, YES_NO],
  [Slot.BOOK_SIDE, ['ask"', 'bid"']],
  [Slot.BLOCK, ['false', 'true']],
  [Slot.ANY_BOOLEAN, ['false', 'true']],
]);

/** 1 for printable ASCII that may stand in a JSON text as it is. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 32 && code < 127 && code !== QUOTE && code !== BACKSLASH ? 1 : 0,
);
