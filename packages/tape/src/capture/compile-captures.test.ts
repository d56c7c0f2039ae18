import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ticker } from '@kalshi-mm/core';
import { aMarket, dataPath } from '@kalshi-mm/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { openTape } from '../file/open-tape.ts';
import { parseLine } from '../importers/frame-rows.ts';
import { importDataset } from '../importers/import-dataset.ts';
import { readLines } from '../importers/read-lines.ts';
import { RowKind, rowAt, type TapeRow } from '../row.ts';
import { compileCaptures } from './compile-captures.ts';
import { type CaptureWriter, createCaptureWriter } from './create-capture-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'compile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const START_US = 1_790_000_000_000_000;
const A = { ...aMarket(), ticker: Ticker.of('A') };
const B = { ...aMarket(), ticker: Ticker.of('B') };

/** A capture that is written step by step, a millisecond apart. */
async function capture(
  write: (to: Steps) => void,
  { dir = mkdtempSync(join(folder, 'dir-')), session = 's1', startUs = START_US } = {},
): Promise<string> {
  const writer = createCaptureWriter({ dir, recorder: 'test', session, flushMs: 1e9 });
  let us = startUs;
  const now = (): number => {
    us += 1_000;
    return us;
  };
  write({
    writer,
    frame: (value, connection = 1) => {
      const raw = typeof value === 'string' ? value : JSON.stringify(value);
      writer.frame(Buffer.from(raw), now(), connection);
    },
    open: (connection = 1, yesPrices = true) =>
      writer.control(
        { kind: 'connected', connection, feed: 'kalshi', url: 'wss://x.test', yesPrices },
        now(),
      ),
    close: (connection = 1) => writer.control({ kind: 'closed', connection, reason: 'cut' }, now()),
    markets: (...markets) => {
      for (const market of markets) writer.control({ kind: 'market', market }, now());
    },
  });
  await writer.close();
  return dir;
}

interface Steps {
  readonly writer: CaptureWriter;
  frame(value: unknown, connection?: number): void;
  open(connection?: number, yesPrices?: boolean): void;
  close(connection?: number): void;
  markets(...markets: (typeof A)[]): void;
}

const subscribed = (channel: string, sid = 1) => ({ type: 'subscribed', id: 1, msg: { channel, sid } });
const snapshot = (ticker: string, seq: number, no = '0.5200', sid = 1) => ({
  type: 'orderbook_snapshot',
  sid,
  seq,
  msg: { market_ticker: ticker, yes_dollars_fp: [['0.4700', '3.00']], no_dollars_fp: [[no, '2.00']] },
});
const delta = (ticker: string, seq: number, change = '1.00', sid = 1) => ({
  type: 'orderbook_delta',
  sid,
  seq,
  msg: {
    market_ticker: ticker,
    price_dollars: '0.4700',
    delta_fp: change,
    side: 'yes',
    ts_ms: START_US / 1_000,
  },
});

async function compile(...dirs: string[]): Promise<{ rows: string[]; warnings: readonly string[] }> {
  const out = join(folder, 'out.tape');
  const { warnings } = await compileCaptures(dirs, out);
  const tape = openTape(out);
  const rows = allRows(tape).map(({ kind, market, price, count }) => {
    const name = Object.entries(RowKind).find(([, value]) => value === kind)![0];
    const { ticker } = tape.header.markets[market]!;
    return kind === RowKind.delta || kind === RowKind.level
      ? `${ticker} ${name} ${price} ${count}`
      : `${ticker} ${name}`;
  });
  tape.close();
  return { rows, warnings };
}

function allRows(tape: ReturnType<typeof openTape>): TapeRow[] {
  const rows: TapeRow[] = [];
  for (const block of tape.blocks()) for (let i = 0; i < block.rows; i++) rows.push(rowAt(block, i));
  return rows;
}

const bookOf = (ticker: string): string[] => [
  `${ticker} clear`,
  `${ticker} level 4700 300`,
  `${ticker} level 5200 200`,
];

