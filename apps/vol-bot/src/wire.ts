import { join } from 'node:path';
import { type Analytics, openAnalytics } from '@kalshi-mm/analytics';
import { type Assembled, assembleEngine } from '@kalshi-mm/assembly';
import { type AuditRecord, type ExecutionPort, RunId, type Ticker } from '@kalshi-mm/core';
import { connectKalshi, type KalshiConnection } from '@kalshi-mm/kalshi-client';
import type { MarketFeed } from '@kalshi-mm/rest-feed';
import {
  createHost,
  ExchangeClock,
  type Host,
  type Journal,
  openJournal,
  systemClock,
} from '@kalshi-mm/runtime';
import { ORDER_PREFIX } from './account-read.ts';
import { createAuditLog } from './audit-log.ts';
import type { BotOptions } from './bot.ts';
import { catchUp, journalPath } from './catch-up.ts';
import { isLoopback } from './endpoint.ts';
import type { Logger } from './logger.ts';
import { createMarketFeed, type FeedSource } from './market-feed.ts';
import { createPaperVenue, type PaperVenue } from './paper.ts';
import { Reconciler } from './reconciler.ts';
import { openRecording, type Recording } from './recording.ts';
import { Universe } from './universe.ts';

/** Everything that a running bot is made of. */
export interface BotParts {
  readonly runId: RunId;
  /** Under which the database keeps this account. */
  readonly account: string;
  readonly clock: ExchangeClock;
  readonly engine: Assembled['engine'];
  readonly volatility: Assembled['volatility'];
  readonly host: Host;
  readonly connection: KalshiConnection;
  readonly execution: ExecutionPort;
  readonly feed: MarketFeed;
  /** Where market data comes from now. */
  readonly feedSource: () => FeedSource;
  /** Why the feed's connection last ended. */
  readonly feedTrouble: () => string | null;
  readonly universe: Universe;
  /** Null on paper: there is no account to read. */
  readonly reconciler: Reconciler | null;
  /** Null when real orders are sent. */
  readonly paper: PaperVenue | null;
  readonly analytics: Analytics;
  readonly journal: Journal;
  /** Null when the market data is not kept. */
  readonly recording: Recording | null;
  readonly log: Logger;
}

/**
 * Connects the adapters to the engine. Nothing is traded yet; the first request has proved address and key.
 *
 * @throws MmError when the exchange is not reachable, the key is refused, or the data folder cannot be used
 */
export async function wire(options: BotOptions): Promise<BotParts> {
  const { config, signer, log, dataDir, sessions } = options;
  const clock = new ExchangeClock();
  const local = isLoopback(options.restUrl);
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
  const account = accountName(options, runId);
  const analytics = await openAnalytics({ path: join(dataDir, config.analytics.file) });
  await catchUp(analytics, account, dataDir, log);
  const journal = openJournal(journalPath(dataDir, runId));
  const assembled = assembleEngine({
    config,
    runId,
    strategy: 'as-maker',
    sessions,
    ownPrefix: ORDER_PREFIX,
    recovering: true,
  });
  const { engine } = assembled;
  const paper = options.paper ? createPaperVenue(post, runId, config, clock.now()) : null;
  const execution = paper?.execution ?? connection.execution;
  const logAudit = createAuditLog(log);
  const onAudit = (record: AuditRecord): void => {
    logAudit(record);
    store(record, analytics, log);
  };
  host = createHost({ engine, execution, journal, onAudit });
  const sink = paper?.sink ?? host.post;
  const recording =
    options.recordDir === null ? null : openRecording(options.recordDir, runId, options.wsUrl, log);
  let trouble: string | null = null;
  const { feed, source: feedSource } = createMarketFeed(options, connection, clock, sink, {
    ...recording?.feedOptions,
    onTrouble: (reason) => {
      trouble = reason;
    },
    onLifecycle: () => universe.scanSoon(),
    // What a gap has swallowed cannot be asked for again: read the account instead.
    onMissedAccount: () => reconciler?.readSoon(),
    readAccount: async () => reconciler?.readIfStarted(),
  });
  const universe = new Universe({
    client: connection.client,
    clock,
    post: (event) => {
      recording?.see(event);
      sink(event);
    },
    feed,
    log,
    series: config.discovery.series,
    maxMarkets: config.volatility_scanner.max_tracked_markets,
    rediscoverEveryMs: config.discovery.rediscovery_minutes * 60_000,
    pinned: () => stakes(engine),
  });
  const reconciler =
    paper !== null
      ? null
      : new Reconciler({
          client: connection.client,
          clock,
          post: host.post,
          engine,
          log,
          everyMs: config.execution.reconcile_seconds * 1_000,
          sinceMs: clock.now(),
          concerns: (ticker) => engine.isManaged(ticker),
        });
  return {
    ...{ runId, account, clock, engine, volatility: assembled.volatility, host, connection, execution },
    feedTrouble: () => trouble,
    feedSource,
    ...{ feed, universe, reconciler, paper, analytics, journal, recording, log },
  };
}

/** Demo and production are different accounts, and so is each local exchange and each paper run. */
function accountName({ paper, restUrl, signer }: BotOptions, runId: RunId): string {
  if (paper) return `paper:${runId}`;
  if (isLoopback(restUrl)) return `local:${signer.keyId}`;
  return new URL(restUrl).hostname.includes('demo') ? 'demo' : 'live';
}

/** Markets with orders or a position of ours. */
function stakes(engine: BotParts['engine']): Set<Ticker> {
  const tickers = new Set(engine.orders.tickersWithOpenOrders());
  for (const [ticker, holding] of engine.portfolio.holdings())
    if (holding.position !== 0) tickers.add(ticker);
  return tickers;
}

function store(record: AuditRecord, analytics: Analytics, log: Logger): void {
  try {
    analytics.ingest(record);
  } catch (error) {
    // The journal has the record: the database can be filled from it later.
    log.error({ error: String(error) }, 'the database did not take a record');
  }
}
