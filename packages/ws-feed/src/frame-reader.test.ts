import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.ts';

const MAX_LENGTH = 100_000;

/** A frame as a server sends it. */
function frame(first: number, payload: string): Buffer {
  const bytes = Buffer.from(payload);
  const { length } = bytes;
  const header =
    length < 126
      ? [first, length]
      : length < 65_536
        ? [first, 126, length >> 8, length & 255]
        : [first, 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from(header), bytes]);
}

const text = (payload: string) => frame(0x81, payload);

/** What a reader tells of bytes that come in these pieces. */
function read(pieces: readonly Buffer[]): string[] {
  const told: string[] = [];
  const reader = new FrameReader(
    {
      onText: (bytes, start, end) => told.push(`text ${bytes.toString('utf8', start, end)}`),
      onControl: (bytes) => told.push(`control ${bytes.toString('hex')}`),
      onOther: (bytes) => told.push(`other ${bytes.toString('hex')}`),
    },
    MAX_LENGTH,
  );
  for (const piece of pieces) reader.read(piece);
  return told;
}

const anyFrame = fc.oneof(
  fc
    .oneof(fc.nat(300), fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536, 70_000))
    .map((length) => ({ bytes: text('a'.repeat(length)), told: `text ${'a'.repeat(length)}` })),
  fc.constantFrom(0x89, 0x8a).map((first) => {
    const bytes = frame(first, 'beat');
    return { bytes, told: `control ${bytes.toString('hex')}` };
  }),
);

describe('a frame reader', () => {
  it('tells every message and every ping once and in order, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 8 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 70_000 })), {
          minLength: 1,
        }),
        (frames, sizes) => {
          const bytes = Buffer.concat(frames.map((one) => one.bytes));
          const pieces: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const next = at + sizes[i % sizes.length]!;
            pieces.push(bytes.subarray(at, next));
            at = next;
          }
          expect(read(pieces)).toEqual(frames.map((one) => one.told));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['the first part of a message', Buffer.from([0x01, 2, 97, 97])],
    ['binary', Buffer.from([0x82, 1, 0])],
    ['compressed', Buffer.from([0xc1, 1, 0])],
    ['masked', Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5])],
    ['a ping longer than a control frame may be', frame(0x89, 'b'.repeat(126))],
    ['longer than allowed', text('b'.repeat(MAX_LENGTH + 1))],
  ])('gives up what is %s, with all that came behind it, and goes silent', (_name, other) => {
    const rest = Buffer.concat([other, text('behind')]);
    expect(read([Buffer.concat([text('before'), rest]), text('later')])).toEqual([
      'text before',
      `other ${rest.toString('hex')}`,
    ]);
  });

  it('tells nothing after it was stopped, also of the bytes at hand', () => {
    const told: string[] = [];
    const reader = new FrameReader(
      {
        onText: (bytes, start, end) => {
          told.push(bytes.toString('utf8', start, end));
          reader.stop();
        },
        onControl: () => told.push('control'),
        onOther: () => told.push('other'),
      },
      MAX_LENGTH,
    );
    reader.read(Buffer.concat([text('one'), text('two')]));
    reader.read(text('three'));
    expect(told).toEqual(['one']);
  });

  it('tells nothing of a message whose rest comes after it was stopped', () => {
    const told: string[] = [];
    const reader = new FrameReader(
      {
        onText: () => told.push('text'),
        onControl: () => told.push('control'),
        onOther: () => told.push('other'),
      },
      MAX_LENGTH,
    );
    const bytes = text('one');
    reader.read(bytes.subarray(0, 4));
    reader.stop();
    reader.read(bytes.subarray(4));
    expect(told).toEqual([]);
  });
});
