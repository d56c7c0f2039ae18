import { globSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { dataPath } from '@kalshi-mm/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameDecoder, createFrameTarget, type FrameDecoder } from './frame-decoder.ts';
import { parseFrame } from './parse-frame.ts';

const target = createFrameTarget();

/** What the scanner makes of a text; null for a fallback. */
function scan(decoder: FrameDecoder, text: string): unknown {
  const result = decoder.decode(Buffer.from(text), target);
  if (result === 'fallback') return null;
  return { ...(result === 'trade' ? target.trade : target.delta) };
}

function reference(text: string): unknown {
  return parseFrame(JSON.parse(text));
}

const decimal = (digits: number, max: number) =>
  fc.integer({ min: 0, max }).map((units) => {
    const text = String(units).padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  });
const ticker = fc.stringMatching(/^KX[A-Z0-9.-]{1,30}$/);
const ms = fc.integer({ min: 0, max: 2_000_000_000_000 });

/** An object whose keys come in any order, the optional ones not always. */
function shuffled(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
) {
  return fc
    .record({ ...required, ...optional }, { requiredKeys: Object.keys(required) })
    .chain((value) => fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }))
    .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);
}

function framed(type: string, message: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return shuffled(
    { type: fc.constant(type), sid: fc.nat(9), seq: fc.nat(10_000_000), msg: message },
    { sending_ts_ms: fc.nat(50) },
  ).map((frame) => JSON.stringify(frame));
}

const deltaFrame = framed(
  'orderbook_delta',
  shuffled(
    {
      market_ticker: ticker,
      price_dollars: decimal(4, 11_000),
      delta_fp: fc.tuple(fc.constantFrom('', '-'), decimal(2, 1e9)).map((parts) => parts.join('')),
      side: fc.constantFrom('yes', 'no'),
    },
    {
      market_id: fc.uuid(),
      ts: fc.constant('2026-06-11T06:31:29.957081Z'),
      ts_ms: ms,
      client_order_id: fc.string(),
      subaccount: fc.nat(3),
    },
  ),
);
const tradeFrame = framed(
  'trade',
  shuffled(
    { market_ticker: ticker, yes_price_dollars: decimal(4, 10_000), count_fp: decimal(2, 1e9) },
    {
      trade_id: fc.uuid(),
      no_price_dollars: decimal(4, 10_000),
      taker_side: fc.constantFrom('yes', 'no'),
      taker_outcome_side: fc.constantFrom('yes', 'no'),
      taker_book_side: fc.constantFrom('bid', 'ask'),
      is_block_trade: fc.boolean(),
      ts: ms,
      ts_ms: ms,
    },
  ),
);
const anyFrame = fc.oneof(deltaFrame, tradeFrame);

