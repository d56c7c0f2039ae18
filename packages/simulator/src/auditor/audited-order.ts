import {
  type Count,
  chargeFill,
  type FeeRounding,
  type FeeSchedule,
  type Market,
  Money,
  type OrderId,
  type Price,
  Side,
  type Ticker,
} from '@kalshi-mm/core';
import type { ExchangeFill, ExchangeOrder } from '../exchange-api.ts';
import type { Compare } from './compare.ts';

/** An order as its stream tells it: what was wished, less what fills took. */
export class AuditedOrder {
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly postOnly: boolean;
  readonly groupId: string | null;
  price: Price;
  initial: number;
  remaining: number;
  filled = 0;
  status: ExchangeOrder['status'] = 'resting';
  makerCost = 0;
  takerCost = 0;
  makerFees = 0;
  takerFees = 0;
  /** Place in time; renewed when an amend loses it. */
  sequence: number;
  #accumulated: Money = Money.ZERO;

  constructor(order: ExchangeOrder, sequence: number) {
    this.orderId = order.orderId;
    this.ticker = order.ticker;
    this.side = order.side;
    this.postOnly = order.postOnly;
    this.groupId = order.orderGroupId;
    this.price = order.price;
    this.initial = order.initial;
    this.remaining = order.initial;
    this.sequence = sequence;
  }

  /** Books a fill. @returns the fee that it should have been charged */
  fill(fill: ExchangeFill, market: Market, rounding: FeeRounding, compare: Compare): number {
    const { price, count, role, side } = fill;
    const where = `fill ${fill.fillId} of order ${fill.orderId}`;
    compare(`${where}: side`, this.side, side);
    compare(`${where}: within the limit`, true, side === 'bid' ? price <= this.price : price >= this.price);
    compare(`${where}: within what remains`, true, count > 0 && count <= this.remaining);
    compare(`${where}: order is open`, 'resting', this.status);
    const charge = chargeFill(market.fees, role, side, price, count, this.#accumulated, rounding);
    this.#accumulated = charge.accumulated;
    compare(`${where}: fee`, charge.fee, fill.fee);
    this.filled += count;
    this.remaining -= count;
    if (this.remaining === 0) this.status = 'executed';
    const cost = Side.cost(side, price) * count;
    if (role === 'maker') {
      this.makerCost += cost;
      this.makerFees += charge.fee;
    } else {
      this.takerCost += cost;
      this.takerFees += charge.fee;
    }
    return charge.fee;
  }

  /** Takes a new statement about the order: what may change changes, the rest must agree. */
  restate(order: ExchangeOrder, nextSequence: () => number, compare: Compare): void {
    const where = `order ${order.orderId}`;
    if (order.status === 'canceled') {
      compare(`${where}: was open before its cancel`, 'resting', this.status);
      this.status = 'canceled';
      this.remaining = 0;
    } else if (order.lastUpdateReason === 'Amend' && this.status === 'resting') {
      const remaining = order.initial - this.filled;
      if (order.price !== this.price || remaining > this.remaining) this.sequence = nextSequence();
      this.price = order.price;
      this.initial = order.initial;
      this.remaining = remaining;
    } else if (order.lastUpdateReason === 'Decrease' && this.status === 'resting') {
      compare(`${where}: decrease leaves less`, true, order.remaining <= this.remaining);
      this.remaining = order.remaining;
    }
    this.compareWith(order, compare);
  }

  compareWith(order: ExchangeOrder, compare: Compare): void {
    const where = `order ${order.orderId}`;
    compare(`${where}: status`, this.status, order.status);
    compare(`${where}: price`, this.price, order.price);
    compare(`${where}: initial count`, this.initial, order.initial);
    compare(`${where}: filled count`, this.filled, order.filled);
    compare(`${where}: remaining count`, this.remaining, order.remaining);
    compare(`${where}: maker cost`, this.makerCost, order.makerCost);
    compare(`${where}: taker cost`, this.takerCost, order.takerCost);
    compare(`${where}: maker fees`, this.makerFees, order.makerFees);
    compare(`${where}: taker fees`, this.takerFees, order.takerFees);
  }

  /** What one unit of count should hold back: the price paid and the worst fee, by the fees of now. */
  unitReserve(fees: FeeSchedule): number {
    const { side, postOnly } = this;
    const { tradeFee } = chargeFill(
      fees,
      postOnly ? 'maker' : 'taker',
      side,
      this.price,
      1 as Count,
      Money.ZERO,
      TO_THE_UNIT,
    );
    return Side.cost(side, this.price) + tradeFee;
  }
}

const TO_THE_UNIT: FeeRounding = {
  tradeFeeQuantum: 1 as Money,
  balancePrecision: 1 as Money,
  rebateQuantum: 1 as Money,
};
