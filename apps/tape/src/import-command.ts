import { existsSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { type ImportProgress, type ImportReport, importDataset } from '@kalshi-mm/tape';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { isoOrNull, printJson, type Terminal } from './cli.ts';

interface Options {
  readonly out: string;
  readonly ticker?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const importCommand = (terminal: Terminal): Command =>
  new Command('import')
    .description('Reads a recording and writes it as one tape.')
    .argument('<dir>', 'folder of the recording')
    .requiredOption('--out <file>', 'tape to write')
    .option('--ticker <ticker>', 'import only this market')
    .option('--force', 'replace the tape if it exists')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape import ../shared/data/kalshi-gold15m-ws --out gold.tape')
    .action(async (dir: string, options: Options) => {
      if (existsSync(options.out) && options.force !== true) {
        throw new MmError('file-exists', `${options.out} exists`, {
          todo: 'Name another file, or add --force to replace this one.',
        });
      }
      const progress = progressOn(terminal.progressStream);
      try {
        const report = await importDataset(dir, options.out, {
          ...(options.ticker === undefined ? {} : { ticker: options.ticker }),
          onProgress: progress.show,
          signal: terminal.signal,
        });
        progress.end();
        if (options.json === true) printJson(terminal, report);
        else terminal.out(summary(report));
      } finally {
        progress.end();
      }
    });

function progressOn(stream: NodeJS.WritableStream | null): {
  show: (progress: ImportProgress) => void;
  end: () => void;
} {
  if (stream === null) return { show: () => {}, end: () => {} };
  const bar = new SingleBar({
    stream,
    format: '{bar} {percentage} % of the recording, {rows} rows, {eta_formatted} to go',
    hideCursor: true,
    clearOnComplete: true,
    // The process has its own handler, which also removes the unfinished file.
    gracefulExit: false,
  });
  let started = false;
  return {
    show({ bytesRead, bytesTotal, rows }) {
      if (!started) bar.start(bytesTotal, 0, { rows: 0 });
      started = true;
      bar.update(bytesRead, { rows });
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}

const summary = (report: ImportReport): string =>
  [
    `${report.file}: ${report.rows} rows of ${report.markets.length} markets`,
    `from ${isoOrNull(report.firstMs)} to ${isoOrNull(report.lastMs)}`,
    ...report.warnings.map((warning) => `note: ${warning}`),
    '',
  ].join('\n');
