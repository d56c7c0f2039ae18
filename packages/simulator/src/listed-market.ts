import {
  type Count,
  chargeFill,
  type FeeRounding,
  type FeeSchedule,
  type FillId,
  type LiquidityRole,
  type Market,
  type MarketResult,
  Money,
  type Price,
  type Side,
  type Timestamp,
} from '@kalshi-mm/core';
import type { MarketStatistics, PublicTrade } from './exchange-api.ts';
import type { MarketEngine } from './market-engine.ts';
import type { Order } from './order.ts';

/** What one YES contract turns out to be worth. */
export interface Outcome {
  readonly result: MarketResult;
  readonly settlementPrice: Price;
}

/** A market on the exchange: its public record, its engine, its figures. */
export class ListedMarket {
  /** Replaced, never changed, when something about it changes. */
  market: Market;
  engine!: MarketEngine;
  /** Known in advance to the simulation, told to nobody before determination. */
  outcome: Outcome | null;
  readonly settlementTimerMs: number;
  /** Raised when plans for its determination or settlement no longer hold. */
  plan = 0;
  /** What it charges when no override of its event is in force. */
  listedFees: FeeSchedule;
  /** The settlement time of a recording; null: `settlementTimerMs` after determination. */
  readonly recordedSettledMs: Timestamp | null;
  /** Resting orders in order of arrival, for cancels of the whole market. */
  readonly resting = new Set<Order>();
  lastPrice: Price | null = null;
  volume = 0;
  openInterest = 0;
  /** Newest last. */
  readonly trades: PublicTrade[] = [];
  readonly #hours = new Float64Array(24);
  #hour = 0;
  readonly #unitFees = new Map<number, number>();

  constructor(market: Market, outcome: Outcome | null, settlementTimerMs: number) {
    this.market = market;
    this.listedFees = market.fees;
    this.outcome = outcome;
    this.settlementTimerMs = settlementTimerMs;
    this.recordedSettledMs = market.settledMs;
  }

  /** An order has come to rest. */
  keepOrder(order: Order): void {
    this.resting.add(order);
    order.group?.resting.add(order);
  }

  /** An order does not rest any more. */
  dropOrder(order: Order): void {
    this.resting.delete(order);
    order.group?.resting.delete(order);
  }

  countTrade(price: Price, count: number, atMs: number): void {
    this.lastPrice = price;
    this.volume += count;
    this.#turn(atMs);
    this.#hours[this.#hour % 24]! += count;
  }

  keepTrade(trade: PublicTrade): void {
    this.trades.push(trade);
    if (this.trades.length > 2 * KEPT_TRADES) this.trades.splice(0, KEPT_TRADES);
  }

  statistics(nowMs: number): MarketStatistics {
    this.#turn(nowMs);
    return {
      lastPrice: this.lastPrice,
      volume: this.volume as Count,
      volume24h: this.#hours.reduce((sum, count) => sum + count, 0) as Count,
      openInterest: this.openInterest as Count,
    };
  }

  /** Worst fee per unit of count at a price, rounded up: what a resting order sets aside for it. */
  unitFee(role: LiquidityRole, side: Side, price: Price): number {
    const key = price * 2 + (role === 'taker' ? 1 : 0);
    let unit = this.#unitFees.get(key);
    if (unit === undefined) {
      const sample = 10_000;
      const { tradeFee } = chargeFill(
        this.market.fees,
        role,
        side,
        price,
        sample as Count,
        Money.ZERO,
        EXACT,
      );
      unit = Math.ceil(tradeFee / sample);
      this.#unitFees.set(key, unit);
    }
    return unit;
  }

  /** Fees may change while the market trades. */
  forgetFees(): void {
    this.#unitFees.clear();
  }

  #turn(atMs: number): void {
    const hour = Math.floor(atMs / 3_600_000);
    if (hour <= this.#hour) return;
    const stale = Math.min(24, hour - this.#hour);
    for (let i = 1; i <= stale; i++) this.#hours[(this.#hour + i) % 24] = 0;
    this.#hour = hour;
  }
}

/** A recorded trade is printed without an id of its own; one is made up only for who asks. */
export class RecordedTrade implements PublicTrade {
  readonly ticker: PublicTrade['ticker'];
  price = 0 as Price;
  count = 0 as Count;
  takerSide: Side = 'bid';
  atMs = 0 as Timestamp;
  index = 0;

  constructor(ticker: PublicTrade['ticker']) {
    this.ticker = ticker;
  }

  get tradeId(): FillId {
    return `${this.ticker}-recorded-${this.index}` as FillId;
  }
}

const KEPT_TRADES = 10_000;
const EXACT: FeeRounding = {
  tradeFeeQuantum: 1 as Money,
  balancePrecision: 1 as Money,
  rebateQuantum: 1 as Money,
};
