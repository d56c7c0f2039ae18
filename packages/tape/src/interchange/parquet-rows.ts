import { statSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { fileError } from '../file/tape-errors.ts';
import { CSV_COLUMNS } from './csv-row.ts';
import { type DuckDbConnection, sqlText } from './duckdb.ts';

/** Types of `CSV_COLUMNS`; the decimals are exact: price in dollars, count in contracts. */
const TYPES: Readonly<Record<(typeof CSV_COLUMNS)[number], string>> = {
  recv_us: 'BIGINT',
  exchange_ms: 'BIGINT',
  seq: 'BIGINT',
  kind: 'VARCHAR',
  name: 'VARCHAR',
  side: 'VARCHAR',
  flags: 'UTINYINT',
  price: 'DECIMAL(18,6)',
  count: 'DECIMAL(18,2)',
};

/** Turns a table of text into Parquet, which DuckDB does by itself faster than rows could be handed over. */
export async function csvToParquet(
  connection: DuckDbConnection,
  csv: string,
  parquet: string,
): Promise<void> {
  const columns = CSV_COLUMNS.map((name) => `'${name}': '${TYPES[name]}'`).join(', ');
  await connection.run(
    `COPY (SELECT * FROM read_csv(${sqlText(csv)}, header = true, columns = {${columns}}))
     TO ${sqlText(parquet)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/**
 * Batches of rows, each as the fields of a line of CSV.
 *
 * @throws MmError `file-missing`, `table-malformed` for a file that is not Parquet or has other columns
 */
export async function* parquetRows(
  connection: DuckDbConnection,
  path: string,
): AsyncGenerator<readonly (readonly string[])[]> {
  try {
    statSync(path);
  } catch (cause) {
    throw fileError(path, 'read', cause);
  }
  try {
    const source = `read_parquet(${sqlText(path)})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const found = described.getRows().map(([name, type]) => `${name} ${type}`);
    const expected = CSV_COLUMNS.map((name) => `${name} ${TYPES[name]}`);
    if (found.join() !== expected.join()) {
      throw malformed(path, `has the columns ${found.join(', ')}`, `Expected are ${expected.join(', ')}.`);
    }
    const texts = CSV_COLUMNS.map((name) => `coalesce(${name}::VARCHAR, '')`).join(', ');
    const result = await connection.stream(`SELECT ${texts} FROM ${source}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getRows() as string[][];
    }
  } catch (cause) {
    if (cause instanceof MmError) throw cause;
    const what = (cause as Error).message.split('\n', 1)[0];
    throw malformed(path, `cannot be read as Parquet: ${what}`, 'Export it again.', cause);
  }
}

const malformed = (path: string, what: string, todo: string, cause?: unknown): MmError =>
  new MmError('table-malformed', `${path} ${what}`, { todo, cause });
