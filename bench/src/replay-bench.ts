import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assembleEngine, BotConfig } from '@kalshi-mm/assembly';
import { type Event, Money, RunId, Timestamp } from '@kalshi-mm/core';
import type { StepResult } from '@kalshi-mm/engine';
import { createReplayDriver, createReplayExchange, createSimulatedVenue } from '@kalshi-mm/simulator';
import { importDataset, openTape, RowKind, type TapeBlock, type TapeHeader } from '@kalshi-mm/tape';
import { dataPath } from '@kalshi-mm/testing';
import { type BenchResult, compare } from './measure.ts';

/**
 * A recorded tape through books, queue model, venue, engine and the AS strategy, against a bare loop over the same
 * columns that keeps flat arrays and calls an empty strategy on every row. Without the recordings there is no line.
 */
export async function replayBench(): Promise<BenchResult[]> {
  const dataset = dataPath('kalshi-gold15m-ws');
  if (dataset === null) {
    process.stderr.write('replay: skipped, the recordings are not beside the repository\n');
    return [];
  }
  const tape = openTape(await importedTape(dataset));
  const blocks: TapeBlock[] = [];
  // The reader reuses its columns.
  for (const block of tape.blocks()) blocks.push(copyBlock(block));
  const { header } = tape;
  tape.close();
  const { ratio, oursMs, referenceMs } = compare(
    { run: () => replay(header, blocks) },
    { run: () => bare(header, blocks) },
    // Much code: the compiler needs some rounds to know it.
    { rounds: 7, warmUps: 6, sameResult: false },
  );
  return [
    {
      name: 'replay',
      value: Math.round(header.rows / (oursMs / 1_000)),
      unit: 'rows/s',
      reference: Math.round(header.rows / (referenceMs / 1_000)),
      ratio,
      goal: 'at most 8× the time of a bare loop that keeps flat books and calls an empty strategy',
      holds: ratio <= 8,
    },
  ];
}

/** Imported once; the folder is not under version control. */
async function importedTape(dataset: string): Promise<string> {
  const folder = fileURLToPath(new URL('../../.kalshi-mm/bench/', import.meta.url));
  const path = `${folder}gold.tape`;
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    process.stderr.write('replay: importing the recordings, once\n');
    await importDataset(dataset, path);
  }
  return path;
}

const config = BotConfig.parse({});

function replay(header: TapeHeader, blocks: readonly TapeBlock[]): number {
  const { markets } = header;
  const { exchange, feed } = createReplayExchange({
    idSeed: 'bench',
    startMs: Timestamp.of(Math.floor(header.firstMs)),
    markets,
  });
  exchange.addUser('bench', Money.fromDollars(1_000));
  const { engine } = assembleEngine({
    config,
    runId: RunId.of('bench'),
    strategy: 'as-maker',
    sessions: 'always',
    recovering: false,
  });
  let commands = 0;
  const send = (result: StepResult, event: Event): void => {
    if (result.audit === null) return;
    for (const command of result.commands) {
      commands++;
      venue.submit(command, event.atMs);
    }
  };
  const venue = createSimulatedVenue({
    exchange,
    userId: 'bench',
    entryLatencyMs: 100,
    responseLatencyMs: 50,
    onEvent: (event) => send(engine.step(event), event),
    onBookChanged: (event) => send(engine.stepBook(event), event),
  });
  const driver = createReplayDriver({ venue, feed, markets, tickMs: config.execution.tick_seconds * 1_000 });
  for (const block of blocks) driver.run(block);
  driver.finish();
  if (commands === 0 || exchange.fills('bench').length === 0) throw new Error('The strategy did not trade');
  return commands;
}

interface Ladder {
  readonly bids: Int32Array;
  readonly asks: Int32Array;
  bestBid: number;
  bestAsk: number;
}

const SIZE = 10_001;

function bare(header: TapeHeader, blocks: readonly TapeBlock[]): number {
  const ladders: Ladder[] = header.markets.map(() => ({
    bids: new Int32Array(SIZE),
    asks: new Int32Array(SIZE),
    bestBid: 0,
    bestAsk: SIZE - 1,
  }));
  let sum = 0;
  const emptyStrategy = (bid: number, ask: number): void => {
    sum += bid + ask;
  };
  for (const { rows, kind, market, side, price, count } of blocks) {
    for (let row = 0; row < rows; row++) {
      const ladder = ladders[market[row]!]!;
      const what = kind[row]!;
      if (what === RowKind.delta || what === RowKind.level)
        applyBare(ladder, side[row]!, price[row]!, count[row]!);
      else if (what === RowKind.clear) clearBare(ladder);
      emptyStrategy(ladder.bestBid, ladder.bestAsk);
    }
  }
  return sum;
}

function applyBare(ladder: Ladder, side: number, price: number, count: number): void {
  if (side === 0) {
    const { bids } = ladder;
    bids[price]! += count;
    if (bids[price]! > 0) {
      if (price > ladder.bestBid) ladder.bestBid = price;
    } else if (price === ladder.bestBid) {
      let at = price;
      while (at > 0 && bids[at]! <= 0) at--;
      ladder.bestBid = at;
    }
    return;
  }
  const { asks } = ladder;
  asks[price]! += count;
  if (asks[price]! > 0) {
    if (price < ladder.bestAsk) ladder.bestAsk = price;
  } else if (price === ladder.bestAsk) {
    let at = price;
    while (at < SIZE - 1 && asks[at]! <= 0) at++;
    ladder.bestAsk = at;
  }
}

function clearBare(ladder: Ladder): void {
  ladder.bids.fill(0);
  ladder.asks.fill(0);
  ladder.bestBid = 0;
  ladder.bestAsk = SIZE - 1;
}

function copyBlock(block: TapeBlock): TapeBlock {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(block))
    copy[key] = ArrayBuffer.isView(value) ? (value as Uint8Array).slice() : value;
  return copy as unknown as TapeBlock;
}
