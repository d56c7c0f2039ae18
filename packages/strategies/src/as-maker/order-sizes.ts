import { Count, type Position } from '@kalshi-mm/core';

export interface OrderSizesInput {
  readonly position: Position;
  /** Limit of |position| here and now, extreme factor included. */
  readonly limit: Count;
  /** Largest size of one order. */
  readonly orderSize: Count;
  /** Share of the limit that quotes leave free. */
  readonly buffer: number;
  readonly wholeContracts: boolean;
  /** Sides that may add to the position; a side that reduces it is always allowed. */
  readonly sides: { readonly bid: boolean; readonly ask: boolean };
}

export interface OrderSizes {
  readonly bid: Count;
  readonly ask: Count;
}

/**
 * Sizes by remaining capacity: a bid may take the position up to limit − buffer, an ask down to −(limit − buffer).
 * Long, that means smaller bids and full-size asks; short, the reverse. A position beyond the limit may only be
 * reduced. Sizes are floored to whole contracts where wanted, except that a broken rest can still be closed.
 */
export function orderSizes(input: OrderSizesInput): OrderSizes {
  const held = input.position;
  const room = input.limit - Math.ceil(input.limit * input.buffer - 1e-9);
  return {
    bid: sideSize(input, room - held, Math.max(0, -held), input.sides.bid),
    ask: sideSize(input, room + held, Math.max(0, held), input.sides.ask),
  };
}

/** @param capacity what the limit leaves on this side; @param reducing what would close the position */
function sideSize(input: OrderSizesInput, capacity: number, reducing: number, mayAdd: boolean): Count {
  const most = Math.min(input.orderSize, mayAdd ? Math.max(capacity, reducing) : reducing);
  if (most <= 0) return Count.ZERO;
  const whole = input.wholeContracts ? most - (most % Count.ONE) : most;
  return Count.of(whole > 0 ? whole : Math.min(most, reducing));
}
