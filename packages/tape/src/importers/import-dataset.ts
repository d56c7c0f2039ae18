import { statSync } from 'node:fs';
import { MmError, type Ticker, WireError } from '@kalshi-mm/core';
import { createBookReplay } from '../book-replay.ts';
import { createTapeWriter, type TapeWriter } from '../file/create-tape-writer.ts';
import { fileError } from '../file/tape-errors.ts';
import { btc15m } from './btc15m.ts';
import type { Dataset, DatasetFile, DatasetFormat } from './dataset.ts';
import { demoSession } from './demo-session.ts';
import { gold15m } from './gold15m.ts';
import { type GroupSource, mergeByTime } from './merge-by-time.ts';
import { readLines } from './read-lines.ts';
import { createTradePairing, type RowGroup } from './trade-pairing.ts';

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly rows: number;
}

export interface ImportOptions {
  /** Import only this market. */
  readonly ticker?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops the import and removes what it has written. */
  readonly signal?: AbortSignal;
}

export interface ImportReport {
  readonly file: string;
  readonly rows: number;
  readonly markets: readonly Ticker[];
  readonly firstMs: number;
  readonly lastMs: number;
  /** What had to be assumed or left out; the tape keeps them too. */
  readonly warnings: readonly string[];
}

/**
 * Reads a recording and writes it as one tape, merged by receive time. A file of that name is replaced only when
 * the import has succeeded.
 *
 * @throws MmError `unknown-dataset`, `unknown-ticker`, `source-malformed` (naming file, line and field),
 * `import-stopped`
 */
export async function importDataset(
  dir: string,
  out: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const format = recognise(dir);
  const dataset = await format.open(dir, options.ticker ?? null);
  const writer = createTapeWriter(out, dataset);
  try {
    const findings = await copy(dataset, writer, options);
    const warnings = [...dataset.warnings, ...dataset.findings(), ...findings];
    const totals = writer.close(warnings);
    return { file: out, ...totals, markets: dataset.markets.map((market) => market.ticker), warnings };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

const FORMATS: readonly DatasetFormat[] = [gold15m, btc15m, demoSession];

function recognise(dir: string): DatasetFormat {
  try {
    if (!statSync(dir).isDirectory()) throw new MmError('unknown-dataset', `${dir} is not a folder`);
  } catch (cause) {
    throw cause instanceof MmError ? cause : fileError(dir, 'read', cause);
  }
  const format = FORMATS.find((candidate) => candidate.recognise(dir));
  if (format !== undefined) return format;
  const known = FORMATS.map(({ name, contents }) => `\n    ${name}: ${contents}`).join('');
  throw new MmError('unknown-dataset', `${dir} is not a recording that can be imported`, {
    todo: `Name a folder of one of these kinds:${known}`,
  });
}

async function copy(dataset: Dataset, writer: TapeWriter, options: ImportOptions): Promise<string[]> {
  const tally: Tally = { bytesRead: 0, trades: 0, paired: 0, heldBack: 0 };
  const bytesTotal = dataset.files.reduce((sum, file) => sum + statSync(file.path).size, 0);
  const sources = dataset.files.map((file) => groupsOf(file, dataset.labels.trades, tally));
  const books = createBookReplay(dataset);
  for await (const groups of mergeByTime(sources)) {
    if (options.signal?.aborted === true) {
      throw new MmError('import-stopped', 'The import was stopped; nothing was written', {
        recovery: 'retry',
      });
    }
    for (const group of groups) {
      for (const row of group) {
        writer.append(row);
        books.applyValues(row.kind, row.market, row.side, row.price, row.count);
      }
    }
    options.onProgress?.({ bytesRead: tally.bytesRead, bytesTotal, rows: writer.rows });
  }
  const findings: string[] = [];
  if (books.misfits > 0) {
    findings.push(
      `${books.misfits} book changes do not fit the book before them: part of the recording is missing.`,
    );
  }
  if (tally.trades > tally.paired) {
    findings.push(
      `${tally.trades - tally.paired} of ${tally.trades} trades found no delta on the maker side.`,
    );
  }
  if (tally.heldBack > 0) {
    findings.push(
      `The receive clock stepped back ${tally.heldBack} times; those rows carry the time before them.`,
    );
  }
  return findings;
}

interface Tally {
  bytesRead: number;
  trades: number;
  paired: number;
  heldBack: number;
}

/** How long a trade or its delta may wait for the other on the receive clock. */
const PAIRING_WINDOW_MS = 15_000;

async function* groupsOf(file: DatasetFile, pairTrades: boolean, tally: Tally): GroupSource {
  const reader = file.open();
  const pairing = pairTrades ? createTradePairing(PAIRING_WINDOW_MS) : null;
  let lastMs = 0;
  const onBytes = (bytes: number): void => {
    tally.bytesRead += bytes;
  };
  for await (const { firstLine, lines } of readLines(file.path, onBytes)) {
    const groups: RowGroup[] = [];
    lines.forEach((line, i) => {
      let group = readLine(file, reader, line, firstLine + i);
      if (group.length === 0) return;
      const { recvMs } = group[0]!;
      if (recvMs < lastMs) {
        tally.heldBack++;
        group = group.map((row) => ({ ...row, recvMs: lastMs }));
      } else {
        lastMs = recvMs;
      }
      if (pairing === null) groups.push(group);
      else groups.push(...pairing.push(group));
    });
    yield groups;
  }
  if (pairing === null) return;
  yield pairing.flush();
  tally.trades += pairing.trades;
  tally.paired += pairing.paired;
}

function readLine(
  file: DatasetFile,
  reader: { read(line: string): RowGroup },
  line: string,
  number: number,
): RowGroup {
  if (line === '') return [];
  try {
    return reader.read(line);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new MmError('source-malformed', `${file.path}:${number}: ${cause.message.split('\n', 1)[0]}`, {
      facts: { line: number, field: cause.path },
      todo: 'Fetch the recording again, or remove the line if the recorder wrote it wrongly.',
      cause,
    });
  }
}
