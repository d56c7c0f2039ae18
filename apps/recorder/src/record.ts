import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { type EventSink, MmError, Timestamp } from '@kalshi-mm/core';
import { connectKalshi, type Signer } from '@kalshi-mm/kalshi-client';
import { coinbase, createSpotFeed, type SpotFeed, type SpotFormat } from '@kalshi-mm/reference-feeds';
import { createMicroClock, lockFolder, systemClock } from '@kalshi-mm/runtime';
import { type CaptureWriter, createCaptureWriter, KALSHI_FEED } from '@kalshi-mm/tape';
import { createFeed, type Feed } from '@kalshi-mm/ws-feed';
import { enforceDiskLimit } from './disk-limit.ts';
import type { Logger } from './logger.ts';
import type { RecorderConfig } from './recorder-config.ts';
import { refuseOverlap } from './refuse-overlap.ts';
import { Selection } from './selection.ts';

export interface RecordOptions {
  readonly config: RecorderConfig;
  readonly signer: Signer;
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Folder of the captures. */
  readonly dir: string;
  readonly log: Logger;
  /** Ends the recording. */
  readonly stop: AbortSignal;
  /** Sees what is recorded, as events. */
  readonly sink?: EventSink;
  /** Receive time, microseconds since the epoch. @default the machine's clock */
  readonly nowUs?: () => number;
}

export interface RecordSummary {
  readonly session: string;
  readonly dir: string;
  readonly files: number;
  readonly bytes: number;
  readonly frames: number;
  /** Frames that the disk was too slow for. */
  readonly dropped: number;
  /** That were made, reconnections included. */
  readonly connections: number;
  /** Holes in the numbering of the exchange's frames. */
  readonly gaps: number;
  /** The same by the number of the connection, where there are any. */
  readonly gapsByConnection: Readonly<Record<number, number>>;
  readonly malformed: number;
  readonly markets: number;
  readonly seconds: number;
}

const SPOT_FORMATS: Readonly<Record<RecorderConfig['spot'][number]['feed'], SpotFormat>> = { coinbase };

/** Connections of spot feeds are numbered from here, so that they meet none of the exchange's. */
const FIRST_SPOT_CONNECTION = 1_000_000;

/**
 * Records until `stop`: frames as they came, connections, the facts of markets, and what was lost.
 *
 * @throws MmError when it cannot start, when credentials are refused, or when the disk is full
 */
export async function record(options: RecordOptions): Promise<RecordSummary> {
  const unlock = lockFolder(options.dir, { program: 'recorder', flag: '--dir' });
  try {
    return await recordInto(options);
  } finally {
    unlock();
  }
}

async function recordInto(options: RecordOptions): Promise<RecordSummary> {
  const { config, log, dir, stop, nowUs = createMicroClock() } = options;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const checkDisk = (): void => {
    try {
      const { files } = config;
      const deleted = enforceDiskLimit({
        dir,
        maxTotalBytes: files.max_total_gb * 1e9,
        whenFull: files.when_full,
        minFreeBytes: files.min_free_gb * 1e9,
      });
      if (deleted.length > 0) log.warn({ deleted }, 'the oldest captures made room');
    } catch (error) {
      failed.reject(error);
    }
  };
  refuseOverlap(dir, nowUs());
  checkDisk();
  const began = performance.now();
  const session = `${new Date(Math.floor(nowUs() / 1_000)).toISOString()} ${randomUUID().slice(0, 8)}`;
  const connection = await Promise.race([
    failed.promise,
    connectKalshi({ restUrl: options.restUrl, signer: options.signer, clock: systemClock, sink: () => {} }),
  ]);
  const renewBooks = (): void => {
    for (const ticker of selection.followed) feed.requestSnapshot(ticker);
  };
  const writer = createCaptureWriter({
    dir,
    prefix: 'kalshi',
    recorder: 'kalshi-mm recorder',
    session,
    flushMs: config.files.flush_seconds * 1_000,
    maxFileBytes: config.files.max_file_mb * 1e6,
    maxPendingBytes: config.files.max_pending_mb * 1e6,
    onFile: (path) => {
      log.info({ file: path, bytes: statSync(path).size }, 'a capture is complete');
      checkDisk();
      // The next file is to be of use without this one.
      renewBooks();
    },
    onLoss: renewBooks,
    onError: failed.reject,
  });
  const known = new Set<string>();
  const gapsByConnection: Record<number, number> = {};
  let unreachable: string | null = null;
  const feed = makeFeed(options, writer, nowUs, {
    onUnreachable: (reason) => {
      unreachable = reason;
    },
    onNotice: (ticker) => selection.onNotice(ticker),
    onGap: (connection) => {
      gapsByConnection[connection] = (gapsByConnection[connection] ?? 0) + 1;
    },
  });
  const selection = new Selection({
    client: connection.client,
    config: config.markets,
    onMarket: (market) => {
      if (!known.has(market.ticker)) log.info({ ticker: market.ticker }, 'a market is recorded');
      known.add(market.ticker);
      writer.control({ kind: 'market', market }, nowUs());
    },
    onMarkets: (tickers) => feed.setMarkets(tickers),
    log,
  });
  const spots: SpotFeed[] = [];
  const timers: NodeJS.Timeout[] = [];
  const stopped = aborted(stop);
  try {
    await Promise.race([failed.promise, stopped, selection.start()]);
    if (selection.followed.length === 0) log.warn('no market is open; waiting for one to list');
    spots.push(...config.spot.map((spot, i) => makeSpot(spot, i, options, writer, nowUs)));
    timers.push(
      setInterval(() => logStatus(log, writer, feed, selection), 10_000),
      setInterval(checkDisk, 60_000),
    );
    await Promise.race([failed.promise, stopped, feed.start()]);
    if (stop.aborted && unreachable !== null) {
      throw new MmError('feed-unreachable', `No connection to ${options.wsUrl} came about (${unreachable})`, {
        todo: 'Check the WebSocket address and the network; nothing was recorded.',
      });
    }
    log.info({ dir, session, markets: selection.followed.length }, 'recording');
    await Promise.race([failed.promise, stopped]);
    log.info('stopping');
  } finally {
    for (const timer of timers) clearInterval(timer);
    selection.stop();
    for (const spot of spots) spot.close();
    feed.close();
    await connection.close();
    await writer.close();
  }
  const { stats } = writer;
  return {
    ...{ session, dir, files: stats.files, bytes: stats.bytesWritten, frames: stats.frames },
    ...{ dropped: stats.dropped, connections: feed.stats.connections, gaps: feed.stats.gaps },
    gapsByConnection,
    ...{ malformed: feed.stats.malformed, markets: known.size },
    seconds: Math.round(performance.now() - began) / 1_000,
  };
}

