import type { Command, Refusal } from './commands.ts';
import type { DerivedEvent, Event } from './events.ts';
import type { RunId, Ticker } from './ids.ts';
import type { Intent } from './intents.ts';
import type { Position } from './position.ts';
import type { Price } from './price.ts';
import type { Timestamp } from './timestamp.ts';

/** What one session decided in one step, with what it looked at. */
export interface Decision {
  readonly sessionId: string;
  readonly ticker: Ticker;
  readonly bestBid: Price;
  readonly bestAsk: Price;
  readonly position: Position;
  readonly averagePrice: Price | null;
  readonly intents: readonly Intent[];
}

/** A market-data event is on the tape; the audit names it by its place there instead of repeating it. */
export interface MarketDataRef {
  readonly type: 'market-data';
  /** How many market-data events the engine had absorbed, this one included. */
  readonly index: number;
}

/**
 * One step of the engine that was not a mere fold of market data. The only thing that storage, metrics and
 * screens are fed from; equal inputs give equal records, byte for byte in JSON.
 */
export interface AuditRecord {
  readonly runId: RunId;
  /** 1, 2, 3 … within the run. */
  readonly sequence: number;
  readonly atMs: Timestamp;
  readonly event: Event | MarketDataRef;
  readonly derived: readonly DerivedEvent[];
  readonly decisions: readonly Decision[];
  readonly commands: readonly Command[];
  readonly refusals: readonly Refusal[];
}
