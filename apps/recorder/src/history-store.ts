import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MmError } from '@kalshi-mm/core';
import type { Json } from './public-reads.ts';

/** What was asked for; a folder holds one such download, which may be extended to later times. */
export interface HistoryQuery {
  readonly restUrl: string;
  readonly tickers: readonly string[];
  readonly series: readonly string[];
  readonly what: readonly string[];
  /** Unix seconds. */
  readonly fromTs: number;
  readonly periodMinutes: number;
}

/** One pass over everything that was asked for, up to a time. Unix seconds. */
export interface HistoryPass {
  readonly toTs: number;
  /** Where the historical tier ended when the pass began. */
  readonly cutoffTs: number;
}

/** How far one file has come. */
interface Step {
  readonly bytes: number;
  /** It holds everything up to here, Unix seconds; null before its first pass is done. */
  readonly upToTs: number | null;
  /** Where to go on within the pass; null between passes. */
  readonly next: string | null;
}

const NEW: Step = { bytes: 0, upToTs: null, next: null };

/**
 * The folder of a download: files with one JSON record per line, and `history.json`, which says how far each of
 * them is complete. What a killed process had written beyond that is cut off. Files only grow; where a record comes
 * again, the last one counts.
 */
export class HistoryStore {
  readonly #dir: string;
  readonly #query: HistoryQuery;
  readonly #steps: Map<string, Step>;
  #pass: HistoryPass | null;

  /** @throws MmError `other-download`, `history-damaged` */
  constructor(dir: string, query: HistoryQuery) {
    this.#dir = dir;
    this.#query = query;
    const path = join(dir, 'history.json');
    const found = existsSync(path) ? readState(path) : null;
    // A question that nothing came of, such as one with a misspelt name, holds no folder.
    const before = Object.values(found?.files ?? {}).some(({ bytes }) => bytes > 0) ? found : null;
    if (before !== null && JSON.stringify(before.query) !== JSON.stringify(query)) {
      throw new MmError('other-download', `${dir} holds another download`, {
        facts: { asked: JSON.stringify(query), there: JSON.stringify(before.query) },
        todo: 'Name another folder with --out, or ask for the same again to go on with it. Only --to may differ.',
      });
    }
    this.#pass = before?.pass ?? null;
    this.#steps = new Map(Object.entries(before?.files ?? {}));
    for (const [file, { bytes }] of this.#steps) if (bytes > 0) cutTo(join(dir, file), bytes);
  }

  /** The pass that is not finished. */
  get pass(): HistoryPass | null {
    return this.#pass;
  }

  /** @param anew files that are read again from the start, whatever they hold */
  begin(pass: HistoryPass, anew: readonly string[]): void {
    this.#pass = pass;
    for (const file of anew) this.#steps.set(file, { ...this.#stepOf(file), upToTs: null });
    this.#save();
  }

  end(): void {
    this.#pass = null;
    this.#save();
  }

  /** Up to when a file is complete; null when it is not. */
  upToTs(file: string): number | null {
    return this.#stepOf(file).upToTs;
  }

  /** Where a file goes on within the pass: the empty text at its start. */
  next(file: string): string {
    return this.#stepOf(file).next ?? '';
  }

  /**
   * @param next where to go on, null when the file has all of the pass
   * @throws MmError `history-unwritable`
   */
  async add(file: string, records: readonly unknown[], next: string | null): Promise<void> {
    const { bytes, upToTs } = this.#stepOf(file);
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const path = join(this.#dir, file);
    try {
      if (bytes === 0) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, '');
      }
      await appendFile(path, text);
    } catch (cause) {
      throw unwritable(path, cause);
    }
    this.#steps.set(file, {
      bytes: bytes + Buffer.byteLength(text),
      upToTs: next === null ? this.#pass!.toTs : upToTs,
      next,
    });
    this.#save();
  }

  /** The last record of each key, as its line. */
  lines(file: string, keyOf: (record: Json) => string): Map<string, string> {
    const found = new Map<string, string>();
    if (this.#stepOf(file).bytes === 0) return found;
    for (const line of readFileSync(join(this.#dir, file), 'utf8').split('\n')) {
      if (line !== '') found.set(keyOf(JSON.parse(line)), line);
    }
    return found;
  }

  #stepOf(file: string): Step {
    return this.#steps.get(file) ?? NEW;
  }

  #save(): void {
    const path = join(this.#dir, 'history.json');
    const files = Object.fromEntries(this.#steps);
    const state = { kind: 'kalshi-mm history', query: this.#query, pass: this.#pass, files };
    try {
      writeFileSync(`${path}.partial`, `${JSON.stringify(state, null, 1)}\n`);
      renameSync(`${path}.partial`, path);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }
}

interface State {
  readonly query: HistoryQuery;
  readonly pass: HistoryPass | null;
  readonly files: Readonly<Record<string, Step>>;
}

function readState(path: string): State {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as State;
  } catch (cause) {
    throw damaged(`${path} cannot be read`, cause);
  }
}

function cutTo(path: string, bytes: number): void {
  const found = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (found < bytes) throw damaged(`${path} has ${found} bytes of the ${bytes} that were written`);
  truncateSync(path, bytes);
}

/** A power cut, or somebody else's hand. */
const damaged = (what: string, cause?: unknown): MmError =>
  new MmError('history-damaged', what, {
    todo: 'Delete the folder and download it again, or name another one with --out.',
    ...(cause === undefined ? {} : { cause }),
  });

const unwritable = (path: string, cause: unknown): MmError =>
  new MmError('history-unwritable', `Could not write ${path} (${(cause as NodeJS.ErrnoException).code})`, {
    todo: 'Check the permissions and the free space of the disk, then run the same command again: it goes on where it stopped.',
    cause,
  });
