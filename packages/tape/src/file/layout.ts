import { crc32 } from 'node:zlib';
import type { BlockShape } from '../block-codec.ts';
import { blockOffsets } from '../block-codec.ts';
import { BLOCK_ROWS } from '../row.ts';

/** Fixed-size parts of a tape file, little-endian; `docs/reference/tape-format.md` has them byte by byte. */
export const PREAMBLE_BYTES = 24;
export const BLOCK_HEADER_BYTES = 56;
export const TRAILER_BYTES = 28;

export interface Preamble {
  readonly version: number;
  readonly introLength: number;
  readonly introCrc: number;
}

export function encodePreamble(preamble: Preamble): Buffer {
  const bytes = Buffer.alloc(PREAMBLE_BYTES);
  bytes.write(START_MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(preamble.version, 8);
  bytes.writeUInt32LE(preamble.introLength, 12);
  bytes.writeUInt32LE(preamble.introCrc, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  return bytes;
}

export function decodePreamble(bytes: Buffer): Preamble | 'not a tape' | 'damaged' {
  if (bytes.toString('latin1', 0, 8) !== START_MAGIC) return 'not a tape';
  if (bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20))) return 'damaged';
  return {
    version: bytes.readUInt32LE(8),
    introLength: bytes.readUInt32LE(12),
    introCrc: bytes.readUInt32LE(16),
  };
}

export interface StoredBlock {
  readonly shape: BlockShape;
  readonly storedLength: number;
  readonly crc: number;
}

export function encodeBlockHeader({ shape, storedLength, crc }: StoredBlock): Buffer {
  const bytes = Buffer.alloc(BLOCK_HEADER_BYTES);
  bytes.writeUInt32LE(BLOCK_MAGIC, 0);
  bytes.writeUInt32LE(storedLength, 4);
  bytes.writeUInt32LE(blockOffsets(shape).end, 8);
  bytes.writeUInt32LE(shape.rows, 12);
  bytes.writeDoubleLE(shape.firstRecv, 16);
  bytes.writeDoubleLE(shape.bookSeqBase, 24);
  bytes.writeDoubleLE(shape.tradeSeqBase, 32);
  bytes[40] = shape.recvPlanes;
  bytes[41] = shape.exchangePlanes;
  bytes[42] = shape.seqPlanes;
  bytes[43] = shape.countWidth;
  bytes[44] = shape.marketWidth;
  bytes[45] = shape.hasUnknowns ? 1 : 0;
  bytes.writeUInt32LE(crc, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 52)), 52);
  return bytes;
}

/** Null when the bytes are not an intact block header. */
export function decodeBlockHeader(bytes: Buffer): StoredBlock | null {
  if (bytes.readUInt32LE(0) !== BLOCK_MAGIC || bytes.readUInt32LE(52) !== crc32(bytes.subarray(0, 52)))
    return null;
  const shape: BlockShape = {
    rows: bytes.readUInt32LE(12),
    firstRecv: bytes.readDoubleLE(16),
    bookSeqBase: bytes.readDoubleLE(24),
    tradeSeqBase: bytes.readDoubleLE(32),
    recvPlanes: bytes[40]!,
    exchangePlanes: bytes[41]!,
    seqPlanes: bytes[42]!,
    countWidth: bytes[43] === 2 ? 2 : 4,
    marketWidth: bytes[44] === 1 ? 1 : 2,
    hasUnknowns: bytes[45] === 1,
  };
  if (shape.rows > BLOCK_ROWS || bytes.readUInt32LE(8) !== blockOffsets(shape).end) return null;
  return { shape, storedLength: bytes.readUInt32LE(4), crc: bytes.readUInt32LE(48) };
}

export interface Trailer {
  readonly footerOffset: number;
  readonly footerLength: number;
  readonly footerCrc: number;
}

export function encodeTrailer(trailer: Trailer): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  bytes.writeDoubleLE(trailer.footerOffset, 0);
  bytes.writeUInt32LE(trailer.footerLength, 8);
  bytes.writeUInt32LE(trailer.footerCrc, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 16)), 16);
  bytes.write(END_MAGIC, 20, 'latin1');
  return bytes;
}

export function decodeTrailer(bytes: Buffer): Trailer | 'missing' | 'damaged' {
  if (bytes.toString('latin1', 20, 28) !== END_MAGIC) return 'missing';
  if (bytes.readUInt32LE(16) !== crc32(bytes.subarray(0, 16))) return 'damaged';
  return {
    footerOffset: bytes.readDoubleLE(0),
    footerLength: bytes.readUInt32LE(8),
    footerCrc: bytes.readUInt32LE(12),
  };
}

const START_MAGIC = 'KMMTAPE\n';
const END_MAGIC = 'KMMTEND\n';
/** `KMB1`. */
const BLOCK_MAGIC = 0x31424d4b;
