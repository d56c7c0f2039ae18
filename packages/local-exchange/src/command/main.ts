import { MmError } from '@kalshi-mm/core';
import { greeting } from './greeting.ts';
import { readArguments, UsageError } from './read-arguments.ts';
import { runCommand } from './run-command.ts';

try {
  const options = readArguments(process.argv.slice(2));
  const { local, ready } = await runCommand(options, fail);
  const stop = (): void => {
    local.close().then(() => process.exit(0), fail);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.stderr.write(greeting(ready));
} catch (error) {
  fail(error);
}

/** Says what was wrong and what to do, without a stack, and ends the process. */
function fail(error: unknown): never {
  if (error instanceof UsageError) {
    (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`local-exchange: ${error instanceof MmError ? '' : 'unexpected: '}${text}\n`);
  process.exit(1);
}
