import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Analytics, openAnalytics } from '@kalshi-mm/analytics';
import { assembleEngine, type BotConfig, type SessionsMode } from '@kalshi-mm/assembly';
import { type AuditRecord, type ExecutionPort, RunId, type Ticker, Timestamp } from '@kalshi-mm/core';
import { connectKalshi, type KalshiConnection, type Signer } from '@kalshi-mm/kalshi-client';
import { createHost, ExchangeClock, type Host, openJournal, systemClock } from '@kalshi-mm/runtime';
import { createFeed, type Feed } from '@kalshi-mm/ws-feed';
import { ORDER_PREFIX } from './account-read.ts';
import { logAudit } from './audit-log.ts';
import { isLoopback } from './endpoint.ts';
import type { Logger } from './logger.ts';
import { createPaperExecution } from './paper.ts';
import { Reconciler } from './reconciler.ts';
import { recover } from './recovery.ts';
import { logStatus } from './status.ts';
import { stopTrading } from './stop.ts';
import { type BotSummary, summarise } from './summary.ts';
import { Universe } from './universe.ts';

export interface BotOptions {
  readonly config: BotConfig;
  readonly signer: Signer;
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Live data, simulated fills, no order leaves the process. */
  readonly paper: boolean;
  readonly sessions: SessionsMode;
  /** Folder of the database, the journal and the summary. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Ends the run: Ctrl+C, a deadline. */
  readonly stop: AbortSignal;
  readonly statusEveryMs?: number;
}

/** Everything that a running bot is made of; its parts are wired in `runBot` and nowhere else. */
export interface BotParts {
  readonly runId: RunId;
  /** Under which the database keeps this account. */
  readonly account: string;
  readonly clock: ExchangeClock;
  readonly engine: ReturnType<typeof assembleEngine>['engine'];
  readonly volatility: ReturnType<typeof assembleEngine>['volatility'];
  readonly host: Host;
  readonly connection: KalshiConnection;
  readonly execution: ExecutionPort;
  readonly feed: Feed;
  readonly universe: Universe;
  readonly reconciler: Reconciler | null;
  readonly analytics: Analytics;
  readonly paper: boolean;
  readonly log: Logger;
}

/**
 * Runs the bot until `stop`: recovers, trades, cancels every order of its own, verifies it, compares its database
 * with the exchange, and returns the summary.
 *
 * @throws MmError when it cannot start, or when orders may still rest after the stop
 */
