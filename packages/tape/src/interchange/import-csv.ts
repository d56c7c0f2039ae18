import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { MmError } from '@kalshi-mm/core';
import { createTapeWriter } from '../file/create-tape-writer.ts';
import { fileError } from '../file/tape-errors.ts';
import type { ImportOptions, ImportReport } from '../importers/import-dataset.ts';
import { atLine } from '../importers/malformed.ts';
import { splitCsv } from '../importers/read-table.ts';
import { decodeIntro, type TapeIntro } from '../tape-header.ts';
import { CSV_COLUMNS, decodeCsvRow, rowNames } from './csv-row.ts';

/**
 * Makes a tape of a table with the columns that `exportTape` writes, and of the header beside it (`<path>.json`).
 *
 * @throws MmError `file-missing`, `header-malformed`, `source-malformed` (naming file, line and column),
 * `tape-row` when times are out of order, `import-stopped`
 */
export async function importCsv(
  path: string,
  out: string,
  options: Pick<ImportOptions, 'signal'> = {},
): Promise<ImportReport> {
  const { intro, warnings } = readHeader(`${path}.json`);
  const names = new Map(rowNames(intro).map((name, index) => [name, index]));
  const writer = createTapeWriter(out, intro);
  try {
    let number = 0;
    for await (const line of linesOf(path)) {
      number++;
      if (number === 1) {
        atLine(path, 1, () => checkColumns(path, line));
        continue;
      }
      if (line !== '') writer.append(atLine(path, number, () => decodeCsvRow(splitCsv(line), names)));
      if (options.signal?.aborted === true) {
        throw new MmError('import-stopped', 'The import was stopped; nothing was written', {
          recovery: 'retry',
        });
      }
    }
    const totals = writer.close(warnings);
    return { file: out, ...totals, markets: intro.markets.map((market) => market.ticker), warnings };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

function checkColumns(path: string, line: string): void {
  if (line === CSV_COLUMNS.join(',')) return;
  throw new MmError('table-malformed', `${path}:1 has other columns than ${CSV_COLUMNS.join(',')}`, {
    todo: 'Give the columns these names, in this order.',
  });
}

function readHeader(path: string): { intro: TapeIntro; warnings: string[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw fileError(path, 'read', cause);
  }
  try {
    const { warnings } = JSON.parse(text) as { warnings?: unknown };
    return { intro: decodeIntro(text), warnings: Array.isArray(warnings) ? warnings.map(String) : [] };
  } catch (cause) {
    throw new MmError(
      'header-malformed',
      `${path} is not the header of a tape: ${(cause as Error).message}`,
      {
        todo: 'Export again: the header is written beside the rows.',
        cause,
      },
    );
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    throw cause instanceof MmError ? cause : fileError(path, 'read', cause);
  } finally {
    input.destroy();
  }
}
