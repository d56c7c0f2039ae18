import { mergeTapes } from '@kalshi-mm/tape';
import { Command } from 'commander';
import { printJson, refuseExisting, type Terminal } from './cli.ts';
import { summary } from './import-command.ts';
import { progressOn } from './progress.ts';

interface Options {
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const mergeCommand = (terminal: Terminal): Command =>
  new Command('merge')
    .description('Merges tapes into one, by receive time.')
    .argument('<tape...>', 'tapes that can tell the same')
    .requiredOption('--out <file>', 'tape to write')
    .option('--force', 'replace the tape if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape merge monday.tape tuesday.tape --out both.tape')
    .action(async (tapes: readonly string[], options: Options) => {
      refuseExisting(options.out, options.force);
      const progress = progressOn(terminal.progressStream, 'tapes');
      try {
        const report = await mergeTapes(tapes, options.out, {
          onProgress: ({ rows, rowsTotal }) => progress.show(rows, rowsTotal, rows),
          signal: terminal.signal,
        });
        progress.end();
        if (options.json === true) printJson(terminal, report);
        else terminal.out(summary(report));
      } finally {
        progress.end();
      }
    });