describe('captures become a tape', () => {
  it('in which prices are YES prices, whichever way they came', async () => {
    for (const [yesPrices, no] of [
      [true, '0.5200'],
      [false, '0.4800'],
    ] as const) {
      const dir = await capture(({ open, markets, frame }) => {
        open(1, yesPrices);
        markets(A);
        frame(subscribed('orderbook_delta'));
        frame(snapshot('A', 1, no));
        frame(delta('A', 2));
      });
      const { rows, warnings } = await compile(dir);
      // At the end of a recording its books are not known any more.
      expect(rows).toEqual([...bookOf('A'), 'A delta 4700 100', 'A connected']);
      expect(warnings).toEqual([]);
    }
  });

  it('that knows no book from a gap to the next snapshot, and takes nothing twice', async () => {
    const dir = await capture(({ open, markets, frame }) => {
      open();
      markets(A, B);
      frame(subscribed('orderbook_delta'));
      frame(snapshot('A', 1));
      frame(snapshot('B', 2));
      frame({ type: 'ok', id: 2, sid: 1, seq: 3, msg: { market_tickers: ['A', 'B'] } });
      frame(delta('A', 4));
      frame(delta('A', 4));
      frame(delta('A', 6, '2.00'));
      frame(delta('B', 7, '2.00'));
      frame(snapshot('A', 8));
      frame(delta('A', 9, '3.00'));
      frame(delta('B', 10, '3.00'));
    });
    const { rows, warnings } = await compile(dir);
    expect(rows).toEqual([
      ...bookOf('A'),
      ...bookOf('B'),
      'A delta 4700 100',
      'A connected',
      'B connected',
      ...bookOf('A'),
      'A delta 4700 300',
      'A connected',
    ]);
    expect(warnings).toEqual([
      '1 gaps in the channel orderbook_delta: 1 on connection 1 of session s1.',
      '3 book changes came while their book was unknown and are left out.',
    ]);
  });

  it('that tells connections apart', async () => {
    const dir = await capture(({ open, close, markets, frame }) => {
      markets(A, B);
      open(1);
      open(2);
      frame(snapshot('A', 1), 1);
      frame(snapshot('B', 1), 2);
      close(1);
      frame(delta('B', 2), 2);
      open(3);
      frame(snapshot('A', 1), 3);
      close(2);
      close(3);
    });
    const { rows, warnings } = await compile(dir);
    // The connections that end with the recording are not told.
    expect(warnings).toEqual([
      '1 connections ended during the recording, and what was sent until the next one is missing: connection 1 of session s1 at 2026-09-21T14:13:20.007Z (cut).',
    ]);
    expect(rows).toEqual([
      ...bookOf('A'),
      ...bookOf('B'),
      'A connected',
      'B delta 4700 100',
      ...bookOf('A'),
      'B connected',
      'A connected',
    ]);
  });

  it('that names what it cannot use, and distrusts what that would have changed', async () => {
    const dir = await capture(({ open, markets, frame }) => {
      open();
      markets(A, B);
      frame(snapshot('A', 1));
      frame(snapshot('B', 2));
      frame({ ...delta('A', 3), msg: { ...delta('A', 3).msg, delta_fp: 'many' } });
      frame(delta('A', 4));
      frame(delta('B', 5));
      frame(snapshot('C', 6));
      frame('{"type":"surprise","sid":9}');
      frame('no json');
    });
    const { rows, warnings } = await compile(dir);
    expect(rows).toEqual([...bookOf('A'), ...bookOf('B'), 'A connected', 'B delta 4700 100', 'B connected']);
    expect(warnings).toEqual([
      '2 frames cannot be read: frame.msg.delta_fp: expected a decimal string, found "many"; line: expected a JSON object, found "no json".',
      '1 book changes came while their book was unknown and are left out.',
      '1 markets have no market record and are left out: C.',
    ]);
  });

  it('from sessions one after the other, and from recorders at the same time', async () => {
    const first = await capture(({ open, markets, frame }) => {
      markets(A);
      open();
      frame(snapshot('A', 1));
    });
    await capture(
      ({ open, frame }) => {
        open();
        frame(snapshot('A', 1));
      },
      { dir: first, session: 's2', startUs: START_US + 60_000_000 },
    );
    const beside = await capture(
      ({ open, markets, frame }) => {
        markets(B);
        open();
        frame(snapshot('B', 1));
      },
      { session: 's3', startUs: START_US + 30_000_000 },
    );
    const { rows, warnings } = await compile(first, beside);
    expect(rows).toEqual([
      ...[...bookOf('A'), 'A connected'],
      ...[...bookOf('B'), 'B connected'],
      ...[...bookOf('A'), 'A connected'],
    ]);
    expect(warnings).toEqual([
      'Nothing was recorded from 2026-09-21T14:13:20.003Z to 2026-09-21T14:13:50.001Z, 2026-09-21T14:13:50.003Z to 2026-09-21T14:14:20.001Z.',
    ]);
  });

  it('with the gaps of each connection', async () => {
    const dir = await capture(({ open, markets, frame }) => {
      markets(A, B);
      open(1);
      open(2);
      frame(snapshot('A', 1), 1);
      frame(snapshot('B', 1), 2);
      for (const seq of [3, 5, 6]) frame(delta('B', seq), 2);
      frame(delta('A', 2), 1);
      frame(delta('A', 4), 1);
    });
    const { rows, warnings } = await compile(dir);
    expect(warnings[0]).toBe(
      '3 gaps in the channel orderbook_delta: 2 on connection 2 of session s1, 1 on connection 1 of session s1.',
    );
    // The gap on one connection is none on the other.
    expect(rows).toEqual([
      ...[...bookOf('A'), ...bookOf('B'), 'B connected'],
      ...['A delta 4700 100', 'A connected'],
    ]);
  });

  it('from the later files of a run alone, whose first ones are deleted', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const writer = createCaptureWriter({ dir, recorder: 'test', session: 's1', flushMs: 1e9 });
    const frame = (value: unknown, us: number) => writer.frame(Buffer.from(JSON.stringify(value)), us, 7);
    const url = 'wss://x.test';
    writer.control({ kind: 'market', market: A }, START_US);
    writer.control({ kind: 'connected', connection: 7, feed: 'kalshi', url, yesPrices: true }, START_US);
    frame(subscribed('trade', 2), START_US);
    frame(subscribed('orderbook_delta'), START_US);
    frame(snapshot('A', 1), START_US);
    await writer.flush();
    const nextDay = START_US + 86_400_000_000;
    frame(delta('A', 2), nextDay);
    frame(snapshot('A', 3), nextDay + 1);
    frame(delta('A', 4), nextDay + 2);
    const prices = { yes_price_dollars: '0.4700', no_price_dollars: '0.5300', count_fp: '1.00' };
    const trade = { market_ticker: 'A', taker_side: 'no', taker_book_side: 'ask', ts_ms: START_US / 1_000 };
    frame({ type: 'trade', sid: 2, seq: 9, msg: { ...trade, ...prices } }, nextDay + 3);
    await writer.close();
    const whole = await compile(dir);
    expect(whole.rows.filter((row) => row === 'A connected')).toHaveLength(1);
    const [first, second] = readdirSync(dir).sort();
    rmSync(join(dir, first!));
    const { rows, warnings } = await compile(join(dir, second!));
    expect(rows).toEqual([...bookOf('A'), 'A delta 4700 100', 'A trade', 'A connected']);
    expect(warnings[0]).toBe('1 book changes came while their book was unknown and are left out.');
  });

  it('without books of a connection whose opening is missing', async () => {
    const dir = await capture(({ markets, frame }) => {
      markets(A);
      frame(snapshot('A', 1));
      frame(delta('A', 2));
    });
    const { rows, warnings } = await compile(dir);
    expect(rows).toEqual([]);
    expect(warnings).toEqual(['2 book frames of connections whose opening is missing are left out.']);
  });

  it('in the order of writing, also where the clock was set back between two files', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const options = { dir, recorder: 'test', session: 's1', flushMs: 1e9, maxFileBytes: 1 };
    const writer = createCaptureWriter(options);
    const url = 'wss://x.test';
    writer.control({ kind: 'market', market: A }, START_US);
    writer.control({ kind: 'connected', connection: 1, feed: 'kalshi', url, yesPrices: true }, START_US);
    for (const [i, us] of [START_US, START_US - 5_000_000, START_US - 9_000_000].entries()) {
      const value = i === 0 ? snapshot('A', 1) : delta('A', i + 1);
      writer.frame(Buffer.from(JSON.stringify(value)), us, 1);
      await writer.flush();
    }
    await writer.close();
    expect(readdirSync(dir)).toHaveLength(3);
    const { rows, warnings } = await compile(dir);
    expect(rows).toEqual([...bookOf('A'), 'A delta 4700 100', 'A delta 4700 100', 'A connected']);
    expect(warnings[0]).toMatch(/^The receive clock stepped back/);
  });

  it('refuses two captures that saw a market at the same time, and a copy', async () => {
    const sees =
      (...markets: (typeof A)[]) =>
      (to: Steps): void => {
        to.markets(...markets);
        to.open();
        for (const [i, { ticker }] of markets.entries()) to.frame(snapshot(ticker, i + 1));
        to.frame(delta(markets[0]!.ticker, markets.length + 1));
      };
    const one = await capture(sees(A, B));
    // A delta of A, the last frame, is received 6 ms after the start.
    const other = await capture(sees(A), { session: 's2', startUs: START_US + 3_000 });
    const out = join(folder, 'overlap.tape');
    const both = compileCaptures([one, other], out);
    await expect(both).rejects.toMatchObject({ code: 'captures-overlap' });
    await expect(both).rejects.toThrow('Two captures overlap for the market A');
    await expect(both).rejects.toThrow(
      'one: session s1 has it from 2026-09-21T14:13:20.004Z to 2026-09-21T14:13:20.006Z',
    );
    // The other market is in one of them alone.
    expect((await compileCaptures([one, other], out, { ticker: 'B' })).rows).toBeGreaterThan(0);
    const later = await capture(sees(A), { session: 's3', startUs: START_US + 6_000 });
    expect((await compileCaptures([one, later], out)).rows).toBeGreaterThan(0);

    const [name] = readdirSync(one);
    expect((await compileCaptures([one, join(one, name!)], out)).rows).toBe(
      (await compileCaptures([one], out)).rows,
    );
    cpSync(join(one, name!), join(one, 'copy.capture'));
    await expect(compileCaptures([one], out)).rejects.toThrow('One is a copy of the other');
  });

  it('refuses captures without a market, and an unknown ticker', async () => {
    const out = join(folder, 'none.tape');
    const empty = await capture(({ open }) => open());
    await expect(compileCaptures([empty], out)).rejects.toMatchObject({ code: 'source-empty' });
    const one = await capture(({ markets }) => markets(A));
    await expect(compileCaptures([one], out, { ticker: 'Z' })).rejects.toMatchObject({
      code: 'unknown-ticker',
    });
    const signal = AbortSignal.abort();
    const busy = await capture(({ open, markets, frame }) => {
      open();
      markets(A);
      frame(snapshot('A', 1));
    });
    await expect(compileCaptures([busy], out, { signal })).rejects.toMatchObject({ code: 'import-stopped' });
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });
});

