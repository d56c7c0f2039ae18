import { readFileSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';

/**
 * Reads a small comma-separated table without quotes, as the recordings have them.
 *
 * @throws MmError `table-malformed` when a row or a wanted column is not there
 */
export function readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
): readonly Readonly<Record<Column, string>>[] {
  const [head = '', ...body] = readFileSync(path, 'utf8').split(/\r?\n/);
  const names = head.split(',');
  const indexes = columns.map((column) => {
    const index = names.indexOf(column);
    if (index < 0) throw malformed(path, 1, `has no column ${column}`);
    return index;
  });
  return body.flatMap((line, i) => {
    if (line === '') return [];
    const fields = line.split(',');
    if (fields.length !== names.length) {
      throw malformed(path, i + 2, `has ${fields.length} fields, expected ${names.length}`);
    }
    return [
      Object.fromEntries(columns.map((column, c) => [column, fields[indexes[c]!]!])) as Record<
        Column,
        string
      >,
    ];
  });
}

/** The column names of a table, or none when the file cannot be read. */
export function csvColumns(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0]!.split(',');
  } catch {
    return [];
  }
}

const malformed = (path: string, line: number, what: string): MmError =>
  new MmError('table-malformed', `${path}:${line} ${what}`, { todo: 'Fetch the recording again.' });
