import type { Approved } from './commands.ts';
import type { Event } from './events.ts';
import type { Timestamp } from './timestamp.ts';

/** Sends approved commands to an exchange. Never throws for an outcome: what happened comes back as events. */
export interface ExecutionPort {
  /**
   * Starts sending; answers arrive through the sink given to the implementation, in any order.
   * A request whose outcome is unknown yields `order.unconfirmed`, then evidence.
   */
  send(commands: readonly Approved[]): void;
  /** Resolves when every request started so far has an outcome, known or not. */
  drain(): Promise<void>;
}

/** Where adapters put the events that they make. */
export type EventSink = (event: Event) => void;

/** The host's only source of time. */
export interface Clock {
  now(): Timestamp;
}
