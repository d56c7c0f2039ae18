import type {
  BookView,
  ClientOrderId,
  Count,
  FeeSchedule,
  FillId,
  LiquidityRole,
  Market,
  MarketResult,
  Money,
  OrderId,
  Position,
  Price,
  Side,
  Ticker,
  TimeInForce,
  Timestamp,
} from '@kalshi-mm/core';
import type { IncentiveReads } from './incentives/incentive-api.ts';
import type { OrderGroupDesk, OrderGroupId, OrderGroupOutput } from './order-group-api.ts';
import type { CashOutput, ShardDesk, ShardFunding } from './shard-api.ts';
import type { SubaccountDesk } from './subaccount-api.ts';

export type * from './incentives/incentive-api.ts';
export type * from './order-group-api.ts';
export type * from './shard-api.ts';
export type * from './subaccount-api.ts';

/** An account on the exchange: a user's primary one, or a subaccount (see `Subaccount`). */
export type UserId = string;

export type SelfTradePrevention = 'taker-at-cross' | 'maker';

/** Error codes, as the wire spells them. */
export type ExchangeErrorCode =
  | 'insufficient_balance'
  | 'invalid_price'
  | 'invalid_order'
  | 'invalid_parameters'
  | 'market_inactive'
  | 'market_not_found'
  | 'not_found'
  | 'user_not_found'
  | 'order_already_exists'
  | 'transfer_already_exists'
  | 'fill_or_kill_insufficient_resting_volume'
  | 'trading_is_paused'
  | 'exchange_is_paused';

export interface ExchangeError {
  readonly code: ExchangeErrorCode;
  /** E.g. `post only cross`. */
  readonly details?: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ExchangeError };

export interface OrderRequest {
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly timeInForce: TimeInForce;
  readonly selfTradePrevention: SelfTradePrevention;
  /** Null: the exchange makes one up. */
  readonly clientOrderId: ClientOrderId | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly cancelOnPause: boolean;
  readonly expirationMs: Timestamp | null;
  /** The order group that it joins; it must be the user's, on the market's shard. @default null */
  readonly orderGroupId?: OrderGroupId | null;
}

/** Values of `last_update_reason` on the wire. */
export type UpdateReason =
  | 'Decrease'
  | 'Amend'
  | 'SelfTradeCancel'
  | 'ExpiryCancel'
  | 'CloseCancel'
  | 'HaltCancel'
  | 'Trade'
  | 'PostOnlyCrossCancel'
  | 'ReduceOnlyCancel';

/** An order as the exchange keeps it. Read-only to callers, live: it changes as the order does. */
export interface ExchangeOrder {
  readonly orderId: OrderId;
  readonly userId: UserId;
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly status: 'resting' | 'canceled' | 'executed';
  readonly initial: Count;
  readonly filled: Count;
  readonly remaining: Count;
  readonly takerCost: Money;
  readonly makerCost: Money;
  readonly takerFees: Money;
  readonly makerFees: Money;
  readonly createdMs: Timestamp;
  readonly updatedMs: Timestamp;
  readonly expirationMs: Timestamp | null;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly cancelOnPause: boolean;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly orderGroupId: OrderGroupId | null;
  readonly lastUpdateReason: UpdateReason | null;
}

export interface ExchangeFill {
  /** Also the trade id; both parties share it. */
  readonly fillId: FillId;
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly userId: UserId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly role: LiquidityRole;
  readonly fee: Money;
  readonly atMs: Timestamp;
  readonly positionAfter: Position;
  /**
   * Why a resting order matched in replay: the queue ahead of it was used up, a trade or order came through its
   * price, or (synthetic world, taker) an ordinary match.
   */
  readonly cause: 'match' | 'queue' | 'through';
}

export interface ExchangePosition {
  readonly ticker: Ticker;
  readonly position: Position;
  /** Cost of the open position: what it would lose at worst. */
  readonly exposure: Money;
  readonly totalTraded: Money;
  readonly realizedPnl: Money;
  readonly feesPaid: Money;
  readonly updatedMs: Timestamp;
}

export interface ExchangeSettlement {
  readonly ticker: Ticker;
  readonly result: MarketResult;
  readonly position: Position;
  readonly settlementPrice: Price;
  readonly revenue: Money;
  readonly atMs: Timestamp;
}

export interface PublicTrade {
  readonly tradeId: FillId;
  readonly ticker: Ticker;
  readonly price: Price;
  readonly count: Count;
  readonly takerSide: Side;
  readonly atMs: Timestamp;
}

/** Listing figures that move with trading. */
export interface MarketStatistics {
  readonly lastPrice: Price | null;
  readonly volume: Count;
  readonly volume24h: Count;
  readonly openInterest: Count;
}

