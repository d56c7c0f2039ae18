import { MmError } from '@kalshi-mm/core';
import { LATENCY_MODEL_NAMES, QUEUE_MODEL_NAMES } from '@kalshi-mm/simulator';
import { strategyNames } from '@kalshi-mm/strategies';
import { Command, Option } from 'commander';
import { runCommand } from './run-command.ts';

const program = new Command('backtest')
  .description(
    'Runs a strategy over recorded tapes: the kernel that trades live, fills simulated in the recorded flow.',
  )
  .showHelpAfterError('(see --help)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program
  .command('run')
  .description('Play tapes to a strategy and report orders, fills, fees, PnL, inventory and mark-outs.')
  .requiredOption('--tape <file...>', 'tapes, made by `pnpm tape import`; several must not overlap in time')
  .addOption(new Option('--strategy <name>', 'who decides').choices(strategyNames).makeOptionMandatory())
  .option('-c, --config <file>', 'YAML configuration, the same as for vol-bot; without it the defaults')
  .addOption(
    new Option('--sessions <policy>', 'always: quote every market; volatility: as vol-bot does, on events')
      .choices(['always', 'volatility'])
      .default('always'),
  )
  .option('--queue-model <model>', `${QUEUE_MODEL_NAMES}; all: compare them`)
  .option('--entry-latency <model>', `from our decision to the exchange: ${LATENCY_MODEL_NAMES}`)
  .option('--response-latency <model>', 'the same, from the exchange back to us')
  .option('--audit <file>', 'write the audit, one JSON record a line')
  .option('--json', 'print one JSON document on standard output')
  .addHelpText(
    'after',
    '\nExample:\n' +
      '  pnpm tape import ../shared/data/kalshi-gold15m-ws --out gold.tape\n' +
      '  pnpm backtest run --tape gold.tape --strategy as-maker\n' +
      '\nThe same tape, configuration and version give the same audit hash.',
  )
  .action(runCommand);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(
    `${error instanceof MmError ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exit(1);
}
