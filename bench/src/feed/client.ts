import { PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import { MarketStates } from '@kalshi-mm/market-state';
import { aMarket } from '@kalshi-mm/testing';
import { createFeed } from '@kalshi-mm/ws-feed';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { type FromClient, MARKETS, type Mode, tickerOf, WARM_UP } from './messages.ts';

// One way to read, in a process of its own: url, mode, frames to expect, seconds that they take (0: at once).
const [url, mode, expected, seconds] = process.argv.slice(2) as [string, Mode, string, string];
const FRAMES = Number(expected);
const PACED = Number(seconds) > 0;
const tickers = Array.from({ length: MARKETS }, (_, i) => Ticker.of(tickerOf(i)));
const tell = (message: FromClient): void => void process.send!(message);

let frames = 0;
let startCpu = process.cpuUsage();
let heapBytes = 0;
/** Sums of milliseconds on the way, by third. */
const lag = [0, 0, 0];

function count(lagMs: number): void {
  if (frames === WARM_UP) startCpu = process.cpuUsage();
  if (PACED) {
    lag[Math.floor((3 * frames) / FRAMES)]! += lagMs;
    if (frames === Math.floor(FRAMES / 3)) heapBytes = usedHeap();
  }
  if (++frames < FRAMES) return;
  if (PACED) {
    const third = FRAMES / 3;
    tell({
      type: 'paced',
      frames,
      heapBytes: [heapBytes, usedHeap()],
      lagMs: [lag[1]! / third, lag[2]! / third],
    });
  } else {
    const { user, system } = process.cpuUsage(startCpu);
    tell({ type: 'done', cpuMs: (user + system) / 1_000 });
  }
}

function usedHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

if (mode === 'feed') readWithFeed();
else readWithWs(mode === 'zod');

function readWithFeed(): void {
  const states = new MarketStates();
  for (const ticker of tickers) states.list(aMarket({ ticker, grid: PriceGrid.cent() }));
  let books = 0;
  const feed = createFeed({
    wsUrl: url,
    clock: { now: () => Timestamp.of(Date.now()) },
    channels: ['orderbook_delta'],
    marketsPerConnection: MARKETS,
    sink(event) {
      states.absorb(event);
      if (event.type === 'book.changed') count(event.atMs - event.exchangeMs!);
      else if (event.type === 'book.replaced' && ++books === MARKETS) tell({ type: 'ready' });
      else if (event.type !== 'book.replaced') throw new Error(`The feed tells ${event.type}`);
      if (frames !== FRAMES) return;
      for (const state of states.values()) if (!state.bookTrusted) throw new Error('A delta did not fit');
    },
  });
  feed.setMarkets(tickers);
  void feed.start();
}

function readWithWs(validates: boolean): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const params = { channels: ['orderbook_delta'], market_tickers: tickers, use_yes_price: true };
  socket.on('open', () => socket.send(JSON.stringify({ id: 1, cmd: 'subscribe', params })));
  let books = 0;
  socket.on('message', (data: Buffer) => {
    const value = JSON.parse(data.toString('utf8'));
    if (value.type === 'orderbook_delta') {
      const { msg } = validates ? Delta.parse(value) : value;
      count(Date.now() - msg.ts_ms);
    } else if (value.type === 'orderbook_snapshot' && ++books === MARKETS) tell({ type: 'ready' });
  });
}

const Delta = z.object({
  type: z.literal('orderbook_delta'),
  sid: z.int(),
  seq: z.int(),
  msg: z.object({
    market_ticker: z.string().min(1),
    side: z.enum(['yes', 'no']),
    price_dollars: z.string(),
    delta_fp: z.string(),
    ts_ms: z.int(),
  }),
});
