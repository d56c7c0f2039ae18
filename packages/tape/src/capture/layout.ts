import { crc32 } from 'node:zlib';
import { WireError } from '@kalshi-mm/core';
import { object, text } from '../json-fields.ts';

/** Fixed parts of a capture file, little-endian; `docs/reference/capture-format.md` has them byte by byte. */
export const CAPTURE_VERSION = 1;
export const PREAMBLE_BYTES = 24;
export const BLOCK_HEADER_BYTES = 32;

/** What stands at the start of every capture file. */
export interface CaptureHeader {
  /** The program that wrote it. */
  readonly recorder: string;
  /** The same in all files of one run of a recorder: connections are numbered within a session. */
  readonly session: string;
  /** Place of this file among those of its session, from 1; 0 where the recorder did not say. */
  readonly part: number;
  /** Receive time of the first record, microseconds since the epoch. */
  readonly startedUs: number;
}

/** Preamble and header. */
export function encodeStart(header: CaptureHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(PREAMBLE_BYTES + json.length);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(CAPTURE_VERSION, 8);
  bytes.writeUInt32LE(json.length, 12);
  bytes.writeUInt32LE(crc32(json), 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  json.copy(bytes, PREAMBLE_BYTES);
  return bytes;
}

export interface CapturePreamble {
  readonly version: number;
  readonly headerLength: number;
  readonly headerCrc: number;
}

export function decodePreamble(bytes: Buffer): CapturePreamble | 'not a capture' | 'damaged' {
  if (bytes.toString('latin1', 0, 8) !== MAGIC) return 'not a capture';
  if (bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20))) return 'damaged';
  return {
    version: bytes.readUInt32LE(8),
    headerLength: bytes.readUInt32LE(12),
    headerCrc: bytes.readUInt32LE(16),
  };
}

/** True when a process may have died while it wrote these first bytes. */
export const isStartOfMagic = (bytes: Buffer): boolean =>
  MAGIC.startsWith(bytes.toString('latin1', 0, MAGIC.length));

/** @throws WireError */
export function decodeHeader(json: string): CaptureHeader {
  const from = object(JSON.parse(json), 'header');
  const { startedUs, part = 0 } = from;
  if (!Number.isSafeInteger(startedUs)) throw new WireError('header.startedUs', 'microseconds', startedUs);
  if (!Number.isSafeInteger(part)) throw new WireError('header.part', 'a whole number', part);
  return {
    recorder: text(from.recorder, 'header.recorder'),
    session: text(from.session, 'header.session'),
    part: part as number,
    startedUs: startedUs as number,
  };
}

export interface CaptureBlock {
  /** Of the zstd frame behind this header. */
  readonly storedLength: number;
  readonly rawLength: number;
  readonly lines: number;
  /** Receive time of the first line, microseconds. */
  readonly firstUs: number;
  readonly crc: number;
}

export function encodeBlockHeader(block: CaptureBlock): Buffer {
  const bytes = Buffer.alloc(BLOCK_HEADER_BYTES);
  bytes.writeUInt32LE(BLOCK_MAGIC, 0);
  bytes.writeUInt32LE(block.storedLength, 4);
  bytes.writeUInt32LE(block.rawLength, 8);
  bytes.writeUInt32LE(block.lines, 12);
  bytes.writeDoubleLE(block.firstUs, 16);
  bytes.writeUInt32LE(block.crc, 24);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

/** Null when the bytes are not an intact block header. */
export function decodeBlockHeader(bytes: Buffer): CaptureBlock | null {
  if (bytes.readUInt32LE(0) !== BLOCK_MAGIC || bytes.readUInt32LE(28) !== crc32(bytes.subarray(0, 28)))
    return null;
  return {
    storedLength: bytes.readUInt32LE(4),
    rawLength: bytes.readUInt32LE(8),
    lines: bytes.readUInt32LE(12),
    firstUs: bytes.readDoubleLE(16),
    crc: bytes.readUInt32LE(24),
  };
}

const MAGIC = 'KMMCAPT\n';
/** `KMC1`. */
const BLOCK_MAGIC = 0x31434d4b;
/** The same as text, for looking for the next block behind a damaged one. */
export const BLOCK_MARK: Buffer = Buffer.from('KMC1', 'latin1');
