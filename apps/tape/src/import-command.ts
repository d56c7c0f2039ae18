import { MmError } from '@kalshi-mm/core';
import { type ImportReport, importDataset, importTable } from '@kalshi-mm/tape';
import { Command } from 'commander';
import { isoOrNull, printJson, refuseExisting, type Terminal } from './cli.ts';
import { progressOn } from './progress.ts';
import { formatOf } from './table-format.ts';

interface Options {
  readonly out: string;
  readonly ticker?: string;
  readonly part?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const importCommand = (terminal: Terminal): Command =>
  new Command('import')
    .description('Reads a recording, or a table that "tape export" wrote, and writes it as one tape.')
    .argument(
      '<source>',
      'folder of the recording, or a .csv or .parquet file (the latter needs the package @duckdb/node-api)',
    )
    .requiredOption('--out <file>', 'tape to write')
    .option('--ticker <ticker>', 'import only this market')
    .option('--part <part>', 'which part, of a recording with several')
    .option('--force', 'replace the tape if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape import ../shared/data/kalshi-gold15m-ws --out gold.tape')
    .action(async (source: string, options: Options) => {
      refuseExisting(options.out, options.force);
      const { signal } = terminal;
      const format = formatOf(source);
      for (const flag of ['ticker', 'part'] as const) {
        if (format === undefined || options[flag] === undefined) continue;
        throw new MmError('table-whole', `${source} is a table: it is imported as a whole`, {
          todo: `Import it without --${flag}.`,
        });
      }
      const progress = progressOn(terminal.progressStream, format === undefined ? 'recording' : 'table');
      try {
        const report =
          format === undefined
            ? await importDataset(source, options.out, {
                ...(options.ticker === undefined ? {} : { ticker: options.ticker }),
                ...(options.part === undefined ? {} : { part: options.part }),
                onProgress: ({ bytesRead, bytesTotal, rows }) => progress.show(bytesRead, bytesTotal, rows),
                signal,
              })
            : await importTable(source, options.out, {
                format,
                onProgress: ({ rows, rowsTotal }) => progress.show(rows, rowsTotal, rows),
                signal,
              });
        progress.end();
        if (options.json === true) printJson(terminal, report);
        else terminal.out(summary(report));
      } finally {
        progress.end();
      }
    });

export const summary = (report: ImportReport): string =>
  [
    `${report.file}: ${report.rows} rows of ${report.markets.length} markets`,
    report.rows === 0
      ? 'note: The tape is empty: there was nothing to put on it.'
      : `from ${isoOrNull(report.firstMs)} to ${isoOrNull(report.lastMs)}`,
    ...report.warnings.map((warning) => `note: ${warning}`),
    '',
  ].join('\n');
