import { createRandom, Price, PriceGrid, Ticker, Timestamp } from '@kalshi-mm/core';
import { MarketStates } from '@kalshi-mm/market-state';
import { aMarket } from '@kalshi-mm/testing';
import { createFrameDecoder, createFrameTarget } from '@kalshi-mm/ws-feed';
import { type BenchResult, compare } from './measure.ts';

const FRAMES = 200_000;
const MARKETS = 24;

/** A frame as it came from the socket to a validated, applied book, against `JSON.parse` of the same frame alone. */
export function wireBench(): BenchResult[] {
  const frames = makeFrames();
  const { ratio, oursMs, referenceMs } = compare(
    { run: () => applyAll(frames) },
    { run: () => parseAll(frames) },
    { sameResult: false },
  );
  return [
    {
      name: 'wire',
      value: Math.round(FRAMES / (oursMs / 1_000)),
      unit: 'frames/s',
      reference: Math.round(FRAMES / (referenceMs / 1_000)),
      ratio,
      goal: 'at most 0.5× the time of JSON.parse of the same frames alone',
      holds: ratio <= 0.5,
    },
  ];
}

function applyAll(frames: readonly Buffer[]): number {
  const decoder = createFrameDecoder();
  const target = createFrameTarget();
  const states = openBooks();
  const { delta } = target;
  const event = {
    type: 'book.changed' as const,
    atMs: Timestamp.of(2),
    ticker: delta.ticker,
    side: 'bid' as 'bid' | 'ask',
    price: delta.price,
    delta: 0,
    exchangeMs: null as Timestamp | null,
  };
  let touches = 0;
  for (const frame of frames) {
    if (decoder.decode(frame, target) !== 'orderbook_delta') throw new Error('A frame left the fast path');
    event.ticker = delta.ticker;
    event.side = delta.outcome === 'yes' ? 'bid' : 'ask';
    // The NO side comes in NO prices here: the harder case.
    event.price = delta.outcome === 'yes' ? delta.price : Price.complement(delta.price);
    event.delta = delta.delta;
    event.exchangeMs = delta.exchangeMs;
    if (states.absorb(event)) touches++;
  }
  for (const state of states.values())
    if (!state.bookTrusted) throw new Error('A delta did not fit its book');
  return touches;
}

function parseAll(frames: readonly Buffer[]): number {
  let sum = 0;
  for (const frame of frames) sum += JSON.parse(frame.toString('utf8')).seq;
  return sum;
}

const tickers = Array.from({ length: MARKETS }, (_, i) =>
  Ticker.of(`KXBENCH15M-26NOV20${1000 + i}-${10 + i}`),
);

function openBooks(): MarketStates {
  const states = new MarketStates();
  for (const ticker of tickers) {
    states.list(aMarket({ ticker, grid: PriceGrid.cent() }));
    states.absorb({ type: 'book.replaced', atMs: Timestamp.of(1), ticker, bids: [], asks: [] });
  }
  return states;
}

/** Frames as the exchange sends them, in the order and form of the recorded ones. */
function makeFrames(): Buffer[] {
  const random = createRandom('wire');
  const held = new Map<string, number>();
  const frames: Buffer[] = [];
  let ms = 1_786_410_915_566;
  for (let seq = 2; frames.length < FRAMES; seq++) {
    const market = random.integer(MARKETS);
    const side = random.next() < 0.5 ? 'yes' : 'no';
    const cents = Math.max(1, 47 - Math.floor(random.exponential(5)));
    const key = `${market}/${side}/${cents}`;
    const before = held.get(key) ?? 0;
    const delta =
      before > 0 && random.next() < 0.5 ? -before : 100 * (1 + random.integer(50)) + random.integer(100);
    held.set(key, before + delta);
    ms += random.integer(20);
    const time = new Date(ms).toISOString().replace('Z', '273Z');
    frames.push(
      Buffer.from(
        `{"type":"orderbook_delta","sid":1,"seq":${seq},"msg":{"market_ticker":"${tickers[market]}","market_id":"31185e50-0db4-4c57-b95d-0123f5c07ec8","price_dollars":"0.${String(cents).padStart(2, '0')}00","delta_fp":"${(delta / 100).toFixed(2)}","side":"${side}","ts":"${time}","ts_ms":${ms}}}`,
      ),
    );
  }
  return frames;
}
