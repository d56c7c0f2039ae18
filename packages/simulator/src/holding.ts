import { Money, type Position, Price, type Side, type Ticker, type Timestamp } from '@kalshi-mm/core';
import type { Purse } from './account.ts';
import type { ExchangePosition } from './exchange-api.ts';
import type { Order } from './order.ts';
import { SideOrders } from './side-orders.ts';

/**
 * What one account has in one market: the netted position with its cost, and the resting orders with the money
 * that they hold back. YES and NO are one signed number; only orders beyond the position need collateral.
 */
export class Holding {
  readonly ticker: Ticker;
  /** Where its money lies. */
  readonly purse: Purse;
  position = 0;
  /** Premium paid for the open position. */
  cost = 0;
  totalTraded = 0;
  realizedPnl = 0;
  feesPaid = 0;
  updatedMs = 0;
  readonly bids = new SideOrders('bid');
  readonly asks = new SideOrders('ask');
  /** Money that resting orders hold back now; see `refresh`. */
  reserved = 0;
  #bidCount = 0;
  #askCount = 0;
  #bidGross = 0;
  #askGross = 0;

  constructor(ticker: Ticker, purse: Purse) {
    this.ticker = ticker;
    this.purse = purse;
  }

  /** Books a match into position, cost and PnL. @returns the change of cash, fees aside */
  fill(side: Side, price: number, count: number): number {
    const sign = side === 'bid' ? 1 : -1;
    const cost = side === 'bid' ? price : Price.ONE - price;
    const held = Math.abs(this.position);
    const closing = this.position * sign < 0 ? Math.min(count, held) : 0;
    const opening = count - closing;
    const proceeds = (Price.ONE - cost) * closing;
    const spent = cost * opening;
    if (closing > 0) {
      const released = shareOf(this.cost, closing, held);
      this.cost -= released;
      this.realizedPnl += proceeds - released;
    }
    this.cost += spent;
    this.position += sign * count;
    this.totalTraded += cost * count;
    return proceeds - spent;
  }

  /** Pays the position out. @returns what it is worth */
  settle(price: number): number {
    const worth = this.position > 0 ? this.position * price : -this.position * (Price.ONE - price);
    this.realizedPnl += worth - this.cost;
    this.cost = 0;
    this.position = 0;
    return worth;
  }

  /** Takes an order into the resting ones. */
  addOrder(order: Order): void {
    this.#orders(order.side).add(order);
    this.#adjust(order, order.remaining);
  }

  removeOrder(order: Order): void {
    if (this.#orders(order.side).remove(order)) this.#adjust(order, -order.remaining);
  }

  /** To be called just before a resting order's remaining count falls by `by`. */
  reduceOrder(order: Order, by: number): void {
    this.#adjust(order, -by);
  }

  /** Lets a resting order hold back another amount per unit of count; it stays in its place. */
  changeReserve(order: Order, unitReserve: number): void {
    this.#adjust(order, -order.remaining);
    order.unitReserve = unitReserve;
    this.#adjust(order, order.remaining);
  }

  /** Brings the money held back into line after a change of orders or position. */
  refresh(): void {
    const now = this.#reserve('bid') + this.#reserve('ask');
    this.purse.reserved += now - this.reserved;
    this.reserved = now;
  }

  /** What resting orders would hold back if this one rested too, less what they hold back now. */
  extraReserve(side: Side, price: number, count: number, unitReserve: number): number {
    const other = this.#reserve(side === 'bid' ? 'ask' : 'bid');
    return this.#reserveWith(side, price, count, unitReserve) + other - this.reserved;
  }

  /** What the resting orders of a side would hold back if none of them closed the position. */
  gross(side: Side): number {
    return side === 'bid' ? this.#bidGross : this.#askGross;
  }

  snapshot(): ExchangePosition {
    return {
      ticker: this.ticker,
      position: this.position as Position,
      exposure: this.cost as Money,
      totalTraded: Money.of(this.totalTraded),
      realizedPnl: Money.of(this.realizedPnl),
      feesPaid: Money.of(this.feesPaid),
      updatedMs: this.updatedMs as Timestamp,
    };
  }

  #orders(side: Side): SideOrders {
    return side === 'bid' ? this.bids : this.asks;
  }

  #adjust(order: Order, count: number): void {
    if (order.side === 'bid') {
      this.#bidCount += count;
      this.#bidGross += count * order.unitReserve;
    } else {
      this.#askCount += count;
      this.#askGross += count * order.unitReserve;
    }
  }

  /** Contracts of the position that an order of this side would close. */
  #closable(side: Side): number {
    return Math.max(0, side === 'bid' ? -this.position : this.position);
  }

  #reserve(side: Side): number {
    let closable = this.#closable(side);
    if (closable === 0) return this.gross(side);
    if ((side === 'bid' ? this.#bidCount : this.#askCount) <= closable) return 0;
    let sum = this.gross(side);
    // The best order would match first, so it is the one that closes the position.
    for (const order of this.#orders(side)) {
      if (closable === 0) break;
      const closes = Math.min(closable, order.remaining);
      closable -= closes;
      sum -= closes * order.unitReserve;
    }
    return sum;
  }

  #reserveWith(side: Side, price: number, count: number, unitReserve: number): number {
    let closable = this.#closable(side);
    const gross = this.gross(side);
    if (closable === 0) return gross + count * unitReserve;
    if ((side === 'bid' ? this.#bidCount : this.#askCount) + count <= closable) return 0;
    let sum = gross + count * unitReserve;
    let placed = false;
    const add = (contracts: number, unit: number): void => {
      const closes = Math.min(closable, contracts);
      closable -= closes;
      sum -= closes * unit;
    };
    for (const order of this.#orders(side)) {
      if (closable === 0) return sum;
      if (!placed && (side === 'bid' ? price > order.price : price < order.price)) {
        placed = true;
        add(count, unitReserve);
      }
      add(order.remaining, order.unitReserve);
    }
    if (!placed) add(count, unitReserve);
    return sum;
  }
}

/** `total × part ÷ whole`, rounded down, exact beyond 53 bits. */
function shareOf(total: number, part: number, whole: number): number {
  if (part === whole) return total;
  const product = total * part;
  if (Number.isSafeInteger(product)) return Math.floor(product / whole);
  return Number((BigInt(total) * BigInt(part)) / BigInt(whole));
}