function makeFeed(
  { config, signer, wsUrl, log, sink, stop }: RecordOptions,
  writer: CaptureWriter,
  nowUs: () => number,
  hear: {
    readonly onNotice: (ticker: string) => void;
    readonly onGap: (connection: number) => void;
    /** Why the first connection does not come about; null: it has. */
    readonly onUnreachable: (reason: string | null) => void;
  },
): Feed {
  let connected = false;
  return createFeed({
    wsUrl,
    signHeaders: () => signer.headers('GET', new URL(wsUrl).pathname, systemClock.now()),
    clock: { now: () => Timestamp.of(Math.floor(nowUs() / 1_000)) },
    channels: config.channels,
    marketsPerConnection: config.exchange.markets_per_connection,
    sink: (event) => {
      if (event.type === 'feed.lost' && !connected) {
        log.warn({ url: wsUrl, reason: event.reason }, 'the feed does not connect; it goes on trying');
        hear.onUnreachable(event.reason);
      }
      sink?.(event);
    },
    onFrame: (raw, _atMs, connection) => writer.frame(raw, nowUs(), connection),
    onConnection: ({ connection, ...change }) => {
      if (change.open) {
        connected = true;
        hear.onUnreachable(null);
        log.info({ connection }, 'a connection is open');
        const facts = { connection, feed: KALSHI_FEED, url: wsUrl, yesPrices: true };
        writer.control({ kind: 'connected', ...facts }, nowUs());
      } else {
        const level = stop.aborted ? 'debug' : 'warn';
        log[level]({ connection, reason: change.reason }, 'a connection has ended');
        writer.control({ kind: 'closed', connection, reason: change.reason }, nowUs());
      }
    },
    onGap: (channel, connection) => {
      log.warn({ channel, connection }, 'frames were lost on the way');
      writer.control({ kind: 'gap', channel, connection }, nowUs());
      hear.onGap(connection);
    },
    onLifecycle: ({ ticker, eventTicker }) => hear.onNotice(ticker ?? eventTicker ?? ''),
    log: (message, facts) => log.debug(facts, message),
  });
}

function makeSpot(
  { feed, symbols, url }: RecorderConfig['spot'][number],
  index: number,
  { log }: RecordOptions,
  writer: CaptureWriter,
  nowUs: () => number,
): SpotFeed {
  const format = SPOT_FORMATS[feed];
  const connection = FIRST_SPOT_CONNECTION + index;
  return createSpotFeed({
    format,
    symbols,
    ...(url === undefined ? {} : { url }),
    onFrame: (raw) => writer.frame(raw, nowUs(), connection, feed),
    onConnection: (open, reason) => {
      const facts = { connection, feed, url: url ?? format.defaultUrl, yesPrices: false };
      if (open) writer.control({ kind: 'connected', ...facts }, nowUs());
      else writer.control({ kind: 'closed', connection, reason }, nowUs());
    },
    log: (message, facts) => log.warn(facts, message),
  });
}

function logStatus(log: Logger, writer: CaptureWriter, feed: Feed, selection: Selection): void {
  const { frames, dropped, bytesWritten, bytesPending } = writer.stats;
  const { live, lagMs, untrustedBooks, connections } = feed.health(systemClock.now());
  log.info(
    {
      frames,
      dropped,
      bytesWritten,
      bytesPending,
      markets: selection.followed.length,
      connections,
      live,
      lagMs,
      untrustedBooks,
    },
    'recording',
  );
  if (dropped > 0) log.error({ dropped }, 'the disk is too slow: frames were dropped');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** @throws MmError when nothing is asked for */
export function checkSelection({ tickers, series, categories }: RecorderConfig['markets']): void {
  if (tickers.length + series.length + categories.length > 0) return;
  throw new MmError('nothing-selected', 'No market is selected', {
    todo: 'Give --ticker, --series or --category, or `markets` in the configuration.',
  });
}
