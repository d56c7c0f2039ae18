import { mkdirSync } from 'node:fs';
import { type Event, type Market, MmError } from '@kalshi-mm/core';
import { createMicroClock } from '@kalshi-mm/runtime';
import { createCaptureWriter, KALSHI_FEED } from '@kalshi-mm/tape';
import type { FeedOptions } from '@kalshi-mm/ws-feed';
import type { Logger } from './logger.ts';

/** Keeps the market data of a run, as it came, beside the trading: `tape compile` makes a tape of it. */
export interface Recording {
  /** What the feed tells it. */
  readonly feedOptions: Required<Pick<FeedOptions, 'onFrame' | 'onConnection'>>;
  /** Notes the facts of markets in an event. */
  see(event: Event): void;
  close(): Promise<void>;
}

/**
 * A fault of the disk ends the recording, never the trading.
 *
 * @throws MmError `record-dir`
 */
export function openRecording(dir: string, runId: string, wsUrl: string, log: Logger): Recording {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (cause) {
    throw new MmError('record-dir', `The folder of the recording cannot be made: ${dir}`, {
      todo: 'Name a folder that the bot may write to with --record.',
      cause,
    });
  }
  const nowUs = createMicroClock();
  const writer = createCaptureWriter({
    dir,
    prefix: runId,
    recorder: 'kalshi-mm vol-bot',
    session: runId,
    onError: (error) => log.error({ error: error.message }, 'the recording has ended'),
  });
  const told = new Map<string, string>();
  const note = (market: Market): void => {
    const facts = JSON.stringify(market);
    if (told.get(market.ticker) === facts) return;
    told.set(market.ticker, facts);
    writer.control({ kind: 'market', market }, nowUs());
  };
  return {
    feedOptions: {
      onFrame: (raw, _atMs, connection) => writer.frame(raw, nowUs(), connection),
      onConnection: (change) => {
        const { connection } = change;
        if (change.open) {
          const facts = { connection, feed: KALSHI_FEED, url: wsUrl, yesPrices: true };
          writer.control({ kind: 'connected', ...facts }, nowUs());
        } else writer.control({ kind: 'closed', connection, reason: change.reason }, nowUs());
      },
    },
    see(event) {
      if (event.type === 'catalog.scanned') event.markets.forEach(note);
      else if (event.type === 'market.changed' || event.type === 'market.opened') note(event.market);
    },
    async close() {
      await writer.close();
      const { dropped } = writer.stats;
      if (dropped > 0) log.warn({ dropped }, 'frames are missing in the recording');
    },
  };
}
