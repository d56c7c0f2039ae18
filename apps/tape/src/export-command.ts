import { type ExportFormat, exportTape } from '@kalshi-mm/tape';
import { Command, Option } from 'commander';
import { printJson, refuseExisting, type Terminal } from './cli.ts';
import { progressOn } from './progress.ts';
import { formatOf } from './table-format.ts';

interface Options {
  readonly out: string;
  readonly format?: ExportFormat;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const exportCommand = (terminal: Terminal): Command =>
  new Command('export')
    .description('Writes the rows of a tape for other programs, and its header beside them.')
    .argument('<file>', 'tape to read')
    .requiredOption('--out <file>', 'file to write; its header goes to <file>.json')
    .addOption(
      new Option(
        '--format <format>',
        'csv, or parquet (needs the package @duckdb/node-api); without it as the file is named, else csv',
      ).choices(['csv', 'parquet']),
    )
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape export gold.tape --format parquet --out gold.parquet')
    .action(async (file: string, options: Options, command: Command) => {
      const named = formatOf(options.out);
      const { format = named ?? 'csv' } = options;
      // "import" goes by the name.
      if (named !== undefined && named !== format) {
        command.error(`error: --format ${format} does not go with the file name ${options.out}`);
      }
      refuseExisting(options.out, options.force);
      const progress = progressOn(terminal.progressStream, 'tape');
      try {
        const done = await exportTape(file, options.out, {
          format,
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
