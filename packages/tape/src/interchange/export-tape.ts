import { renameSync, rmSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { openTape, type Tape } from '../file/open-tape.ts';
import { openPartial } from '../file/partial-file.ts';
import { encodeIntro } from '../tape-header.ts';
import { CSV_COLUMNS, encodeCsvRow, rowNames } from './csv-row.ts';

export type ExportFormat = 'csv' | 'parquet';

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly onProgress?: (progress: { readonly rows: number; readonly rowsTotal: number }) => void;
  /** Stops the export and removes what it has written. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a tape's rows for other programs, and beside them `<out>.json` with its header.
 *
 * @throws MmError `duckdb-missing` for Parquet without its optional dependency, `export-stopped`, or what the tape is
 * refused for
 */
export async function exportTape(
  path: string,
  out: string,
  options: ExportOptions,
): Promise<{ readonly file: string; readonly header: string; readonly rows: number }> {
  const header = `${out}.json`;
  const tape = openTape(path);
  try {
    if (options.format === 'csv') await writeCsv(tape, out, options);
    else await writeParquet(tape, out, options);
    const file = openPartial(header);
    const intro = JSON.parse(encodeIntro(tape.header));
    file.write(Buffer.from(`${JSON.stringify({ ...intro, warnings: tape.header.warnings }, null, 1)}\n`));
    file.finish();
    return { file: out, header, rows: tape.header.rows };
  } finally {
    tape.close();
  }
}

const BATCH = 8_192;

async function writeCsv(tape: Tape, out: string, { onProgress, signal }: ExportOptions): Promise<void> {
  const names = rowNames(tape.header);
  const file = openPartial(out);
  try {
    file.write(Buffer.from(`${CSV_COLUMNS.join(',')}\n`));
    let rows = 0;
    for (const block of tape.blocks()) {
      for (let from = 0; from < block.rows; from += BATCH) {
        const lines: string[] = [];
        for (let i = from; i < Math.min(block.rows, from + BATCH); i++)
          lines.push(encodeCsvRow(block, i, names));
        file.write(Buffer.from(`${lines.join('\n')}\n`));
      }
      rows += block.rows;
      onProgress?.({ rows, rowsTotal: tape.header.rows });
      // Signals are heard between blocks.
      await new Promise(setImmediate);
      if (signal?.aborted === true) {
        throw new MmError('export-stopped', 'The export was stopped; nothing was written', {
          recovery: 'retry',
        });
      }
    }
    file.finish();
  } catch (error) {
    file.abort();
    throw error;
  }
}

/** Through a table of text, which DuckDB reads by itself faster than rows could be handed over. */
async function writeParquet(tape: Tape, out: string, options: ExportOptions): Promise<void> {
  const { DuckDBInstance } = await loadDuckDb();
  const text = `${out}.${process.pid}.csv`;
  const partial = `${out}.${process.pid}.partial`;
  try {
    await writeCsv(tape, text, options);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      await connection.run(
        `COPY (SELECT * FROM read_csv(${literal(text)}, header = true, columns = ${COLUMN_TYPES}))
         TO ${literal(partial)} (FORMAT parquet, COMPRESSION zstd)`,
      );
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
    renameSync(partial, out);
  } finally {
    rmSync(text, { force: true });
    rmSync(partial, { force: true });
  }
}

/** Exact decimals: price in dollars, count in contracts. */
const COLUMN_TYPES = `{
  'recv_us': 'BIGINT', 'exchange_ms': 'BIGINT', 'seq': 'BIGINT', 'kind': 'VARCHAR', 'name': 'VARCHAR',
  'side': 'VARCHAR', 'flags': 'UTINYINT', 'price': 'DECIMAL(18,6)', 'count': 'DECIMAL(18,2)'
}`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new MmError('duckdb-missing', 'Parquet needs the optional package @duckdb/node-api', {
      todo: 'Add it to your project, or export CSV.',
      cause,
    });
  }
}