/** A frame, and the same with a few characters replaced, removed or inserted anywhere. */
const damaged = fc
  .tuple(
    anyFrame,
    fc.array(
      fc.record({
        at: fc.nat(400),
        remove: fc.nat(2),
        insert: fc.constantFrom(
          ...['', '0', '00', '-', '.', '"', ',', ' ', '\\', 'e3', 'é', '{', '}', 'null', ':1'],
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([good, changes]) => ({
    good,
    bad: changes.reduce(
      (text, { at, remove, insert }) =>
        text.slice(0, at % text.length) + insert + text.slice((at % text.length) + remove),
      good,
    ),
  }));

function delta(seq: number, price: string, change: string, side: string): string {
  return `{"type":"orderbook_delta","sid":1,"seq":${seq},"msg":{"market_ticker":"KXA-1","price_dollars":"${price}","delta_fp":"${change}","side":"${side}","ts_ms":17}}`;
}

/** A frame as the exchange writes it, and the same with a price outside the range. */
const compact = fc
  .record({
    seq: fc.nat(1e9),
    price: fc.integer({ min: 1, max: 9_999 }).map((units) => `0.${String(units).padStart(4, '0')}`),
    change: fc.tuple(fc.constantFrom('', '-'), decimal(2, 1e9)).map((parts) => parts.join('')),
    side: fc.constantFrom('yes', 'no'),
    outside: fc.constantFrom('0.0000', '1.0000', '-0.5000', '2.0000', '0.00001'),
  })
  .map(({ seq, price, change, side, outside }) => ({
    good: delta(seq, price, change, side),
    bad: delta(seq, outside, change, side),
  }));

describe('a frame decoder', () => {
  it('agrees with the schemas on every frame that it accepts', () => {
    const decoder = createFrameDecoder();
    let accepted = 0;
    fc.assert(
      fc.property(anyFrame, (text) => {
        const found = scan(decoder, text);
        if (found === null) return;
        accepted++;
        expect(found).toEqual(reference(text));
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it('accepts nothing that the schemas refuse, and reads nothing differently, when frames are damaged', () => {
    const decoder = createFrameDecoder();
    let accepted = 0;
    fc.assert(
      fc.property(damaged, ({ good, bad }) => {
        // Learn the good layout first, then meet the damaged frame.
        scan(decoder, good);
        const found = scan(decoder, bad);
        if (found === null) return;
        accepted++;
        expect(found).toEqual(reference(bad));
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('and the schemas behind it say the same of any frame: the same values, or the same complaint', () => {
    const decoder = createFrameDecoder();
    const verdict = (read: () => unknown): unknown => {
      try {
        return read();
      } catch (error) {
        return String(error);
      }
    };
    const seen = { scanned: 0, valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.oneof(damaged, compact), ({ good, bad }) => {
        scan(decoder, good);
        for (const text of [good, bad]) {
          const found = scan(decoder, text);
          const expected = verdict(() => reference(text));
          // What the scanner leaves, the schemas read; what it takes must be what they would have read.
          expect(found ?? verdict(() => reference(text))).toEqual(expected);
          if (found !== null) seen.scanned++;
          if (typeof expected === 'string') seen.invalid++;
          else seen.valid++;
        }
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(seen.scanned, seen.valid, seen.invalid)).toBeGreaterThan(500);
  });

  it('leaves no valid frame of the exchange to the schemas once it has seen one like it', () => {
    const decoder = createFrameDecoder();
    scan(decoder, delta(1, '0.4700', '1.00', 'yes'));
    fc.assert(
      fc.property(compact, ({ good, bad }) => {
        expect(scan(decoder, good)).toEqual(reference(good));
        expect(scan(decoder, bad)).toBeNull();
        expect(() => reference(bad)).toThrow(/orderbook_delta\.msg\.price_dollars/);
      }),
    );
  });

  it('finds every single damaged byte of a frame that it knows', () => {
    const text =
      '{"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"KXA-1","market_id":"f5ed","price_dollars":"0.4700","delta_fp":"-3.00","side":"yes","ts":"x","ts_ms":17}}';
    const decoder = createFrameDecoder();
    expect(scan(decoder, text)).not.toBeNull();
    for (let at = 0; at < text.length; at++) {
      for (let code = 0; code < 256; code++) {
        const bytes = Buffer.from(text);
        bytes[at] = code;
        if (decoder.decode(bytes, target) === 'fallback') continue;
        expect({ ...target.delta }).toEqual(reference(bytes.toString('utf8')));
      }
      expect(decoder.decode(Buffer.from(text).subarray(0, at), target)).toBe('fallback');
    }
  });

  it('leaves numbers that are not exact to the full parser', () => {
    const frame = (delta: string) =>
      `{"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"T","price_dollars":"0.4700","delta_fp":"${delta}","side":"yes"}}`;
    const decoder = createFrameDecoder();
    expect(scan(decoder, frame('1.00'))).toMatchObject({ delta: 100 });
    expect(scan(decoder, frame('90071992547.99'))).toMatchObject({ delta: 9_007_199_254_799 });
    expect(scan(decoder, frame('-0.00'))).toMatchObject({ delta: 0 });
    for (const delta of [
      '99999999999999.99',
      '999999999999999',
      '0.001',
      '1.',
      '.5',
      '',
      '-',
      '--1.00',
      '1e3',
    ]) {
      expect(scan(decoder, frame(delta)), delta).toBeNull();
    }
  });

  it('reads a value of any length that a message may have, and leaves what is not exact', () => {
    const frame = (ticker: string, price: string) =>
      `{"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"${ticker}","price_dollars":"${price}","delta_fp":"1.00","side":"yes"}}`;
    const decoder = createFrameDecoder();
    expect(scan(decoder, frame('KXA-1', '0.4700'))).toMatchObject({ price: 4_700 });
    const long = 1_000_000;
    expect(scan(decoder, frame('KXA-1', `0.${'4'.repeat(long)}`))).toBeNull();
    expect(scan(decoder, frame('K'.repeat(long), '0.4700'))).toMatchObject({ ticker: 'K'.repeat(long) });
  });

  it('leaves other types, and hot types in another notation, to the full parser', () => {
    const decoder = createFrameDecoder();
    for (const text of [
      '{"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"T"}}',
      '{"type":"ticker","sid":1,"msg":{"market_ticker":"T"}}',
      '{ "type": "trade", "sid": 1, "msg": {} }',
      '',
      'null',
    ]) {
      expect(decoder.decode(Buffer.from(text), target), text).toBe('fallback');
    }
  });

  it('gives one string for one ticker', () => {
    const decoder = createFrameDecoder();
    const text = (seq: number) =>
      `{"type":"orderbook_delta","sid":1,"seq":${seq},"msg":{"market_ticker":"KXA-1","price_dollars":"0.4700","delta_fp":"-3.00","side":"yes"}}`;
    decoder.decode(Buffer.from(text(1)), target);
    const first = target.delta.ticker;
    decoder.decode(Buffer.from(text(2)), target);
    expect(target.delta.ticker).toBe(first);
    expect(first).toBe('KXA-1');
  });
});

describe('on recorded frames', () => {
  const sets = [
    ['gold', dataPath('kalshi-gold15m-ws/events'), '*/*.gz', 4],
    ['bitcoin', dataPath('kalshi-btc15m-ws/events'), '*.gz', 3],
    ['demo', dataPath('kalshi-demo-session'), 'session.jsonl.gz', 1],
  ] as const;
  for (const [name, folder, pattern, files] of sets) {
    it.skipIf(folder === null)(
      `${name}: agrees with the schemas and accepts at least 99 % of the hot frames`,
      () => {
        const decoder = createFrameDecoder();
        let hot = 0;
        let accepted = 0;
        const paths = globSync(`${folder}/${pattern}`).sort().slice(0, files);
        for (const line of paths.flatMap((path) => gunzipSync(readFileSync(path)).toString().split('\n'))) {
          const row = line === '' ? {} : JSON.parse(line);
          const frame = row.event ?? row;
          if (frame.type === undefined) continue;
          const text = JSON.stringify(frame);
          const found = scan(decoder, text);
          if (frame.type === 'orderbook_delta' || frame.type === 'trade') hot++;
          if (found === null) continue;
          accepted++;
          const expected = reference(text);
          // The slow comparison only for its message.
          if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
        }
        expect(hot).toBeGreaterThan(1000);
        expect(accepted / hot).toBeGreaterThanOrEqual(0.99);
      },
    );
  }
});
