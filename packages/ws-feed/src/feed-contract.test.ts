import { generateKeyPairSync } from 'node:crypto';
import { type Clock, createRandom, Timestamp } from '@kalshi-mm/core';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readAccount } from '../../local-exchange/src/access/account.ts';
import type { FaultName, FaultOptions } from '../../local-exchange/src/faults/fault-options.ts';
import { createFeed } from './feed.ts';
import { EventLog } from './testing/event-log.ts';
import { InProcessExchange } from './testing/in-process-exchange.ts';

/** More by hand: `FEED_RUNS=20000 vitest run …`. */
const RUNS = Number(process.env.FEED_RUNS ?? 2_000);
const CHUNK = 100;
const ACTS = 40;

const FAULTS = [
  'feedDrop',
  'feedDuplicate',
  'feedReorder',
  'feedDelay',
  'feedSkipSeq',
  'feedRepeatSeq',
  'feedDisconnect',
  'feedHalfOpen',
  'feedChannelError',
  'feedOverflow',
] as const satisfies readonly FaultName[];

/** Few of what ends a connection, more of what hits one frame. */
const MOST: Readonly<Partial<Record<FaultName, number>>> = {
  feedDisconnect: 0.01,
  feedHalfOpen: 0.002,
  feedChannelError: 0.01,
  feedOverflow: 0.01,
  feedDelay: 0.02,
};

const account = readAccount({
  userId: 'me',
  keyId: 'key-1',
  publicKey: generateKeyPairSync('ed25519').publicKey,
});
const clock: Clock = { now: () => Timestamp.of(Date.now()) };
const happened = new Map<FaultName, number>();
let recovered = 0;

function sorted(book: Record<string, number>): string {
  return JSON.stringify(Object.entries(book).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A run with some of the faults, at rates of its own, until they stop; then everything must come right. */
async function run(seed: number): Promise<void> {
  const random = createRandom(`contract/${seed}`);
  const faults: FaultOptions = { seed, feedDelayMs: 50 + random.integer(500) };
  for (const name of FAULTS) if (random.next() < 0.5) faults[name] = random.next() * (MOST[name] ?? 0.08);
  // Another frame that is lost, late or twice under a number that repeats leaves no trace at all.
  if ((faults.feedRepeatSeq ?? 0) > 0) faults.feedDrop = faults.feedReorder = faults.feedDuplicate = 0;
  const server = new InProcessExchange(random, faults, account);
  const log = new EventLog();
  const feed = createFeed({
    wsUrl: 'ws://in-process/trade-api/ws/v2',
    clock,
    sink: log.sink,
    openSocket: server.openSocket,
    random: () => random.next(),
    marketsPerConnection: 1 + random.integer(3),
    fetchFills: (sinceMs) => server.fetchFills(sinceMs),
  });
  const isRight = (): boolean => {
    const fills = log.of('order.filled').map(({ fill }) => `${fill.fillId} ${fill.orderId}`);
    const theirs = server.exchange.fills('me').map(({ fillId, orderId }) => `${fillId} ${orderId}`);
    // A fill that was told twice is in the list twice.
    return (
      server.tickers.every((ticker) => sorted(log.book(ticker)) === sorted(server.book(ticker))) &&
      feed.health(0).untrustedBooks === 0 &&
      fills.sort().join() === theirs.sort().join()
    );
  };
  feed.setMarkets(server.tickers);
  const started = feed.start();
  for (let act = 0; act < ACTS; act++) {
    for (let i = random.integer(4); i >= 0; i--) server.act();
    server.flush();
    for (const ticker of server.tickers) {
      const trusted = feed.clocks(ticker, Date.now())?.trusted;
      expect(log.trusts(ticker) && trusted === false, `seed ${seed}: ${ticker}`).toBe(false);
    }
    await vi.advanceTimersByTimeAsync(random.next() < 0.05 ? 3_000 : random.integer(60));
  }
  server.faulty = false;
  let minutes = 0;
  do {
    server.nudge();
    await vi.advanceTimersByTimeAsync(10_000);
    minutes += 10 / 60;
  } while (!isRight() && minutes < 5);
  await started;
  for (const ticker of server.tickers) expect(log.book(ticker), `seed ${seed}`).toEqual(server.book(ticker));
  expect(isRight(), `seed ${seed}: fills ${JSON.stringify(feed.stats)}`).toBe(true);
  expect(feed.stats).toMatchObject({ malformed: 0, unknown: 0, crossed: 0 });
  for (const name of FAULTS) happened.set(name, (happened.get(name) ?? 0) + server.happened(name));
  recovered += feed.stats.recoveredFills;
  feed.close();
  server.close();
}

beforeEach(() => {
  vi.useFakeTimers({
    now: 1_790_000_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('against the feed of the local exchange with faults', () => {
  it.each(Array.from({ length: RUNS / CHUNK }, (_, chunk) => chunk * CHUNK))(
    `books are the exchange's, fills complete and single: ${CHUNK} runs from seed %i`,
    async (first) => {
      for (let seed = first; seed < first + CHUNK; seed++) await run(seed);
    },
    60_000,
  );

  afterAll(() => {
    for (const name of FAULTS) expect([name, happened.get(name)]).not.toEqual([name, 0]);
    expect(recovered).toBeGreaterThan(0);
  });
});
