import { coinbase } from '@kalshi-mm/reference-feeds';
import { compileCaptures } from '@kalshi-mm/tape';
import { Command } from 'commander';
import { printJson, refuseExisting, type Terminal } from './cli.ts';
import { summary } from './import-command.ts';
import { progressOn } from './progress.ts';

interface Options {
  readonly out: string;
  readonly ticker?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const compileCommand = (terminal: Terminal): Command =>
  new Command('compile')
    .description('Makes one tape of captures, which a recorder wrote.')
    .argument('<capture...>', 'capture files, or folders of them')
    .requiredOption('--out <file>', 'tape to write')
    .option('--ticker <ticker>', 'only this market')
    .option('--force', 'replace the tape if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape compile recordings --out today.tape')
    .action(async (captures: readonly string[], options: Options) => {
      refuseExisting(options.out, options.force);
      const progress = progressOn(terminal.progressStream, 'captures');
      try {
        const report = await compileCaptures(captures, options.out, {
          ...(options.ticker === undefined ? {} : { ticker: options.ticker }),
          decoders: { coinbase: coinbase.decode },
          onProgress: ({ bytesRead, bytesTotal, rows }) => progress.show(bytesRead, bytesTotal, rows),
          signal: terminal.signal,
        });
        progress.end();
        if (options.json === true) printJson(terminal, report);
        else terminal.out(summary(report));
      } finally {
        progress.end();
      }
    });
