import type { Timestamp } from '@kalshi-mm/core';
import type { SimulatedExchange, WorldReference } from '@kalshi-mm/simulator';

/** An exchange together with whatever drives its markets. */
export interface World {
  readonly exchange: SimulatedExchange;
  /** What is known of its events, series and games. @default nothing */
  readonly reference?: WorldReference;
  /**
   * Moves towards a time, asking `mayContinue` between small pieces of work.
   *
   * @returns whether the time was reached
   */
  advance(targetMs: Timestamp, mayContinue: () => boolean): boolean;
  /** When something recorded happens next; null when nothing more will, or when the world is not recorded. */
  nextRecordedMs(): Timestamp | null;
  close(): void;
}
