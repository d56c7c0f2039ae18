import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BookView, Event, Ticker } from '@kalshi-mm/core';
import { createSigner, type Signer } from '@kalshi-mm/kalshi-client';
import { createLocalExchange, type LocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { coinbase } from '@kalshi-mm/reference-feeds';
import { createMicroClock } from '@kalshi-mm/runtime';
import { compileCaptures, createBookReplay, openCapture, openTape, RowKind, Spot } from '@kalshi-mm/tape';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type RecordSummary, record } from './record.ts';
import { RecorderConfig } from './recorder-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'recorder-'));
afterAll(() => rmSync(folder, { recursive: true }));
const quiet = pino({ level: 'silent' });
const nowUs = createMicroClock();

let signer: Signer;
let publicKey: Awaited<ReturnType<typeof makeKeyPair>>['publicKey'];
let keyId: string;
let local: LocalExchange;
let wallMs: number;

beforeAll(async () => {
  const pair = await makeKeyPair(join(folder, 'keys'));
  ({ publicKey, keyId } = pair);
  signer = createSigner({ keyId, privateKeyPem: readFileSync(pair.privateKeyPath, 'utf8') });
});

beforeEach(() => startLocal(1));

async function startLocal(speed: number): Promise<void> {
  wallMs = Date.now();
  local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 7 },
    speed,
    users: [{ userId: 'recorder', keyId, publicKey, cashDollars: 1_000 }],
    wallClock: () => wallMs,
    startImmediately: true,
  });
}
afterEach(() => local.close());

/** A recorder with a reader beside it that folds what is recorded, so that the test knows when all has arrived. */
function startRecorder(dir: string, config: unknown) {
  const stop = new AbortController();
  const books = new Map<Ticker, Map<string, number>>();
  const seen: string[] = [];
  let wake = (): void => {};
  const sink = (event: Event): void => {
    seen.push(event.type);
    if (event.type === 'book.replaced') {
      const levels = new Map<string, number>();
      for (const { price, count } of event.bids) levels.set(`bid ${price}`, count);
      for (const { price, count } of event.asks) levels.set(`ask ${price}`, count);
      books.set(event.ticker, levels);
    } else if (event.type === 'book.changed') {
      const levels = books.get(event.ticker)!;
      const key = `${event.side} ${event.price}`;
      const count = (levels.get(key) ?? 0) + event.delta;
      if (count === 0) levels.delete(key);
      else levels.set(key, count);
    }
    wake();
  };
  const ended = record({
    config: RecorderConfig.parse(config),
    signer,
    restUrl: local.restUrl,
    wsUrl: local.wsUrl,
    dir,
    log: quiet,
    stop: stop.signal,
    sink,
    nowUs,
  });
  return {
    ended,
    seen,
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, ended.then(() => Promise.reject(new Error('the recorder has ended')))]);
      }
    },
    /** Every followed book is as the exchange has it. */
    agree: (tickers: readonly Ticker[]) =>
      tickers.every((ticker) => {
        const mine = books.get(ticker);
        return (
          mine !== undefined &&
          textOf(Object.fromEntries(mine)) === textOf(levelsOf(local.exchange.book(ticker)))
        );
      }),
    end(): Promise<RecordSummary> {
      stop.abort();
      return ended;
    },
  };
}

const textOf = (levels: Record<string, number>): string =>
  Object.entries(levels)
    .map(([level, count]) => `${level} ${count}`)
    .sort()
    .join();

function levelsOf(book: BookView): Record<string, number> {
  const levels: Record<string, number> = {};
  for (const side of ['bid', 'ask'] as const) {
    book.forEachLevel(side, (price, count) => {
      levels[`${side} ${price}`] = count;
      return true;
    });
  }
  return levels;
}

/** Lets the exchange live for a while, in small turns. */
async function live(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) {
    wallMs += 100;
    local.turn();
    await new Promise(setImmediate);
  }
}

function activeMarkets(): Ticker[] {
  const markets = local.exchange.markets().filter((market) => market.status === 'active');
  return markets.slice(0, 4).map((market) => market.ticker);
}

