import type { Event, Ticker } from '@kalshi-mm/core';
import { createFeed } from '@kalshi-mm/ws-feed';
import { expect, it } from 'vitest';
import { createFallbackFeed } from './fallback-feed.ts';
import { createRestFeed } from './rest-feed.ts';
import { openFrozenGate } from './testing/frozen-gate.ts';
import { openPollBench } from './testing/poll-bench.ts';

const SWITCHES = 24;
const SPEED = 20;
const STEP_MS = 100;

it('tells the trades of the exchange, each once and in order, over many switches', {
  timeout: 30_000,
}, async () => {
  const bench = await openPollBench();
  const { local, clock, sink } = bench;
  const gate = await openFrozenGate(local.port);
  const feed = createFallbackFeed({
    ...{ clock, sink, fallbackAfterMs: 40, speed: () => SPEED },
    webSocket: (to, onMissedTrades) =>
      createFeed({
        ...{
          wsUrl: `ws://127.0.0.1:${gate.port}/trade-api/ws/v2`,
          clock,
          sink: to,
          pingIntervalMs: 10,
          idleTimeoutMs: 160,
        },
        signHeaders: () => bench.signer.headers('GET', '/trade-api/ws/v2', bench.wallNow()),
        ...{ reconnectBaseDelayMs: 5, reconnectMaxDelayMs: 40, repairSpacingMs: 5, marketsPerConnection: 4 },
        onMissed: (channel, sinceMs) => {
          if (channel === 'trades') onMissedTrades(sinceMs);
        },
      }),
    polling: (to) =>
      createRestFeed({
        ...{ reads: bench.kalshi.client, clock, sink: to },
        ...{ booksEveryMs: 5, marketsEveryMs: 20, spacingMs: 1 },
      }),
    readTrades: bench.kalshi.client.trades,
  });
  feed.setMarkets(bench.active);
  await feed.start();
  const fromMs = clock.now();
  const life = setInterval(() => bench.advance(STEP_MS), STEP_MS / SPEED);

  // Losses that cause no switch come in between.
  const others = ['feedDisconnect', 'feedChannelError', 'feedOverflow', 'feedSkipSeq', 'feedDrop'] as const;
  for (let i = 0; i < SWITCHES / 2; i++) {
    // A connection that is only being made is not frozen: the next time.
    for (let turns = 0; feed.source === 'websocket'; turns++) {
      if (turns % 50 === 0) gate.freeze();
      await pause(5);
    }
    while (feed.source === 'polling') await pause(5);
    local.faults.inject(others[i % others.length]!, { match: 'trade' });
    await bench.next((event) => event.type === 'trade.printed');
  }
  // A frame that was lost as the last of its connection shows at the next one.
  const missing = (): Ticker[] => bench.active.filter((ticker) => !isTold(ticker));
  const exchangeIds = (ticker: Ticker): string[] =>
    local.exchange
      .trades(ticker)
      .filter((trade) => trade.atMs > fromMs)
      .map((trade) => trade.tradeId)
      .reverse();
  const toldIds = (ticker: Ticker): string[] =>
    bench.events.filter((event) => isTradeOf(ticker, event)).map((event) => event.tradeId!);
  const isTold = (ticker: Ticker): boolean => {
    const told = new Set(toldIds(ticker));
    return exchangeIds(ticker).every((id) => told.has(id));
  };
  // Trading stops while it is looked, and frames are on their way then.
  clearInterval(life);
  for (let turns = 0; missing().length > 0 && turns < 800; turns++) {
    if (turns % 50 === 49) bench.advance(STEP_MS);
    await pause(5);
  }
  feed.close();
  gate.close();
  for (const ticker of bench.active) expect(toldIds(ticker)).toEqual(exchangeIds(ticker));
  expect(bench.active.flatMap(toldIds).length).toBeGreaterThan(100);
  expect(bench.events.filter((event) => event.type === 'feed.switched').length).toBeGreaterThanOrEqual(
    SWITCHES,
  );
  await bench.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function isTradeOf(ticker: Ticker, event: Event): event is Extract<Event, { type: 'trade.printed' }> {
  return event.type === 'trade.printed' && event.ticker === ticker;
}
