import { existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MmError } from '@kalshi-mm/core';

/** What was asked for; a folder holds one such download. */
export interface HistoryQuery {
  readonly restUrl: string;
  readonly tickers: readonly string[];
  readonly series: readonly string[];
  readonly what: readonly string[];
  /** Unix seconds. */
  readonly fromTs: number;
  readonly toTs: number;
  readonly periodMinutes: number;
}

/** How far one file has come. */
interface Step {
  readonly bytes: number;
  /** Where to go on; null when the file is complete. */
  readonly next: string | null;
}

/**
 * The folder of a download: files with one JSON record per line, and `history.json`, which says how far each of
 * them is complete. What a killed process had written beyond that is cut off.
 */
export class HistoryStore {
  readonly #dir: string;
  readonly #query: HistoryQuery;
  readonly #steps: Map<string, Step>;

  /** @throws MmError `other-download` */
  constructor(dir: string, query: HistoryQuery) {
    this.#dir = dir;
    this.#query = query;
    mkdirSync(dir, { recursive: true });
    const path = join(dir, 'history.json');
    const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
    if (before !== null && JSON.stringify(before.query) !== JSON.stringify(query)) {
      throw new MmError('other-download', `${dir} holds another download`, {
        facts: { asked: JSON.stringify(query), there: JSON.stringify(before.query) },
        todo: 'Name another folder with --out, or ask for the same again to go on with it.',
      });
    }
    this.#steps = new Map(Object.entries((before?.files ?? {}) as Record<string, Step>));
    for (const [file, { bytes }] of this.#steps) truncateSync(join(dir, file), bytes);
    this.#save();
  }

  isComplete(file: string): boolean {
    return this.#steps.get(file)?.next === null;
  }

  /** Where a file goes on: the empty text at its start. */
  next(file: string): string {
    return this.#steps.get(file)?.next ?? '';
  }

  /** @param next where to go on, null at the end */
  async add(file: string, records: readonly unknown[], next: string | null): Promise<void> {
    const path = join(this.#dir, file);
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const before = this.#steps.get(file)?.bytes ?? 0;
    mkdirSync(dirname(path), { recursive: true });
    if (before === 0) writeFileSync(path, '');
    await appendFile(path, text);
    this.#steps.set(file, { bytes: before + Buffer.byteLength(text), next });
    this.#save();
  }

  records(file: string): unknown[] {
    const lines = readFileSync(join(this.#dir, file), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  #save(): void {
    const path = join(this.#dir, 'history.json');
    const state = { kind: 'kalshi-mm history', query: this.#query, files: Object.fromEntries(this.#steps) };
    writeFileSync(`${path}.partial`, `${JSON.stringify(state, null, 1)}\n`);
    renameSync(`${path}.partial`, path);
  }
}
