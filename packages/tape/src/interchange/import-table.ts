import { statSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { createTapeWriter, type TapeWriter } from '../file/create-tape-writer.ts';
import { fileError } from '../file/tape-errors.ts';
import type { ImportOptions, ImportReport } from '../importers/import-dataset.ts';
import { atLine } from '../importers/malformed.ts';
import { decodeCsvRow, encodeCsvRow, rowNames } from './csv-row.ts';
import { csvRows } from './csv-rows.ts';
import { withDuckDb } from './duckdb.ts';
import type { ExportFormat } from './export-tape.ts';
import { parquetRows } from './parquet-rows.ts';
import { addLines, EMPTY_TABLE, headerPath, readTableHeader, type TableSum } from './table-header.ts';

export interface TableOptions extends Pick<ImportOptions, 'signal'> {
  readonly format: ExportFormat;
  readonly onProgress?: (progress: { readonly rows: number; readonly rowsTotal: number }) => void;
}

/**
 * Makes a tape of a table that `exportTape` wrote, and of the header beside it (`<path>.json`).
 *
 * @throws MmError `file-missing`, `header-malformed`, `table-malformed` for another table, `source-malformed` (naming
 * file, line and column), `table-changed` when its rows are not those that were exported, `tape-row` when times are
 * out of order, `duckdb-missing` for Parquet without its optional dependency, `import-stopped`
 */
export async function importTable(path: string, out: string, options: TableOptions): Promise<ImportReport> {
  try {
    // Else it would be the header that is missed.
    statSync(path);
  } catch (cause) {
    throw fileError(path, 'read', cause);
  }
  const header = readTableHeader(headerPath(path));
  const writer = createTapeWriter(out, header.intro);
  const copy = async (rows: Rows): Promise<void> => {
    const sum = await copyRows(path, rows, header.intro, writer, header.table?.rows ?? 0, options);
    if (header.table !== null) compare(path, header.table, sum);
  };
  try {
    if (options.format === 'csv') await copy(csvRows(path));
    else await withDuckDb((connection) => copy(parquetRows(connection, path)));
    const warnings = header.table === null ? [...header.warnings, UNCOMPARED] : header.warnings;
    const totals = writer.close(warnings);
    return { file: out, ...totals, markets: header.intro.markets.map(({ ticker }) => ticker), warnings };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** Batches of rows as the fields of a line of CSV. */
type Rows = AsyncIterable<readonly (readonly string[])[]>;

const UNCOMPARED = 'The header of the imported table had no checksum: its rows were compared with nothing.';

async function copyRows(
  path: string,
  rows: Rows,
  intro: Parameters<typeof rowNames>[0],
  writer: TapeWriter,
  rowsTotal: number,
  { signal, onProgress }: TableOptions,
): Promise<TableSum> {
  const names = rowNames(intro);
  const numbers = new Map(names.map((name, index) => [name, index]));
  let sum = EMPTY_TABLE;
  for await (const batch of rows) {
    let lines = '';
    batch.forEach((fields, i) => {
      // Below the line of names.
      const row = atLine(path, sum.rows + i + 2, () => decodeCsvRow(fields, numbers));
      writer.append(row);
      lines += `${encodeCsvRow(row, names[row.market]!)}\n`;
    });
    sum = addLines(sum, Buffer.from(lines), batch.length);
    onProgress?.({ rows: sum.rows, rowsTotal: Math.max(rowsTotal, sum.rows) });
    if (signal?.aborted === true) {
      throw new MmError('import-stopped', 'The import was stopped; nothing was written', {
        recovery: 'retry',
      });
    }
  }
  return sum;
}

function compare(path: string, exported: TableSum, found: TableSum): void {
  if (exported.rows === found.rows && exported.crc32 === found.crc32) return;
  const words = ({ rows, crc32 }: TableSum): string => `${rows} rows with checksum ${crc32}`;
  throw new MmError('table-changed', `${path} is not what was exported: it has ${words(found)}`, {
    facts: { exported: words(exported) },
    todo: `Export it again. If it was changed on purpose, remove "table" from ${headerPath(path)}.`,
  });
}
