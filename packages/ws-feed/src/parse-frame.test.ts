import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataPath } from '@kalshi-mm/testing';
import { describe, expect, it } from 'vitest';
import { parseFrame } from './parse-frame.ts';

/** One good frame of each type, as documented. */
const FRAMES: Readonly<Record<string, any>> = {
  orderbook_snapshot: {
    type: 'orderbook_snapshot',
    sid: 1,
    seq: 1,
    msg: { market_ticker: 'T', yes_dollars_fp: [['0.4700', '3.00']], no_dollars_fp: [['0.4800', '2.00']] },
  },
  orderbook_delta: {
    type: 'orderbook_delta',
    sid: 1,
    seq: 2,
    msg: {
      market_ticker: 'T',
      price_dollars: '0.4700',
      delta_fp: '-3.00',
      side: 'yes',
      ts_ms: 1781159489957,
    },
  },
  trade: {
    type: 'trade',
    sid: 2,
    seq: 5,
    msg: { market_ticker: 'T', yes_price_dollars: '0.5200', count_fp: '1.00', taker_book_side: 'bid' },
  },
  ticker: {
    type: 'ticker',
    sid: 3,
    msg: {
      market_ticker: 'T',
      yes_bid_dollars: '0.4700',
      yes_ask_dollars: '0.5200',
      volume_fp: '3.00',
      open_interest_fp: '3.00',
    },
  },
  fill: {
    type: 'fill',
    sid: 5,
    msg: {
      trade_id: 't',
      order_id: 'o',
      market_ticker: 'T',
      book_side: 'bid',
      yes_price_dollars: '0.4700',
      count_fp: '3.00',
      fee_cost: '0.000000',
      is_taker: false,
      ts_ms: 1781159370164,
    },
  },
  user_order: {
    type: 'user_order',
    sid: 6,
    msg: { order_id: 'o', ticker: 'T', status: 'resting', fill_count_fp: '0.00', remaining_count_fp: '3.00' },
  },
  market_position: {
    type: 'market_position',
    sid: 7,
    msg: {
      market_ticker: 'T',
      position_fp: '-3.00',
      fees_paid_dollars: '0.01',
      realized_pnl_dollars: '-0.5',
    },
  },
  market_lifecycle_v2: {
    type: 'market_lifecycle_v2',
    sid: 4,
    seq: 9,
    msg: { event_type: 'determined', market_ticker: 'T' },
  },
};

const required = Object.entries(FRAMES).flatMap(([type, frame]) =>
  Object.keys(frame.msg)
    .filter((key) => !['ts_ms', 'yes_dollars_fp', 'no_dollars_fp'].includes(key) || type === 'fill')
    .map((key) => [type, key] as const),
);

describe('a frame', () => {
  it.each(Object.keys(FRAMES))('of type %s is read, whatever else it carries', (type) => {
    const frame = {
      ...FRAMES[type],
      sending_ts_ms: 3,
      msg: { ...FRAMES[type].msg, brand_new: { field: 1 } },
    };
    expect(parseFrame(frame)).toEqual(parseFrame(FRAMES[type]));
    expect(parseFrame(frame).type).toBe(type);
  });

  it.each(required)('of type %s without %s is an error that names the field', (type, key) => {
    const { [key]: _, ...msg } = FRAMES[type].msg;
    expect(() => parseFrame({ ...FRAMES[type], msg })).toThrow(/^\w+\.msg/);
  });

  it.each(required)('of type %s with null for %s is an error that names the field', (type, key) => {
    const msg = { ...FRAMES[type].msg, [key]: null };
    expect(() => parseFrame({ ...FRAMES[type], msg })).toThrow(/^\w+\.msg/);
  });

  it('says which field is wrong, what was expected and what was found', () => {
    const frame = FRAMES.orderbook_delta;
    expect(() => parseFrame({ ...frame, msg: { ...frame.msg, price_dollars: 0.47 } })).toThrow(
      /^orderbook_delta\.msg\.price_dollars: .*string.*0\.47/,
    );
    expect(() => parseFrame({ ...frame, msg: { ...frame.msg, price_dollars: '1.0000' } })).toThrow(
      /price strictly between 0 and 1 dollar.*"1\.0000"/,
    );
  });

  it('of an unknown type is told as unknown, with its numbering', () => {
    expect(parseFrame({ type: 'weather', sid: 3, seq: 8, msg: {} })).toEqual({
      type: 'unknown',
      wireType: 'weather',
      sid: 3,
      seq: 8,
    });
    expect(parseFrame({ type: 'constructor' })).toMatchObject({ type: 'unknown' });
    expect(() => parseFrame('text')).toThrow(/^frame/);
  });

  it('that lists a price twice is an error', () => {
    const msg = {
      market_ticker: 'T',
      yes_dollars_fp: [
        ['0.4700', '3.00'],
        ['0.47', '2.00'],
      ],
    };
    expect(() => parseFrame({ ...FRAMES.orderbook_snapshot, msg })).toThrow(/each price once/);
  });
});

const demo = dataPath('kalshi-demo-session/session.jsonl.gz');
const sports = dataPath('kalshi-rest-ws-2026-08/ws_orderbook_stream.json.gz');

describe('recorded frames', () => {
  it.skipIf(demo === null)('of the demo exchange are read, its two fills with price, count and fee', () => {
    const lines = gunzipSync(readFileSync(demo!)).toString().split('\n');
    const frames = lines.filter((line) => line !== '').map((line) => parseFrame(JSON.parse(line)));
    expect(frames.filter((frame) => frame.type === 'fill')).toMatchObject([
      { side: 'bid', price: 1700, count: 552, fee: 54_600, taker: true, clientOrderId: null },
      { side: 'ask', price: 1600, count: 116, fee: 11_000, taker: true },
    ]);
    expect(frames.filter((frame) => frame.type === 'unknown')).toEqual([]);
  });

  it.skipIf(sports === null)('of the sports stream are read, acknowledgements included', () => {
    const counts = new Map<string, number>();
    for (const { frame } of JSON.parse(gunzipSync(readFileSync(sports!)).toString()).frames) {
      const { type } = parseFrame(frame);
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      subscribed: 1,
      orderbook_snapshot: 12,
      ok: 11,
      orderbook_delta: 245,
    });
  });
});
