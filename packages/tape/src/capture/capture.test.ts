import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ticker } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { CaptureControl, CaptureRecord } from './capture-record.ts';
import { type CaptureWriterOptions, createCaptureWriter } from './create-capture-writer.ts';
import { BLOCK_HEADER_BYTES, PREAMBLE_BYTES } from './layout.ts';
import { type CaptureDamage, openCapture } from './open-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'capture-'));
afterAll(() => rmSync(folder, { recursive: true }));
const START_US = Date.parse('2026-11-21T10:00:00Z') * 1000;

const writerOn = (dir: string, options: Partial<CaptureWriterOptions> = {}) =>
  createCaptureWriter({ dir, recorder: 'test', session: 's1', flushMs: 1e9, ...options });
const newDir = (): string => mkdtempSync(join(folder, 'dir-'));

function recordsOf(path: string): CaptureRecord[] {
  const capture = openCapture(path);
  const records = [...capture.records()];
  capture.close();
  return records;
}

function partOf(path: string): number {
  const capture = openCapture(path);
  capture.close();
  return capture.header!.part;
}

function readAll(dir: string): { records: CaptureRecord[]; damage: CaptureDamage[] } {
  const records: CaptureRecord[] = [];
  const damage: CaptureDamage[] = [];
  for (const name of readdirSync(dir).sort()) {
    const capture = openCapture(join(dir, name));
    records.push(...capture.records({ onDamage: (found) => damage.push(found) }));
    capture.close();
  }
  return { records, damage };
}

