import type { Count } from './count.ts';
import type { ClientOrderId, OrderId, Ticker } from './ids.ts';
import type { Price } from './price.ts';
import type { Side } from './side.ts';
import type { Timestamp } from './timestamp.ts';

export type TimeInForce = 'good-till-canceled' | 'immediate-or-cancel' | 'fill-or-kill';

/** Why an order exists; decides how the planner treats it. */
export type OrderPurpose = 'quote' | 'take' | 'exit';

export interface PlaceOrder {
  readonly type: 'order.place';
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** The exchange cancels the order here, so that a dead bot leaves nothing behind; whole seconds on the wire. */
  readonly expirationMs: Timestamp | null;
  readonly purpose: OrderPurpose;
  readonly exchangeIndex: number;
}

/** Changes price or size; keeps the place in the queue only if it does nothing but reduce. */
export interface AmendOrder {
  readonly type: 'order.amend';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  /** Total: already filled plus wanted remaining. */
  readonly totalCount: Count;
  readonly exchangeIndex: number;
}

/** Reduces the remaining count; keeps the place in the queue. */
export interface DecreaseOrder {
  readonly type: 'order.decrease';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  readonly reduceTo: Count;
  readonly exchangeIndex: number;
}

export interface CancelOrder {
  readonly type: 'order.cancel';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  readonly exchangeIndex: number;
}

/** What we tell the exchange. */
export type Command = PlaceOrder | AmendOrder | DecreaseOrder | CancelOrder;

declare const approval: unique symbol;

/** A command that risk has let pass. Only package `risk` makes one; execution ports accept nothing else. */
export type Approved<C extends Command = Command> = C & { readonly [approval]: true };

/** A command that risk refused, as data. */
export interface Refusal {
  readonly command: Command;
  /** Closed kebab-case reason, e.g. `market-cap`. */
  readonly reason: string;
  readonly value: number;
  readonly limit: number;
}
