import { renameSync, rmSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { openTape, type Tape } from '../file/open-tape.ts';
import { openPartial } from '../file/partial-file.ts';
import { rowAt } from '../row.ts';
import { CSV_COLUMNS, encodeCsvRow, rowNames } from './csv-row.ts';
import { withDuckDb } from './duckdb.ts';
import { csvToParquet } from './parquet-rows.ts';
import { addLines, EMPTY_TABLE, headerPath, type TableSum, writeTableHeader } from './table-header.ts';

export type ExportFormat = 'csv' | 'parquet';

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly onProgress?: (progress: { readonly rows: number; readonly rowsTotal: number }) => void;
  /** Stops the export and removes what it has written. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a tape's rows for other programs, and beside them `<out>.json` with its header. `importTable` makes a tape of
 * them again.
 *
 * @throws MmError `duckdb-missing` for Parquet without its optional dependency, `export-stopped`, or what the tape is
 * refused for
 */
export async function exportTape(
  path: string,
  out: string,
  options: ExportOptions,
): Promise<{ readonly file: string; readonly header: string; readonly rows: number }> {
  const header = headerPath(out);
  const tape = openTape(path);
  try {
    const write = options.format === 'csv' ? writeCsv : writeParquet;
    const table = await write(tape, out, options);
    writeTableHeader(header, { intro: tape.header, warnings: tape.header.warnings, table });
    return { file: out, header, rows: tape.header.rows };
  } finally {
    tape.close();
  }
}

const BATCH = 8_192;

async function writeCsv(tape: Tape, out: string, { onProgress, signal }: ExportOptions): Promise<TableSum> {
  const names = rowNames(tape.header);
  const file = openPartial(out);
  let sum = EMPTY_TABLE;
  try {
    file.write(Buffer.from(`${CSV_COLUMNS.join(',')}\n`));
    for (const block of tape.blocks()) {
      for (let from = 0; from < block.rows; from += BATCH) {
        const end = Math.min(block.rows, from + BATCH);
        let text = '';
        for (let i = from; i < end; i++) {
          text += `${encodeCsvRow(rowAt(block, i), names[block.market[i]!]!)}\n`;
        }
        const lines = Buffer.from(text);
        file.write(lines);
        sum = addLines(sum, lines, end - from);
      }
      onProgress?.({ rows: sum.rows, rowsTotal: tape.header.rows });
      // Signals are heard between blocks.
      await new Promise(setImmediate);
      if (signal?.aborted === true) {
        throw new MmError('export-stopped', 'The export was stopped; nothing was written', {
          recovery: 'retry',
        });
      }
    }
    file.finish();
    return sum;
  } catch (error) {
    file.abort();
    throw error;
  }
}

function writeParquet(tape: Tape, out: string, options: ExportOptions): Promise<TableSum> {
  const text = `${out}.${process.pid}.csv`;
  const partial = `${out}.${process.pid}.partial`;
  return withDuckDb(async (connection) => {
    try {
      const sum = await writeCsv(tape, text, options);
      await csvToParquet(connection, text, partial);
      renameSync(partial, out);
      return sum;
    } finally {
      rmSync(text, { force: true });
      rmSync(partial, { force: true });
    }
  });
}