export async function runBot(options: BotOptions): Promise<BotSummary> {
  const { config, signer, log, stop, paper } = options;
  const clock = new ExchangeClock();
  const local = isLoopback(options.restUrl);
  mkdirSync(options.dataDir, { recursive: true });
  // Adapters are made before the host that they post to.
  let host: Host | null = null;
  const post: Host['post'] = (event) => host?.post(event);

  const connection = await connectKalshi({
    restUrl: options.restUrl,
    signer,
    clock,
    wallClock: systemClock,
    sink: post,
    // Only an exchange on this machine may set our clock.
    ...(local
      ? { onResponse: (headers: Headers) => void clock.syncFromHeader(headers.get('x-exchange-clock')) }
      : {}),
    execution: {
      onTrouble: (error) => log.warn({ error: error.message }, 'outcome of an order is being looked up'),
    },
  });
  const runId = RunId.of(`${ORDER_PREFIX}${systemClock.now().toString(36)}`);
  const account = paper ? `paper:${runId}` : local ? `local:${signer.keyId}` : 'live';
  const analytics = await openAnalytics({ path: join(options.dataDir, 'trading_analytics.db') });
  const journal = openJournal(join(options.dataDir, `${runId}.audit.jsonl`));
  const { engine, volatility } = assembleEngine({
    config,
    runId,
    strategy: 'as-maker',
    sessions: options.sessions,
    recovering: true,
  });
  const paperVenue = paper ? createPaperExecution({ clock, post, runId }) : null;
  const execution = paperVenue?.execution ?? connection.execution;
  host = createHost({
    engine,
    execution,
    journal,
    onAudit: (record) => observe(record, analytics, log),
  });
  const feed = createFeed({
    wsUrl: options.wsUrl,
    signHeaders: () => signer.headers('GET', new URL(options.wsUrl).pathname, systemClock.now()),
    clock,
    sink: paperVenue === null ? host.post : paperVenue.sink,
    reconnectBaseDelayMs: config.websockets.reconnect_base_delay_seconds * 1_000,
    reconnectMaxDelayMs: config.websockets.reconnect_max_delay_seconds * 1_000,
    idleTimeoutMs: config.websockets.idle_timeout_seconds * 1_000,
    pingIntervalMs: config.websockets.ping_interval_seconds * 1_000,
    onLifecycle: () => universe.scanSoon(),
    log: (message, facts) => log.debug(facts, message),
    ...(paper ? { channels: ['orderbook_delta', 'trade', 'ticker', 'market_lifecycle_v2'] as const } : {}),
  });
  const stakes = (): Ticker[] => [
    ...engine.orders.tickersWithOpenOrders(),
    ...[...engine.portfolio.holdings()]
      .filter(([, holding]) => holding.position !== 0)
      .map(([ticker]) => ticker),
  ];
  const universe = new Universe({
    client: connection.client,
    clock,
    post: paperVenue === null ? host.post : paperVenue.sink,
    feed,
    log,
    series: config.discovery.series,
    maxMarkets: config.discovery.max_tracked_markets,
    rediscoverEveryMs: config.discovery.rediscovery_minutes * 60_000,
    pinned: stakes,
  });
  const startedMs = clock.now();
  analytics.startRun({
    runId,
    account,
    strategyName: 'as-maker',
    configJson: JSON.stringify(config),
    startedMs,
    mode: paper ? 'paper' : 'live',
  });
  const reports = analytics.reports(account);
  const sinceMs = (await reports.lastFillMs()) ?? startedMs;
  const concerns = concernsOf(engine);
  const reconciler = paper
    ? null
    : new Reconciler({
        client: connection.client,
        clock,
        post: host.post,
        engine,
        log,
        everyMs: config.execution.reconcile_seconds * 1_000,
        sinceMs: startedMs,
        concerns,
      });
  const parts: BotParts = {
    runId,
    account,
    clock,
    engine,
    volatility,
    host,
    connection,
    execution,
    feed,
    universe,
    reconciler,
    analytics,
    paper,
    log,
  };
  log.info({ runId, account, exchange: new URL(options.restUrl).host, paper }, 'starting');
  const stops: (() => void)[] = [];
  try {
    await feed.start();
    const opening = await recover(parts, Timestamp.of(sinceMs));
    host.post({ type: 'trading.resumed', atMs: clock.now(), reason: 'recovered' });
    const stepMs = config.execution.tick_seconds * 1_000;
    stops.push(
      host.startTicking({
        clock,
        everyMs: Math.max(5, stepMs / clock.speed),
        stepMs,
        feedAgeMs: (nowMs) => {
          paperVenue?.advanceTo(nowMs);
          const { silentMs } = feed.health(nowMs);
          // Staleness is about our connection, so it is counted in real time also on a fast exchange.
          return silentMs === null ? null : silentMs / clock.speed;
        },
      }),
    );
    await universe.start();
    stops.push(() => universe.stop());
    reconciler?.start();
    const status = setInterval(() => logStatus(parts), options.statusEveryMs ?? 10_000);
    const flush = setInterval(() => void analytics.flush().catch((error) => log.error(String(error))), 1_000);
    stops.push(
      () => clearInterval(status),
      () => clearInterval(flush),
    );
    log.info({ markets: universe.size, speed: clock.speed }, 'trading');
    await aborted(stop);
    log.info('stopping: canceling every order');
    stops.push(...(await stopTrading(parts)));
    const summary = await summarise(parts, opening, options.dataDir);
    logStatus(parts);
    return summary;
  } finally {
    for (const each of stops) each();
    await reconciler?.stop();
    feed.close();
    await connection.close();
    journal.close();
    await analytics.close();
  }
}

function observe(record: AuditRecord, analytics: Analytics, log: Logger): void {
  logAudit(record, log);
  try {
    analytics.ingest(record);
  } catch (error) {
    // The journal has the record: the database can be filled from it later.
    log.error({ error: String(error) }, 'the database did not take a record');
  }
}

/** Ours are the markets in which this account's bot has orders, fills or an adopted position. */
function concernsOf(engine: BotParts['engine']): (ticker: Ticker) => boolean {
  return (ticker) => engine.isManaged(ticker);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
