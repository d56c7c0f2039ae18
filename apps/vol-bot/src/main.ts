import { configReference } from '@kalshi-mm/assembly';
import { MmError } from '@kalshi-mm/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { demoCommand } from './demo.ts';
import { runCommand } from './run-command.ts';

const program = new Command('vol-bot')
  .description('Makes markets on Kalshi where volatility is high and mean-reverting.')
  .showHelpAfterError('(see --help)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number above zero.');
  return value;
};

const logLevel = (): Option =>
  new Option('--log-level <level>', 'least severe messages to show')
    .choices(['trace', 'debug', 'info', 'warn', 'error'])
    .default('info');

program
  .command('run')
  .description('Trade on an exchange: Kalshi, its demo, or a local exchange.')
  .option('-c, --config <file>', 'YAML configuration; without it the defaults')
  .option('--rest-url <url>', 'REST address (else KALSHI_BASE_URL, else the configuration)')
  .option('--ws-url <url>', 'WebSocket address (else KALSHI_WS_URL, else the configuration)')
  .option('--key-id <id>', 'API key id (else KALSHI_ACCESS_KEY)')
  .option('--private-key <file>', 'PEM file of the private key (else KALSHI_PRIVATE_KEY, a path or PEM text)')
  .option('--paper', 'live data, simulated fills: no order leaves this process')
  .option('--live', 'arm real orders on a real exchange, together with "mode: live" in the configuration')
  .addOption(
    new Option('--sessions <policy>', 'volatility: sessions on events; always: one in every open market')
      .choices(['volatility', 'always'])
      .default('volatility'),
  )
  .option('--data-dir <dir>', 'database, journal and summaries', 'data')
  .option('--record <dir>', 'keep the market data of the run as a capture in this folder')
  .option('--for <seconds>', 'stop by itself after this many seconds', positive)
  .addOption(logLevel())
  .option('--json', 'print the summary as one JSON document on standard output; logs become JSON lines')
  .addHelpText(
    'after',
    '\nExample, against a local exchange with a synthetic world:\n' +
      '  pnpm --silent local-exchange --world 7 --new-key keys --port 4010\n' +
      '  pnpm vol-bot run --rest-url http://127.0.0.1:4010/trade-api/v2 --ws-url ws://127.0.0.1:4010/trade-api/ws/v2 \\\n' +
      '    --key-id <keyId> --private-key <privateKeyPath>\n' +
      '\nCtrl+C cancels every order of the bot, verifies that none rests, writes a summary and exits with 0.',
  )
  .action(runCommand);

program
  .command('demo')
  .description(
    'The whole machine in one process: a synthetic world, a local exchange, and the bot trading on it.',
  )
  .option('--seed <seed>', 'the world; the same seed gives the same world', '7')
  .option('--speed <n>', 'exchange seconds per second', positive, 20)
  .option('-c, --config <file>', 'YAML configuration; without it the demo’s own')
  .option('--data-dir <dir>', 'database, journal and summaries', '.kalshi-mm/demo')
  .option('--for <seconds>', 'stop by itself after this many seconds; without it, Ctrl+C', positive)
  .addOption(logLevel())
  .option('--json', 'print the summary as one JSON document on standard output; logs become JSON lines')
  .action(demoCommand);

program
  .command('config')
  .description('Print the configuration keys with their defaults, units and meaning.')
  .argument('[prefix]', 'only keys that start so, e.g. as_model')
  .option('--json', 'as one JSON document')
  .action((prefix: string | undefined, options: { json?: boolean }) => {
    const keys = configReference().filter(({ key }) => key.startsWith(prefix ?? ''));
    if (options.json === true) {
      const rows = keys.map(({ key, defaultJson, description }) => ({
        key,
        default: defaultJson === null ? null : JSON.parse(defaultJson),
        description,
      }));
      process.stdout.write(`${JSON.stringify(rows)}\n`);
      return;
    }
    for (const { key, defaultJson, description } of keys) {
      process.stdout.write(`${key}: ${defaultJson ?? '(none)'}\n    ${description}\n`);
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  // A report for an operator; a stack only for what is our bug.
  process.stderr.write(
    `${error instanceof MmError ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exit(1);
}
