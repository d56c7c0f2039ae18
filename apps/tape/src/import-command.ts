import { type ImportReport, importCsv, importDataset } from '@kalshi-mm/tape';
import { Command } from 'commander';
import { isoOrNull, printJson, refuseExisting, type Terminal } from './cli.ts';
import { progressOn } from './progress.ts';

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
    .argument('<source>', 'folder of the recording, or a .csv file')
    .requiredOption('--out <file>', 'tape to write')
    .option('--ticker <ticker>', 'import only this market')
    .option('--part <part>', 'which part, of a recording with several')
    .option('--force', 'replace the tape if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape import ../shared/data/kalshi-gold15m-ws --out gold.tape')
    .action(async (source: string, options: Options) => {
      refuseExisting(options.out, options.force);
      const progress = progressOn(terminal.progressStream, 'recording');
      const { signal } = terminal;
      try {
        const report = source.endsWith('.csv')
          ? await importCsv(source, options.out, { signal })
          : await importDataset(source, options.out, {
              ...(options.ticker === undefined ? {} : { ticker: options.ticker }),
              ...(options.part === undefined ? {} : { part: options.part }),
              onProgress: ({ bytesRead, bytesTotal, rows }) => progress.show(bytesRead, bytesTotal, rows),
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
    `from ${isoOrNull(report.firstMs)} to ${isoOrNull(report.lastMs)}`,
    ...report.warnings.map((warning) => `note: ${warning}`),
    '',
  ].join('\n');
