import { statSync } from 'node:fs';
import { MmError, type Ticker } from '@kalshi-mm/core';
import { createTapeWriter } from '../file/create-tape-writer.ts';
import { fileError } from '../file/tape-errors.ts';
import { completeLabels } from '../tape-header.ts';
import { btc15m } from './btc15m.ts';
import { btcusd } from './btcusd.ts';
import { crypto15m } from './crypto15m.ts';
import type { Dataset, DatasetFile, DatasetFormat } from './dataset.ts';
import { demoSession } from './demo-session.ts';
import { gold15m } from './gold15m.ts';
import { history } from './history.ts';
import { kxinxTrades } from './kxinx-trades.ts';
import { atLine } from './malformed.ts';
import { marketList } from './market-list.ts';
import type { GroupSource } from './merge-by-time.ts';
import { mlbCandles } from './mlb-candles.ts';
import { nbaNflPolls } from './nba-nfl-polls.ts';
import { nbaTicks } from './nba-ticks.ts';
import { polledBooks } from './polled-books.ts';
import { readLines } from './read-lines.ts';
import { restWs } from './rest-ws.ts';
import type { RowGroup } from './trade-pairing.ts';
import { createTally, findingsOf, inOrder, writeGroups } from './write-groups.ts';

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly rows: number;
}

export interface ImportOptions {
  /** Import only this market. */
  readonly ticker?: string;
  /** Which part, of a recording whose parts can tell different things. */
  readonly part?: string;
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
 * @throws MmError `unknown-dataset`, `unknown-part`, `unknown-ticker`, `source-malformed` (naming file, line and
 * field), `import-stopped`
 */
export async function importDataset(
  dir: string,
  out: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const format = recognise(dir);
  const dataset = await format.open(dir, options.ticker ?? null, partOf(format, dir, options.part));
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

const FORMATS: readonly DatasetFormat[] = [
  gold15m,
  btc15m,
  demoSession,
  restWs,
  polledBooks,
  crypto15m,
  nbaNflPolls,
  nbaTicks,
  marketList,
  kxinxTrades,
  mlbCandles,
  btcusd,
  history,
];

function recognise(dir: string): DatasetFormat {
  try {
    if (!statSync(dir).isDirectory()) {
      throw new MmError('unknown-dataset', `${dir} is not the folder of a recording`, {
        todo: 'Name such a folder. A table that was exported ends in .csv or .parquet; captures are compiled.',
      });
    }
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

/** Parts are never mixed on a tape: its labels would be wrong for some of its rows. */
function partOf({ name, parts = [] }: DatasetFormat, dir: string, wanted: string | undefined): string {
  if (wanted === undefined && parts.length === 0) return name;
  if (wanted !== undefined && parts.includes(wanted)) return wanted;
  const what = wanted === undefined ? 'has several parts' : `has no part ${wanted}`;
  throw new MmError('unknown-part', `${dir} ${what}`, {
    todo:
      parts.length === 0
        ? 'Leave the part out: this recording has only one.'
        : `Choose one of ${parts.join(', ')} (\`--part\`), one tape each.`,
  });
}

async function copy(
  dataset: Dataset,
  writer: ReturnType<typeof createTapeWriter>,
  options: ImportOptions,
): Promise<string[]> {
  const tally = createTally();
  const bytesTotal = dataset.files.reduce((sum, file) => sum + statSync(file.path).size, 0);
  let bytesRead = 0;
  const onBytes = (bytes: number): void => {
    bytesRead += bytes;
  };
  const { trades, depth, cadence } = completeLabels(dataset.labels);
  const pairTrades = trades && depth === 'full' && cadence === 'stream';
  const sources = dataset.files.map((file) =>
    inOrder('rows' in file ? tableGroups(file.rows) : lineGroups(file, onBytes), pairTrades, tally),
  );
  await writeGroups(sources, dataset.markets, writer, tally, {
    signal: options.signal,
    onBatch: () => options.onProgress?.({ bytesRead, bytesTotal, rows: writer.rows }),
  });
  return findingsOf(tally);
}

async function* lineGroups(file: DatasetFile, onBytes: (bytes: number) => void): GroupSource {
  const reader = file.open();
  for await (const { firstLine, lines } of readLines(file.path, onBytes)) {
    const groups: RowGroup[] = [];
    lines.forEach((line, i) => {
      if (line === '') return;
      const group = atLine(file.path, firstLine + i, () => reader.read(line));
      if (group.length > 0) groups.push(group);
    });
    yield groups;
  }
}

async function* tableGroups(rows: readonly RowGroup[]): GroupSource {
  const batch = 1_024;
  for (let i = 0; i < rows.length; i += batch) yield rows.slice(i, i + batch);
}
