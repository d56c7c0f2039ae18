import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createBookReplay } from '../book-replay.ts';
import { openTape } from '../file/open-tape.ts';
import { RowFlag, RowKind } from '../row.ts';
import { importDataset } from './import-dataset.ts';

/** Recordings are not part of the repository: without them these tests are skipped. */
const data = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const gold = join(data, 'kalshi-gold15m-ws');
const btc = join(data, 'kalshi-btc15m-ws');
const demo = join(data, 'kalshi-demo-session');
const folder = mkdtempSync(join(tmpdir(), 'import-'));
const out = join(folder, 'out.tape');
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!existsSync(gold))('the gold recording (needs ../shared/data)', () => {
  const ticker = 'KXGOLD15M-26AUG102130-30';

  it('reproduces all 885 published books on the receive clock', async () => {
    const report = await importDataset(gold, out, { ticker });
    expect(report.markets).toEqual([ticker]);
    const samples = readSamples(join(gold, 'snapshots', `${ticker}.1s.csv.gz`));
    expect(samples.size).toBe(885);
    const tape = openTape(out);
    const replay = createBookReplay(tape.header);
    const book = replay.books[0]!;
    let matched = 0;
    const waiting = [...samples].sort(([a], [b]) => a - b);
    const compareUpTo = (ms: number): void => {
      for (; waiting.length > 0 && waiting[0]![0] < ms; waiting.shift()) {
        const levels: string[] = [];
        for (const side of ['bid', 'ask'] as const) {
          book.forEachLevel(side, (price, count) => {
            levels.push(side === 'bid' ? `yes ${price} ${count}` : `no ${10_000 - price} ${count}`);
            return true;
          });
        }
        if (levels.sort().join() === waiting[0]![1].sort().join()) matched++;
      }
    };
    for (const block of tape.blocks()) {
      for (let row = 0; row < block.rows; row++) {
        compareUpTo(block.recvMs[row]!);
        replay.applyRow(block, row);
      }
    }
    compareUpTo(Number.POSITIVE_INFINITY);
    tape.close();
    expect(matched).toBe(885);
    expect(replay.misfits).toBe(0);
  });

  it('pairs the trades with the deltas that they caused', async () => {
    await importDataset(gold, out, { ticker });
    const tape = openTape(out);
    let trades = 0;
    let paired = 0;
    let caused = 0;
    let connections = 0;
    for (const block of tape.blocks()) {
      for (let row = 0; row < block.rows; row++) {
        const flags = block.flags[row]!;
        if (block.kind[row] === RowKind.connected) connections++;
        if (block.kind[row] === RowKind.delta && (flags & RowFlag.causedByTrade) !== 0) caused++;
        if (block.kind[row] !== RowKind.trade) continue;
        trades++;
        if ((flags & RowFlag.hasDelta) !== 0) paired++;
      }
    }
    expect(trades).toBeGreaterThan(1000);
    expect(caused).toBe(paired);
    expect(paired / trades).toBeGreaterThanOrEqual(0.999);
    // The book channel's numbers restart once; the market's last two snapshots only empty its book.
    expect(connections).toBe(1);
    expect(tape.header.totals).toEqual([{ rows: tape.header.rows, trades }]);
    expect(tape.header.markets[0]).toMatchObject({
      category: 'commodities',
      floorStrike: expect.stringMatching(/^\d{4}\.\d{1,2}$/),
      strikeType: 'greater_or_equal',
      status: 'finalized',
      closeMs: Date.parse('2026-08-11T01:30:00Z'),
    });
    tape.close();
  });

  it('reads every market in the order of receive time', async () => {
    const seen: number[] = [];
    const report = await importDataset(gold, out, { onProgress: ({ rows }) => seen.push(rows) });
    expect(report.markets).toHaveLength(25);
    const tape = openTape(out);
    const replay = createBookReplay(tape.header);
    let last = 0;
    let disorder = 0;
    const counts = new Map<number, number>();
    for (const block of tape.blocks()) {
      replay.apply(block);
      for (let row = 0; row < block.rows; row++) {
        if (block.recvMs[row]! < last) disorder++;
        last = block.recvMs[row]!;
        const kind = block.kind[row]!;
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }
    tape.close();
    expect(disorder).toBe(0);
    expect(replay.misfits).toBe(0);
    expect(counts.get(RowKind.delta)).toBe(1_414_697);
    expect(counts.get(RowKind.trade)).toBe(33_973);
    expect(counts.get(RowKind.clear)).toBe(66);
    expect(seen.at(-1)).toBe(report.rows);
  });

  it('names file, line and field of a malformed line', async () => {
    const broken = join(folder, 'broken');
    const source = join(gold, 'events', ticker);
    mkdirSync(join(broken, 'events', ticker), { recursive: true });
    mkdirSync(join(broken, 'metadata'));
    const metadata = 'KXGOLD15M-26AUG102130.json';
    writeFileSync(join(broken, 'metadata', metadata), readFileSync(join(gold, 'metadata', metadata)));
    writeFileSync(join(broken, 'MARKETS.csv'), readFileSync(join(gold, 'MARKETS.csv')));
    const name = readdirSync(source)[0]!;
    const lines = gunzipSync(readFileSync(join(source, name)))
      .toString()
      .split('\n')
      .slice(0, 20);
    const write = (change: (line: string) => string): void =>
      writeFileSync(
        join(broken, 'events', ticker, name),
        gzipSync(lines.map((line, i) => (i === 4 ? change(line) : line)).join('\n')),
      );
    const cases: [(line: string) => string, string][] = [
      [(line) => line.replace(/"delta_fp":"[^"]+"/, '"delta_fp":"ten"'), 'event.msg.delta_fp'],
      [
        (line) => line.replace(/"price_dollars":"[^"]+"/, '"price_dollars":"0.2150"'),
        'event.msg.price_dollars',
      ],
      [(line) => line.replace(/"side":"[^"]+",/, ''), 'event.msg.side'],
      [(line) => line.replace(/"market_ticker":"[^"]+"/, '"market_ticker":"X"'), 'event.msg.market_ticker'],
      [(line) => line.replace('orderbook_delta', 'surprise'), 'event.type'],
      [(line) => line.slice(0, 50), 'line'],
    ];
    for (const [change, field] of cases) {
      write(change);
      await expect(importDataset(broken, out)).rejects.toMatchObject({
        code: 'source-malformed',
        message: expect.stringContaining(`${name}:5: ${field}: expected`),
      });
    }
    writeFileSync(join(broken, 'events', ticker, name), gzipSync(lines.join('\n')).subarray(0, 300));
    await expect(importDataset(broken, out)).rejects.toMatchObject({ code: 'source-damaged' });
    expect(readdirSync(folder).filter((entry) => entry.includes('partial'))).toEqual([]);
  });
});

describe.skipIf(!existsSync(btc))('the Bitcoin recording (needs ../shared/data)', () => {
  it('keeps its microsecond clock and its ticker, and never goes below zero', async () => {
    const ticker = 'KXBTC15M-26MAY110145-45';
    const report = await importDataset(btc, out, { ticker });
    expect(report.markets).toEqual([ticker]);
    const tape = openTape(out);
    const replay = createBookReplay(tape.header);
    const counts = new Map<number, number>();
    let fractions = 0;
    for (const block of tape.blocks()) {
      replay.apply(block);
      for (let row = 0; row < block.rows; row++) {
        counts.set(block.kind[row]!, (counts.get(block.kind[row]!) ?? 0) + 1);
        if (!Number.isInteger(block.recvMs[row]!)) fractions++;
      }
    }
    tape.close();
    expect(replay.misfits).toBe(0);
    expect(fractions).toBeGreaterThan(1000);
    expect(tape.header.firstMs).toBe(1778477863409.608);
    expect(tape.header.labels).toMatchObject({ trades: false, ticker: true, receiveClock: 'local' });
    expect(tape.header.markets[0]).toMatchObject({
      category: 'crypto',
      result: 'no',
      settlementPrice: 0,
      closeMs: Date.parse('2026-05-11T05:45:00Z'),
      openMs: Date.parse('2026-05-11T05:30:00Z'),
    });
    expect(tape.header.markets[0]!.grid.prices.slice(98, 103)).toEqual(
      Int16Array.of(990, 1000, 1100, 1200, 1300),
    );
    expect(counts.get(RowKind.connected)).toBe(1);
    expect(counts.get(RowKind.tickerBid)).toBeGreaterThan(100);
    expect(counts.get(RowKind.tickerBid)).toBe(counts.get(RowKind.tickerInterest));
  });
});

describe.skipIf(!existsSync(demo))('the demo session (needs ../shared/data)', () => {
  it('runs on the exchange clock and says what it assumed', async () => {
    const report = await importDataset(demo, out);
    expect(report.markets).toHaveLength(5);
    expect(report.firstMs).toBe(1_782_873_105_308);
    expect(report.warnings).toContain('2 fill frames of the recording account are left out.');
    const tape = openTape(out);
    expect(tape.header.warnings).toEqual(report.warnings);
    expect(tape.header.labels).toMatchObject({ receiveClock: 'exchange', trades: false });
    const replay = createBookReplay(tape.header);
    let deltas = 0;
    for (const block of tape.blocks()) {
      replay.apply(block);
      for (let row = 0; row < block.rows; row++) if (block.kind[row] === RowKind.delta) deltas++;
    }
    tape.close();
    expect(deltas).toBe(2885);
    expect(replay.misfits).toBe(0);
  });

  it('names the nearest tickers for one it does not have', async () => {
    await expect(importDataset(demo, out, { ticker: 'KXNEXTTEAMNBA-26LJAM-MIB' })).rejects.toMatchObject({
      code: 'unknown-ticker',
      message: expect.stringContaining('nearest names are KXNEXTTEAMNBA-26LJAM-MIA'),
    });
  });

  it('stops and cleans up when told to', async () => {
    const signal = AbortSignal.abort();
    const target = join(folder, 'stopped.tape');
    await expect(importDataset(demo, target, { signal })).rejects.toMatchObject({ code: 'import-stopped' });
    expect(readdirSync(folder).filter((name) => name.includes('stopped'))).toEqual([]);
  });
});

describe('an unknown folder', () => {
  it('is refused with a list of what is supported', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    await expect(importDataset(empty, out)).rejects.toMatchObject({
      code: 'unknown-dataset',
      message: expect.stringMatching(/kalshi-gold15m-ws[\s\S]*kalshi-btc15m-ws[\s\S]*kalshi-demo-session/),
    });
    await expect(importDataset(join(empty, 'absent'), out)).rejects.toThrow('does not exist');
  });
});

/** Levels of each sample as `side price count`, in the words of the source. */
function readSamples(path: string): Map<number, string[]> {
  const samples = new Map<number, string[]>();
  const [, ...lines] = gunzipSync(readFileSync(path)).toString().trim().split('\n');
  for (const line of lines) {
    const [ms, , side, price, count] = line.split(',');
    const levels = samples.get(Number(ms)) ?? [];
    levels.push(`${side} ${price} ${count}`);
    samples.set(Number(ms), levels);
  }
  return samples;
}
