import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileCaptures, createBookReplay, openTape, RowKind } from '@kalshi-mm/tape';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './testing/bench.ts';
import { killBots, summaryOf } from './testing/bot-process.ts';

describe('vol-bot run --record', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({ kind: 'synthetic', seed: 7 }, 20);
  });
  afterAll(async () => {
    killBots();
    await bench.close();
    rmSync(bench.dir, { recursive: true });
  });

  it('keeps the market data of the run as a capture that makes a tape', async () => {
    const dir = join(bench.dir, 'recording');
    const ended = await bench.run(['--for', '3', '--record', dir]).ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(summaryOf(ended).differences).toEqual([]);
    expect(readdirSync(dir)).toHaveLength(1);
    const out = join(bench.dir, 'run.tape');
    const report = await compileCaptures([dir], out);
    expect(report.warnings.filter((warning) => !warning.includes('no delta on the maker side'))).toEqual([]);
    expect(report.markets.length).toBeGreaterThan(1);
    const tape = openTape(out);
    const replay = createBookReplay(tape.header);
    let deltas = 0;
    for (const block of tape.blocks()) {
      replay.apply(block);
      for (let i = 0; i < block.rows; i++) if (block.kind[i] === RowKind.delta) deltas++;
    }
    tape.close();
    expect(deltas).toBeGreaterThan(50);
    expect(replay.misfits).toBe(0);
  });
});
