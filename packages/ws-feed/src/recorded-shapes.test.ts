import { globSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { WireError } from '@kalshi-mm/core';
import { dataPath } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import { parseFrame } from './parse-frame.ts';

type Json = Readonly<Record<string, unknown>>;

const SETS = [
  ['gold', dataPath('kalshi-gold15m-ws/events'), '*/*.gz'],
  ['bitcoin', dataPath('kalshi-btc15m-ws/events'), '*.gz'],
  ['demo', dataPath('kalshi-demo-session'), 'session.jsonl.gz'],
  ['sports', dataPath('kalshi-rest-ws-2026-08'), 'ws_orderbook_stream.json.gz'],
] as const;

function* framesOf(path: string): Iterable<Json> {
  const text = gunzipSync(readFileSync(path)).toString();
  if (path.endsWith('.json.gz')) {
    for (const { frame } of JSON.parse(text).frames) yield frame;
    return;
  }
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = JSON.parse(line);
    const frame = row.event ?? row;
    if (typeof frame.type === 'string') yield frame;
  }
}

/** Type and keys: what a schema can see of a frame. */
function shapeOf(frame: Json): string {
  const { msg } = frame;
  const inner = Array.isArray(msg) ? ['[]'] : Object.keys((msg ?? {}) as object).sort();
  return [frame.type, Object.keys(frame).sort().join(), inner.join()].join(' | ');
}

/** What no valid frame has at any place: neither a text nor a number nor a flag nor a list nor an object of ours. */
const NONSENSE = [[[[]]]];

/** Copies of a frame with nonsense for one of its fields, with the path of the field. */
function* damagedCopies(frame: Json): Iterable<readonly [path: string, copy: unknown]> {
  for (const key of Object.keys(frame)) {
    if (key === 'type' || key === 'msg') continue;
    yield [key, { ...frame, [key]: NONSENSE }];
  }
  const { msg } = frame;
  if (typeof msg !== 'object' || msg === null || Array.isArray(msg)) return;
  for (const key of Object.keys(msg)) yield [`msg.${key}`, { ...frame, msg: { ...msg, [key]: NONSENSE } }];
}

function problem(value: unknown): WireError | null {
  try {
    parseFrame(value);
    return null;
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

for (const [name, folder, pattern] of SETS) {
  it.skipIf(folder === null)(
    `every recorded frame of ${name} is read, and a damaged copy of each shape is refused, naming the field`,
    () => {
      const shapes = new Map<string, Json>();
      let frames = 0;
      for (const path of globSync(`${folder}/${pattern}`).sort()) {
        for (const frame of framesOf(path)) {
          frames++;
          if (parseFrame(frame).type === 'unknown') throw new Error(`unknown: ${JSON.stringify(frame)}`);
          const shape = shapeOf(frame);
          if (!shapes.has(shape)) shapes.set(shape, frame);
        }
      }
      expect(frames).toBeGreaterThan(100);
      for (const [shape, frame] of shapes) {
        const refused = [...damagedCopies(frame)].flatMap(([path, copy]) => {
          const error = problem(copy);
          if (error === null) return [];
          expect(error.message, shape).toContain(path);
          return [path];
        });
        // Fields that nobody reads may be anything; each shape has some that are read.
        expect(refused.length, shape).toBeGreaterThan(0);
      }
    },
    120_000,
  );
}
