import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MmError, WireError } from '@kalshi-mm/core';
import { object } from '../json-fields.ts';
import { parseLine } from './frame-rows.ts';
import { atLine } from './malformed.ts';

/** The text of a small file, unpacked if its name ends in `.gz`. @throws MmError `source-damaged` */
function readText(path: string): string {
  const bytes = readFileSync(path);
  if (!path.endsWith('.gz')) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new MmError('source-damaged', `${path} cannot be unpacked`, {
      todo: 'Fetch the file again: it is cut off or not gzip.',
      cause,
    });
  }
}

/** Hands out the objects of a file with one JSON object per line. @throws MmError `source-malformed` */
export function eachJsonLine(path: string, take: (from: Record<string, unknown>) => void): void {
  readText(path)
    .split('\n')
    .forEach((line, i) => {
      if (line.trim() !== '') atLine(path, i + 1, () => take(parseLine(line)));
    });
}

/** Hands out the rows of a table with a header row; fields may be quoted. @throws MmError `source-malformed` */
export function eachCsvRow(
  path: string,
  columns: readonly string[],
  take: (row: Readonly<Record<string, string>>) => void,
): void {
  const [head = '', ...lines] = readText(path).split(/\r?\n/);
  const names = splitCsv(head);
  const missing = columns.find((column) => !names.includes(column));
  if (missing !== undefined) {
    throw new MmError('table-malformed', `${path}:1 has no column ${missing}`, {
      todo: 'Fetch the recording again.',
    });
  }
  lines.forEach((line, i) => {
    if (line === '') return;
    atLine(path, i + 2, () => {
      const fields = splitCsv(line);
      if (fields.length !== names.length) {
        throw new WireError('line', `${names.length} fields`, fields.length);
      }
      take(Object.fromEntries(names.map((name, n) => [name, fields[n]!])));
    });
  });
}

/** One line of a table; a quote within quotes is doubled. */
export function splitCsv(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
}

/** A JSON document in one file. */
export function readJson(path: string): Record<string, unknown> {
  return atLine(path, 1, () => {
    try {
      return object(JSON.parse(readText(path)), 'file');
    } catch (cause) {
      if (cause instanceof SyntaxError) throw new WireError('file', 'JSON', cause.message);
      throw cause;
    }
  });
}
