import { MmError, Timestamp } from '@kalshi-mm/core';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { HISTORY_KINDS } from './download.ts';
import { type DownloadFlags, downloadCommand } from './download-command.ts';
import { runCommand } from './run-command.ts';

const program = new Command('recorder')
  .description('Records live market data to captures, and downloads public history.')
  .showSuggestionAfterError()
  .showHelpAfterError('(see --help)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number above zero.');
  return value;
};
/** A day (UTC) or a time with its zone, in Unix seconds. */
const seconds = (text: string): number => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  try {
    return Math.floor(Timestamp.parseIso(time) / 1_000);
  } catch {
    throw new InvalidArgumentError(
      'Expected a day such as 2026-10-05, or a time such as 2026-10-05T14:00:00Z.',
    );
  }
};
const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').filter((name) => name !== ''),
];

program
  .command('run')
  .description('Record live data until Ctrl+C.')
  .option('-c, --config <file>', 'YAML configuration; without it the defaults')
  .option('--ticker <ticker>', 'a market; may be repeated, or a list with commas', collect)
  .option('--series <series>', 'every open market of a series, new ones as they list', collect)
  .option('--category <category>', 'every open market of a category', collect)
  .option('--dir <dir>', 'folder of the captures', 'recordings')
  .option('--rest-url <url>', 'REST address (else KALSHI_BASE_URL, else the configuration)')
  .option('--ws-url <url>', 'WebSocket address (else KALSHI_WS_URL, else the configuration)')
  .option('--key-id <id>', 'API key id (else KALSHI_ACCESS_KEY)')
  .option('--private-key <file>', 'PEM file of the private key (else KALSHI_PRIVATE_KEY, a path or PEM text)')
  .option('--for <seconds>', 'stop by itself after this many seconds', positive)
  .addOption(
    new Option('--log-level <level>', 'least severe messages to show')
      .choices(['trace', 'debug', 'info', 'warn', 'error'])
      .default('info'),
  )
  .option('--json', 'print the summary as one JSON document on standard output; logs become JSON lines')
  .addHelpText('after', '\nExample:\n  $ pnpm recorder run --series KXBTC15M --dir recordings')
  .action(runCommand);

program
  .command('download')
  .description(
    'Download public history; the same command goes on where it was stopped, and later adds what is new. Needs no key.',
  )
  .addArgument(
    new Argument('[kinds...]', 'what to download; settlements are part of the markets').choices(
      HISTORY_KINDS,
    ),
  )
  .option('--ticker <ticker>', 'a market; may be repeated, or a list with commas', collect)
  .option('--series <series>', 'every market of a series', collect)
  .requiredOption('--from <time>', 'a day (UTC), or a time such as 2026-10-05T14:00:00Z', seconds)
  .option('--to <time>', 'the same; without it up to now; may be later than before', seconds)
  .addOption(new Option('--period <minutes>', 'of the candles').choices(['1', '60', '1440']).default('1'))
  .option('--out <dir>', 'folder of the download', 'history')
  .option('--rest-url <url>', 'REST address (else KALSHI_BASE_URL, else the real exchange)')
  .option('--json', 'print one JSON document')
  .addHelpText(
    'after',
    '\nExample:\n  $ pnpm recorder download trades --series KXBTC15M --from 2026-11-01 --to 2026-11-02',
  )
  .action((kinds: string[], flags: DownloadFlags, command: Command) => {
    if (flags.to !== undefined && flags.to <= flags.from) command.error('error: --to is not after --from');
    return downloadCommand(kinds, flags);
  });

try {
  await program.parseAsync();
} catch (error) {
  // A report for an operator; a stack only for what is our bug.
  process.stderr.write(
    `${error instanceof MmError ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
}
