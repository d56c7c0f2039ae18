import { constants as fsConstants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, crc32, zstdCompress } from 'node:zlib';
import type { MmError } from '@kalshi-mm/core';
import { fileError } from '../file/tape-errors.ts';
import {
  brokenFrameLine,
  type CaptureControl,
  controlLine,
  framePrefix,
  KALSHI_FEED,
} from './capture-record.ts';
import { type CaptureBlock, encodeBlockHeader, encodeStart } from './layout.ts';
import { createStanding } from './standing.ts';

export interface CaptureWriterOptions {
  /** An existing folder; files are called `<prefix>-<UTC time of the first record>.capture`. */
  readonly dir: string;
  /** @default 'capture' */
  readonly prefix?: string;
  /** Name of the writing program, for the header. */
  readonly recorder: string;
  /** Distinguishes this run from others; connections are numbered within it. */
  readonly session: string;
  /** Longest time that a record waits in memory. @default 1000 */
  readonly flushMs?: number;
  /** A file that has reached this size is followed by a new one. @default 256 MiB */
  readonly maxFileBytes?: number;
  /** Records that wait for the disk; beyond this, frames are dropped and counted. @default 64 MiB */
  readonly maxPendingBytes?: number;
  /** Called with each file that is complete. */
  readonly onFile?: (path: string) => void;
  /** There is room again after frames were dropped: books, say, have to be asked for anew. */
  readonly onLoss?: () => void;
  /** The disk refuses: nothing is written any more. */
  readonly onError?: (error: MmError) => void;
}

/** Keeps frames as they came. Taking one is a copy into memory; packing and writing happen beside the reader. */
export interface CaptureWriter {
  /** @param recvUs receive time, microseconds since the epoch @param feed whose frame; Kalshi's unless named */
  frame(raw: Uint8Array, recvUs: number, connection: number, feed?: string): void;
  control(control: CaptureControl, recvUs: number): void;
  /** Writes what is in memory; resolves when the system has it. */
  flush(): Promise<void>;
  /** Writes the rest and completes the file. */
  close(): Promise<void>;
  readonly stats: Readonly<CaptureStats>;
}

export interface CaptureStats {
  frames: number;
  /** Frames that there was no room for, or that came after a failure of the disk. */
  dropped: number;
  /** In files, packed. */
  bytesWritten: number;
  /** Taken and not yet in a file, unpacked. */
  bytesPending: number;
  files: number;
}

export function createCaptureWriter(options: CaptureWriterOptions): CaptureWriter {
  return new Writer(options);
}

const compress = promisify(zstdCompress);
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const CHUNK_BYTES = 1 << 20;
const DAY_US = 86_400_000_000;

interface Chunk {
  readonly bytes: Buffer;
  used: number;
  lines: number;
  firstUs: number;
  /** Its records that later files need as well. */
  readonly controls: CaptureControl[];
}

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Of its first record, UTC. */
  readonly day: number;
  bytes: number;
}

class Writer implements CaptureWriter {
  readonly stats: CaptureStats = { frames: 0, dropped: 0, bytesWritten: 0, bytesPending: 0, files: 0 };
  readonly #options: CaptureWriterOptions;
  readonly #maxFileBytes: number;
  readonly #maxPendingBytes: number;
  readonly #timer: NodeJS.Timeout;
  readonly #sealed: Chunk[] = [];
  #chunk: Chunk | null = null;
  #spare: Buffer | null = null;
  #writing: Promise<void> | null = null;
  #file: OpenFile | null = null;
  #failed = false;
  #closed = false;
  /** Dropped since the last record about it. */
  #untold = { frames: 0, bytes: 0 };
  #lastUs = 0;
  /** At the end of what has been written. */
  readonly #standing = createStanding();

  constructor(options: CaptureWriterOptions) {
    this.#options = options;
    this.#maxFileBytes = options.maxFileBytes ?? 256 << 20;
    this.#maxPendingBytes = options.maxPendingBytes ?? 64 << 20;
    this.#timer = setInterval(() => this.#seal(), options.flushMs ?? 1_000).unref();
  }

