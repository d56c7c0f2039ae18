import { type ExportFormat, exportTape } from '@kalshi-mm/tape';
import { Command, Option } from 'commander';
import { printJson, refuseExisting, type Terminal } from './cli.ts';
import { progressOn } from './progress.ts';

interface Options {
  readonly out: string;
  readonly format: ExportFormat;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const exportCommand = (terminal: Terminal): Command =>
  new Command('export')
    .description('Writes the rows of a tape for other programs, and its header beside them.')
    .argument('<file>', 'tape to read')
    .requiredOption('--out <file>', 'file to write; its header goes to <file>.json')
    .addOption(
      new Option('--format <format>', 'csv, or parquet (needs the package @duckdb/node-api)')
        .choices(['csv', 'parquet'])
        .default('csv'),
    )
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape export gold.tape --format parquet --out gold.parquet')
    .action(async (file: string, options: Options) => {
      refuseExisting(options.out, options.force);
      const progress = progressOn(terminal.progressStream, 'tape');
      try {
        const done = await exportTape(file, options.out, {
          format: options.format,
          onProgress: ({ rows, rowsTotal }) => progress.show(rows, rowsTotal, rows),
          signal: terminal.signal,
        });
        progress.end();
        if (options.json === true) printJson(terminal, done);
        else terminal.out(`${done.file}: ${done.rows} rows; header in ${done.header}\n`);
      } finally {
        progress.end();
      }
    });
