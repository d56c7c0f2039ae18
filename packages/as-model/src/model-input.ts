/** Checks shared by the formulas. Every function throws RangeError naming the function and the field. */

/** Throws unless `value` is a finite number. */
export function requireFinite(where: string, name: string, value: number): void {
  if (!Number.isFinite(value)) throw inputError(where, name, value, 'a finite number');
}

/** Throws unless `value` is finite and >= 0. */
export function requireNonNegative(where: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw inputError(where, name, value, 'a finite number >= 0');
}

/** Throws unless `value` is finite and > 0. */
export function requirePositive(where: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) throw inputError(where, name, value, 'a finite number > 0');
}

/** Throws unless `value` lies in 0..1, both ends included. */
export function requireFraction(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw inputError(where, name, value, 'a fraction from 0 to 1');
}

/** The error of all checks: which function, which field, what it was, what it should have been. */
export function inputError(where: string, name: string, value: unknown, expected: string): RangeError {
  return new RangeError(
    `${where}: ${name} is ${String(value)}, expected ${expected}. Do not quote until the source of ${name} is corrected.`,
  );
}
