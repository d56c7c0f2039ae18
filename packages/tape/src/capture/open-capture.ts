import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32, zstdDecompressSync } from 'node:zlib';
import { MmError } from '@kalshi-mm/core';
import { fileError } from '../file/tape-errors.ts';
import { type CaptureRecord, parseRecord } from './capture-record.ts';
import {
  BLOCK_HEADER_BYTES,
  BLOCK_MARK,
  CAPTURE_VERSION,
  type CaptureBlock,
  type CaptureHeader,
  decodeBlockHeader,
  decodeHeader,
  decodePreamble,
  isStartOfMagic,
  PREAMBLE_BYTES,
} from './layout.ts';

/** Bytes that cannot be read. */
export interface CaptureDamage {
  /** `torn-tail`: the end of the file, where a writer may have died; `damaged`: whole blocks follow. */
  readonly kind: 'torn-tail' | 'damaged';
  readonly byte: number;
  readonly bytes: number;
}

export interface Capture {
  readonly path: string;
  /** Null when the file was torn before its header was complete: it holds no record. */
  readonly header: CaptureHeader | null;
  readonly bytes: number;
  /**
   * The records in the order of writing. What cannot be read is passed over and told.
   *
   * @param options.fromUs begin with the block that holds the first record received at or after this time
   * @throws MmError `capture-record` for a line that no recorder has written
   */
  records(options?: {
    readonly fromUs?: number;
    readonly onDamage?: (damage: CaptureDamage) => void;
    /** Called with the bytes of the file that have been read so far. */
    readonly onBytes?: (bytes: number) => void;
  }): Iterable<CaptureRecord>;
  close(): void;
}

/**
 * Opens a capture, also one that is being written.
 *
 * @throws MmError `file-missing`, `not-a-capture`, `capture-version`, `capture-corrupt` (its header)
 */
export function openCapture(path: string): Capture {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw fileError(path, 'open', cause);
  }
  try {
    const file = readerOf(path, descriptor);
    const start = readStart(file);
    return {
      path,
      header: start?.header ?? null,
      bytes: file.size(),
      *records({ fromUs = 0, onDamage = () => {}, onBytes = () => {} } = {}) {
        if (start === null) {
          if (file.size() > 0) onDamage({ kind: 'torn-tail', byte: 0, bytes: file.size() });
          return;
        }
        let held: Place | null = null;
        for (const place of places(file, start.end, onDamage)) {
          // Blocks before the one that reaches up to `fromUs` stay packed.
          if (held !== null && place.block.firstUs > fromUs) yield* recordsOf(file, held, onDamage);
          held = place;
          onBytes(place.at);
        }
        if (held !== null) yield* recordsOf(file, held, onDamage);
        onBytes(file.size());
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

interface CaptureFile {
  readonly path: string;
  size(): number;
  /** Bytes from `at`; fewer at the end of the file. */
  read(at: number, length: number): Buffer;
}

function readerOf(path: string, descriptor: number): CaptureFile {
  const { size } = fstatSync(descriptor);
  return {
    path,
    size: () => size,
    read(at, length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size - at)));
      try {
        let got = 0;
        while (got < bytes.length) {
          const n = readSync(descriptor, bytes, got, bytes.length - got, at + got);
          if (n === 0) break;
          got += n;
        }
        return bytes.subarray(0, got);
      } catch (cause) {
        throw fileError(path, 'read', cause);
      }
    },
  };
}

