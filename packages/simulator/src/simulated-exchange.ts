import type {
  FeeRounding,
  FeeSchedule,
  Market,
  MarketResult,
  Money,
  Price,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import type { Exchange, IncentiveDesk, UserId } from './exchange-api.ts';
import type { BookChangedOutput, OutputListener } from './exchange-state.ts';

export interface ExchangeOptions {
  /** @default Timestamp 0 */
  readonly startMs?: Timestamp;
  /** @default FeeRounding.DIRECT_MEMBER */
  readonly rounding?: FeeRounding;
  /** Told of everything in the order of happening, during the call that makes it happen. */
  readonly onOutput?: OutputListener;
  /** Order and trade ids follow from it. */
  readonly idSeed: number | string;
  /**
   * A post-only order that would trade: refused, or created and at once canceled with `PostOnlyCrossCancel`.
   * @default 'reject'
   */
  readonly postOnlyCross?: 'reject' | 'cancel';
  /** Shards, beside those of listed markets. @default [0, 1, 2, 3] */
  readonly shards?: readonly number[];
}

export interface ListingOptions {
  /** From determination to payout. @default 1000 */
  readonly settlementTimerMs?: number;
}

export type MarketUpdate = Partial<
  Pick<Market, 'title' | 'subTitle' | 'fees' | 'grid' | 'strikeType' | 'floorStrike' | 'capStrike'>
>;

/** The exchange with the hands that move it from outside: listings, results, pauses, clockwork. */
export interface SimulatedExchange extends Exchange, IncentiveDesk {
  /**
   * Lists a market whose orders meet each other. A `result` in it is kept back until after the close; without one
   * the market stays closed until `determine`.
   */
  listMarket(market: Market, options?: ListingOptions): void;
  /** An account of the simulation itself: its orders and fills leave no history and no private outputs. */
  addHouseUser(userId: UserId, cash: Money): void;
  /** Money from outside, onto one shard (0 when omitted) or into the user's pool. */
  deposit(userId: UserId, amount: Money, exchangeIndex?: number): void;
  /** Closes the market if need be and sets its result; `settlementPrice` is needed for `scalar`. */
  determine(ticker: Ticker, result: MarketResult, settlementPrice?: Price): void;
  /** Challenges a result before it is paid; nothing is paid until `redetermine`. @throws MmError */
  dispute(ticker: Ticker): void;
  /** Replaces (or, after a dispute, upholds) a result before it is paid and starts the settlement timer again. @throws MmError */
  redetermine(ticker: Ticker, result: MarketResult, settlementPrice?: Price): void;
  /** Pauses or reactivates one market; reactivation cancels what rests. */
  setMarketActive(ticker: Ticker, active: boolean): void;
  /**
   * Moves the close of a market; a time that has passed closes it now, and a closed market without a result opens
   * again when its close moves to the future. @throws MmError once it has a result
   */
  setCloseTime(ticker: Ticker, closeMs: Timestamp): void;
  /**
   * Changes descriptive fields of a market while it trades (a late strike, `metadata`), or what it charges from now
   * on (`fees`; resting orders hold back the new fee), or its grid (`grid`; orders at prices that are no more are
   * canceled; not on a recorded market). While an override of its event is in force, that is charged.
   */
  updateMarket(ticker: Ticker, change: MarketUpdate): void;
  /** Overrides the fees of all present and later markets of an event from now on; null clears the override. */
  setEventFees(eventTicker: string, fees: FeeSchedule | null): void;
  /** A pause of everything, or of everything on one shard, cancels included. */
  setExchangeActive(active: boolean, exchangeIndex?: number): void;
  readonly exchangeActive: boolean;
  /** See `ExchangeOptions`; may change while it runs. */
  postOnlyCross: 'reject' | 'cancel';
  /** Another listener of outputs. @returns a function that takes it off again */
  addListener(listener: OutputListener, onBookChanged?: (output: BookChangedOutput) => void): () => void;
  /** False for a recorded market whose book no snapshot has told yet. */
  bookKnown(ticker: Ticker): boolean;
  /** Runs something at an exact time during `advanceTo`. */
  schedule(atMs: Timestamp, run: () => void): void;
  /** When the next planned thing happens, `Infinity` when nothing is planned. */
  readonly nextMs: number;
  /** What the exchange itself has earned: fees, and crumbs of rounded payouts. */
  readonly feesCollected: Money;
}
