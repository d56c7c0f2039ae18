import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
} from 'node:net';
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
function startRecorder(dir: string, config: unknown, wsUrl = local.wsUrl) {
  const stop = new AbortController();
  const books = new Map<Ticker, Map<string, number>>();
  const seen: string[] = [];
  const gapped = new Set<Ticker>();
  let wake = (): void => {};
  const sink = (event: Event): void => {
    seen.push(event.type);
    if (event.type === 'feed.gapped' && event.ticker !== null) gapped.add(event.ticker);
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
    wsUrl,
    dir,
    log: quiet,
    stop: stop.signal,
    sink,
    nowUs,
  });
  return {
    ended,
    seen,
    /** Markets whose book was told as lost. */
    gapped,
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

/** The clock of a busy machine may step back by itself, which loses nothing. */
const isAboutLoss = (warning: string): boolean => !/^The receive clock stepped back/.test(warning);

/** Lets the exchange live for a while, in small turns. */
async function live(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) {
    wallMs += 100;
    local.turn();
    await new Promise(setImmediate);
  }
}

function activeMarkets(most = 4): Ticker[] {
  const markets = local.exchange.markets().filter((market) => market.status === 'active');
  return markets.slice(0, most).map((market) => market.ticker);
}

/** Trades of these markets as the exchange prints them, and as a tape has them. */
function printed(tickers: readonly Ticker[]): string[] {
  const trades: string[] = [];
  local.exchange.addListener((output) => {
    if (output.type !== 'trade' || !tickers.includes(output.trade.ticker)) return;
    const { ticker, price, count, takerSide, atMs } = output.trade;
    trades.push(`${ticker} ${price} ${count} ${takerSide} ${atMs}`);
  });
  return trades;
}

interface Check {
  readonly us: number;
  readonly books: readonly string[];
}

/** The trades of a tape in order; its books are compared with those that were seen at the time of each check. */
function replayTape(path: string, tickers: readonly Ticker[], checks: readonly Check[]) {
  const tape = openTape(path);
  const { markets, labels } = tape.header;
  const replay = createBookReplay(tape.header);
  const numbers = tickers.map((ticker) => markets.findIndex((market) => market.ticker === ticker));
  const trades: string[] = [];
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
      if (block.kind[row] !== RowKind.trade) continue;
      const { ticker } = markets[block.market[row]!]!;
      const side = block.side[row] === 0 ? 'bid' : 'ask';
      trades.push(`${ticker} ${block.price[row]} ${block.count[row]} ${side} ${block.exchangeMs[row]}`);
    }
  }
  compareUpTo(Number.POSITIVE_INFINITY);
  tape.close();
  expect(compared).toBe(checks.length);
  expect(replay.misfits).toBe(0);
  return { trades, labels };
}

/** The last books that a tape knows. */
function lastBooks(path: string, tickers: readonly Ticker[]): string[] {
  const tape = openTape(path);
  const replay = createBookReplay(tape.header);
  const numbers = tickers.map((ticker) =>
    tape.header.markets.findIndex((market) => market.ticker === ticker),
  );
  const texts = new Map<number, string>();
  for (const block of tape.blocks()) {
    for (let row = 0; row < block.rows; row++) {
      const number = block.market[row]!;
      if (block.kind[row] === RowKind.connected) texts.set(number, textOf(levelsOf(replay.books[number]!)));
      replay.applyRow(block, row);
    }
  }
  tape.close();
  return numbers.map((number) => texts.get(number)!);
}

