import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { MmError, WireError } from '@kalshi-mm/core';
import { openPartial } from '../file/partial-file.ts';
import { fileError } from '../file/tape-errors.ts';
import { object } from '../json-fields.ts';
import { decodeIntro, encodeIntro, type TapeIntro } from '../tape-header.ts';

/** What the rows of a table add up to, so that one that was changed since is noticed. */
export interface TableSum {
  readonly rows: number;
  /** Of the rows as lines of CSV, each with its `\n`, without the line of names. */
  readonly crc32: number;
}

export const EMPTY_TABLE: TableSum = { rows: 0, crc32: 0 };

/** @param lines whole lines of `rows` rows */
export const addLines = (sum: TableSum, lines: Buffer, rows: number): TableSum => ({
  rows: sum.rows + rows,
  crc32: crc32(lines, sum.crc32),
});

/** The file beside a table: the header of the tape that its rows were on. */
export interface TableHeader {
  readonly intro: TapeIntro;
  readonly warnings: readonly string[];
  /** Null in a header that was made by hand: there is nothing to compare the rows with. */
  readonly table: TableSum | null;
}

export const headerPath = (table: string): string => `${table}.json`;

export function writeTableHeader(path: string, { intro, warnings, table }: TableHeader): void {
  const file = openPartial(path);
  const content = { ...JSON.parse(encodeIntro(intro)), warnings, table };
  file.write(Buffer.from(`${JSON.stringify(content, null, 1)}\n`));
  file.finish();
}

/** @throws MmError `file-missing`, `header-malformed` */
export function readTableHeader(path: string): TableHeader {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(path, 'read', cause);
    throw new MmError('file-missing', `${path} does not exist: a table is read with its header beside it`, {
      todo: 'Keep both files together, as "tape export" wrote them.',
      cause,
    });
  }
  try {
    const { warnings, table } = object(JSON.parse(text), 'header');
    return {
      intro: decodeIntro(text),
      warnings: Array.isArray(warnings) ? warnings.map(String) : [],
      table: table === undefined || table === null ? null : decodeSum(object(table, 'header.table')),
    };
  } catch (cause) {
    throw new MmError(
      'header-malformed',
      `${path} is not the header of a tape: ${(cause as Error).message.split('\n', 1)[0]}`,
      { todo: 'Export again: the header is written beside the rows.', cause },
    );
  }
}

function decodeSum(from: Record<string, unknown>): TableSum {
  const whole = (key: keyof TableSum): number => {
    const value = from[key];
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw new WireError(`header.table.${key}`, 'a whole number', value);
  };
  return { rows: whole('rows'), crc32: whole('crc32') };
}
