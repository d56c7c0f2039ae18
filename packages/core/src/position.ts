import type { Brand } from './brand.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { WireError } from './errors.ts';

/** Net holding in one market in units of 0.01 contract: positive holds YES, negative holds NO. */
export type Position = Brand<number, 'Position'>;

export const Position = {
  FLAT: 0 as Position,
  of(units: number, path = 'position'): Position {
    if (!Number.isSafeInteger(units)) throw new WireError(path, 'a safe integer', units);
    return units as Position;
  },
  parse(text: unknown, path = 'position'): Position {
    return parseDecimal(text, 2, path) as Position;
  },
  format(position: Position): string {
    return formatDecimal(position, 2);
  },
  toContracts(position: Position): number {
    return position / 100;
  },
} as const;
