import {
  type Approved,
  type AuditRecord,
  type BookChanged,
  Count,
  type Decision,
  type DerivedEvent,
  type Event,
  type Fill,
  type Fold,
  type Gate,
  type Intent,
  type MarketDataEvent,
  type MarketDataRef,
  type OrderPurpose,
  Price,
  type QuoteLevel,
  type SessionAction,
  type Side,
  type Ticker,
  type View,
  type Wakes,
} from '@kalshi-mm/core';
import { MarketStates } from '@kalshi-mm/market-state';
import type { EngineConfig } from './engine-config.ts';
import { type ExitStep, planExit } from './exit-plan.ts';
import { engineGate, type TradingState } from './gates.ts';
import { OrderDesk } from './order-desk.ts';
import { type OrderChange, Orders } from './orders.ts';
import { planSide } from './planner.ts';
import { Portfolio } from './portfolio.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { EngineView } from './view.ts';

export interface StepResult {
  readonly commands: readonly Approved[];
  /** Null when the step did nothing but fold market data or let time pass. */
  readonly audit: AuditRecord | null;
}

/**
 * The kernel: a synchronous, deterministic function from events to commands and an audit record. It holds all
 * state, asks the strategy what should rest, and sends the difference that risk lets pass.
 */
export class Engine<Config = unknown, Memory = unknown, PolicyMemory = unknown> {
  readonly #config: EngineConfig<Config, Memory, PolicyMemory>;
  readonly #states = new MarketStates();
  readonly #orders: Orders;
  readonly #desk: OrderDesk;
  readonly #portfolio = new Portfolio();
  readonly #foldList: readonly { readonly fold: Fold<unknown>; readonly state: unknown }[];
  /** Those that want market data. */
  readonly #dataFolds: readonly { readonly fold: Fold<unknown>; readonly state: unknown }[];
  readonly #view: EngineView;
  readonly #policyMemory: PolicyMemory;
  readonly #wakes: Wakes;
  readonly #sessions: Sessions;
  /** Markets whose positions are ours to work out. */
  readonly #managed = new Set<Ticker>();
  readonly #trading: TradingState;
  #marketDataIndex = 0;
  #sequence = 0;
  #nextUnwindMs = 0;
  // The step in progress.
  #derived: DerivedEvent[] = [];
  #decisions: Decision[] = [];

