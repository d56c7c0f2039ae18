import { setImmediate } from 'node:timers/promises';
import { assembleEngine, type BotConfig, type SessionsMode, simulationModels } from '@kalshi-mm/assembly';
import { type AuditRecord, type Event, Money, RunId, Timestamp } from '@kalshi-mm/core';
import type { StepResult } from '@kalshi-mm/engine';
import { readText } from '@kalshi-mm/runtime';
import {
  createReplayDriver,
  createReplayExchange,
  createSimulatedVenue,
  latencyModelName,
  queueModelName,
} from '@kalshi-mm/simulator';
import { type BacktestFigures, Ledger } from './ledger.ts';
import { Markouts } from './markouts.ts';
import type { Tapes } from './tapes.ts';

export interface BacktestOptions {
  readonly config: BotConfig;
  readonly strategy: string;
  readonly sessions: SessionsMode;
  readonly tapes: Tapes;
  readonly onAudit: (record: AuditRecord) => void;
  readonly onProgress?: (rows: number) => void;
  /** Asked between blocks. */
  readonly interrupted?: () => boolean;
}

export interface BacktestReport extends BacktestFigures {
  /** What moved our orders in their queues. */
  readonly queueModel: string;
  readonly entryLatency: string;
  readonly responseLatency: string;
  /** Tape rows. */
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly ticks: number;
  readonly seconds: number;
  readonly markoutsCents: ReturnType<Markouts['averages']>;
}

const ACCOUNT = 'backtest';
/** Lets the last markets be settled after the last row. */
const SETTLE_MS = 60_000;

/**
 * Plays tapes to an engine. The tape's receive clock is the only time there is; nothing reads the machine's but for
 * `eventsPerSecond`. @returns null when interrupted
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestReport | null> {
  const { config, tapes, onAudit } = options;
  const { simulation } = config;
  const { queueModel, ...latency } = simulationModels(config, readText);
  const startMs = Timestamp.of(Math.floor(tapes.firstMs));
  const { exchange, feed } = createReplayExchange({
    idSeed: 'backtest',
    startMs,
    markets: tapes.markets,
    queueModel,
  });
  const startingCash = Money.fromDollars(simulation.starting_cash_dollars);
  exchange.addUser(ACCOUNT, startingCash);
  const { engine } = assembleEngine({
    config,
    runId: RunId.of('backtest'),
    strategy: options.strategy,
    sessions: options.sessions,
    recovering: false,
  });
  const ledger = new Ledger(tapes.markets.map((market) => market.ticker));
  const markouts = new Markouts(engine.view);
  const follow = ({ commands, audit }: StepResult, event: Event): void => {
    if (audit === null) return;
    for (const command of commands) venue.submit(command, event.atMs);
    onAudit(audit);
    ledger.absorb(audit);
    if (event.type === 'order.filled') markouts.fill(event.fill, event.atMs);
  };
  const venue = createSimulatedVenue({
    exchange,
    userId: ACCOUNT,
    ...latency,
    cancelOnPause: true,
    onEvent: (event) => {
      markouts.advanceTo(event.atMs);
      follow(engine.step(event), event);
    },
    onBookChanged: (event) => {
      markouts.advanceTo(event.atMs);
      follow(engine.stepBook(event), event);
    },
  });
  const opening: Event = { type: 'balance.changed', atMs: startMs, balance: startingCash };
  follow(engine.step(opening), opening);
  const driver = createReplayDriver({
    venue,
    feed,
    markets: tapes.markets,
    tickMs: config.execution.tick_seconds * 1_000,
    toMs: Timestamp.of(Math.ceil(tapes.lastMs) + SETTLE_MS),
  });
  const began = performance.now();
  for (const block of tapes.blocks()) {
    if (!driver.run(block)) break;
    options.onProgress?.(driver.rows);
    // Signals are heard between blocks.
    await setImmediate();
    if (options.interrupted?.() === true) return null;
  }
  driver.finish();
  const seconds = (performance.now() - began) / 1_000;
  return {
    queueModel: queueModelName(queueModel),
    entryLatency: latencyModelName(latency.entryLatencyMs),
    responseLatency: latencyModelName(latency.responseLatencyMs),
    ...ledger.figures(exchange, ACCOUNT, startingCash, engine),
    events: driver.rows,
    eventsPerSecond: Math.round(driver.rows / seconds),
    ticks: driver.ticks,
    seconds,
    markoutsCents: markouts.averages(),
  };
}