function readStart(file: CaptureFile): { header: CaptureHeader; end: number } | null {
  const bytes = file.read(0, PREAMBLE_BYTES);
  if (bytes.length < PREAMBLE_BYTES) {
    if (isStartOfMagic(bytes)) return null;
    throw notACapture(file.path);
  }
  const preamble = decodePreamble(bytes);
  if (preamble === 'not a capture') throw notACapture(file.path);
  if (preamble === 'damaged') throw corrupt(file.path);
  if (preamble.version !== CAPTURE_VERSION) {
    throw new MmError(
      'capture-version',
      `${file.path} has capture format version ${preamble.version}; this program reads version ${CAPTURE_VERSION}`,
      { todo: 'Read it with the program version that wrote it.' },
    );
  }
  const json = file.read(PREAMBLE_BYTES, preamble.headerLength);
  if (json.length < preamble.headerLength) return null;
  if (crc32(json) !== preamble.headerCrc) throw corrupt(file.path);
  return { header: decodeHeader(json.toString('utf8')), end: PREAMBLE_BYTES + json.length };
}

interface Place {
  readonly at: number;
  readonly block: CaptureBlock;
}

/** Every block with an intact header that lies wholly within the file. */
function* places(
  file: CaptureFile,
  from: number,
  onDamage: (damage: CaptureDamage) => void,
): Generator<Place> {
  for (let at = from; at < file.size(); ) {
    const place = placeAt(file, at);
    if (place !== null) {
      yield place;
      at += BLOCK_HEADER_BYTES + place.block.storedLength;
      continue;
    }
    const next = findBlock(file, at + 1);
    const end = next ?? file.size();
    onDamage({ kind: next === null ? 'torn-tail' : 'damaged', byte: at, bytes: end - at });
    at = end;
  }
}

function placeAt(file: CaptureFile, at: number): Place | null {
  const bytes = file.read(at, BLOCK_HEADER_BYTES);
  const block = bytes.length < BLOCK_HEADER_BYTES ? null : decodeBlockHeader(bytes);
  if (block === null || at + BLOCK_HEADER_BYTES + block.storedLength > file.size()) return null;
  return { at, block };
}

/** The next block at or after a byte. */
function findBlock(file: CaptureFile, from: number): number | null {
  const window = 1 << 20;
  for (let start = from; start < file.size(); start += window) {
    const bytes = file.read(start, window + BLOCK_MARK.length - 1);
    for (let i = bytes.indexOf(BLOCK_MARK); i >= 0; i = bytes.indexOf(BLOCK_MARK, i + 1)) {
      if (placeAt(file, start + i) !== null) return start + i;
    }
  }
  return null;
}

function* recordsOf(
  file: CaptureFile,
  { at, block }: Place,
  onDamage: (damage: CaptureDamage) => void,
): Generator<CaptureRecord> {
  const text = unpack(file, at, block);
  if (text === null) {
    const bytes = BLOCK_HEADER_BYTES + block.storedLength;
    onDamage({ kind: at + bytes === file.size() ? 'torn-tail' : 'damaged', byte: at, bytes });
    return;
  }
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end);
    start = end + 1;
    try {
      yield parseRecord(line);
    } catch (cause) {
      throw new MmError('capture-record', `${file.path}: block at byte ${at}: ${(cause as Error).message}`, {
        todo: 'The bytes are intact, so the program that wrote them is at fault: report it.',
        cause,
      });
    }
  }
}

function unpack(file: CaptureFile, at: number, block: CaptureBlock): string | null {
  const stored = file.read(at + BLOCK_HEADER_BYTES, block.storedLength);
  if (stored.length < block.storedLength || crc32(stored) !== block.crc) return null;
  // The checksum holds, so these are the bytes that were written: a failure here is one of the machine.
  const raw = zstdDecompressSync(stored, { maxOutputLength: Math.max(64, block.rawLength) });
  if (raw.length !== block.rawLength || raw[raw.length - 1] !== 10) return null;
  return raw.toString('utf8');
}

const notACapture = (path: string): MmError =>
  new MmError('not-a-capture', `${path} is not a capture: its first bytes are not the capture mark`, {
    todo: 'Name a file that a recorder wrote.',
  });

const corrupt = (path: string): MmError =>
  new MmError('capture-corrupt', `${path} is corrupt: the checksum of the header does not match`, {
    facts: { byte: 0 },
    todo: 'Fetch the file again, or leave it out; its blocks cannot be assigned to a session.',
  });