  constructor(config: EngineConfig<Config, Memory, PolicyMemory>) {
    this.#config = config;
    this.#orders = new Orders(config.ownPrefix, config.recovering);
    this.#foldList = config.folds.map((fold) => ({ fold, state: fold.start() }));
    this.#dataFolds = this.#foldList.filter(({ fold }) => fold.ignoresMarketData !== true);
    const folds = new Map(this.#foldList.map(({ fold, state }) => [fold, state]));
    this.#desk = new OrderDesk({
      runId: config.runId,
      rules: config.rules,
      states: this.#states,
      orders: this.#orders,
      portfolio: this.#portfolio,
      maxPositionIn: (ticker) => this.#sessions.get(ticker)?.maxPosition ?? Count.ZERO,
      now: () => this.#view.nowMs,
    });
    this.#view = new EngineView(this.#states, this.#orders, this.#portfolio, folds);
    this.#sessions = new Sessions(config.runId, this.#view, this.#portfolio);
    this.#policyMemory = config.policy.start();
    this.#wakes = config.strategy.wakes(config.strategyConfig);
    this.#trading = {
      recovering: config.recovering,
      paused: null,
      stopped: null,
      feedAgeMs: null,
      feedLost: false,
    };
  }

  get view(): View {
    return this.#view;
  }

  get orders(): Orders {
    return this.#orders;
  }

  get portfolio(): Portfolio {
    return this.#portfolio;
  }

  get sessions(): ReadonlyMap<Ticker, Session> {
    return this.#sessions.byTicker;
  }

  /** True for markets that this engine has traded or taken charge of. */
  isManaged(ticker: Ticker): boolean {
    return this.#managed.has(ticker);
  }

  /** Folds one event into the state and answers with what to send. */
  step(event: Event): StepResult {
    switch (event.type) {
      case 'book.changed':
        return this.stepBook(event);
      case 'trade.printed':
      case 'ticker.changed':
      case 'book.replaced':
        this.#view.nowMs = event.atMs;
        this.#marketDataIndex++;
        return this.#afterMarketData(event, this.#states.absorb(event));
      default:
        this.#view.nowMs = event.atMs;
        return this.#stepOther(event);
    }
  }

  /**
   * `step` for a book delta. Nearly all events are deltas: a host that knows one calls this, and the code on the way
   * sees objects of one shape.
   */
  stepBook(event: BookChanged): StepResult {
    this.#view.nowMs = event.atMs;
    this.#marketDataIndex++;
    const touched = this.#states.changeBook(event);
    if (this.#dataFolds.length === 0 && !(touched && this.#wakes.onTouch)) return NOTHING;
    return this.#afterMarketData(event, touched);
  }

  #afterMarketData(event: MarketDataEvent, touched: boolean): StepResult {
    const wakes = touched ? this.#wakes.onTouch : this.#wakes.onTrade && event.type === 'trade.printed';
    if (!wakes && this.#dataFolds.length === 0) return NOTHING;
    for (const { fold, state } of this.#dataFolds) {
      for (const more of fold.absorb(state, event, this.#view)) this.#derive(more as DerivedEvent);
    }
    const session = wakes ? this.#sessions.get(event.ticker) : undefined;
    if (session?.phase === 'quoting') this.#decide(session, event);
    else if (this.#derived.length === 0) return NOTHING;
    this.#planDirty();
    return this.#finish({ type: 'market-data', index: this.#marketDataIndex });
  }

  #stepOther(event: Event): StepResult {
    this.#states.absorb(event);
    if (event.type === 'order.filled' && this.#isByHand(event.fill)) return NOTHING;
    const change = this.#orders.absorb(event);
    // Already booked and told again by another path, or not ours.
    if (event.type === 'order.filled' && change === null) return NOTHING;
    if (event.type === 'orders.reported') {
      this.#orders.report(event.orders, event.complete, event.asOfMs, event.atMs);
      for (const session of this.#sessions) session.dirty = true;
    }
    this.#portfolio.absorb(event, this.#trading.recovering, (ticker) => this.#managed.has(ticker));
    if (change !== null && change.fill !== null) this.#portfolio.fill(change.fill);
    this.#control(event);
    for (const { fold, state } of this.#foldList) {
      for (const more of fold.absorb(state, event, this.#view)) this.#derive(more as DerivedEvent);
    }
    this.#applyPolicy(event);
    if (change !== null) this.#wakeForOrder(change, event);
    if (event.type === 'clock.ticked') this.#wakeByTime(event);
    this.#planDirty();
    this.#cancelOrphans();
    const quiet =
      event.type === 'clock.ticked' &&
      this.#derived.length + this.#decisions.length === 0 &&
      this.#desk.isEmpty;
    return quiet ? NOTHING : this.#finish(event);
  }

  /** Recovery takes nameless fills for those of an earlier run, but only where it has taken charge. */
  #isByHand({ clientOrderId, ticker }: Fill): boolean {
    return this.#trading.recovering && clientOrderId === null && !this.#managed.has(ticker);
  }

  #finish(event: Event | MarketDataRef): StepResult {
    this.#sequence++;
    const { commands, refusals } = this.#desk.take();
    const audit: AuditRecord = {
      runId: this.#config.runId,
      sequence: this.#sequence,
      atMs: this.#view.nowMs,
      event,
      derived: this.#derived,
      decisions: this.#decisions,
      commands,
      refusals,
    };
    // The record keeps its lists; the next step starts with new ones.
    this.#derived = [];
    this.#decisions = [];
    return { commands, audit };
  }

  /** Events that switch trading on and off. */
  #control(event: Event): void {
    const trading = this.#trading;
    const before = engineGate(trading, this.#config.rules);
    switch (event.type) {
      case 'trading.resumed':
        trading.recovering = false;
        this.#orders.recovering = false;
        trading.paused = null;
        break;
      case 'trading.paused':
        trading.paused = event.reason;
        break;
      case 'trading.stopped':
        trading.stopped = event.reason;
        for (const session of [...this.#sessions]) this.#end(session, event.reason);
        break;
      case 'feed.lost':
        trading.feedLost = true;
        break;
      case 'feed.restored':
        trading.feedLost = false;
        trading.feedAgeMs = 0;
        break;
      case 'clock.ticked':
        trading.feedAgeMs = event.feedAgeMs;
        if (event.feedAgeMs !== null && event.feedAgeMs > this.#config.rules.feedStopAfterMs) {
          for (const session of this.#sessions) this.#sessions.beginExit(session, 'feed-stale', 'passive');
        }
        break;
      case 'market.closed':
      case 'market.settled': {
        const session = this.#sessions.get(event.ticker);
        if (session !== undefined)
          this.#end(session, event.type === 'market.settled' ? 'settled' : 'market-closed');
        break;
      }
      case 'inventory.adopted':
        this.#managed.add(event.ticker);
        break;
      case 'feed.gapped':
        for (const session of this.#sessions) {
          if (event.ticker !== null && event.ticker !== session.ticker) continue;
          session.wanted = null;
          session.dirty = true;
        }
        break;
      default:
        return;
    }
    // A gate that opens or shuts concerns every market.
    const gate = engineGate(trading, this.#config.rules);
    if (gate?.gate === before?.gate) return;
    for (const session of this.#sessions) {
      session.dirty = true;
      // What was wanted before is out of date when the gate opens again.
      if (gate !== null) session.wanted = null;
    }
  }

  #derive(event: DerivedEvent): void {
    this.#derived.push(event);
    this.#applyPolicy(event);
  }

  #applyPolicy(event: Event): void {
    for (const action of this.#config.policy.review(this.#policyMemory, event, this.#view)) {
      if (action.type === 'open') this.#open(action);
      else {
        const session = this.#sessions.get(action.ticker);
        if (session !== undefined) this.#sessions.beginExit(session, action.reason, action.exit);
      }
    }
  }

  #open(action: SessionAction & { readonly type: 'open' }): void {
    if (this.#sessions.has(action.ticker) || this.#trading.stopped !== null || this.#trading.recovering)
      return;
    const context = {
      sessionId: this.#sessions.nextId(),
      ticker: action.ticker,
      startedMs: this.#view.nowMs,
      maxPosition: action.maxPosition,
      facts: action.facts,
    };
    const memory = this.#config.strategy.start(this.#config.strategyConfig, context);
    const { started } = this.#sessions.begin({ ...context, memory, endsMs: action.endsMs }, action.reason);
    this.#derived.push(started);
    this.#managed.add(action.ticker);
  }

  /** A position without a session is worked out, whatever it came from. */
  #openUnwinding(ticker: Ticker): void {
    const { session, started } = this.#sessions.begin(
      {
        sessionId: this.#sessions.nextId(),
        ticker,
        startedMs: this.#view.nowMs,
        maxPosition: Count.ZERO,
        facts: {},
        memory: null,
        endsMs: null,
      },
      'unwind',
    );
    this.#derived.push(started);
    this.#sessions.beginExit(session, 'unwound', 'passive');
  }

  #end(session: Session, reason: string): void {
    this.#derive(this.#sessions.end(session, reason));
  }

  #wakeForOrder(change: OrderChange, event: Event): void {
    if (change.fill !== null) this.#managed.add(change.ticker);
    const session = this.#sessions.get(change.ticker);
    if (session === undefined) return;
    session.dirty = true;
    if (event.type === 'order.rejected') session.latched = true;
    if (change.fill !== null && session.phase === 'quoting' && this.#wakes.onFill)
      this.#decide(session, event);
  }

  #wakeByTime(event: Event): void {
    const now = event.atMs;
    for (const session of this.#sessions) {
      if (now < session.nextWakeMs) continue;
      session.latched = false;
      session.dirty = true;
      const everyMs = session.phase === 'quoting' ? this.#wakes.everyMs : null;
      // Before the decision, which may set an earlier wake by beginning the exit.
      session.nextWakeMs = now + (everyMs ?? this.#config.rules.exitEveryMs);
      if (everyMs !== null) this.#decide(session, event);
    }
    if (this.#trading.recovering || this.#trading.stopped !== null || now < this.#nextUnwindMs) return;
    this.#nextUnwindMs = now + this.#config.rules.exitEveryMs;
    for (const ticker of this.#managed) {
      if (this.#portfolio.holding(ticker).position === 0 || this.#sessions.has(ticker)) continue;
      const view = this.#view.market(ticker);
      if (view !== null && view.market.status === 'active' && view.market.closeMs > now)
        this.#openUnwinding(ticker);
    }
  }

  #decide(session: Session, event: Event): void {
    const intents = this.#config.strategy.decide(session.memory as Memory, event, this.#view);
    const gate = engineGate(this.#trading, this.#config.rules);
    session.wanted = null;
    session.gate = gate;
    session.dirty = true;
    for (const intent of intents) this.#follow(session, intent, gate);
    this.#record(session, gate === null ? intents : [{ type: 'stand-down', ticker: session.ticker, gate }]);
  }

  #follow(session: Session, intent: Intent, gate: Gate | null): void {
    switch (intent.type) {
      case 'quote':
        if (gate === null) session.wanted = intent;
        return;
      case 'stand-down':
        session.gate ??= intent.gate;
        return;
      case 'exit':
        this.#sessions.beginExit(session, intent.reason, intent.urgency);
        return;
      case 'take':
        if (gate === null) this.#desk.place({ ...intent, purpose: 'take', immediate: true });
    }
  }

  #record(session: Session, intents: readonly Intent[]): void {
    const view = this.#view.market(session.ticker);
    this.#decisions.push({
      sessionId: session.sessionId,
      ticker: session.ticker,
      bestBid: view?.bestBid ?? Price.NO_BID,
      bestAsk: view?.bestAsk ?? Price.NO_ASK,
      position: this.#portfolio.holding(session.ticker).position,
      averagePrice: view?.averagePrice ?? null,
      intents,
    });
  }

  #planDirty(): void {
    for (const session of this.#sessions) {
      if (!session.dirty) continue;
      session.dirty = false;
      if (session.phase === 'quoting')
        this.#planQuotes(session, session.wanted?.bids ?? [], session.wanted?.asks ?? []);
      else this.#planExiting(session);
    }
  }

  /** Why nothing may rest in a market now, for reasons that no strategy can overrule. */
  #gateOf(ticker: Ticker): Gate | null {
    const gate = engineGate(this.#trading, this.#config.rules);
    if (gate !== null || this.#states.get(ticker)?.bookTrusted === true) return gate;
    return { gate: 'book-untrusted', value: null, limit: null };
  }

  #planQuotes(session: Session, bids: readonly QuoteLevel[], asks: readonly QuoteLevel[]): void {
    const isGated = this.#gateOf(session.ticker) !== null;
    this.#planSide(session, 'bid', isGated ? NO_LEVELS : bids);
    this.#planSide(session, 'ask', isGated ? NO_LEVELS : asks);
  }

  #planSide(session: Session, side: Side, wanted: readonly QuoteLevel[]): void {
    const open = this.#orders.openIn(session.ticker);
    const plan = planSide(side, wanted, open, this.#config.rules.plan);
    for (const order of plan.cancel) this.#desk.cancel(order);
    for (const { order, reduceTo } of plan.decrease) this.#desk.decrease(order, reduceTo);
    if (session.latched) return;
    const purpose: OrderPurpose = session.phase === 'exiting' ? 'exit' : 'quote';
    for (const level of plan.place) {
      this.#desk.place({ ticker: session.ticker, ...level, purpose, immediate: false });
    }
  }

  #planExiting(session: Session): void {
    const view = this.#view.market(session.ticker);
    if (view === null || session.exit === null) return;
    const gate = this.#gateOf(session.ticker);
    const step: ExitStep =
      gate === null
        ? planExit(session.exit, this.#config.rules.exit, view, this.#view.nowMs)
        : view.position === 0
          ? { type: 'done' }
          : { type: 'wait', gate };
    session.gate = step.type === 'wait' ? step.gate : null;
    if (step.type === 'rest') {
      this.#planQuotes(
        session,
        step.side === 'bid' ? [step.level] : [],
        step.side === 'ask' ? [step.level] : [],
      );
      return;
    }
    this.#planQuotes(session, [], []);
    const open = this.#orders.openIn(session.ticker);
    if (step.type === 'done' && open.length === 0) this.#end(session, session.endReason);
    // One exit at a time: the next is sized by the fills of this one.
    if (step.type === 'take' && open.length === 0 && !session.latched) {
      session.latched = true;
      this.#desk.place({ ticker: session.ticker, ...step, purpose: 'exit', immediate: true });
    }
  }

  /** Nothing rests without a session that wants it: left-overs of an ended session or of an earlier run. */
  #cancelOrphans(): void {
    for (const ticker of this.#orders.tickersWithOpenOrders()) {
      if (this.#sessions.has(ticker)) continue;
      const status = this.#states.get(ticker)?.market.status ?? 'active';
      if (status !== 'active' && status !== 'inactive') continue;
      for (const order of [...this.#orders.openIn(ticker)]) {
        if (order.status === 'resting' && !order.changing) this.#desk.cancel(order);
      }
    }
  }
}

const NOTHING: StepResult = { commands: [], audit: null };
const NO_LEVELS: readonly QuoteLevel[] = [];
