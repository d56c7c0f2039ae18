import { type FeeSchedule, type Market, type Ticker, Timestamp } from '@kalshi-mm/core';
import type { ExchangeOutput, SimulatedExchange } from '@kalshi-mm/simulator';
import type { IncentiveProgram } from '../wire/incentive-program.ts';
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
  /** Rows of `GET /incentive_programs`. @default none */
  readonly incentivePrograms?: readonly IncentiveProgram[];
}

const DEFAULT_HISTORICAL_AFTER_MS = 90 * 24 * 3_600_000;

/** What the exchange has told so far, as far as reads need it and the exchange itself does not keep it. */
export class Records {
  readonly candles: CandleRecorder;
  readonly incentivePrograms: readonly IncentiveProgram[];
  readonly #exchange: SimulatedExchange;
  readonly #startMs: Timestamp;
  readonly #historicalAfterMs: number;
  readonly #updatedMs = new Map<Ticker, Timestamp>();
  readonly #eventFees: EventFeeChange[] = [];

  constructor(exchange: SimulatedExchange, options: RecordsOptions) {
    this.#exchange = exchange;
    this.#startMs = exchange.nowMs;
    this.#historicalAfterMs = options.historicalAfterMs ?? DEFAULT_HISTORICAL_AFTER_MS;
    this.incentivePrograms = options.incentivePrograms ?? [];
    this.candles = new CandleRecorder(exchange);
    for (const { ticker, status } of exchange.markets()) if (status === 'active') this.candles.quote(ticker);
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
        return;
      case 'event-fees': {
        const { eventTicker, fees, atMs } = output;
        this.#eventFees.push({ id: `fee-change-${this.#eventFees.length + 1}`, eventTicker, fees, atMs });
        return;
      }
      default:
    }
  }

  /** When something other than trading last changed the market. */
  updatedMs(market: Market): Timestamp {
    const told = this.#updatedMs.get(market.ticker) ?? market.settledMs;
    return told ?? Timestamp.of(Math.min(market.openMs, this.#startMs));
  }

  /** Oldest first. */
  eventFeeChanges(): readonly EventFeeChange[] {
    return this.#eventFees;
  }

  /** What is older than this is in the historical tier only. */
  get cutoffMs(): Timestamp {
    return Timestamp.of(Math.max(0, this.#exchange.nowMs - this.#historicalAfterMs));
  }

  /** Whether a market has moved to the historical tier. */
  isArchived({ settledMs }: Market): boolean {
    return settledMs !== null && settledMs < this.cutoffMs;
  }
}