/** Hands connections on to the exchange, and can cut one of them and keep it out. */
async function startLine() {
  const sockets: Socket[] = [];
  let isDown = false;
  const server = createTcpServer((client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    const { hostname, port } = new URL(local.wsUrl);
    const onward = connectTcp(Number(port), hostname);
    client.pipe(onward).pipe(client);
    for (const [end, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      end.on('error', () => {});
      end.on('close', () => other.destroy());
    }
    sockets.push(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(local.wsUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    wsUrl: url.href,
    /** How many were handed on so far. */
    get connections() {
      return sockets.length;
    },
    cut(index: number): void {
      isDown = true;
      sockets[index]!.destroy();
    },
    mend(): void {
      isDown = false;
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('what is recorded from a local exchange', () => {
  it('is, compiled and replayed, what the exchange sent: every book at any time, and every trade', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const tickers = activeMarkets();
    const sent = printed(tickers);
    const recorder = startRecorder(dir, { markets: { tickers } });
    await recorder.until(() => recorder.agree(tickers));
    const checks: Check[] = [];
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
    expect(report.warnings.filter(isAboutLoss)).toEqual([
      expect.stringMatching(/^1 connections ended .* connection 1 of session/),
    ]);
    expect(report.markets).toEqual([...tickers].sort());
    const { trades: found, labels } = replayTape(out, tickers, checks);
    expect(labels).toMatchObject({ trades: true, depth: 'full', cadence: 'stream', ticker: true });
    expect(checks).toHaveLength(11);
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

  it('is so on each of several connections, also when one of them is cut for a while', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const tickers = activeMarkets(6);
    expect(tickers).toHaveLength(6);
    const sent = printed(tickers);
    const line = await startLine();
    const recorder = startRecorder(
      dir,
      { markets: { tickers }, exchange: { markets_per_connection: 2 } },
      line.wsUrl,
    );
    await recorder.until(() => recorder.agree(tickers));
    expect(line.connections).toBe(3);
    sent.length = 0;
    const checks: Check[] = [];
    const check = async (): Promise<void> => {
      await recorder.until(() => recorder.agree(tickers));
      const books = tickers.map((ticker) => textOf(levelsOf(local.exchange.book(ticker))));
      checks.push({ us: nowUs(), books });
    };
    for (let round = 0; round < 3; round++) {
      await live(20);
      await check();
    }
    // Everything stands still, so that what the cut costs is what happens while the connection is away.
    line.cut(1);
    await recorder.until(() => recorder.gapped.size > 0);
    const away = [...recorder.gapped];
    expect(away).toHaveLength(2);
    const others = tickers.filter((ticker) => !away.includes(ticker));
    const before = sent.length;
    const lostTrades = (): string[] =>
      sent.slice(before).filter((trade) => away.some((ticker) => trade.startsWith(`${ticker} `)));
    while (lostTrades().length < 3) await live(10);
    await recorder.until(() => recorder.agree(others));
    const lost = lostTrades();
    line.mend();
    await check();
    for (let round = 0; round < 3; round++) {
      await live(20);
      await check();
    }
    const summary = await recorder.end();
    await line.close();
    expect(summary).toMatchObject({
      dropped: 0,
      malformed: 0,
      gaps: 0,
      gapsByConnection: {},
      connections: 4,
    });

    const out = join(dir, 'recording.tape');
    const report = await compileCaptures([dir], out);
    expect(report.warnings.filter(isAboutLoss)).toEqual([
      expect.stringMatching(/^1 connections ended .* connection 2 of session/),
    ]);
    const { trades } = replayTape(out, tickers, checks);
    // Connections keep no order among each other.
    for (const ticker of tickers) {
      const of = (list: readonly string[]) => list.filter((trade) => trade.startsWith(`${ticker} `));
      expect(of(trades)).toEqual(of(sent).filter((trade) => !lost.includes(trade)));
    }
  });

  it('says on which connection frames were lost, and has no book from there to its snapshot', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const tickers = activeMarkets(4);
    const recorder = startRecorder(dir, { markets: { tickers }, exchange: { markets_per_connection: 2 } });
    await recorder.until(() => recorder.agree(tickers));
    await live(5);
    await recorder.until(() => recorder.agree(tickers));
    local.faults.inject('feedDrop', { match: 'orderbook_delta', times: 1 });
    while (recorder.gapped.size === 0) await live(1);
    await recorder.until(() => recorder.agree(tickers));
    const checks = [
      { us: nowUs(), books: tickers.map((each) => textOf(levelsOf(local.exchange.book(each)))) },
    ];
    const summary = await recorder.end();
    expect(recorder.gapped.size).toBe(2);
    expect(summary.gaps).toBe(1);
    const [[connection]] = Object.entries(summary.gapsByConnection) as [[string, number]];
    expect(summary.gapsByConnection).toEqual({ [connection]: 1 });
    const out = join(dir, 'recording.tape');
    const { warnings } = await compileCaptures([dir], out);
    expect(warnings).toContain(
      `1 gaps in the channel orderbook_delta: 1 on connection ${connection} of session ${summary.session}.`,
    );
    replayTape(out, tickers, checks);
  });

  it('is of use without the first files, which a bound on the disk may delete', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const tickers = activeMarkets(4);
    const recorder = startRecorder(dir, {
      markets: { tickers },
      files: { max_file_mb: 0.002, flush_seconds: 0.01 },
    });
    await recorder.until(() => recorder.agree(tickers));
    const captures = (): string[] => readdirSync(dir).filter((name) => name.endsWith('.capture'));
    // Each new file asks for every book anew.
    for (let files = 2; files <= 4; files++) {
      recorder.gapped.clear();
      while (captures().length < files || recorder.gapped.size < tickers.length) await live(1);
      await recorder.until(() => recorder.agree(tickers));
    }
    const checks = [
      { us: nowUs(), books: tickers.map((each) => textOf(levelsOf(local.exchange.book(each)))) },
    ];
    await recorder.end();
    const names = captures().sort();
    for (const name of names.slice(0, 2)) rmSync(join(dir, name));
    const out = join(dir, 'recording.tape');
    await compileCaptures([dir], out);
    const { labels } = replayTape(out, tickers, checks);
    expect(labels).toMatchObject({ depth: 'full', trades: true });
  });

  it('has whole books again after frames were dropped for a slow disk', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const tickers = activeMarkets(2);
    const recorder = startRecorder(dir, {
      markets: { tickers },
      files: { max_pending_mb: 0.02, flush_seconds: 0.05 },
    });
    await recorder.until(() => recorder.agree(tickers));
    while (recorder.gapped.size === 0) await live(20);
    await recorder.until(() => recorder.agree(tickers));
    // Once it is calm the disk keeps up, and at the latest the next frame shows that there is room again.
    const out = join(dir, 'recording.tape');
    const isWhole = async (): Promise<boolean> => {
      await compileCaptures([dir], out);
      const books = lastBooks(out, tickers);
      return tickers.every((ticker, i) => books[i] === textOf(levelsOf(local.exchange.book(ticker))));
    };
    for (let i = 1; !(await isWhole()); i++) {
      // Compiling alone would leave the recorder no time to write.
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
      if (i % 5 > 0) continue;
      await live(1);
      await recorder.until(() => recorder.agree(tickers));
    }
    const checks = [
      { us: nowUs(), books: tickers.map((each) => textOf(levelsOf(local.exchange.book(each)))) },
    ];
    const summary = await recorder.end();
    expect(summary).toMatchObject({ gaps: 0, connections: 1 });
    expect(summary.dropped).toBeGreaterThan(0);
    const { warnings } = await compileCaptures([dir], out);
    expect(warnings).toContain(`The recorder had no room for ${summary.dropped} frames.`);
    replayTape(out, tickers, checks);
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
    const torn = readdirSync(dir).filter((name) => name.endsWith('.capture'));
    const path = join(dir, torn.sort().at(-1)!);
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
    expect(report.warnings[1]).toMatch(/^Nothing was recorded from \S+ to \S+\.$/);
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

  it('is kept out of a folder that another one writes into, also within a process', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const config = { markets: { tickers: activeMarkets() } };
    const first = startRecorder(dir, config);
    await first.until(() => first.agree(activeMarkets()));
    await expect(startRecorder(dir, config).ended).rejects.toMatchObject({ code: 'folder-in-use' });
    await first.end();
    // What a killed recorder leaves behind: the number of a process that is gone, of this one, or half a write.
    const gone = spawnSync(process.execPath, ['--version']).pid;
    for (const left of [`${gone}\n`, `${process.pid}\n`, '']) {
      writeFileSync(join(dir, 'recorder.lock'), left);
      const next = startRecorder(dir, config);
      await next.until(() => next.agree(activeMarkets()));
      await next.end();
    }
    writeFileSync(join(dir, 'recorder.lock'), `${process.ppid}\n`);
    await expect(startRecorder(dir, config).ended).rejects.toThrow(`process ${process.ppid}`);
    expect((await compileCaptures([dir], join(dir, 'recording.tape'))).markets).toHaveLength(4);
  });

  it('does not begin before the last recording of its folder has ended: a clock was set back', async () => {
    const dir = mkdtempSync(join(folder, 'dir-'));
    const config = { markets: { tickers: activeMarkets() } };
    const first = startRecorder(dir, config);
    await first.until(() => first.agree(activeMarkets()));
    await first.end();
    const back = record({
      config: RecorderConfig.parse(config),
      ...{ signer, restUrl: local.restUrl, wsUrl: local.wsUrl, dir, log: quiet },
      stop: new AbortController().signal,
      nowUs: () => nowUs() - 3_600_000_000,
    });
    await expect(back).rejects.toMatchObject({ code: 'clock-behind' });
    await expect(back).rejects.toThrow(/\.capture ends at .*, but the clock says /);
    expect(readdirSync(dir).filter((name) => name.endsWith('.lock'))).toEqual([]);
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

  it('says at once that the feed does not connect, and does not end as if it had recorded', async () => {
    const stop = new AbortController();
    const warned: string[] = [];
    const warn = (_facts: object, message: string) => {
      warned.push(message);
      stop.abort();
    };
    const nobody = record({
      config: RecorderConfig.parse({ markets: { tickers: activeMarkets() } }),
      signer,
      restUrl: local.restUrl,
      wsUrl: 'ws://127.0.0.1:1/trade-api/ws/v2',
      dir: mkdtempSync(join(folder, 'dir-')),
      log: { ...quiet, warn } as typeof quiet,
      stop: stop.signal,
    });
    await expect(nobody).rejects.toMatchObject({ code: 'feed-unreachable' });
    expect(warned).toEqual(['the feed does not connect; it goes on trying']);
  });
});
