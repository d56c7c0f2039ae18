import type { ClientOrderId, Ticker } from '@kalshi-mm/core';
import type { ExchangeFill, ExchangeSettlement, UserId } from './exchange-api.ts';
import { Holding } from './holding.ts';
import type { Order } from './order.ts';

/** One user's money and belongings. */
export class Account {
  readonly userId: UserId;
  /** All cash, what resting orders hold back included. */
  cash: number;
  /** What resting orders hold back. */
  reserved = 0;
  readonly holdings = new Map<Ticker, Holding>();
  /** House accounts belong to the simulation: no history, no private outputs. */
  readonly house: boolean;
  readonly orders: Order[] = [];
  readonly fills: ExchangeFill[] = [];
  readonly settlements: ExchangeSettlement[] = [];
  readonly clientOrderIds = new Set<ClientOrderId>();

  constructor(userId: UserId, cash: number, house: boolean) {
    this.userId = userId;
    this.cash = cash;
    this.house = house;
  }

  get free(): number {
    return this.cash - this.reserved;
  }

  holding(ticker: Ticker): Holding {
    let holding = this.holdings.get(ticker);
    if (holding === undefined) {
      holding = new Holding(ticker);
      this.holdings.set(ticker, holding);
    }
    return holding;
  }

  /** Brings the money held back into line after a change in this holding. */
  refresh(holding: Holding): void {
    this.reserved += holding.refresh();
  }
}
