import type {
  Count,
  FillId,
  Holding,
  Money,
  OrderId,
  Position,
  Price,
  Side,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';

/** What the database knows of one fill. A superset of what a comparison needs. */
export interface RecordedFill {
  readonly fillId: FillId;
  readonly orderId: OrderId;
  readonly ticker: Ticker;
  readonly side: Side;
  /** YES price. */
  readonly price: Price;
  readonly count: Count;
  readonly fee: Money;
  readonly role: string;
  readonly exchangeMs: Timestamp;
  readonly runId: string;
}

/** One market's account, from fills and settlement. */
export interface RecordedPosition extends Holding {
  readonly ticker: Ticker;
  /** Null when flat. */
  readonly averagePrice: Price | null;
  readonly settled: boolean;
}

export interface ExchangeFillFigures {
  readonly fillId: string;
  readonly orderId: string;
  readonly ticker: string;
  readonly side: Side;
  readonly price: Price;
  readonly count: Count;
  readonly fee: Money;
}

export interface ExchangePositionFigures {
  readonly ticker: string;
  readonly position: Position;
  /** Compared when given. */
  readonly realizedPnl?: Money;
  readonly feesPaid?: Money;
}

/** The exchange's own figures of an account, complete since `sinceMs`. */
export interface ExchangeFigures {
  readonly fills: readonly ExchangeFillFigures[];
  /** A market that is not listed is taken to be flat. */
  readonly positions: readonly ExchangePositionFigures[];
  /** Cash, including what resting orders hold back; null leaves the balance out. */
  readonly balance: Money | null;
  /** Cash before the first fill in the database, deposits since then added. */
  readonly startBalance: Money | null;
  /** Fills before this time are not compared; all of them when it is left out. */
  readonly sinceMs?: Timestamp;
}
