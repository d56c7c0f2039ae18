import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { MmError } from '@kalshi-mm/core';
import { fileError } from '../file/tape-errors.ts';
import { splitCsv } from '../importers/read-table.ts';
import { CSV_COLUMNS } from './csv-row.ts';

const BATCH = 4_096;

/**
 * Batches of rows as their fields.
 *
 * @throws MmError `file-missing`, `table-malformed` for other columns
 */
export async function* csvRows(path: string): AsyncGenerator<readonly (readonly string[])[]> {
  const input = createReadStream(path);
  let isFirst = true;
  let batch: string[][] = [];
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (isFirst) checkColumns(path, line);
      else if (line !== '') batch.push(splitCsv(line));
      isFirst = false;
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (isFirst) checkColumns(path, '');
    yield batch;
  } catch (cause) {
    throw isSystemError(cause) ? fileError(path, 'read', cause) : cause;
  } finally {
    input.destroy();
  }
}

const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

function checkColumns(path: string, line: string): void {
  if (line === CSV_COLUMNS.join(',')) return;
  throw new MmError('table-malformed', `${path}:1 has other columns than ${CSV_COLUMNS.join(',')}`, {
    todo: 'Give the columns these names, in this order.',
  });
}
