import type {
  ClientOrderId,
  Count,
  Money,
  OrderId,
  Price,
  Side,
  Ticker,
  TimeInForce,
  Timestamp,
} from '@kalshi-mm/core';
import type { ExchangeOrder, SelfTradePrevention, UpdateReason, UserId } from './exchange-api.ts';
import type { OrderGroup } from './order-group.ts';

/** An order inside the exchange: the public record, what the ledger needs, and its links in a price level. */
export class Order implements ExchangeOrder {
  readonly orderId: OrderId;
  readonly userId: UserId;
  /** The user behind the account: orders of one user do not meet. */
  readonly ownerId: UserId;
  clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  price: Price;
  status: 'resting' | 'canceled' | 'executed' = 'resting';
  initial: Count;
  filled: Count = 0 as Count;
  remaining: Count;
  takerCost: Money = 0 as Money;
  makerCost: Money = 0 as Money;
  takerFees: Money = 0 as Money;
  makerFees: Money = 0 as Money;
  readonly createdMs: Timestamp;
  updatedMs: Timestamp;
  expirationMs: Timestamp | null;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly cancelOnPause: boolean;
  lastUpdateReason: UpdateReason | null = null;

  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly group: OrderGroup | null;
  /** Rounding accumulated over the order's fills, as maker and taker. */
  accumulatedRounding: Money = 0 as Money;
  /** Money set aside per unit of count while it rests: price paid plus the worst fee, rounded up. */
  unitReserve = 0;
  /** Time priority: larger is later. Renewed when an amend loses the place. */
  priority = 0;
  /** Recorded contracts in front of it at its price (replay only). */
  recordedAhead = 0;
  /** Parts of a unit of count that cancels have moved it forward beyond `recordedAhead` (replay only). */
  cancelParts = 0;
  previous: Order | null = null;
  next: Order | null = null;
  /** True while it is linked in a price level. */
  queued = false;

  constructor(fields: OrderFields) {
    this.orderId = fields.orderId;
    this.userId = fields.userId;
    this.ownerId = fields.ownerId;
    this.clientOrderId = fields.clientOrderId;
    this.ticker = fields.ticker;
    this.side = fields.side;
    this.price = fields.price;
    this.initial = fields.count;
    this.remaining = fields.count;
    this.createdMs = fields.nowMs;
    this.updatedMs = fields.nowMs;
    this.expirationMs = fields.expirationMs;
    this.selfTradePrevention = fields.selfTradePrevention;
    this.cancelOnPause = fields.cancelOnPause;
    this.timeInForce = fields.timeInForce;
    this.postOnly = fields.postOnly;
    this.group = fields.group;
  }

  get orderGroupId(): string | null {
    return this.group?.groupId ?? null;
  }
}

/** Whether an incoming order goes on matching: its own match may trigger its group. */
export function mayMatch(order: Order): boolean {
  return order.remaining > 0 && order.group?.triggered !== true;
}

export interface OrderFields {
  readonly orderId: OrderId;
  readonly userId: UserId;
  readonly ownerId: UserId;
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly nowMs: Timestamp;
  readonly expirationMs: Timestamp | null;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly cancelOnPause: boolean;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly group: OrderGroup | null;
}
