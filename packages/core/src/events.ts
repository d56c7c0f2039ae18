import type { Count } from './count.ts';
import type { LiquidityRole } from './fees.ts';
import type { ClientOrderId, FillId, OrderId, Ticker } from './ids.ts';
import type { Market, MarketActivity, MarketResult } from './market.ts';
import type { Money } from './money.ts';
import type { Position } from './position.ts';
import type { Price } from './price.ts';
import type { Side } from './side.ts';
import type { Timestamp } from './timestamp.ts';

/** Every event carries the receive time: the only time that the core knows. */
interface At {
  readonly atMs: Timestamp;
}

/** One price level; YES price on both sides. */
export interface BookLevel {
  readonly price: Price;
  readonly count: Count;
}

// Market data: the hot path. A source may reuse one object for all of them; it is valid during the call only.

export interface BookReplaced extends At {
  readonly type: 'book.replaced';
  readonly ticker: Ticker;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface BookChanged extends At {
  readonly type: 'book.changed';
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  /** Signed change of the level in units of 0.01 contract; trades are already in it. */
  readonly delta: number;
  /** Exchange clock; null when the source does not tell. */
  readonly exchangeMs: Timestamp | null;
}

export interface TradePrinted extends At {
  readonly type: 'trade.printed';
  readonly ticker: Ticker;
  readonly price: Price;
  readonly count: Count;
  /** Side of the order that took. */
  readonly takerSide: Side;
  readonly exchangeMs: Timestamp | null;
  /** The exchange's; absent when the source does not tell it. */
  readonly tradeId?: string | undefined;
}

export interface TickerChanged extends At {
  readonly type: 'ticker.changed';
  readonly ticker: Ticker;
  readonly bid: Price;
  readonly ask: Price;
  readonly lastPrice: Price | null;
  readonly volume: Count;
  readonly openInterest: Count;
}

// Markets.

export interface CatalogScanned extends At {
  readonly type: 'catalog.scanned';
  readonly markets: readonly Market[];
  readonly activity: readonly MarketActivity[];
}

/** The market trades from now on (created or opened, reactivated). */
export interface MarketOpened extends At {
  readonly type: 'market.opened';
  readonly market: Market;
}

/** Trading has stopped; `paused` may come back and then starts with an empty book. */
export interface MarketClosed extends At {
  readonly type: 'market.closed';
  readonly ticker: Ticker;
  readonly reason: 'closed' | 'paused' | 'determined';
}

export interface MarketSettled extends At {
  readonly type: 'market.settled';
  readonly ticker: Ticker;
  readonly result: MarketResult;
  /** Payout of one YES contract. */
  readonly settlementPrice: Price;
}

/** Close time, grid, strike or fees have changed; carries the whole market. */
export interface MarketChanged extends At {
  readonly type: 'market.changed';
  readonly market: Market;
}

// Own orders and account.

/** One match of one of our orders; the only authority on quantity. */
export interface Fill {
  readonly fillId: FillId;
  readonly orderId: OrderId;
  /** Absent on REST fills; joined by `orderId`. */
  readonly clientOrderId: ClientOrderId | null;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly fee: Money;
  readonly role: LiquidityRole;
  readonly exchangeMs: Timestamp;
}

/** An order as the exchange reports it. */
export interface OrderReport {
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  readonly status: 'resting' | 'canceled' | 'executed';
  readonly initial: Count;
  readonly filled: Count;
  readonly remaining: Count;
  readonly createdMs: Timestamp | null;
  readonly expirationMs: Timestamp | null;
  readonly exchangeIndex: number;
}

export interface OrderAccepted extends At {
  readonly type: 'order.accepted';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  /** What rests after the request; zero when everything matched or was canceled at once. */
  readonly remaining: Count;
  /** What the answer says has matched; the fills themselves come as `order.filled`. */
  readonly filled: Count;
}

/** Closed reasons of a definite refusal: the order does not exist. */
export type RejectReason =
  | 'post-only-cross'
  | 'insufficient-balance'
  | 'market-inactive'
  | 'market-not-found'
  | 'invalid-price'
  | 'invalid-order'
  | 'duplicate-client-order-id'
  | 'fill-or-kill-unfilled'
  | 'trading-paused'
  | 'exchange-paused'
  | 'order-group-triggered'
  | 'rate-limited'
  | 'permission-denied'
  | 'other';

export interface OrderRejected extends At {
  readonly type: 'order.rejected';
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly reason: RejectReason;
  readonly message: string;
}

/** The outcome of a request is unknown: it counts against limits until evidence resolves it. */
export interface OrderUnconfirmed extends At {
  readonly type: 'order.unconfirmed';
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly request: 'place' | 'amend' | 'decrease' | 'cancel';
  readonly message: string;
}

export interface OrderFilled extends At {
  readonly type: 'order.filled';
  readonly fill: Fill;
}

/** Price or size changed by our amend or decrease. */
export interface OrderAmended extends At {
  readonly type: 'order.amended';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  readonly price: Price;
  readonly remaining: Count;
  /** When it was done, by the exchange's clock, where the source tells: earlier matches are not in `remaining`. */
  readonly exchangeMs?: Timestamp;
}

export interface OrderCanceled extends At {
  readonly type: 'order.canceled';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  /** Kebab-case, e.g. `requested`, `close`, `pause`, `self-trade`, `order-group`. */
  readonly reason: string;
  /** What the order had matched in all, where the source tells; its fills may still be on their way. */
  readonly filled?: Count;
  /** What was left to cancel, where the source tells; the rest of the order had matched. */
  readonly canceled?: Count;
}

export interface OrderExpired extends At {
  readonly type: 'order.expired';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  /** What the order had matched in all, where the source tells; its fills may still be on their way. */
  readonly filled?: Count;
}

/** The order was not resting any more; this does not say whether it was filled. */
export interface CancelRejected extends At {
  readonly type: 'cancel.rejected';
  readonly clientOrderId: ClientOrderId;
  readonly ticker: Ticker;
  readonly reason: 'not-found' | 'market-inactive' | 'exchange-paused' | 'rate-limited' | 'other';
}

/** Result of reading our orders: at start, and to resolve unknown outcomes. */
export interface OrdersReported extends At {
  readonly type: 'orders.reported';
  readonly orders: readonly OrderReport[];
  /** True when `orders` holds every resting order of the account. */
  readonly complete: boolean;
  /** The read reflects the exchange at least as of this time. */
  readonly asOfMs: Timestamp;
}

export interface BalanceChanged extends At {
  readonly type: 'balance.changed';
  readonly balance: Money;
}

export interface PositionReported extends At {
  readonly type: 'position.reported';
  readonly ticker: Ticker;
  readonly position: Position;
  /** What the open position cost; its worst-case loss. Null when the source does not tell. */
  readonly cost: Money | null;
  readonly feesPaid: Money;
  readonly realizedPnl: Money;
}

/** The bot takes charge of a position that it found at its start: without a session it is worked out. */
export interface InventoryAdopted extends At {
  readonly type: 'inventory.adopted';
  readonly ticker: Ticker;
}

// Feeds, time, control.

export interface FeedLost extends At {
  readonly type: 'feed.lost';
  readonly reason: string;
}

export interface FeedRestored extends At {
  readonly type: 'feed.restored';
}

/** Market data comes from another source from now on; why, in words. */
export interface FeedSwitched extends At {
  readonly type: 'feed.switched';
  readonly to: 'websocket' | 'polling';
  readonly reason: string;
}

/** The book of this market is untrusted until its next `book.replaced`; null: every book. */
export interface FeedGapped extends At {
  readonly type: 'feed.gapped';
  readonly ticker: Ticker | null;
}

export interface ClockTicked extends At {
  readonly type: 'clock.ticked';
  /** Time since anything, a heartbeat included, came over the feed; null when the host has no live feed. */
  readonly feedAgeMs: number | null;
}

export interface TradingPaused extends At {
  readonly type: 'trading.paused';
  readonly reason: string;
}

export interface TradingResumed extends At {
  readonly type: 'trading.resumed';
  readonly reason: string;
}

/** No new order from now on; everything resting is canceled. */
export interface TradingStopped extends At {
  readonly type: 'trading.stopped';
  readonly reason: string;
}

// Derived by folds and sessions inside the engine.

export type Regime = 'QUIET' | 'MEAN_REVERTING' | 'TRENDING' | 'CHAOTIC' | 'NOISE' | 'UNKNOWN';

export interface VolatilityDetected extends At {
  readonly type: 'volatility.detected';
  readonly ticker: Ticker;
  /** Size of the move that triggered, in cents; null when sigma alone did. */
  readonly jumpCents: number | null;
  /** Realised volatility per observation, in dollars. */
  readonly sigma: number;
  /** 0 … 1. */
  readonly signalStrength: number;
  readonly direction: 'up' | 'down' | null;
  readonly closeMs: Timestamp;
}

export interface VolatilityEnded extends At {
  readonly type: 'volatility.ended';
  readonly ticker: Ticker;
  readonly reason: 'calm' | 'inactive' | 'untracked';
}

export interface RegimeChanged extends At {
  readonly type: 'regime.changed';
  readonly ticker: Ticker;
  readonly from: Regime;
  readonly to: Regime;
}

export interface SessionStarted extends At {
  readonly type: 'session.started';
  readonly ticker: Ticker;
  /** Unique within the run. */
  readonly sessionId: string;
  readonly reason: string;
  readonly endsMs: Timestamp | null;
}

export interface SessionEnded extends At {
  readonly type: 'session.ended';
  readonly ticker: Ticker;
  readonly sessionId: string;
  /** Why it ended, e.g. `ttl`, `close-window`, `volatility-ended`, `regime-TRENDING`. */
  readonly reason: string;
  readonly position: Position;
  /** Realised PnL of the session after fees. */
  readonly realizedPnl: Money;
  readonly fees: Money;
}

export type MarketDataEvent = BookReplaced | BookChanged | TradePrinted | TickerChanged;

export type MarketEvent = CatalogScanned | MarketOpened | MarketClosed | MarketSettled | MarketChanged;

export type OrderEvent =
  | OrderAccepted
  | OrderRejected
  | OrderUnconfirmed
  | OrderFilled
  | OrderAmended
  | OrderCanceled
  | OrderExpired
  | CancelRejected
  | OrdersReported;

export type AccountEvent = BalanceChanged | PositionReported | InventoryAdopted;

export type HostEvent =
  | FeedLost
  | FeedRestored
  | FeedSwitched
  | FeedGapped
  | ClockTicked
  | TradingPaused
  | TradingResumed
  | TradingStopped;

export type DerivedEvent =
  | VolatilityDetected
  | VolatilityEnded
  | RegimeChanged
  | SessionStarted
  | SessionEnded;

/** What happened. */
export type Event = MarketDataEvent | MarketEvent | OrderEvent | AccountEvent | HostEvent | DerivedEvent;