const btc = dataPath('kalshi-btc15m-ws');

it.skipIf(btc === null)(
  'a recording that goes through a capture gives the rows of its importer',
  async () => {
    const ticker = 'KXBTC15M-26MAY110145-45';
    const out = join(folder, 'btc.tape');
    await importDataset(btc!, out, { ticker });
    const imported = openTape(out);
    const expected = allRows(imported).filter(({ kind }) => kind !== RowKind.connected);
    const dir = mkdtempSync(join(folder, 'dir-'));
    const writer = createCaptureWriter({ dir, recorder: 'test', session: 's1', flushMs: 1e9 });
    const startUs = 1_778_477_863_000_000;
    writer.control({ kind: 'market', market: imported.header.markets[0]! }, startUs);
    imported.close();
    const open = new Set<number>();
    for await (const { lines } of readLines(join(btc!, 'events', '20260511T053741Z.ndjson.gz'))) {
      for (const line of lines) {
        if (line === '') continue;
        const { recv_us, conn, event } = parseLine(line) as {
          recv_us: number;
          conn: number;
          event?: unknown;
        };
        if (event === undefined) continue;
        if (!open.has(conn)) {
          const facts = { connection: conn, feed: 'kalshi', url: 'wss://x.test', yesPrices: false };
          writer.control({ kind: 'connected', ...facts }, recv_us);
          open.add(conn);
        }
        writer.frame(Buffer.from(JSON.stringify(event)), recv_us, conn);
      }
      await writer.flush();
    }
    await writer.close();
    const report = await compileCaptures([dir], out, { ticker });
    expect(report.warnings.filter((warning) => !/no market record|clock stepped/.test(warning))).toEqual([]);
    const tape = openTape(out);
    const found = allRows(tape).filter(({ kind }) => kind !== RowKind.connected);
    tape.close();
    expect(found.length).toBeGreaterThan(10_000);
    expect(found).toEqual(expected);
  },
);
