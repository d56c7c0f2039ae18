import { Command } from 'commander';
import { bookBench } from './book-bench.ts';
import { clientBench } from './client-bench.ts';
import { fanOutBench } from './fan-out-bench.ts';
import { feedBench } from './feed-bench.ts';
import { levelsBench } from './levels-bench.ts';
import { marketsBench } from './markets-bench.ts';
import { matchBench } from './match-bench.ts';
import type { BenchResult } from './measure.ts';
import { replayBench } from './replay-bench.ts';
import { restBench } from './rest-bench.ts';
import { signingBench } from './signing-bench.ts';
import { stepBench } from './step-bench.ts';
import { wireBench } from './wire-bench.ts';
import { worldBench } from './world-bench.ts';

const benches: Readonly<Record<string, () => BenchResult[] | Promise<BenchResult[]>>> = {
  book: bookBench,
  levels: levelsBench,
  markets: marketsBench,
  replay: replayBench,
  wire: wireBench,
  step: stepBench,
  match: matchBench,
  rest: restBench,
  'fan-out': fanOutBench,
  feed: () => feedBench(Number(program.opts<{ seconds: string }>().seconds)),
  world: worldBench,
  client: clientBench,
  signing: signingBench,
};

const program = new Command('bench')
  .description('Benchmarks. Machines differ and are noisy: what counts is the ratio within one run.')
  .option('--only <name>', `one of: ${Object.keys(benches).join(', ')}`)
  .option('--seconds <n>', 'how long `feed` goes on at half its rate', '6')
  .option('--json', 'print one JSON document on standard output')
  .showHelpAfterError('(see --help)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const { only, json } = program.opts<{ only?: string; json?: boolean }>();
if (only !== undefined && !Object.hasOwn(benches, only)) {
  process.stderr.write(`There is no benchmark "${only}". Use one of: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}

const results: BenchResult[] = [];
for (const [name, run] of Object.entries(benches)) {
  if (only !== undefined && only !== name) continue;
  process.stderr.write(`${name} …\n`);
  results.push(...(await run()));
}
if (json === true) process.stdout.write(`${JSON.stringify(results)}\n`);
else
  for (const { name, value, unit, reference, ratio, goal, holds } of results) {
    process.stdout.write(
      `${name.padEnd(17)} ${value.toLocaleString('en')} ${unit}, reference ${reference.toLocaleString('en')}: ratio ${ratio.toFixed(2)} (${holds ? 'holds' : 'DOES NOT HOLD'}: ${goal})\n`,
    );
  }