describe('what is recorded from a local exchange', () => {
  it('is, compiled and replayed, what the exchange sent: every book at any time, and every trade', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const tickers = activeMarkets();
    const sent: string[] = [];
    local.exchange.addListener((output) => {
      if (output.type !== 'trade' || !tickers.includes(output.trade.ticker)) return;
      const { ticker, price, count, takerSide, atMs } = output.trade;
      sent.push(`${ticker} ${price} ${count} ${takerSide} ${atMs}`);
    });
    const recorder = startRecorder(dir, { markets: { tickers } });
    await recorder.until(() => recorder.agree(tickers));
    const checks: { us: number; books: string[] }[] = [];
    const check = async (): Promise<void> => {
      await recorder.until(() => recorder.agree(tickers));
      checks.push({
        us: nowUs(),
        books: tickers.map((ticker) => textOf(levelsOf(local.exchange.book(ticker)))),
      });
    };
    sent.length = 0;
    for (let round = 0; round < 10; round++) {
      await live(20);
      await check();
      if (round !== 4) continue;
      // The connection is cut without a word, and everything stands still until the recorder is back.
      local.faults.inject('feedDisconnect', { times: 1 });
      while (local.faults.happened('feedDisconnect') === 0) await live(1);
      const untilCut = sent.length;
      await recorder.until(() => recorder.seen.includes('feed.restored'));
      // The frames of the turn that was cut are gone; which ones, the count of rows on the tape tells.
      sent.splice(untilCut, 0, 'cut');
      await check();
    }
    const summary = await recorder.end();
    expect(summary).toMatchObject({
      dropped: 0,
      malformed: 0,
      gaps: 0,
      connections: 2,
      markets: tickers.length,
    });

    const out = join(dir, 'recording.tape');
    const report = await compileCaptures([dir], out);
    expect(report.warnings).toEqual([]);
    expect(report.markets).toEqual([...tickers].sort());
    const tape = openTape(out);
    expect(tape.header.labels).toMatchObject({
      trades: true,
      depth: 'full',
      cadence: 'stream',
      ticker: true,
    });
    const replay = createBookReplay(tape.header);
    const numbers = tickers.map((ticker) => report.markets.indexOf(ticker));
    const found: string[] = [];
    const connected = new Set<number>();
    let compared = 0;
    const compareUpTo = (us: number): void => {
      for (; checks[compared] !== undefined && checks[compared]!.us < us; compared++) {
        expect(numbers.map((n) => textOf(levelsOf(replay.books[n]!)))).toEqual(checks[compared]!.books);
      }
    };
    for (const block of tape.blocks()) {
      for (let row = 0; row < block.rows; row++) {
        compareUpTo(block.recvMs[row]! * 1_000);
        replay.applyRow(block, row);
        if (block.kind[row] === RowKind.connected) connected.add(block.market[row]!);
        if (block.kind[row] !== RowKind.trade) continue;
        const { ticker } = tape.header.markets[block.market[row]!]!;
        const side = block.side[row] === 0 ? 'bid' : 'ask';
        found.push(`${ticker} ${block.price[row]} ${block.count[row]} ${side} ${block.exchangeMs[row]}`);
      }
    }
    compareUpTo(Number.POSITIVE_INFINITY);
    tape.close();
    expect(compared).toBe(11);
    expect(replay.misfits).toBe(0);
    expect(connected.size).toBe(tickers.length);
    // All trades are there but those of the turn in which the connection was cut.
    const wanted = sent.filter((trade) => trade !== 'cut');
    const known = new Set(found);
    const missing = wanted.filter((trade) => !known.has(trade));
    expect(found).toEqual(wanted.filter((trade) => known.has(trade)));
    const cut = sent.indexOf('cut');
    expect(missing.every((trade) => sent.indexOf(trade) < cut)).toBe(true);
    expect(wanted.length).toBeGreaterThan(20);
    expect(missing.length).toBeLessThan(wanted.length / 4);
  });

  it('holds the markets of a series, also one that lists later, and goes on in a new session after a torn end', async () => {
    await local.close();
    // Signatures go by wall time, so that minutes must pass within seconds of it.
    await startLocal(300);
    const dir = mkdtempSync(join(folder, 'dir-'));
    const first = activeMarkets().find((ticker) => ticker.startsWith('KXETH15M'));
    const series = local.exchange.market(first!)!.seriesTicker;
    const config = { markets: { series: [series] } };
    const before = startRecorder(dir, config);
    await before.until(() => before.agree([first!]));
    await live(3);
    await before.end();
    const [torn] = readdirSync(dir).filter((name) => name.endsWith('.capture'));
    const path = join(dir, torn!);
    truncateSync(path, readFileSync(path).length - 5);

    const after = startRecorder(dir, config);
    await after.until(() => after.agree([first!]));
    // Simulated minutes pass until a window closes and the next one lists.
    const known = new Set(local.exchange.markets().map((market) => market.ticker));
    const fresh = (): Ticker | undefined =>
      local.exchange
        .markets()
        .find(
          ({ ticker, seriesTicker, status }) =>
            seriesTicker === series && status === 'active' && !known.has(ticker),
        )?.ticker;
    while (fresh() === undefined) await live(1);
    const later = fresh()!;
    await after.until(() => after.agree([later]));
    const summary = await after.end();
    expect(summary.markets).toBeGreaterThanOrEqual(2);

    const out = join(dir, 'recording.tape');
    const report = await compileCaptures([dir], out);
    expect(report.warnings[0]).toMatch(/^.*\.capture is torn: the \d+ bytes from byte \d+ on are cut\.$/);
    expect(report.markets).toContain(later);
    const sessions = new Set(
      readdirSync(dir)
        .filter((name) => name.endsWith('.capture'))
        .map((name) => {
          const capture = openCapture(join(dir, name));
          capture.close();
          return capture.header!.session;
        }),
    );
    expect(sessions.size).toBe(2);
  });

  it('has the prices of a spot feed beside it', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      const tick = {
        type: 'ticker',
        product_id: 'BTC-USD',
        price: '81117.21',
        time: '2026-10-05T14:00:00.5Z',
      };
      socket.on('message', () => socket.send(JSON.stringify(tick)));
    });
    const dir = mkdtempSync(join(folder, 'dir-'));
    const [ticker] = activeMarkets();
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const recorder = startRecorder(dir, {
      markets: { tickers: [ticker] },
      spot: [{ feed: 'coinbase', symbols: ['BTC-USD'], url }],
      files: { flush_seconds: 0.01 },
    });
    await recorder.until(() => recorder.agree([ticker!]));
    const holdsTick = (): boolean =>
      readdirSync(dir).some((name) => {
        if (!name.endsWith('.capture')) return false;
        const capture = openCapture(join(dir, name));
        const records = [...capture.records()];
        capture.close();
        return records.some((entry) => entry.type === 'frame' && entry.feed === 'coinbase');
      });
    while (!holdsTick()) await live(1);
    await recorder.end();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));

    const out = join(dir, 'recording.tape');
    const bare = await compileCaptures([dir], out);
    expect(bare.warnings).toContain('1 frames of the feed coinbase are left out: nothing here reads them.');
    await compileCaptures([dir], out, { decoders: { coinbase: coinbase.decode } });
    const tape = openTape(out);
    expect(tape.header.instruments).toEqual([{ symbol: 'BTC-USD', source: 'coinbase' }]);
    const prices: number[] = [];
    for (const block of tape.blocks()) {
      for (let row = 0; row < block.rows; row++) {
        if (block.kind[row] === RowKind.spot) prices.push(Spot.join(block.price[row]!, block.count[row]!));
      }
    }
    tape.close();
    expect(prices).toEqual([81_117_210_000]);
  });
});

