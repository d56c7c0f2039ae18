import { runCli } from './cli.ts';

const stop = new AbortController();
let stoppedBy = 0;
for (const [name, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(name, () => {
    stoppedBy = exitCode;
    stop.abort();
  });
}

const exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progressStream: process.stderr.isTTY ? process.stderr : null,
  signal: stop.signal,
});
process.exitCode = stoppedBy === 0 ? exitCode : stoppedBy;
