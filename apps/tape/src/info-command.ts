import { encodeMarket, openTape, type Tape } from '@kalshi-mm/tape';
import { Command } from 'commander';
import { isoOrNull, printJson, type Terminal } from './cli.ts';

export const infoCommand = (terminal: Terminal): Command =>
  new Command('info')
    .description('Prints what a tape holds.')
    .argument('<file>', 'tape to read')
    .option('--verify', 'also check every block')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ pnpm tape info gold.tape --json')
    .action((file: string, options: { readonly verify?: boolean; readonly json?: boolean }) => {
      const tape = openTape(file);
      try {
        if (options.verify === true) for (const block of tape.blocks()) void block;
        if (options.json === true) printJson(terminal, description(tape));
        else terminal.out(table(tape));
      } finally {
        tape.close();
      }
    });

function description({ path, header }: Tape): Record<string, unknown> {
  const { markets, totals, ...rest } = header;
  return {
    file: path,
    ...rest,
    firstTime: isoOrNull(header.firstMs),
    lastTime: isoOrNull(header.lastMs),
    markets: markets.map((market, i) => ({ ...encodeMarket(market), ...totals[i] })),
  };
}

function table({ path, header }: Tape): string {
  const width = Math.max(6, ...header.markets.map((market) => market.ticker.length));
  const line = (ticker: string, rows: unknown, trades: unknown, close: string, result: string): string =>
    `${ticker.padEnd(width)}  ${String(rows).padStart(10)}  ${String(trades).padStart(8)}  ${close.padEnd(24)}  ${result}`;
  return [
    `${path}: ${header.source}, format version ${header.version}`,
    `${header.rows} rows from ${isoOrNull(header.firstMs)} to ${isoOrNull(header.lastMs)}`,
    Object.entries({ ...header.labels, receiveUnit: header.receiveUnit })
      .map(([label, value]) => `${label}: ${value}`)
      .join(', '),
    ...header.warnings.map((warning) => `note: ${warning}`),
    '',
    line('market', 'rows', 'trades', 'close', 'result'),
    ...header.markets.map((market, i) => {
      const { rows, trades } = header.totals[i]!;
      return line(market.ticker, rows, trades, isoOrNull(market.closeMs)!, market.result ?? 'unknown');
    }),
    '',
  ].join('\n');
}