/** Everything that the exchange tells, in the order in which it happened; the feed and the venue are made of it. */
export type ExchangeOutput =
  | {
      readonly type: 'book.changed';
      readonly ticker: Ticker;
      readonly side: Side;
      readonly price: Price;
      readonly delta: number;
      readonly atMs: Timestamp;
      /** Set when one of a user's own orders caused it. */
      readonly userId: UserId | null;
      readonly clientOrderId: ClientOrderId | null;
    }
  /** The whole book is new (a recorded snapshot, a reactivation): read it with `book(ticker)`. */
  | { readonly type: 'book.replaced'; readonly ticker: Ticker; readonly atMs: Timestamp }
  | { readonly type: 'trade'; readonly trade: PublicTrade }
  | { readonly type: 'order'; readonly order: ExchangeOrder; readonly atMs: Timestamp }
  | { readonly type: 'fill'; readonly fill: ExchangeFill }
  | {
      readonly type: 'position';
      readonly userId: UserId;
      readonly position: ExchangePosition;
      readonly atMs: Timestamp;
    }
  | {
      readonly type: 'market';
      readonly change:
        | 'created'
        | 'activated'
        | 'deactivated'
        | 'closed'
        | 'determined'
        | 'settled'
        | 'close-date'
        | 'metadata'
        /** The result is challenged; nothing is paid until it is determined anew. */
        | 'disputed'
        /** Determined anew; the settlement timer starts again. */
        | 'amended'
        /** Charged from now on; see also `event-fees`. */
        | 'fees'
        /** Other prices are allowed from now on (`price_level_structure_updated`). */
        | 'grid';
      readonly market: Market;
      readonly atMs: Timestamp;
    }
  | { readonly type: 'settlement'; readonly userId: UserId; readonly settlement: ExchangeSettlement }
  /** The fees of a whole event are overridden, or (null) those of its series hold again. */
  | {
      readonly type: 'event-fees';
      readonly eventTicker: string;
      readonly fees: FeeSchedule | null;
      readonly atMs: Timestamp;
    }
  | OrderGroupOutput
  | CashOutput;

export interface PlacedOrder {
  readonly order: ExchangeOrder;
  readonly fills: readonly ExchangeFill[];
}

/**
 * The exchange as a pure state machine. Time moves only through `advanceTo`; identical calls give identical
 * outputs and identical ids. Every method answers at once; latency is somebody else's business.
 */
export interface Exchange extends OrderGroupDesk, ShardDesk, SubaccountDesk, IncentiveReads {
  readonly nowMs: Timestamp;
  /** Moves the clock: expiries, opens, closes, determinations, settlements, and whatever drives the markets, in time order. */
  advanceTo(atMs: Timestamp): void;

  /**
   * Opens an account. An amount is one pool of money that every shard draws on; a list funds the named shards, and
   * the others do not know the user (`user_not_found`) until `transferCash` provisions them.
   */
  addUser(userId: UserId, cash: Money | readonly ShardFunding[]): void;
  place(userId: UserId, request: OrderRequest): Result<PlacedOrder>;
  /** `reducedBy` is what was resting. */
  cancel(
    userId: UserId,
    orderId: OrderId,
  ): Result<{ readonly order: ExchangeOrder; readonly reducedBy: Count }>;
  /** `totalCount` counts what has been filled already. */
  amend(
    userId: UserId,
    orderId: OrderId,
    change: {
      readonly side: Side;
      readonly price: Price;
      readonly totalCount: Count;
      readonly clientOrderId: ClientOrderId | null;
      /** Omitted: stays as it is. Null: none from now on. */
      readonly expirationMs?: Timestamp | null;
    },
  ): Result<PlacedOrder>;
  decrease(userId: UserId, orderId: OrderId, reduceTo: Count): Result<ExchangeOrder>;
  cancelAll(userId: UserId): readonly ExchangeOrder[];

  /** Trading pause of the whole exchange, or of one shard. */
  setTradingActive(active: boolean, exchangeIndex?: number): void;
  /** Of the exchange as a whole; `shards()` has each shard's. */
  readonly tradingActive: boolean;

  markets(): readonly Market[];
  market(ticker: Ticker): Market | null;
  statistics(ticker: Ticker): MarketStatistics;
  /** Fees that override those of an event's markets at present; null: none do. */
  eventFees(eventTicker: string): FeeSchedule | null;
  /** What the public sees, our resting orders included. */
  book(ticker: Ticker): BookView;
  /** Newest first. */
  trades(ticker: Ticker | null): readonly PublicTrade[];
  order(userId: UserId, orderId: OrderId): ExchangeOrder | null;
  /** Oldest first. */
  orders(userId: UserId): readonly ExchangeOrder[];
  /** Oldest first. */
  fills(userId: UserId): readonly ExchangeFill[];
  positions(userId: UserId): readonly ExchangePosition[];
  settlements(userId: UserId): readonly ExchangeSettlement[];
  /** Contracts ahead of a resting order at its price. */
  queueAhead(orderId: OrderId): Count;
  /**
   * Free cash (collateral of resting orders taken off) and that collateral, on one shard or, without
   * `exchangeIndex`, on all together; null for a user who is unknown, or was never funded there.
   */
  balance(userId: UserId, exchangeIndex?: number): { readonly cash: Money; readonly reserved: Money } | null;
}
