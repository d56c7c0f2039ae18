import type { BotConfig, SessionsMode } from '@kalshi-mm/assembly';
import { MmError, Timestamp } from '@kalshi-mm/core';
import type { Signer } from '@kalshi-mm/kalshi-client';
import { lockFolder } from '@kalshi-mm/runtime';
import type { Logger } from './logger.ts';
import { recover } from './recovery.ts';
import { logStatus } from './status.ts';
import { stopTrading } from './stop.ts';
import { type BotSummary, summarise } from './summary.ts';
import { type BotParts, wire } from './wire.ts';

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
  /** Where the market data is kept as it came; null: nowhere. */
  readonly recordDir: string | null;
  readonly log: Logger;
  /** Ends the run: Ctrl+C, a deadline. */
  readonly stop: AbortSignal;
}

/**
 * Runs the bot until `stop`: recovers, trades, cancels every order of its own, verifies it, compares its database
 * with the exchange, and returns the summary.
 *
 * @throws MmError when it cannot start, or when orders may still rest after the stop
 */
export async function runBot(options: BotOptions): Promise<BotSummary> {
  const { config, log } = options;
  // Two bots on one account cancel each other's orders.
  const unlock = lockFolder(options.dataDir, {
    program: 'vol-bot',
    flag: '--data-dir',
    alsoOwn: 'an account of its own',
  });
  const parts = await wire(options).catch((error) => {
    unlock();
    throw error;
  });
  const { runId, account, clock, analytics, host, feed, universe, reconciler } = parts;
  const timers: NodeJS.Timeout[] = [];
  let stopTicking = (): void => {};
  try {
    analytics.startRun({
      runId,
      account,
      strategyName: 'as-maker',
      configJson: JSON.stringify(config),
      startedMs: clock.now(),
      mode: options.paper ? 'paper' : 'live',
    });
    // The run must be known for its journal to be of use after a crash.
    await analytics.flush();
    log.info({ runId, account, exchange: new URL(options.restUrl).host, paper: options.paper }, 'starting');
    await Promise.race([startFeed(parts, options), aborted(options.stop)]);
    const opening = await recover(parts);
    host.post({ type: 'trading.resumed', atMs: clock.now(), reason: 'recovered' });
    stopTicking = startTicking(parts, config.execution.tick_seconds * 1_000);
    // The first scan of a big exchange takes a while; Ctrl+C does not wait for it.
    await Promise.race([universe.start(), aborted(options.stop)]);
    reconciler?.start();
    timers.push(
      setInterval(() => requestUntrustedBooks(parts), 1_000),
      setInterval(() => logStatus(parts), 10_000),
      setInterval(() => void analytics.flush().catch((error) => log.error(String(error))), 1_000),
    );
    log.info({ markets: universe.size, speed: clock.speed }, 'trading');
    await aborted(options.stop);
    log.info('stopping: canceling every order');
    await stopTrading(parts);
    const summary = await summarise(parts, opening, options.dataDir);
    logStatus(parts);
    return summary;
  } catch (error) {
    await stopAfterFailure(parts);
    throw error;
  } finally {
    unlock();
    stopTicking();
    for (const timer of timers) clearInterval(timer);
    universe.stop();
    await reconciler?.stop();
    feed.close();
    await parts.connection.close();
    await parts.recording?.close();
    parts.journal.close();
    await analytics.close();
  }
}

/** Leaves nothing resting behind, if it can; what cannot be canceled expires by itself. */
async function stopAfterFailure(parts: BotParts): Promise<void> {
  try {
    await stopTrading(parts);
  } catch (error) {
    parts.log.error({ error: String(error) }, 'orders may still rest; they expire by themselves');
  }
}

/** @throws MmError when nothing comes in time, by polling neither; later connections are repeated for ever */
async function startFeed({ feed, feedTrouble }: BotParts, { wsUrl, config }: BotOptions): Promise<void> {
  const { enabled, polling_fallback, fallback_after_seconds } = config.websockets;
  const deadlineMs = FEED_DEADLINE_MS + (enabled && polling_fallback ? fallback_after_seconds * 1_000 : 0);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new MmError('feed-unreachable', `The exchange’s WebSocket does not answer: ${wsUrl}`, {
            facts: { seconds: deadlineMs / 1_000, reason: feedTrouble() },
            todo: 'Check --ws-url, KALSHI_WS_URL or exchange.ws_url (host and path), and the network.',
          }),
        ),
      deadlineMs,
    );
  });
  try {
    await Promise.race([feed.start(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const FEED_DEADLINE_MS = 10_000;

function startTicking({ host, clock, feed, paper }: BotParts, stepMs: number): () => void {
  return host.startTicking({
    clock,
    everyMs: Math.max(5, stepMs / clock.speed),
    stepMs,
    feedAgeMs: (nowMs) => {
      paper?.advanceTo(Timestamp.of(Math.floor(nowMs)));
      const { silentMs } = feed.health(nowMs);
      // Staleness is about our connection, so it is counted in real time also on a fast exchange.
      return silentMs === null ? null : silentMs / clock.speed;
    },
  });
}

/** A book that the engine distrusts although the feed does not: a delta did not fit it. */
function requestUntrustedBooks({ engine, feed, clock }: BotParts): void {
  const health = feed.health(clock.now());
  if (!health.live || health.untrustedBooks > 0) return;
  for (const { ticker } of engine.view.openSessions) {
    if (engine.view.market(ticker)?.bookTrusted === false) feed.requestSnapshot(ticker);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
