import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32, zstdDecompressSync } from 'node:zlib';
import { blockOffsets, decodeBlock } from '../block-codec.ts';
import { createBlockColumns, type ReceiveUnit, unitsPerMs, viewOf } from '../block-columns.ts';
import type { TapeBlock } from '../row.ts';
import {
  decodeFooter,
  decodeIntro,
  TAPE_VERSION,
  type TapeFooter,
  type TapeHeader,
  type TapeIntro,
} from '../tape-header.ts';
import {
  BLOCK_HEADER_BYTES,
  decodeBlockHeader,
  decodePreamble,
  decodeTrailer,
  PREAMBLE_BYTES,
  TRAILER_BYTES,
} from './layout.ts';
import { corruptTape, fileError, notATape, truncatedTape, unknownTapeVersion } from './tape-errors.ts';

export interface Tape {
  readonly path: string;
  readonly header: TapeHeader;
  /**
   * Reads the blocks one after the other; every block is checked before it is handed out, and one is in memory.
   *
   * @param options.fromMs begin with the block that holds the first row received at or after this time; earlier
   * rows of that block come along
   * @throws MmError `tape-corrupt` that names the block and its byte
   */
  blocks(options?: { readonly fromMs?: number }): Iterable<TapeBlock>;
  close(): void;
}

/**
 * Opens a tape and checks its header and index.
 *
 * @throws MmError `file-missing`, `not-a-tape`, `tape-version`, `tape-truncated`, `tape-corrupt`
 */
export function openTape(path: string): Tape {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw fileError(path, 'open', cause);
  }
  try {
    const file = readerOf(path, descriptor);
    const intro = readIntro(file);
    const footer = readFooter(file);
    const { blocks, ...totals } = footer.footer;
    const header: TapeHeader = { ...intro, ...totals };
    return {
      path,
      header,
      *blocks(options = {}) {
        const first =
          options.fromMs === undefined ? 0 : blockAt(footer.footer, options.fromMs, intro.receiveUnit);
        const columns = createBlockColumns(blocks.reduce((most, block) => Math.max(most, block.rows), 0));
        for (let n = first; n < blocks.length; n++) {
          const { offset, rows } = blocks[n]!;
          const end = blocks[n + 1]?.offset ?? footer.offset;
          const place = { n, offset, length: end - offset, rows };
          readBlock(file, place, intro.receiveUnit, columns);
          yield viewOf(columns);
        }
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

interface TapeFile {
  readonly path: string;
  readonly size: number;
  /** Bytes from `at`, or null when the file ends before. Valid until the next call. */
  read(at: number, length: number): Buffer | null;
}

function readerOf(path: string, descriptor: number): TapeFile {
  const { size } = fstatSync(descriptor);
  let buffer = Buffer.allocUnsafeSlow(1 << 16);
  return {
    path,
    size,
    read(at, length) {
      if (at < 0 || at + length > size) return null;
      if (length > buffer.length) buffer = Buffer.allocUnsafeSlow(length * 2);
      let got = 0;
      while (got < length) {
        const n = readPart(path, descriptor, buffer, got, length - got, at + got);
        if (n === 0) return null;
        got += n;
      }
      return buffer.subarray(0, length);
    },
  };
}

function readPart(
  path: string,
  from: number,
  into: Buffer,
  at: number,
  length: number,
  position: number,
): number {
  try {
    return readSync(from, into, at, length, position);
  } catch (cause) {
    throw fileError(path, 'read', cause);
  }
}

function readIntro(file: TapeFile): TapeIntro & { readonly version: number } {
  const bytes = file.read(0, PREAMBLE_BYTES);
  if (bytes === null) throw truncatedTape(file.path, file.size, 'it is shorter than a header');
  const preamble = decodePreamble(bytes);
  if (preamble === 'not a tape') throw notATape(file.path);
  if (preamble === 'damaged') throw corruptTape(file.path, 'the checksum of the header does not match', 0);
  if (preamble.version < 1 || preamble.version > TAPE_VERSION)
    throw unknownTapeVersion(file.path, preamble.version, TAPE_VERSION);
  const json = file.read(PREAMBLE_BYTES, preamble.introLength);
  if (json === null) throw truncatedTape(file.path, file.size, 'it ends inside its header');
  if (crc32(json) !== preamble.introCrc) {
    throw corruptTape(file.path, 'the checksum of the header does not match', PREAMBLE_BYTES);
  }
  return { version: preamble.version, ...decodeIntro(json.toString('utf8'), preamble.version) };
}

function readFooter(file: TapeFile): { footer: TapeFooter; offset: number } {
  const at = file.size - TRAILER_BYTES;
  const bytes = file.read(at, TRAILER_BYTES);
  const trailer = bytes === null ? 'missing' : decodeTrailer(bytes);
  if (trailer === 'missing') throw truncatedTape(file.path, file.size, 'it has no footer');
  if (trailer === 'damaged') throw corruptTape(file.path, 'the checksum of the trailer does not match', at);
  const { footerOffset, footerLength, footerCrc } = trailer;
  const json = footerOffset + footerLength === at ? file.read(footerOffset, footerLength) : null;
  if (json === null) throw corruptTape(file.path, 'the footer is not where the trailer says,', at);
  if (crc32(json) !== footerCrc) {
    throw corruptTape(file.path, 'the checksum of the footer does not match', footerOffset);
  }
  return { footer: decodeFooter(json.toString('utf8')), offset: footerOffset };
}

interface BlockPlace {
  readonly n: number;
  readonly offset: number;
  readonly length: number;
  readonly rows: number;
}

function readBlock(
  file: TapeFile,
  place: BlockPlace,
  unit: ReceiveUnit,
  into: ReturnType<typeof createBlockColumns>,
): void {
  const { n, offset, length } = place;
  const corrupt = (what: string, cause?: unknown): Error =>
    corruptTape(file.path, `${what} of block ${n}`, offset, cause);
  const bytes = file.read(offset, length);
  if (bytes === null) throw truncatedTape(file.path, file.size, `block ${n} at byte ${offset} is cut off`);
  const block = length < BLOCK_HEADER_BYTES ? null : decodeBlockHeader(bytes.subarray(0, BLOCK_HEADER_BYTES));
  if (block === null) throw corrupt('the checksum does not match the header');
  const stored = bytes.subarray(BLOCK_HEADER_BYTES);
  if (block.storedLength !== stored.length || block.shape.rows !== place.rows) {
    throw corrupt('the index does not match the header');
  }
  if (crc32(stored) !== block.crc) throw corrupt('the checksum does not match the rows');
  const rawLength = blockOffsets(block.shape).end;
  let raw: Buffer;
  try {
    raw = zstdDecompressSync(stored, { chunkSize: Math.max(64, rawLength), maxOutputLength: rawLength });
  } catch (cause) {
    throw corrupt('zstd cannot unpack the rows', cause);
  }
  if (raw.length !== rawLength) throw corrupt('the unpacked length does not match the header');
  // Typed arrays need aligned bytes; a fresh buffer from zlib is, a slice of a pool might not be.
  const aligned = raw.byteOffset % 8 === 0 ? raw : new Uint8Array(raw);
  decodeBlock(aligned, block.shape, unit, into);
}

/** The last block that starts before `fromMs`: with equal times across a border, its tail belongs to the answer. */
function blockAt(footer: TapeFooter, fromMs: number, unit: ReceiveUnit): number {
  const from = Math.round(fromMs * unitsPerMs(unit));
  let low = 0;
  let high = footer.blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (footer.blocks[middle]!.firstRecv < from) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