describe('a capture', () => {
  it('gives back every frame as it came, in order, whatever is in it', async () => {
    const frame = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant('{"a":\n1}'));
    const feed = fc.constantFrom('kalshi', 'coinbase', 'a "b" \\');
    const frames = fc.array(fc.tuple(frame, feed, fc.nat(9), fc.nat(5_000_000)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(frames, fc.integer({ min: 1, max: 10 }), async (list, flushEvery) => {
        const dir = newDir();
        const writer = writerOn(dir);
        let recvUs = START_US;
        const expected: CaptureRecord[] = [];
        for (const [i, [raw, from, connection, stepUs]] of list.entries()) {
          recvUs += stepUs;
          writer.frame(Buffer.from(raw), recvUs, connection, from);
          expected.push({ type: 'frame', recvUs, connection, feed: from, raw });
          if (i % flushEvery === 0) await writer.flush();
        }
        await writer.close();
        expect(readAll(dir)).toEqual({ records: expected, damage: [] });
        expect(writer.stats).toMatchObject({ frames: list.length, dropped: 0, bytesPending: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('gives back what the recorder noted', async () => {
    const dir = newDir();
    const writer = writerOn(dir);
    const url = 'wss://example.test/ws';
    const controls = [
      { kind: 'connected', connection: 3, feed: 'kalshi', url, yesPrices: true },
      { kind: 'market', market: aMarket() },
      { kind: 'gap', channel: 'trade', connection: 3 },
      { kind: 'gap', channel: 'ticker', connection: null },
      { kind: 'open', connection: 3, feed: 'kalshi', url, yesPrices: true },
      { kind: 'closed', connection: 3, reason: 'nothing came' },
    ] as const;
    for (const control of controls) writer.control(control, START_US);
    await writer.close();
    expect(readAll(dir).records).toEqual(
      controls.map((control) => ({ type: 'control', recvUs: START_US, control })),
    );
  });

  it('begins a new file at midnight, at its size, and for every run', async () => {
    const dir = newDir();
    const done: string[] = [];
    const options = { maxFileBytes: 2_000, onFile: (path: string) => done.push(path) };
    const noise = (i: number): Buffer =>
      Buffer.from(JSON.stringify(Array.from({ length: 200 }, (_, n) => (n * 7919 + i * 104_729) % 65_537)));
    const writer = writerOn(dir, options);
    for (let i = 0; i < 6; i++) {
      writer.frame(noise(i), START_US + i, 1);
      await writer.flush();
    }
    writer.frame(noise(7), START_US + 86_400_000_000, 1);
    await writer.close();
    const again = writerOn(dir, { ...options, session: 's2' });
    again.frame(noise(8), START_US, 1);
    await again.close();
    const names = readdirSync(dir).sort();
    expect(names).toHaveLength(4);
    expect(names).toContain('capture-20261121T100000000Z-2.capture');
    expect(names).toContain('capture-20261122T100000000Z.capture');
    expect(done.sort()).toEqual(names.map((name) => join(dir, name)));
    expect(readAll(dir).records).toHaveLength(8);
  });

  it('says in every file what is open and which markets there are', async () => {
    const dir = newDir();
    const writer = writerOn(dir, { maxFileBytes: 1 });
    const connected = (connection: number) =>
      ({ kind: 'connected', connection, feed: 'kalshi', url: 'wss://x', yesPrices: true }) as const;
    const market = aMarket();
    const over = { ...market, ticker: Ticker.of('OVER') };
    const steps: (readonly CaptureControl[])[] = [
      [connected(1), connected(2), { kind: 'market', market }, { kind: 'market', market: over }],
      [{ kind: 'closed', connection: 1, reason: 'cut' }, connected(3)],
      [
        { kind: 'market', market: { ...market, title: 'Other' } },
        { kind: 'market', market: { ...over, status: 'finalized' } },
      ],
      [{ kind: 'gap', channel: 'trade', connection: 3 }],
    ];
    for (const [i, controls] of steps.entries()) {
      for (const control of controls) writer.control(control, START_US + i);
      await writer.flush();
    }
    await writer.close();
    const opens = (connection: number) => ({ ...connected(connection), kind: 'open' });
    const found = readdirSync(dir)
      .sort((a, b) => partOf(join(dir, a)) - partOf(join(dir, b)))
      .map((name) => recordsOf(join(dir, name)).map((record) => 'control' in record && record.control));
    expect(found).toEqual([
      steps[0],
      [opens(1), opens(2), ...steps[0]!.slice(2), ...steps[1]!],
      [opens(2), opens(3), ...steps[0]!.slice(2), ...steps[2]!],
      [opens(2), opens(3), steps[2]![0], ...steps[3]!],
    ]);
  });

  it('drops what it has no room for, counts it, and says so in the file', async () => {
    const dir = newDir();
    let losses = 0;
    const onLoss = (): void => {
      losses++;
    };
    const writer = writerOn(dir, { maxPendingBytes: 1_000, onLoss });
    const raw = Buffer.from(`"${'x'.repeat(300)}"`);
    for (let i = 0; i < 5; i++) writer.frame(raw, START_US + i, 1);
    expect(writer.stats).toMatchObject({ frames: 3, dropped: 2 });
    await writer.flush();
    expect(losses).toBe(0);
    writer.frame(raw, START_US + 9, 1);
    expect(losses).toBe(1);
    await writer.close();
    const { records } = readAll(dir);
    expect(records.map((record) => (record.type === 'frame' ? 'frame' : record.control))).toEqual([
      'frame',
      'frame',
      'frame',
      { kind: 'dropped', frames: 2, bytes: 2 * raw.length },
      'frame',
    ]);
  });

  it('reports a disk that refuses, and keeps taking frames', async () => {
    const codes: string[] = [];
    const writer = writerOn(join(folder, 'absent'), { onError: (error) => codes.push(error.code) });
    writer.frame(Buffer.from('1'), START_US, 1);
    await writer.flush();
    writer.frame(Buffer.from('2'), START_US, 1);
    await writer.close();
    expect(codes).toEqual(['file-failed']);
    expect(writer.stats).toMatchObject({ dropped: 1, bytesPending: 0, files: 0 });
  });

  it('can be read from a time on', async () => {
    const dir = newDir();
    const writer = writerOn(dir);
    for (let i = 0; i < 100; i++) {
      writer.frame(Buffer.from(String(i)), START_US + Math.floor(i / 3), 1);
      if (i % 10 === 9) await writer.flush();
    }
    await writer.close();
    const capture = openCapture(join(dir, readdirSync(dir)[0]!));
    for (const i of [0, 1, 9, 10, 11, 33, 60]) {
      const fromUs = START_US + i;
      const found = [...capture.records({ fromUs })].filter((record) => record.recvUs >= fromUs);
      const all = [...capture.records()].filter((record) => record.recvUs >= fromUs);
      expect(found).toEqual(all);
    }
    expect([...capture.records({ fromUs: START_US + 30 })].length).toBeLessThan(40);
    capture.close();
  });
});

describe('a capture that was not written to its end', async () => {
  const dir = newDir();
  const writer = writerOn(dir);
  for (let i = 0; i < 30; i++) {
    writer.frame(Buffer.from(JSON.stringify({ i, text: 'x'.repeat(i) })), START_US + i, 1);
    if (i % 10 === 9) await writer.flush();
  }
  await writer.close();
  const intact = readFileSync(join(dir, readdirSync(dir)[0]!));
  const headerEnd = PREAMBLE_BYTES + intact.readUInt32LE(12);
  const starts = [headerEnd];
  for (let at = headerEnd; at < intact.length; ) {
    at += BLOCK_HEADER_BYTES + intact.readUInt32LE(at + 4);
    starts.push(at);
  }
  const path = join(folder, 'torn.capture');
  const readBytes = (bytes: Buffer): { frames: number[]; damage: CaptureDamage[] } => {
    writeFileSync(path, bytes);
    const damage: CaptureDamage[] = [];
    const capture = openCapture(path);
    const frames: number[] = [];
    for (const record of capture.records({ onDamage: (found) => damage.push(found) })) {
      if (record.type === 'frame') frames.push(JSON.parse(record.raw).i);
    }
    capture.close();
    return { frames, damage };
  };
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

  it('is cut behind its last whole block, wherever it ends, and says where', () => {
    expect(starts).toHaveLength(4);
    for (let length = 0; length <= intact.length; length++) {
      const { frames, damage } = readBytes(intact.subarray(0, length));
      const whole = starts.filter((start) => start <= length);
      expect(frames).toEqual(upTo(Math.max(0, whole.length - 1) * 10));
      const from = whole.at(-1) ?? 0;
      const expected = length === from ? [] : [{ kind: 'torn-tail', byte: from, bytes: length - from }];
      expect(damage).toEqual(expected);
    }
  });

  it('that is damaged in the middle loses that block alone, and says where', () => {
    for (let at = starts[1]!; at < starts[2]!; at++) {
      const bytes = Buffer.from(intact);
      bytes[at]! ^= 0x40;
      const { frames, damage } = readBytes(bytes);
      expect(frames).toEqual(upTo(30).filter((i) => i < 10 || i >= 20));
      expect(damage).toEqual([{ kind: 'damaged', byte: starts[1], bytes: starts[2]! - starts[1]! }]);
    }
  });

  it('with a damaged start is refused, with what to do', () => {
    for (let at = 0; at < headerEnd; at++) {
      const bytes = Buffer.from(intact);
      bytes[at]! ^= 0x40;
      expect(() => readBytes(bytes)).toThrow(at < 8 ? 'is not a capture' : 'is corrupt');
    }
    expect(() => openCapture(join(folder, 'none.capture'))).toThrow('does not exist');
    expect(existsSync(path)).toBe(true);
  });
});
