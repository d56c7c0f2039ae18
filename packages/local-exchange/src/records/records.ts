import { type FeeSchedule, type Market, type Ticker, Timestamp } from '@kalshi-mm/core';
import type { ExchangeOutput, SimulatedExchange, WorldReference } from '@kalshi-mm/simulator';
import { CandleRecorder } from './candle-recorder.ts';

export interface EventFeeChange {
  readonly id: string;
  readonly eventTicker: string;
  readonly fees: FeeSchedule | null;
  readonly atMs: Timestamp;
}

export interface RecordsOptions {
  /** What is older than this, simulated ms, is in the historical tier only. @default 90 days */
  readonly historicalAfterMs?: number;
}

const DEFAULT_HISTORICAL_AFTER_MS = 90 * 24 * 3_600_000;

/** The newest ones. */
const KEPT_FEE_CHANGES = 10_000;
const FORGET_EVERY_MARKETS = 50;
/** Candles of generated markets go with their trades. */
const KEPT_CANDLES_MS = 24 * 3_600_000;

/** What the exchange has told so far, as far as reads need it and the exchange itself does not keep it. */
export class Records {
  readonly candles: CandleRecorder;
  readonly #exchange: SimulatedExchange;
  readonly #reference: WorldReference;
  readonly #startMs: Timestamp;
  readonly #historicalAfterMs: number;
  readonly #createdMs = new Map<Ticker, Timestamp>();
  readonly #updatedMs = new Map<Ticker, Timestamp>();
  readonly #eventFees: EventFeeChange[] = [];
  #eventFeeChanges = 0;
  #created = 0;

  constructor(exchange: SimulatedExchange, reference: WorldReference, options: RecordsOptions) {
    this.#exchange = exchange;
    this.#reference = reference;
    this.#startMs = exchange.nowMs;
    this.#historicalAfterMs = options.historicalAfterMs ?? DEFAULT_HISTORICAL_AFTER_MS;
    this.candles = new CandleRecorder(exchange);
    for (const { ticker, eventTicker, status } of exchange.markets()) {
      if (status === 'active') this.candles.quote(ticker);
      const fees = exchange.eventFees(eventTicker);
      if (fees === null || this.#eventFees.some((row) => row.eventTicker === eventTicker)) continue;
      this.#addEventFees(eventTicker, fees, this.#startMs);
    }
  }

  /** Called with everything that the exchange tells, at the instant. */
  take(output: ExchangeOutput): void {
    switch (output.type) {
      case 'book.changed':
      case 'book.replaced':
        this.candles.quote(output.ticker);
        return;
      case 'trade':
        this.candles.trade(output.trade);
        return;
      case 'market':
        this.#updatedMs.set(output.market.ticker, output.atMs);
        if (output.change !== 'created') return;
        this.#createdMs.set(output.market.ticker, output.atMs);
        this.#forgetNowAndThen();
        return;
      case 'event-fees':
        this.#addEventFees(output.eventTicker, output.fees, output.atMs);
        return;
      default:
    }
  }

  /** When the market was listed; at the start of what is heard, or at its opening, for those that were there before. */
  createdMs(market: Market): Timestamp {
    return this.#createdMs.get(market.ticker) ?? Timestamp.of(Math.min(market.openMs, this.#startMs));
  }

  /** When something other than trading last changed the market. */
  updatedMs(market: Market): Timestamp {
    return this.#updatedMs.get(market.ticker) ?? market.settledMs ?? this.createdMs(market);
  }

  /** Oldest first. */
  eventFeeChanges(): readonly EventFeeChange[] {
    return this.#eventFees;
  }

  /** What is older than this is in the historical tier only. */
  get cutoffMs(): Timestamp {
    return Timestamp.of(Math.max(0, this.#exchange.nowMs - this.#historicalAfterMs));
  }

  #addEventFees(eventTicker: string, fees: FeeSchedule | null, atMs: Timestamp): void {
    this.#eventFees.push({ id: `fee-change-${++this.#eventFeeChanges}`, eventTicker, fees, atMs });
    if (this.#eventFees.length > KEPT_FEE_CHANGES) this.#eventFees.shift();
  }

  /** Lets go what concerns markets that the exchange has forgotten. */
  #forgetNowAndThen(): void {
    if (++this.#created % FORGET_EVERY_MARKETS !== 0) return;
    const exchange = this.#exchange;
    for (const ticker of this.#updatedMs.keys()) {
      if (exchange.market(ticker) !== null) continue;
      this.#createdMs.delete(ticker);
      this.#updatedMs.delete(ticker);
    }
    const settledBeforeMs = exchange.nowMs - KEPT_CANDLES_MS;
    this.candles.forget((ticker) => {
      const market = exchange.market(ticker);
      if (market === null) return true;
      const { settledMs } = market;
      return settledMs !== null && settledMs < settledBeforeMs && this.#reference.market(ticker) !== null;
    });
  }

  /** Whether a market has moved to the historical tier. */
  isArchived({ settledMs }: Market): boolean {
    return settledMs !== null && settledMs < this.cutoffMs;
  }
}