describe('a recorder that cannot work', () => {
  it('ends with an error when the folder is full and nothing may be deleted', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    writeFileSync(join(dir, 'old.capture'), Buffer.alloc(2_000));
    const files = { max_total_gb: 0.000001, when_full: 'stop' };
    const { ended } = startRecorder(dir, { markets: { tickers: activeMarkets() }, files });
    await expect(ended).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(dir)).toEqual(['old.capture']);
  });

  it('says so for an unknown series and a refused key', async () => {
    const unknown = startRecorder(mkdtempSync(join(folder, 'dir-')), { markets: { series: ['KXNONE'] } });
    await expect(unknown.ended).rejects.toMatchObject({ code: 'unknown-series' });
    const other = await makeKeyPair(join(folder, 'other-keys'));
    const stranger = createSigner({
      keyId: other.keyId,
      privateKeyPem: readFileSync(other.privateKeyPath, 'utf8'),
    });
    const refused = record({
      config: RecorderConfig.parse({ markets: { tickers: activeMarkets() } }),
      signer: stranger,
      restUrl: local.restUrl,
      wsUrl: local.wsUrl,
      dir: mkdtempSync(join(folder, 'dir-')),
      log: quiet,
      stop: new AbortController().signal,
    });
    await expect(refused).rejects.toMatchObject({ facts: { status: 401 } });
  });
});