  frame(raw: Uint8Array, recvUs: number, connection: number, feed: string = KALSHI_FEED): void {
    const size = raw.length;
    this.#lastUs = recvUs;
    if (this.#closed || this.#failed || this.stats.bytesPending + size > this.#maxPendingBytes) {
      this.stats.dropped++;
      this.#untold.frames++;
      this.#untold.bytes += size;
      return;
    }
    this.stats.frames++;
    if (this.#tellDropped(recvUs)) this.#options.onLoss?.();
    if (raw.includes(NEWLINE)) {
      this.#line(brokenFrameLine(recvUs, connection, feed, Buffer.from(raw).toString('utf8')), recvUs);
      return;
    }
    const prefix = framePrefix(recvUs, connection, feed);
    const chunk = this.#room(prefix.length * 3 + size + 2, recvUs);
    let at = chunk.used + chunk.bytes.write(prefix, chunk.used);
    chunk.bytes.set(raw, at);
    at += size;
    chunk.bytes[at] = BRACE;
    chunk.bytes[at + 1] = NEWLINE;
    this.#took(chunk, at + 2);
  }

  control(control: CaptureControl, recvUs: number): void {
    if (this.#closed || this.#failed) return;
    this.#tellDropped(recvUs);
    this.#line(controlLine(recvUs, control), recvUs);
    this.#chunk!.controls.push(control);
  }

  async flush(): Promise<void> {
    this.#seal();
    while (this.#writing !== null) await this.#writing;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    clearInterval(this.#timer);
    if (!this.#failed) this.#tellDropped(this.#lastUs);
    this.#closed = true;
    await this.flush();
    await this.#finishFile().catch((cause) => this.#fail(cause));
  }

  #fail(cause: unknown): void {
    this.#failed = true;
    this.#options.onError?.(fileError(this.#file?.path ?? this.#options.dir, 'write', cause));
  }

  #tellDropped(recvUs: number): boolean {
    if (this.#untold.frames === 0) return false;
    const dropped = this.#untold;
    this.#untold = { frames: 0, bytes: 0 };
    this.#line(controlLine(recvUs, { kind: 'dropped', ...dropped }), recvUs);
    return true;
  }

  #line(line: string, recvUs: number): void {
    const chunk = this.#room(Buffer.byteLength(line) + 1, recvUs);
    this.#took(chunk, chunk.used + chunk.bytes.write(`${line}\n`, chunk.used));
  }

  #took(chunk: Chunk, end: number): void {
    this.stats.bytesPending += end - chunk.used;
    chunk.used = end;
    chunk.lines++;
  }

  /** A chunk with room for a line; a chunk holds records of one day. */
  #room(bytes: number, recvUs: number): Chunk {
    const open = this.#chunk;
    if (open !== null && dayOf(open.firstUs) === dayOf(recvUs) && open.used + bytes <= open.bytes.length) {
      return open;
    }
    this.#seal();
    const fits = bytes <= CHUNK_BYTES;
    const buffer = fits
      ? (this.#spare ?? Buffer.allocUnsafeSlow(CHUNK_BYTES))
      : Buffer.allocUnsafeSlow(bytes);
    if (fits) this.#spare = null;
    this.#chunk = { bytes: buffer, used: 0, lines: 0, firstUs: recvUs, controls: [] };
    return this.#chunk;
  }

  #seal(): void {
    if (this.#chunk === null) return;
    this.#sealed.push(this.#chunk);
    this.#chunk = null;
    this.#pump();
  }

  #pump(): void {
    if (this.#sealed.length === 0) return;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
      this.#pump();
    });
  }

  async #write(): Promise<void> {
    for (let chunk = this.#sealed.shift(); chunk !== undefined; chunk = this.#sealed.shift()) {
      try {
        if (!this.#failed) await this.#writeBlock(chunk);
      } catch (cause) {
        this.#fail(cause);
      }
      this.stats.bytesPending -= chunk.used;
      if (chunk.bytes.length === CHUNK_BYTES) this.#spare = chunk.bytes;
    }
  }

  async #writeBlock({ bytes, used, lines, firstUs, controls }: Chunk): Promise<void> {
    const raw = bytes.subarray(0, used);
    const stored = await compress(raw, PACKING);
    if (this.#file !== null && this.#isFull(this.#file, firstUs)) await this.#finishFile();
    if (this.#file === null) {
      await this.#newFile(firstUs);
      await this.#writeStanding(firstUs);
    }
    await this.#appendBlock(stored, { rawLength: used, lines, firstUs });
    for (const control of controls) this.#standing.take(control);
  }

  /** Every file can be read without those before it, which may be deleted. */
  async #writeStanding(firstUs: number): Promise<void> {
    const lines = this.#standing.records().map((control) => `${controlLine(firstUs, control)}\n`);
    if (lines.length === 0) return;
    const raw = Buffer.from(lines.join(''));
    const block = { rawLength: raw.length, lines: lines.length, firstUs };
    await this.#appendBlock(await compress(raw, PACKING), block);
  }

  async #appendBlock(
    stored: Buffer,
    block: Pick<CaptureBlock, 'rawLength' | 'lines' | 'firstUs'>,
  ): Promise<void> {
    const header = encodeBlockHeader({ ...block, storedLength: stored.length, crc: crc32(stored) });
    await this.#append(Buffer.concat([header, stored]));
  }

  #isFull(file: OpenFile, firstUs: number): boolean {
    return file.bytes >= this.#maxFileBytes || file.day !== dayOf(firstUs);
  }

  async #newFile(firstUs: number): Promise<void> {
    const { dir, prefix = 'capture', recorder, session } = this.#options;
    const stamp = new Date(Math.floor(firstUs / 1000)).toISOString().replace(/[-:.]/g, '');
    for (let attempt = 1; ; attempt++) {
      const path = join(dir, `${prefix}-${stamp}${attempt === 1 ? '' : `-${attempt}`}.capture`);
      try {
        const handle = await open(path, fsConstants.O_WRONLY | fsConstants.O_CREAT | fsConstants.O_EXCL);
        this.#file = { path, handle, day: dayOf(firstUs), bytes: 0 };
        this.stats.files++;
        await this.#append(encodeStart({ recorder, session, part: this.stats.files, startedUs: firstUs }));
        return;
      } catch (error) {
        // Never into a file of an earlier run: what it holds is complete as it is.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    const file = this.#file!;
    for (let at = 0; at < bytes.length; ) at += (await file.handle.write(bytes, at)).bytesWritten;
    file.bytes += bytes.length;
    this.stats.bytesWritten += bytes.length;
  }

  async #finishFile(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    try {
      await file.handle.sync();
    } finally {
      await file.handle.close();
    }
    this.#options.onFile?.(file.path);
  }
}

const dayOf = (recvUs: number): number => Math.floor(recvUs / DAY_US);
const NEWLINE = 10;
const BRACE = 125;
