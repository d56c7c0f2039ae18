import { ByteCursor } from './byte-cursor.ts';
import { type FrameLayout, layoutOf, Slot } from './frame-layout.ts';
import type { DeltaFrame, TradeFrame } from './frames.ts';
import { parseFrame } from './parse-frame.ts';

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
   */
  decode(buffer: Buffer, target: FrameTarget): 'orderbook_delta' | 'trade' | 'fallback';
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
 */
export function createFrameDecoder(): FrameDecoder {
  const cursor = new ByteCursor();
  const layouts: FrameLayout[] = [];
  let lessons = MAX_WASTED_LESSONS;
  const decodeKnown = (buffer: Buffer, target: FrameTarget): FrameLayout['type'] | 'fallback' => {
    for (let i = 0; i < layouts.length; i++) {
      const layout = layouts[i]!;
      if (layout.type === 'trade') {
        if (readTrade(cursor, buffer, layout, target.trade)) return 'trade';
      } else if (readDelta(cursor, buffer, layout, target.delta)) return 'orderbook_delta';
    }
    return 'fallback';
  };
  return {
    decode(buffer, target) {
      const known = decodeKnown(buffer, target);
      if (known !== 'fallback' || lessons === 0 || !isHot(buffer)) return known;
      lessons--;
      const layout = learn(buffer);
      if (layout === null) return 'fallback';
      layouts.unshift(layout);
      if (layouts.length > MAX_LAYOUTS) layouts.pop();
      const result = decodeKnown(buffer, target);
      if (result !== 'fallback') lessons++;
      return result;
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

function readDelta(
  cursor: ByteCursor,
  buffer: Buffer,
  layout: FrameLayout,
  frame: Mutable<DeltaFrame>,
): boolean {
  const { texts, slots } = layout;
  cursor.reset(buffer);
  frame.exchangeMs = null;
  for (let i = 0; i < slots.length; i++) {
    if (!cursor.pass(texts[i]!)) return false;
    const slot = slots[i]!;
    if (slot === Slot.ANY_TEXT) cursor.skipText();
    else if (slot === Slot.SID) frame.sid = cursor.integer();
    else if (slot === Slot.SEQ) frame.seq = cursor.integer();
    else if (slot === Slot.TICKER) frame.ticker = cursor.ticker();
    else if (slot === Slot.PRICE) frame.price = cursor.price();
    else if (slot === Slot.DELTA) frame.delta = cursor.signedCount();
    else if (slot === Slot.OUTCOME) frame.outcome = cursor.outcome() ? 'yes' : 'no';
    else if (slot === Slot.TIME) frame.exchangeMs = cursor.time();
    else if (slot === Slot.ANY_BOOLEAN) cursor.boolean();
    else cursor.integer();
  }
  return cursor.pass(texts[slots.length]!) && cursor.isDone;
}

function readTrade(
  cursor: ByteCursor,
  buffer: Buffer,
  layout: FrameLayout,
  frame: Mutable<TradeFrame>,
): boolean {
  const { texts, slots, sideSlot } = layout;
  cursor.reset(buffer);
  frame.seq = null;
  frame.exchangeMs = null;
  frame.block = false;
  for (let i = 0; i < slots.length; i++) {
    if (!cursor.pass(texts[i]!)) return false;
    const slot = slots[i]!;
    if (slot === Slot.ANY_TEXT) cursor.skipText();
    else if (slot === Slot.SID) frame.sid = cursor.integer();
    else if (slot === Slot.SEQ) frame.seq = cursor.integer();
    else if (slot === Slot.TICKER) frame.ticker = cursor.ticker();
    else if (slot === Slot.PRICE) frame.price = cursor.price();
    else if (slot === Slot.COUNT) frame.count = cursor.count();
    else if (slot === Slot.BLOCK) frame.block = cursor.boolean();
    else if (slot === Slot.TIME) frame.exchangeMs = cursor.time();
    else if (slot === Slot.ANY_INTEGER) cursor.integer();
    else if (slot === Slot.ANY_BOOLEAN) cursor.boolean();
    else {
      const bid = slot === Slot.BOOK_SIDE ? cursor.bookSide() : cursor.outcome();
      if (slot === sideSlot) frame.takerSide = bid ? 'bid' : 'ask';
    }
  }
  return cursor.pass(texts[slots.length]!) && cursor.isDone;
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
