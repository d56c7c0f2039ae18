import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type FromClient, type Mode, type ToSender, WARM_UP } from './feed/messages.ts';
import { type BenchResult, median } from './measure.ts';

const FRAMES = 300_000;
const ROUNDS = 3;

/**
 * Frames of 1,000 markets from a socket into validated, applied books, against `ws` with `JSON.parse`, and with zod
 * behind it. Sender and every reader are processes of their own; the sender's frames are ready-made. What counts is
 * the reader's CPU time, because the sender may be slower than it. Then our feed alone at half its rate.
 *
 * @param seconds how long at half the rate
 */
export async function feedBench(seconds: number): Promise<BenchResult[]> {
  const sender = fork(fileURLToPath(new URL('feed/sender.ts', import.meta.url)), { stdio: 'inherit' });
  const [{ url }] = (await once(sender, 'message')) as [{ url: string }];
  const ms: Record<Mode, number[]> = { feed: [], json: [], zod: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of ['feed', 'json', 'zod'] as const) {
      const done = await read(sender, url, mode, WARM_UP + FRAMES, 0);
      if (done.type === 'done') ms[mode].push(done.cpuMs);
    }
  }
  const rate = (mode: Mode): number => Math.round(FRAMES / (median(ms[mode]) / 1_000));
  const against = (name: string, mode: Mode, times: number): BenchResult => {
    const ratio = median(ms.feed.map((each, i) => each / ms[mode][i]!));
    return {
      name,
      value: rate('feed'),
      unit: 'frames/CPU s',
      reference: rate(mode),
      ratio,
      goal: `at most ${(1 / times).toFixed(2)}× the time of ws + JSON.parse${mode === 'zod' ? ' + zod' : ''}`,
      holds: ratio <= 1 / times,
    };
  };
  const results = [against('feed', 'json', 2), against('feed-zod', 'zod', 3)];
  const half = Math.round(rate('feed') / 2);
  const paced = await read(sender, url, 'feed', Math.floor(half * seconds), seconds, half);
  sender.send({ type: 'stop' } satisfies ToSender);
  if (paced.type !== 'paced') throw new Error('The client did not end');
  const [heapBefore, heapAfter] = paced.heapBytes;
  const [lagBefore, lagAfter] = paced.lagMs;
  results.push({
    name: 'feed-heap',
    value: Math.round(heapAfter / 1_000),
    unit: `kB after ${seconds} s at half the rate`,
    reference: Math.round(heapBefore / 1_000),
    ratio: heapAfter / heapBefore,
    goal: 'the heap at the end at most 1.1× that of a third of the way',
    holds: heapAfter <= 1.1 * heapBefore,
  });
  results.push({
    name: 'feed-lag',
    value: Math.round(lagAfter * 100) / 100,
    unit: 'ms on the way, last third',
    reference: Math.round(lagBefore * 100) / 100,
    ratio: lagAfter / lagBefore,
    goal: 'at most twice that of the second third and 5 ms',
    holds: lagAfter <= 2 * lagBefore + 5,
  });
  return results;
}

/** One reader in a fresh process, from its connection to its last frame. */
async function read(
  sender: ChildProcess,
  url: string,
  mode: Mode,
  frames: number,
  seconds: number,
  framesPerSecond = 0,
): Promise<FromClient> {
  const client = fork(
    fileURLToPath(new URL('feed/client.ts', import.meta.url)),
    [url, mode, String(frames), String(seconds)],
    {
      stdio: 'inherit',
      execArgv: [...process.execArgv, '--expose-gc'],
    },
  );
  const failed = once(client, 'exit').then(() => {
    throw new Error(`The reader ${mode} ended by itself`);
  });
  failed.catch(() => {});
  await Promise.race([once(client, 'message'), failed]);
  const done = once(client, 'message') as Promise<[FromClient]>;
  const order: ToSender =
    seconds > 0 ? { type: 'pace', framesPerSecond, seconds } : { type: 'burst', frames };
  sender.send(order);
  const [result] = (await Promise.race([done, failed])) as [FromClient];
  client.kill();
  return result;
}
