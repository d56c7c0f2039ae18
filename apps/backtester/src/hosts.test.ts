import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { assembleEngine, BotConfig } from '@kalshi-mm/assembly';
import { type BookChanged, type Event, type ExecutionPort, Money, RunId, Timestamp } from '@kalshi-mm/core';
import type { StepResult } from '@kalshi-mm/engine';
import { createHost, noJournal } from '@kalshi-mm/runtime';
import { createReplayDriver, createReplayExchange, createSimulatedVenue } from '@kalshi-mm/simulator';
import { importDataset, openTape, type TapeBlock, type TapeHeader } from '@kalshi-mm/tape';
import { dataPath } from '@kalshi-mm/testing';
import { beforeAll, describe, expect, it } from 'vitest';

const dataset = dataPath('kalshi-gold15m-ws');
const config = BotConfig.parse({});
const ROWS = 60_000;

interface Stretch {
  readonly header: TapeHeader;
  readonly block: TapeBlock;
}

/** A venue on a recorded stretch, and an engine that nobody has connected yet. */
function machine({ header }: Stretch) {
  const startMs = Timestamp.of(Math.floor(header.firstMs));
  const { exchange, feed } = createReplayExchange({ idSeed: 'hosts', startMs, markets: header.markets });
  exchange.addUser('user', Money.fromDollars(1_000));
  const { engine } = assembleEngine({
    config,
    runId: RunId.of('hosts'),
    strategy: 'as-maker',
    sessions: 'always',
    recovering: false,
  });
  const connect = (onEvent: (event: Event) => void, onBookChanged?: (event: BookChanged) => void) => {
    const venue = createSimulatedVenue({
      exchange,
      userId: 'user',
      entryLatencyMs: 100,
      responseLatencyMs: 50,
      onEvent,
      ...(onBookChanged === undefined ? {} : { onBookChanged }),
    });
    return {
      venue,
      driver: createReplayDriver({
        venue,
        feed,
        markets: header.markets,
        tickMs: config.execution.tick_seconds * 1_000,
      }),
    };
  };
  return { engine, exchange, connect };
}

/** The backtester's host: a plain loop. */
function synchronously(stretch: Stretch): string[] {
  const audits: string[] = [];
  const { engine, connect } = machine(stretch);
  const follow = ({ commands, audit }: StepResult, event: Event): void => {
    for (const command of commands) venue.submit(command, event.atMs);
    if (audit !== null) audits.push(JSON.stringify(audit));
  };
  const { venue, driver } = connect(
    (event) => follow(engine.step(event), event),
    (event) => follow(engine.stepBook(event), event),
  );
  driver.run(stretch.block);
  driver.finish();
  return audits;
}

/** The live host: dispatch through the execution port, time from a fake clock, the event loop turning in between. */
async function asLive(stretch: Stretch): Promise<string[]> {
  const audits: string[] = [];
  const { engine, exchange, connect } = machine(stretch);
  const clock = { now: () => exchange.nowMs };
  const execution: ExecutionPort = {
    send: (commands) => {
      for (const command of commands) venue.submit(command, clock.now());
    },
    drain: () => Promise.resolve(),
  };
  const host = createHost({
    engine,
    execution,
    journal: noJournal,
    onAudit: (audit) => void audits.push(JSON.stringify(audit)),
  });
  const { venue, driver } = connect(host.post);
  for (let from = 0; from < stretch.block.rows; from += 500) {
    driver.run(slice(stretch.block, from, Math.min(from + 500, stretch.block.rows)));
    await setImmediate();
  }
  driver.finish();
  return audits;
}

function slice(block: TapeBlock, from: number, to: number): TapeBlock {
  return {
    rows: to - from,
    firstMs: block.recvMs[from]!,
    recvMs: block.recvMs.slice(from, to),
    exchangeMs: block.exchangeMs.slice(from, to),
    seq: block.seq.slice(from, to),
    kind: block.kind.slice(from, to),
    market: block.market.slice(from, to),
    side: block.side.slice(from, to),
    flags: block.flags.slice(from, to),
    price: block.price.slice(from, to),
    count: block.count.slice(from, to),
  };
}

describe.skipIf(dataset === null)(
  'one kernel, two hosts (needs the recordings beside the repository)',
  () => {
    let stretch: Stretch;

    beforeAll(async () => {
      const path = join(mkdtempSync(join(tmpdir(), 'hosts-')), 'gold.tape');
      await importDataset(dataset!, path, { ticker: 'KXGOLD15M-26AUG102130-30' });
      const tape = openTape(path);
      for (const block of tape.blocks()) {
        stretch = { header: tape.header, block: slice(block, 0, Math.min(ROWS, block.rows)) };
        break;
      }
      tape.close();
    });

    it('the live host and the backtest loop give the same audit, byte for byte', async () => {
      const plain = synchronously(stretch);
      const live = await asLive(stretch);
      expect(plain.some((line) => line.includes('"order.filled"'))).toBe(true);
      expect(live.length).toBe(plain.length);
      expect(live).toEqual(plain);
    });

    it('the same stretch twice gives the same audit', () => {
      expect(synchronously(stretch)).toEqual(synchronously(stretch));
    });
  },
);
