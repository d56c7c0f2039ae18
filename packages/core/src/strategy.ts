import type { BookView } from './book-view.ts';
import type { Count } from './count.ts';
import type { Event } from './events.ts';
import type { Ticker } from './ids.ts';
import type { Intent } from './intents.ts';
import type { Market } from './market.ts';
import type { Money } from './money.ts';
import type { Position } from './position.ts';
import type { Price } from './price.ts';
import type { Timestamp } from './timestamp.ts';

/** When the engine asks a strategy; between wakes it only folds state. */
export interface Wakes {
  /** At least this often, measured on clock ticks; null: never by time. */
  readonly everyMs: number | null;
  /** When the best bid or ask of the market moves. */
  readonly onTouch: boolean;
  readonly onTrade: boolean;
  readonly onFill: boolean;
}

/** One market as a strategy sees it. Valid during the call only. */
export interface MarketView {
  readonly market: Market;
  readonly book: BookView;
  /** False until the first book, and while a gap is unrepaired. */
  readonly bookTrusted: boolean;
  /** Best prices without our own orders; the exchange's "no bid" and "no ask" marks when empty. */
  readonly bestBid: Price;
  readonly bestAsk: Price;
  /** Last print, null before the first. */
  readonly lastTradePrice: Price | null;
  readonly lastTradeMs: Timestamp | null;
  readonly lastBookChangeMs: Timestamp | null;
  /** Traded since the market opened, by the ticker channel; null before it has told, and on tapes without it. */
  readonly volume: Count | null;
  readonly position: Position;
  /** Average price of the open position (YES price), null when flat. */
  readonly averagePrice: Price | null;
  readonly realizedPnl: Money;
  readonly fees: Money;
  /** Our resting counts, including orders whose outcome is unknown. */
  readonly restingBid: Count;
  readonly restingAsk: Count;
}

/** What a strategy may look at. */
export interface View {
  readonly nowMs: Timestamp;
  /** Null for a market that the engine has not been told of. */
  market(ticker: Ticker): MarketView | null;
  /** The state of a fold that runs in this engine, null when it does not. */
  fold<State>(fold: Fold<State>): State | null;
  /** Balance last reported by the exchange. */
  readonly balance: Money | null;
  readonly openSessions: readonly SessionView[];
}

export interface SessionView {
  readonly sessionId: string;
  readonly ticker: Ticker;
  readonly phase: 'quoting' | 'exiting';
  readonly startedMs: Timestamp;
  readonly endsMs: Timestamp | null;
}

/** The market that one session trades, fixed for its life. */
export interface SessionContext {
  readonly sessionId: string;
  readonly ticker: Ticker;
  readonly startedMs: Timestamp;
  /** Limit of |position| in this session. */
  readonly maxPosition: Count;
  /** Why the session was opened: the policy's own facts, e.g. sigma and jump. */
  readonly facts: Readonly<Record<string, number | string | null>>;
}

/** Reads a configuration value; a zod schema is one. */
export interface Schema<T> {
  parse(input: unknown): T;
}

/**
 * A market-making opinion: a deterministic function from events to intents. One `Memory` exists per session.
 * The same compiled object runs live, on paper, in backtest and in replay.
 */
export interface Strategy<Config, Memory> {
  readonly name: string;
  readonly schema: Schema<Config>;
  wakes(config: Config): Wakes;
  start(config: Config, session: SessionContext): Memory;
  /** Same inputs, same answer, on any machine. May change `memory`, which nobody else holds. */
  decide(memory: Memory, event: Event, view: View): readonly Intent[];
}

/** A pure observer with its own state that may derive further events. */
export interface Fold<State> {
  readonly name: string;
  /** Set by folds that do nothing with market data: it is then kept from them, which is cheaper. */
  readonly ignoresMarketData?: boolean;
  start(): State;
  /** Called for every event: return one shared empty array when nothing follows. */
  absorb(state: State, event: Event, view: View): readonly Event[];
}

export type SessionAction =
  | {
      readonly type: 'open';
      readonly ticker: Ticker;
      readonly reason: string;
      readonly endsMs: Timestamp | null;
      readonly maxPosition: Count;
      readonly facts: Readonly<Record<string, number | string | null>>;
    }
  | {
      readonly type: 'close';
      readonly ticker: Ticker;
      readonly reason: string;
      /** `passive` works the position out at the touch, `now` takes liquidity. */
      readonly exit: 'passive' | 'now';
    };

/** Decides which markets should have a session. vol-bot and discovery-bot are one engine with two policies. */
export interface SessionPolicy<Memory> {
  readonly name: string;
  start(): Memory;
  /** Called after every event that is not market data. */
  review(memory: Memory, event: Event, view: View): readonly SessionAction[];
}
