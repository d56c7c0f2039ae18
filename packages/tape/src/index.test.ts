import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, it } from 'vitest';
import * as tape from './index.ts';

it('exports exactly this, and the README names all of it', () => {
  const names = Object.keys(tape).sort();
  expect(names).toEqual([
    'CandlePart',
    'KALSHI_FEED',
    'RowFlag',
    'RowKind',
    'Spot',
    'TAPE_VERSION',
    'compileCaptures',
    'createBookReplay',
    'createCaptureWriter',
    'createTapeWriter',
    'encodeMarket',
    'exportTape',
    'importDataset',
    'importTable',
    'marketIndex',
    'mergeTapes',
    'openCapture',
    'openTape',
    'requireBook',
  ]);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(names.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
});

it('has types that say what is given and what may be absent', () => {
  expectTypeOf<Parameters<typeof tape.createTapeWriter>[1]['labels']['cadence']>().toEqualTypeOf<
    'stream' | 'polled' | 'candles' | undefined
  >();
  expectTypeOf<tape.TapeHeader['labels']['cadence']>().toEqualTypeOf<'stream' | 'polled' | 'candles'>();
  expectTypeOf<tape.Capture['header']>().toEqualTypeOf<tape.CaptureHeader | null>();
  expectTypeOf<tape.CaptureRecord['type']>().toEqualTypeOf<'frame' | 'control'>();
  expectTypeOf<tape.TapeBlock['price']>().toEqualTypeOf<Int16Array>();
  expectTypeOf<tape.TapeRow>().toHaveProperty('recvMs');
  // @ts-expect-error a row's side is a bit, not a word
  const wrong: tape.TapeRow['side'] = 'bid';
  expect(wrong).toBe('bid');
});
