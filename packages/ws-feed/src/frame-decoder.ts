import type { Count, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { type FrameLayout, layoutOf } from './frame-layout.ts';
import { SLOTS, Slot } from './frame-slot.ts';
import type { DeltaFrame, TradeFrame } from './frames.ts';
import { parseFrame } from './parse-frame.ts';
import { TickerCache } from './ticker-cache.ts';

/** Where a decoder puts what it reads: one object of each hot type, overwritten by the next frame of its type. */
export interface FrameTarget {
  readonly delta: Mutable<DeltaFrame>;
  readonly trade: Mutable<TradeFrame>;
}

export interface FrameDecoder {
  /**
   * Reads an `orderbook_delta` or `trade` frame straight from its bytes into `target`. `fallback` says only that
   * the frame belongs to `JSON.parse` and `parseFrame`, which decide whether it is valid; `target` then means
   * nothing. The first frames of a new order of keys are learnt from on the way.
   *
   * @param start where in the buffer the frame begins, and
   * @param end where it ends; the whole buffer unless given
   */
  decode(
    buffer: Buffer,
    target: FrameTarget,
    start?: number,
    end?: number,
  ): 'orderbook_delta' | 'trade' | 'fallback';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Layouts kept at a time: two types, each with and without the fields that only own orders carry, and some more. */
const MAX_LAYOUTS = 8;
/** Frames of a hot type that may teach nothing before the decoder stops trying. */
const MAX_WASTED_LESSONS = 1000;

/**
 * A decoder with its own memory of tickers and layouts; one per feed.
 *
 * A frame is compared with the frames before it: the keys must be the same bytes in the same order, and every value
 * between them must be well formed and in range. What passes is what `parseFrame` would have accepted, at a fraction
 * of the cost.
 *
 * @param canonical the string to give for a ticker, if there is one already; equal to the one it is called with
 */
export function createFrameDecoder(canonical: (ticker: Ticker) => Ticker = (ticker) => ticker): FrameDecoder {
  const tickers = new TickerCache(canonical);
  const found = new Float64Array(SLOTS);
  // Frames that came together stand in one buffer.
  let bytes: Buffer = Buffer.alloc(0);
  let view: DataView = new DataView(bytes.buffer);
  const layouts: FrameLayout[] = [];
  let lessons = MAX_WASTED_LESSONS;
  const decodeKnown = (
    buffer: Buffer,
    target: FrameTarget,
    start: number,
    end: number,
  ): FrameLayout['type'] | 'fallback' => {
    if (buffer !== bytes) {
      bytes = buffer;
      view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    for (let i = 0; i < layouts.length; i++) {
      const layout = layouts[i]!;
      const ticker = layout.scan(buffer, view, start, end, found, tickers);
      if (ticker === null) continue;
      if (layout.type === 'trade') fillTrade(target.trade, ticker, layout, found);
      else fillDelta(target.delta, ticker, layout, found);
      return layout.type;
    }
    return 'fallback';
  };
  return {
    decode(buffer, target, start = 0, end = buffer.length) {
      const known = decodeKnown(buffer, target, start, end);
      if (known !== 'fallback' || lessons === 0) return known;
      const frame = buffer.subarray(start, end);
      if (!isHot(frame)) return known;
      lessons--;
      const layout = learn(frame);
      if (layout === null) return 'fallback';
      layouts.unshift(layout);
      if (layouts.length > MAX_LAYOUTS) layouts.pop();
      const again = decodeKnown(buffer, target, start, end);
      if (again !== 'fallback') lessons++;
      return again;
    },
  };
}

/** A target of the right shape for `FrameDecoder.decode`. */
export function createFrameTarget(): FrameTarget {
  const none = { sid: 0, seq: 0, ticker: '', price: 1, exchangeMs: null };
  return {
    delta: { type: 'orderbook_delta', ...none, outcome: 'yes', delta: 0 },
    trade: { type: 'trade', ...none, count: 0, takerSide: 'bid', block: false },
  } as FrameTarget;
}

function fillDelta(
  frame: Mutable<DeltaFrame>,
  ticker: Ticker,
  layout: FrameLayout,
  found: Float64Array,
): void {
  frame.sid = found[Slot.SID]!;
  frame.seq = found[Slot.SEQ]!;
  frame.ticker = ticker;
  frame.outcome = found[Slot.OUTCOME] === 1 ? 'yes' : 'no';
  frame.price = found[Slot.PRICE]! as Price;
  frame.delta = found[Slot.DELTA]!;
  frame.exchangeMs = layout.hasTime ? (found[Slot.TIME]! as Timestamp) : null;
}

function fillTrade(
  frame: Mutable<TradeFrame>,
  ticker: Ticker,
  layout: FrameLayout,
  found: Float64Array,
): void {
  frame.sid = found[Slot.SID]!;
  frame.seq = layout.hasSeq ? found[Slot.SEQ]! : null;
  frame.ticker = ticker;
  frame.price = found[Slot.PRICE]! as Price;
  frame.count = found[Slot.COUNT]! as Count;
  frame.takerSide = found[layout.sideSlot] === 1 ? 'bid' : 'ask';
  frame.block = layout.hasBlock && found[Slot.BLOCK] === 1;
  frame.exchangeMs = layout.hasTime ? (found[Slot.TIME]! as Timestamp) : null;
}

function isHot(buffer: Buffer): boolean {
  return buffer.includes('"type":"orderbook_delta"') || buffer.includes('"type":"trade"');
}

function learn(buffer: Buffer): FrameLayout | null {
  try {
    const text = buffer.toString('utf8');
    const value: unknown = JSON.parse(text);
    parseFrame(value);
    return layoutOf(text, value as Record<string, unknown>);
  } catch {
    // Not a valid frame: the full parser will say why.
    return null;
  }
}
