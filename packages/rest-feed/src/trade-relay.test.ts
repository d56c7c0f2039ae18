import { Count, Price, Ticker, Timestamp, type TradePrinted } from '@kalshi-mm/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PolledTrade } from './rest-reads.ts';
import { TradeRelay } from './trade-relay.ts';

const A = Ticker.of('A');
const START_MS = 1_790_000_000_000;

let nowMs: number;
/** What the exchange lists, oldest first. */
let listed: PolledTrade[];
let broken: boolean;
let reads: number[];
let told: string[];
let relay: TradeRelay;

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = START_MS;
  listed = [];
  broken = false;
  reads = [];
  told = [];
  relay = new TradeRelay({
    clock: { now: () => Timestamp.of(nowMs) },
    sink: (event) => event.type === 'trade.printed' && told.push(event.tradeId!),
    speed: () => 1,
    log: () => {},
    async *readTrades({ sinceMs }) {
      reads.push(sinceMs - START_MS);
      await Promise.resolve();
      if (broken) throw new Error('503');
      yield listed.filter((trade) => trade.exchangeMs >= sinceMs).reverse();
    },
  });
  relay.setMarkets([A]);
});

afterEach(() => {
  relay.close();
  vi.useRealTimers();
});

function trade(tradeId: string, ms: number): PolledTrade {
  const fixed = { ticker: A, price: Price.of(4_700), count: Count.of(100), takerSide: 'bid' } as const;
  return { ...fixed, tradeId, isBlockTrade: false, exchangeMs: Timestamp.of(START_MS + ms) };
}

const event = (tradeId: string, ms: number): TradePrinted => {
  const { isBlockTrade: _, ...rest } = trade(tradeId, ms);
  return { type: 'trade.printed', ...rest, atMs: Timestamp.of(nowMs) };
};

async function pass(ms: number): Promise<void> {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

it('reads what is missing, and lets what is newer wait for it', async () => {
  relay.pass(event('1', 10));
  await pass(1_000);
  listed = [trade('1', 10), trade('2', 20), trade('3', 30)];
  relay.catchUp(START_MS + 500);
  relay.pass(event('3', 30));
  relay.pass(event('4', 40));
  expect(told).toEqual(['1']);
  await pass(0);
  expect(told).toEqual(['1', '2', '3', '4']);
});

it('looks again for what is listed late', async () => {
  relay.catchUp(START_MS);
  await pass(1_000);
  listed = [trade('late', 5)];
  await pass(5_000);
  expect(told).toEqual(['late']);
  await pass(60_000);
  expect(reads).toHaveLength(2);
});

it('tells what waits when the read fails, and the rest once it does not', async () => {
  listed = [trade('1', 10), trade('2', 20)];
  broken = true;
  relay.catchUp(START_MS);
  relay.pass(event('2', 20));
  await pass(0);
  expect(told).toEqual(['2']);
  broken = false;
  await pass(5_000);
  expect(told).toEqual(['2', '1']);
});

it('asked again during a read, lets trades wait for the second one', async () => {
  await pass(1_000);
  relay.catchUp(nowMs);
  relay.pass(event('1', 1_010));
  nowMs += 20;
  relay.catchUp(nowMs);
  relay.pass(event('3', 1_030));
  listed = [trade('2', 1_020)];
  await pass(0);
  expect(told).toEqual(['1', '2', '3']);
});

it('keeps what the other source tells for the change to it', async () => {
  relay.keep(event('1', 10));
  relay.keep(event('2', 20));
  relay.pass(event('1', 10));
  expect(told).toEqual(['1']);
  relay.changeOver(START_MS);
  relay.pass(event('3', 30));
  await pass(0);
  expect(told).toEqual(['1', '2', '3']);
});

it('tells no trade of before its market was followed, none of others, and none made outside the book', async () => {
  listed = [
    trade('before', -1),
    { ...trade('block', 1), isBlockTrade: true },
    { ...trade('foreign', 2), ticker: Ticker.of('B') },
    trade('ours', 3),
  ];
  relay.catchUp(START_MS);
  await pass(0);
  expect(told).toEqual(['ours']);
});

it('tells nothing twice that it has told so long ago that it has forgotten it', async () => {
  const many = Array.from({ length: 20_001 }, (_, i) => [`t${i}`, i] as const);
  for (const [id, ms] of many) relay.pass(event(id, ms));
  listed = many.map(([id, ms]) => trade(id, ms));
  relay.catchUp(START_MS);
  await pass(0);
  expect(told).toHaveLength(20_001);
});

it('does not read the trades of a whole day', async () => {
  await pass(86_400_000);
  relay.catchUp(START_MS);
  await pass(0);
  expect(reads).toEqual([86_400_000 - 900_000]);
});
