import type { Random } from '@kalshi-mm/core';
import type { QueueObservation } from '../queue/create-queue-observer.ts';
import type { ReplayBlock } from '../replay-feed.ts';

/** A market of real orders with sizes of their own; cancels hit the place that `choose` draws, as a fraction. */
export function playQueue(random: Random, market: number, steps: number, choose: (random: Random) => number) {
  const rows: number[][] = [[2, 0, 0]];
  const truth: QueueObservation[] = [];
  const queue: number[] = [];
  let next = 1;
  const add = () => {
    queue.push(100 + next++);
    rows.push([0, queue.at(-1)!, 0]);
  };
  for (let i = 0; i < 20; i++) add();
  for (let i = 0; i < steps; i++) {
    const total = queue.reduce((sum, size) => sum + size, 0);
    if (random.next() < 0.1) {
      const traded = Math.min(queue[0]!, 1 + random.integer(50));
      queue[0]! -= traded;
      if (queue[0] === 0) queue.shift();
      rows.push([0, -traded, 1]);
    } else {
      const at = Math.min(queue.length - 1, Math.floor(choose(random) * queue.length));
      const count = queue[at]!;
      const front = queue.slice(0, at).reduce((sum, size) => sum + size, 0);
      truth.push({ market, front, count, total });
      queue.splice(at, 1);
      rows.push([0, -count, 0]);
    }
    while (queue.length < 20) add();
  }
  return { block: blockOf(market, rows), truth };
}

/** Rows of [kind, count, flags] at one bid. */
export function blockOf(market: number, rows: readonly (readonly number[])[]): ReplayBlock {
  const column = (i: number) => rows.map((row) => row[i]!);
  return {
    rows: rows.length,
    recvMs: new Float64Array(rows.length),
    kind: Uint8Array.from(column(0)),
    market: new Uint16Array(rows.length).fill(market),
    side: new Uint8Array(rows.length),
    flags: Uint8Array.from(column(2)),
    price: new Int16Array(rows.length).fill(4800),
    count: Int32Array.from(column(1)),
  };
}
