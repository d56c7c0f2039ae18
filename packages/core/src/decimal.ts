import { WireError } from './errors.ts';

/**
 * Reads a decimal string as an integer number of `10^-digits` units, without passing through a binary float.
 * Further fraction digits are accepted only if they are zeros, so nothing is ever rounded.
 *
 * @param path names the field in the error message
 * @throws WireError if the text is not a plain decimal, is finer than the unit, or exceeds the safe integers
 * @example parseDecimal('0.5200', 4, 'price') // 5200
 */
export function parseDecimal(text: unknown, digits: number, path = 'value'): number {
  if (typeof text !== 'string') throw new WireError(path, 'a decimal string', text);
  const length = text.length;
  let at = 0;
  const negative = text.charCodeAt(0) === MINUS;
  if (negative) at = 1;
  if (at === length || text.charCodeAt(at) === DOT) throw new WireError(path, 'a decimal string', text);
  let value = 0;
  let fraction = -1;
  for (; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (fraction >= 0) throw new WireError(path, 'a decimal string', text);
      fraction = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9) throw new WireError(path, 'a decimal string', text);
    if (fraction >= digits) {
      if (digit !== 0) throw new WireError(path, `at most ${digits} decimals`, text);
      continue;
    }
    value = value * 10 + digit;
    if (fraction >= 0) fraction++;
  }
  if (text.charCodeAt(length - 1) === DOT) throw new WireError(path, 'a decimal string', text);
  for (let i = Math.max(fraction, 0); i < digits; i++) value *= 10;
  if (!Number.isSafeInteger(value)) throw new WireError(path, 'a number that fits the unit', text);
  return negative && value !== 0 ? -value : value;
}

/**
 * Prints an integer number of `10^-digits` units with exactly `digits` decimals.
 *
 * @example formatDecimal(5200, 4) // '0.5200'
 */
export function formatDecimal(value: number, digits: number): string {
  if (!Number.isSafeInteger(value)) throw new WireError('value', 'a safe integer', value);
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  const cut = text.length - digits;
  const sign = value < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, cut)}.${text.slice(cut)}`;
}

const MINUS = 45;
const DOT = 46;
const ZERO = 48;
