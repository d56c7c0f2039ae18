import { MmError } from '@kalshi-mm/core';

/**
 * What a recorded market is taken to do to a resting order of ours: which share of a cancel at its price left the
 * queue in front of it, and whether its place in the queue counts at all.
 *
 * With `front` and `back`, the recorded contracts in front of and behind us before the cancel, the share is:
 *
 * - `through-only`: no share, and trades at our price do not fill us; the lower bound of all models
 * - `conservative`: 0, only trades advance
 * - `share`: a constant
 * - `power`: f(x) = xⁿ, n the `exponent`; 1 spreads cancels evenly over the queue. Two-sided, a larger one gathers them
 *   in the middle, a smaller one at both ends; one-sided, a larger one at the front, a smaller one at the back
 * - `log`: f(x) = log(1 + x), x in contracts
 * - `fitted`: a table by the fraction front / (front + back)
 * - `touch`: nothing is ever in front of us; the upper bound
 *
 * Whatever the model says, never more is in front of an order than the recording shows.
 */
export type QueueModel =
  | { readonly kind: 'through-only' }
  | { readonly kind: 'conservative' }
  | {
      readonly kind: 'share';
      /** 0 believes that everybody behind us canceled, 1 that everybody in front did. */
      readonly share: number;
    }
  | { readonly kind: 'power'; readonly exponent: number; readonly form?: QueueForm }
  | { readonly kind: 'log'; readonly form?: QueueForm }
  | {
      readonly kind: 'fitted';
      /** At the fractions 0, 1/n, …, 1 of the queue, straight lines between; starts with 0, ends with 1, never falls. */
      readonly sharesAhead: readonly number[];
    }
  | { readonly kind: 'touch' };

/**
 * How f makes a share: `two-sided` f(front) / (f(front) + f(back)), `one-sided` 1 − f(back) / f(front + back).
 * @default 'two-sided'
 */
export type QueueForm = 'two-sided' | 'one-sided';

/** Half of every cancel was in front of us. */
export const DEFAULT_QUEUE_MODEL: QueueModel = { kind: 'share', share: 0.5 };

/** The share of a cancel that was in front; `front` and `back` in units of 0.01 contract, `front` above 0. */
export type ShareAhead = (front: number, back: number) => number;

/** @throws MmError `queue-model` for numbers that make no model */
export function shareAhead(model: QueueModel): ShareAhead {
  switch (model.kind) {
    case 'through-only':
    case 'conservative':
    case 'touch':
      return () => 0;
    case 'share': {
      const { share } = model;
      check(share >= 0 && share <= 1, `a share lies between 0 and 1, found ${share}`);
      return () => share;
    }
    case 'power': {
      const { exponent } = model;
      check(
        exponent > 0 && exponent <= MOST_EXPONENT,
        `an exponent is above 0 and at most ${MOST_EXPONENT}, found ${exponent}`,
      );
      // Only the ratio of both counts matters; fractions of the queue keep large exponents finite.
      return ofForm(model.form, (x, total) => (x / total) ** exponent);
    }
    case 'log':
      return ofForm(model.form, (x) => Math.log1p(x / UNITS_PER_CONTRACT));
    case 'fitted':
      return ofTable(model.sharesAhead);
  }
}

function ofForm(form: QueueForm | undefined, f: (x: number, total: number) => number): ShareAhead {
  if (form === 'one-sided') {
    return (front, back) => 1 - f(back, front + back) / f(front + back, front + back);
  }
  return (front, back) => {
    const ahead = f(front, front + back);
    return ahead / (ahead + f(back, front + back));
  };
}

function ofTable(shares: readonly number[]): ShareAhead {
  const last = shares.length - 1;
  check(last >= 1 && shares[0] === 0 && shares[last] === 1, 'a fitted table starts with 0 and ends with 1');
  for (let i = 1; i <= last; i++) {
    check(shares[i]! >= shares[i - 1]! && shares[i]! <= 1, `a fitted table never falls, found ${shares[i]}`);
  }
  return (front, back) => {
    const at = (front / (front + back)) * last;
    const knot = Math.min(Math.floor(at), last - 1);
    return shares[knot]! + (at - knot) * (shares[knot + 1]! - shares[knot]!);
  };
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw new MmError('queue-model', `No queue model: ${problem}`);
}

const MOST_EXPONENT = 64;
const UNITS_PER_CONTRACT = 100;
