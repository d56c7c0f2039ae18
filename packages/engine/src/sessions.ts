import { Money, Price, type SessionEnded, type SessionStarted, type Ticker } from '@kalshi-mm/core';
import type { Portfolio } from './portfolio.ts';
import { newSession, type Session, type SessionStart } from './session.ts';
import type { EngineView } from './view.ts';

/** The sessions of a run, one a market at most: how each begins, turns to its exit and ends. */
export class Sessions {
  readonly #runId: string;
  readonly #view: EngineView;
  readonly #portfolio: Portfolio;
  readonly #byTicker = new Map<Ticker, Session>();
  #begun = 0;

  constructor(runId: string, view: EngineView, portfolio: Portfolio) {
    this.#runId = runId;
    this.#view = view;
    this.#portfolio = portfolio;
  }

  get byTicker(): ReadonlyMap<Ticker, Session> {
    return this.#byTicker;
  }

  get(ticker: Ticker): Session | undefined {
    return this.#byTicker.get(ticker);
  }

  has(ticker: Ticker): boolean {
    return this.#byTicker.has(ticker);
  }

  [Symbol.iterator](): MapIterator<Session> {
    return this.#byTicker.values();
  }

  /** An id unique within the run. */
  nextId(): string {
    this.#begun++;
    return `${this.#runId}-s${this.#begun}`;
  }

  begin(start: Omit<SessionStart, 'opening'>, reason: string): { session: Session; started: SessionStarted } {
    const session = newSession({ ...start, opening: this.#portfolio.holding(start.ticker) });
    this.#byTicker.set(session.ticker, session);
    this.#list();
    const { ticker, sessionId, startedMs, endsMs } = session;
    const started: SessionStarted = {
      type: 'session.started',
      atMs: startedMs,
      ticker,
      sessionId,
      reason,
      endsMs,
    };
    return { session, started };
  }

  /** From here the session only works its position out. Asked again, it can become more urgent, never less. */
  beginExit(session: Session, reason: string, urgency: 'passive' | 'now'): void {
    if (session.phase === 'exiting' && session.exit !== null) {
      if (urgency === 'now' && session.exit.urgency === 'passive')
        session.exit = { ...session.exit, urgency };
      return;
    }
    const view = this.#view.market(session.ticker);
    const twoSided = view !== null && view.bestBid !== Price.NO_BID && view.bestAsk !== Price.NO_ASK;
    session.phase = 'exiting';
    session.endReason = reason;
    session.wanted = null;
    session.dirty = true;
    session.nextWakeMs = this.#view.nowMs;
    session.exit = {
      urgency,
      startedMs: this.#view.nowMs,
      referenceMid: twoSided ? (view.bestBid + view.bestAsk) / 2 : null,
    };
    this.#list();
  }

  end(session: Session, reason: string): SessionEnded {
    const holding = this.#portfolio.holding(session.ticker);
    this.#byTicker.delete(session.ticker);
    this.#list();
    const fees = holding.fees - session.opening.fees;
    return {
      type: 'session.ended',
      atMs: this.#view.nowMs,
      ticker: session.ticker,
      sessionId: session.sessionId,
      reason,
      position: holding.position,
      realizedPnl: Money.of(holding.realizedPnl - session.opening.realizedPnl - fees),
      fees: Money.of(fees),
    };
  }

  #list(): void {
    this.#view.openSessions = [...this.#byTicker.values()];
  }
}
