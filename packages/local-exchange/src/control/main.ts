import { runControl } from './run-control.ts';

process.exitCode = await runControl(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
});
